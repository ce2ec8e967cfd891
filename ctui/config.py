"""Settings: a flag wins over the environment, the environment over the settings file, the file over the default."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import platformdirs

from ctui.errors import SettingsError
from ctui.model.bytesize import parse_size
from ctui.model.endpoint import endpoint_problem
from ctui.model.timespan import ALL_HISTORY, Timespan, parse_timespan

FILE_NAME = "config.toml"
DEFAULT_RATE = 2.0
"""Lookups a second: what the service allows for one account and Region."""
DEFAULT_KEEP_SIZE = 2 * 1024**3
"""Bytes of the disk that the store may take."""
_LEAST_KEEP_SIZE = 10 * 1024**2
"""A store that holds less than a few thousand events forgets them while they are being looked at."""
KEEP_ALL = "all"
"""A size for those who let nothing go."""

# Each setting and its type, as a flag, in the environment and in the file.
_TYPES: dict[str, Any] = {
    "profile": str,
    "region": str,
    "endpoint_url": str,
    "since": str,
    "store": str,
    "no_store": bool,
    "keep_days": Annotated[int, msgspec.Meta(ge=1, le=36_500)],
    "keep_size": str,
    "read_only": bool,
    "theme": str,
    "lookup_rate": Annotated[float, msgspec.Meta(gt=0, le=1000)],
}
NAMES: tuple[str, ...] = tuple(_TYPES)
"""Every setting: `endpoint_url` is `--endpoint-url`, CTUI_ENDPOINT_URL, and `endpoint_url` in the file."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person settled; None leaves it to the AWS chain, or to ctui's own choice."""

    profile: str | None = None
    region: str | None = None
    endpoint_url: str | None = None
    since: Timespan = ALL_HISTORY
    """The range of the first question."""
    store: Path | None = None
    """Where events are kept, whatever the endpoint."""
    no_store: bool = False
    """True: events are forgotten when ctui ends."""
    keep_days: int | None = None
    """Events older than this are let go; None: whatever their age, they are kept."""
    keep_size: int | None = DEFAULT_KEEP_SIZE
    """Bytes of the disk beyond which the oldest events are let go; None: all are kept."""
    read_only: bool = False
    """True: trails are not changed."""
    theme: str | None = None
    lookup_rate: float = DEFAULT_RATE


@dataclass(frozen=True, slots=True)
class _Layer:
    values: Mapping[str, Any]
    """Setting -> value of its type."""
    place: Mapping[str, str]
    """Setting -> where it was said, for messages."""


def settings_file() -> Path:
    """The person's settings file; it need not exist."""
    return platformdirs.user_config_path("ctui", appauthor=False) / FILE_NAME


def load_settings(flags: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> Settings:
    """Join the three places. `flags` holds those given, by setting; raises SettingsError with place and reason."""
    layers = (
        _layer(flags, {name: f"--{name.replace('_', '-')}" for name in NAMES}, strict=True),
        _environment(environ),
        _file(file),
    )
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for layer in layers:
        _refuse_both(layer)
        # Where to keep events is one choice, told by either of two settings: the first place that tells it decides.
        store_is_chosen = "store" in values or "no_store" in values
        for name, value in layer.values.items():
            if name not in values and not (store_is_chosen and name in ("store", "no_store")):
                values[name] = value
                places[name] = layer.place[name]
    return Settings(
        profile=values.get("profile"),
        region=values.get("region"),
        endpoint_url=_endpoint(values, places),
        since=_since(values, places),
        store=Path(values["store"]).expanduser() if "store" in values else None,
        no_store=values.get("no_store", False),
        keep_days=values.get("keep_days"),
        keep_size=_keep_size(values, places),
        read_only=values.get("read_only", False),
        theme=values.get("theme"),
        lookup_rate=values.get("lookup_rate", DEFAULT_RATE),
    )


def _environment(environ: Mapping[str, str]) -> _Layer:
    variables = {f"CTUI_{name.upper()}": name for name in NAMES}
    for variable in environ:
        # Other programs may own CTUI_ names; one that looks like a slip of the pen is worth a word.
        if variable.startswith("CTUI_") and variable not in variables:
            near = difflib.get_close_matches(variable, variables, 1, 0.85)
            if near:
                raise SettingsError("Settings", f"{variable} is no variable of ctui.", f"Did you mean {near[0]}?")
    given = {name: environ[variable] for variable, name in variables.items() if environ.get(variable)}
    return _layer(given, {name: variable for variable, name in variables.items()}, strict=False)


def _file(file: Path) -> _Layer:
    try:
        table = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return _Layer({}, {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError("Settings", f"{file} cannot be read: {error}.", "Correct it or move it away.") from error
    for key in table:
        if key not in _TYPES:
            near = difflib.get_close_matches(key, NAMES, 1)
            raise SettingsError(
                "Settings",
                f"{file}: {key!r} is no setting.",
                f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(NAMES)}.",
            )
    return _layer(table, {name: f"{file}: {name}" for name in NAMES}, strict=True)


def _layer(given: Mapping[str, Any], place: Mapping[str, str], *, strict: bool) -> _Layer:
    values = {}
    for name, value in given.items():
        try:
            values[name] = msgspec.convert(value, type=_TYPES[name], strict=strict)
        except msgspec.ValidationError as error:
            raise SettingsError("Settings", f"{place[name]}: {error}, but is {value!r}.") from error
        if values[name] == "":
            # An empty path would be the current folder, an empty name a profile of no name.
            raise SettingsError("Settings", f"{place[name]}: is empty.", "Write what it shall be, or leave it out.")
    return _Layer(values, place)


def _refuse_both(layer: _Layer) -> None:
    if layer.values.get("no_store") and "store" in layer.values:
        raise SettingsError(
            "Settings",
            f"{layer.place['store']} and {layer.place['no_store']} contradict each other.",
            "Give one of them.",
        )


def _endpoint(values: Mapping[str, Any], places: Mapping[str, str]) -> str | None:
    url: str | None = values.get("endpoint_url")
    if url is not None and (why := endpoint_problem(url)):
        raise SettingsError("Settings", f"{places['endpoint_url']}: {url!r} cannot be used: {why}.")
    return url


def _since(values: Mapping[str, Any], places: Mapping[str, str]) -> Timespan:
    if "since" not in values:
        return ALL_HISTORY
    try:
        return parse_timespan(values["since"])
    except ValueError as error:
        raise SettingsError("Settings", f"{places['since']}: {error}.") from error


def _keep_size(values: Mapping[str, Any], places: Mapping[str, str]) -> int | None:
    if "keep_size" not in values:
        return DEFAULT_KEEP_SIZE
    text: str = values["keep_size"]
    if text.strip().lower() == KEEP_ALL:
        return None
    try:
        size = parse_size(text)
    except ValueError as error:
        raise SettingsError("Settings", f"{places['keep_size']}: {error}, nor {KEEP_ALL!r}.") from error
    if size < _LEAST_KEEP_SIZE:
        least = f"{_LEAST_KEEP_SIZE // 1024**2}MiB"
        raise SettingsError(
            "Settings", f"{places['keep_size']}: {text!r} is too little to work with.", f"Keep {least} or more."
        )
    return size
