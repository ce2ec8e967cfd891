"""Settings: one table of what a person can choose. Flags, variables, the settings file and `--help` are made from it.

Add a setting: one field of `Settings` with `_setting(…)` as its metadata, and a line of README.md's table of options;
tests/cli/test_settings_table.py holds the two together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

# `--help` needs the table alone: what reads a value is imported when there is one.
if TYPE_CHECKING:
    from pathlib import Path

    from ctui.errors import SettingsError
    from ctui.model.assumed_role import AssumedRole
    from ctui.model.filter.questions import Question
    from ctui.model.lookup.timespan import Timespan

DEFAULT_RATE = 2.0
"""Lookups a second: what the service allows for one account and Region."""
DEFAULT_KEEP_SIZE = 2 * 1024**3
"""Bytes of the disk that the store may take."""
_LEAST_KEEP_SIZE = 10 * 1024**2
"""A store of less than a few thousand events would delete them while they are on the screen."""
KEEP_ALL = "all"
"""The size that means no limit."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is written. Its name, its type in `Settings` and its default are those of the field."""

    help: str
    """For --help, one sentence."""
    metavar: str = ""
    """The placeholder for the value in --help; "" for a switch."""
    written_as: type = str
    """str, int, float or bool."""
    bounds: Mapping[str, float] = field(default_factory=dict)
    """Limits of a number, by the names that msgspec.Meta has for them."""
    wanted: str = "text in quotes"
    """What it must be, as "must be …" goes on."""
    read: Callable[[Any], Any] = lambda value: value
    """Converts what is written to the value in Settings. Raises ValueError with a reason."""
    repeats: bool = False
    """True if it has several values: its flag may be given again, the file may have a list. `read` gets a tuple."""
    name: str = ""

    @property
    def flag(self) -> str:
        """Its flag, such as --endpoint-url."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """Its environment variable, such as CTUI_ENDPOINT_URL."""
        return f"CTUI_{self.name.upper()}"


def _setting(help_text: str, metavar: str = "", **more: Any) -> dict[str, Setting]:
    """The metadata of a field of Settings that can be written in the three places."""
    return {"setting": Setting(help_text, metavar, **more)}


def _switch(help_text: str) -> dict[str, Setting]:
    return _setting(help_text, written_as=bool, wanted="true or false")


def _endpoint(url: str) -> str:
    from ctui.model.endpoint import endpoint_problem  # noqa: PLC0415 - see above
    from ctui.parsing import shown  # noqa: PLC0415

    if why := endpoint_problem(url):
        raise ValueError(f"{shown(url)} cannot be used: {why}")
    return url


_TEXTS = "text in quotes, or a list of such texts"
EVERY_REGION = "all"
"""The Region that means all that are enabled."""


def _regions(texts: tuple[str, ...]) -> tuple[str, ...]:
    regions = tuple(dict.fromkeys(part.strip() for text in texts for part in text.split(",")))
    if "" in regions:
        raise ValueError(f"names no Region between two commas, nor {EVERY_REGION!r}")
    return regions


def _profiles(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _roles(texts: tuple[str, ...]) -> "tuple[AssumedRole, ...]":
    from ctui.model.assumed_role import parse_roles  # noqa: PLC0415 - see above

    return parse_roles(",".join(texts))


def _files(texts: tuple[str, ...]) -> "tuple[Path, ...]":
    from pathlib import Path  # noqa: PLC0415 - see above

    from ctui.parsing import shown  # noqa: PLC0415

    paths = tuple(dict.fromkeys(Path(text).expanduser() for text in texts))
    for path in paths:
        try:
            path.stat()
        except OSError as error:
            raise ValueError(f"{shown(str(path))} cannot be opened: {error.strerror or error}") from error
    return paths


def _store(text: str) -> "Path":
    from pathlib import Path  # noqa: PLC0415 - see above

    return Path(text).expanduser()


def _timespan(text: str) -> "Timespan":
    from ctui.model.lookup.timespan import parse_timespan  # noqa: PLC0415 - see above

    return parse_timespan(text)


def _all_history() -> "Timespan":
    from ctui.model.lookup.timespan import ALL_HISTORY  # noqa: PLC0415 - see above

    return ALL_HISTORY


def _keep_size(text: str) -> int | None:
    from ctui.model.byte_size import parse_size  # noqa: PLC0415 - see above

    if text.strip().lower() == KEEP_ALL:
        return None
    try:
        size = parse_size(text)
    except ValueError as error:
        raise ValueError(f"{error}, nor {KEEP_ALL!r}") from error
    if size < _LEAST_KEEP_SIZE:
        least = f"{_LEAST_KEEP_SIZE // 1024**2}MiB"
        raise ValueError(f"{text!r} is too small: use {least} or more")
    return size


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person chose. None leaves it to the AWS chain, or to ctui."""

    profile: tuple[str, ...] = field(
        default=(),
        metadata=_setting(
            "AWS profile; by default the one that the AWS CLI would use. Again: search its account too.",
            "NAME",
            read=_profiles,
            repeats=True,
            wanted=_TEXTS,
        ),
    )
    """The working profile, and those whose accounts are searched too."""
    region: tuple[str, ...] = field(
        default=(),
        metadata=_setting(
            "Working Region, such as eu-west-1, and further ones after commas; all: every Region that is enabled.",
            "REGION",
            read=_regions,
            repeats=True,
            wanted=_TEXTS,
        ),
    )
    """The working Region, and those that are searched too; among them perhaps EVERY_REGION, which is none."""

    assume: "tuple[AssumedRole, ...]" = field(
        default=(),
        metadata=_setting(
            "Search an account too, to read only, by a role there or its ARN, and further ones after commas.",
            "ROLE@ACCOUNT",
            read=_roles,
            repeats=True,
            wanted=_TEXTS,
        ),
    )
    """The roles that are named in place of those of the file's table of accounts."""
    endpoint_url: str | None = field(
        default=None, metadata=_setting("Use this CloudTrail API instead of AWS.", "URL", read=_endpoint)
    )
    files: "tuple[Path, ...]" = field(
        default=(),
        metadata=_setting(
            "Search the log files in this file or folder too; again for more.",
            "PATH",
            read=_files,
            repeats=True,
            wanted=_TEXTS,
        ),
    )
    """Files and folders with log files; they exist."""
    since: "Timespan" = field(
        default_factory=_all_history,
        metadata=_setting(
            "Time range to start with: 3h, 13:30, yesterday, 2026-11-01T12:00Z, FROM..TO, all (default).",
            "RANGE",
            read=_timespan,
        ),
    )
    """The first time range."""
    store: "Path | None" = field(
        default=None,
        metadata=_setting("Keep events in this file.", "PATH", read=_store),
    )
    """Where events are kept, whatever the endpoint."""
    no_store: bool = field(default=False, metadata=_switch("Keep no events after ctui exits."))
    """True: no events are kept after ctui exits."""
    keep_days: int | None = field(
        default=None,
        metadata=_setting(
            "Delete stored events older than N days; by default none.",
            "N",
            written_as=int,
            bounds={"ge": 1, "le": 36_500},
            wanted="a whole number of days from 1 to 36,500",
        ),
    )
    """Stored events older than this are deleted; None keeps events of any age."""
    keep_size: int | None = field(
        default=DEFAULT_KEEP_SIZE,
        metadata=_setting(
            "Delete the oldest events beyond this size: 2GiB (default), 500MB; all keeps all.", "SIZE", read=_keep_size
        ),
    )
    """Bytes on disk beyond which the oldest events are deleted; None for no limit."""
    read_only: bool = field(default=False, metadata=_switch("Do not allow changes to trails."))
    """True: trails cannot be changed."""
    theme: str | None = field(default=None, metadata=_setting("Color theme; the palette (ctrl+p) lists them.", "NAME"))
    lookup_rate: float = field(
        default=DEFAULT_RATE,
        metadata=_setting(
            "Lookups per second; by default 2, the AWS limit.",
            "N",
            written_as=float,
            bounds={"gt": 0, "le": 1000},
            wanted="a number above 0 and no larger than 1,000",
        ),
    )
    files_alone: bool = False
    """True: what `files` names is all that is looked at, and nothing is asked of AWS."""
    questions: "tuple[Question, ...]" = ()
    """The person's own questions, from the table [questions] of the file."""
    accounts: "tuple[AssumedRole, ...]" = ()
    """The accounts that are searched besides those of the profiles, each by a role: those of `assume`, else those of
    the file's table. No other account is entered."""
    account_names: Mapping[str, str] = field(default_factory=dict)
    """Account -> what the file calls it."""
    problems: "tuple[SettingsError, ...]" = ()
    """What the environment and the file contain that cannot be used and is ignored; shown once."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Setting -> where its value was written, such as "--region" or "CTUI_REGION". A default has no entry."""

    @property
    def without_service(self) -> "Settings":
        """The same for log files alone: nothing says what to ask of AWS, though what accounts there are stays."""
        return replace(self, profile=(), region=(), endpoint_url=None, files_alone=True)

    @property
    def working_region(self) -> str | None:
        """The working Region, if one is named."""
        return next((name for name in self.region if name != EVERY_REGION), None)


SETTINGS: Mapping[str, Setting] = {
    each.name: replace(each.metadata["setting"], name=each.name)
    for each in fields(Settings)
    if "setting" in each.metadata
}
"""Every setting, by name: `endpoint_url` is --endpoint-url, CTUI_ENDPOINT_URL, and `endpoint_url` in the file."""
