"""OpensSources: sessions of another profile, Region, endpoint or log files, for the dialog of the screen."""

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ctui.config.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from ctui.core.session import Session
    from ctui.model.lookup.lookup import Lookup
    from ctui.ui.boxes.source import Fields
    from ctui.ui.sources import Question

_OF_THE_SERVICE = ("profile", "region", "endpoint_url")
_MOST_PATHS = 100
"""Paths that are offered."""


class OpensSources:
    """Reads what a person typed as the settings of the command line are read (the screen's SourceOpener)."""

    def __init__(self, settings: Settings, make: "Callable[[Settings, Lookup], Awaitable[Session]]") -> None:
        """`make` makes the session of settings, whose first question is this lookup."""
        self._settings = settings
        self._make = make

    @property
    def current(self) -> "Fields":
        """The texts of profile, Region, endpoint and log files with which ctui was started."""
        settings = self._settings
        files = ",".join(map(str, settings.files))
        if settings.files_alone:
            return "", "", "", files
        return ",".join(settings.profile), ",".join(settings.region), settings.endpoint_url or "", files

    def choices(self) -> Mapping[str, Sequence[str]]:
        """For "profile" and "region" the names in AWS's files and in the store. Reads files."""
        from ctui.cli.completing.values import named_profiles, named_regions  # noqa: PLC0415 - seldom wanted

        return {"profile": sorted(named_profiles()), "region": sorted(named_regions({}))}

    def paths(self, typed: str) -> Sequence[str]:
        """Paths of files and folders that begin so, those of folders with a slash at their end. Reads a folder."""
        folder, slash, start = typed.rpartition("/")
        try:
            with os.scandir(os.path.expanduser(f"{folder}{slash}") or ".") as entries:  # noqa: PTH111 - as it is typed
                found = [f"{entry.name}/" if entry.is_dir() else entry.name for entry in entries]
        except (OSError, ValueError):
            return ()
        named = sorted(name for name in found if name.startswith(start) and (start or not name.startswith(".")))
        return [f"{folder}{slash}{name}" for name in named[:_MOST_PATHS] if name != start]

    def problem(self, fields: "Fields") -> str | None:
        """What is wrong with these texts; None if nothing is."""
        try:
            self._read(fields)
        except ValueError as error:
            return str(error)
        return None

    async def open(self, fields: "Fields", question: "Question") -> "Session":
        """A session that does not run yet, of these texts. Raises ValueError where `problem` has something to say."""
        from ctui.model.lookup.lookup import Lookup  # noqa: PLC0415 - the frame stands without

        session = await self._make(self._read(fields), Lookup(timespan=question.timespan))
        if question.text:
            session.explorer.type(question.text)
            session.explorer.ask()
        return session

    def _read(self, fields: "Fields") -> Settings:
        *texts, files = fields
        changes: dict[str, Any] = {"profile": (), "region": (), "endpoint_url": None, "files": (), "files_alone": False}
        for name, text in zip(_OF_THE_SERVICE, texts, strict=True):
            if text:
                setting = SETTINGS[name]
                changes[name] = setting.read(_parts(text) if setting.repeats else text)
        if files:
            # A comma may be part of a name.
            whole = os.path.exists(os.path.expanduser(files))  # noqa: PTH110, PTH111 - a text that may be no path
            changes["files"] = SETTINGS["files"].read((files,) if whole else _parts(files))
            # Who had both, and names nothing of AWS, still has both.
            had_both = bool(self._settings.files) and not self._settings.files_alone
            changes["files_alone"] = not (any(texts) or had_both)
        return replace(self._settings, **changes)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
