"""OpensSources: sessions of another profile, Region or endpoint, for the dialog of the screen."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ctui.config.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from ctui.core.session import Session
    from ctui.model.lookup.lookup import Lookup
    from ctui.ui.boxes.source import Fields
    from ctui.ui.sources import Question

_NAMES = ("profile", "region", "endpoint_url")


class OpensSources:
    """Reads what a person typed as the settings of the command line are read (the screen's SourceOpener)."""

    def __init__(self, settings: Settings, make: "Callable[[Settings, Lookup], Awaitable[Session]]") -> None:
        """`make` makes the session of settings, whose first question is this lookup."""
        self._settings = settings
        self._make = make

    @property
    def current(self) -> "Fields":
        """The texts of profile, Region and endpoint with which ctui was started."""
        settings = self._settings
        return ",".join(settings.profile), ",".join(settings.region), settings.endpoint_url or ""

    def choices(self) -> Mapping[str, Sequence[str]]:
        """For "profile" and "region" the names in AWS's files and in the store. Reads files."""
        from ctui.cli.completing.values import named_profiles, named_regions  # noqa: PLC0415 - seldom wanted

        return {"profile": sorted(named_profiles()), "region": sorted(named_regions({}))}

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
        changes: dict[str, Any] = dict.fromkeys(_NAMES[:2], ())
        changes["endpoint_url"] = None
        for name, text in zip(_NAMES, fields, strict=True):
            if text:
                setting = SETTINGS[name]
                parts = tuple(part.strip() for part in text.split(",") if part.strip())
                changes[name] = setting.read(parts if setting.repeats else text)
        return replace(self._settings, **changes)
