"""How settings are read: a flag wins over the environment, that over the settings file, and that over the default.

A flag that cannot be used ends ctui. A variable or a line of the file is reported and ignored, and ctui starts with the
rest: someone on call needs it now.
"""

import difflib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import platformdirs

from ctui.config.settings import SETTINGS, Setting, Settings
from ctui.errors import SettingsError
from ctui.parsing import Unreadable, read_toml, shortened, shown

FILE_NAME = "config.toml"
_LONGEST_NAME = 40
"""Characters of a name that are compared with known names."""
_LONGEST_REASON = 200
"""Characters of a reason that may repeat a value."""

_CAUTIOUS = {"read_only": "read_only", "no_store": "no_store", "store": "no_store"}
"""Setting -> the one that is on in its place if it cannot be read: what protects something counts as strict."""
_UNTIL_THEN = {"read_only": "trails are read-only", "no_store": "no events are kept after ctui exits"}
_QUESTIONS = "questions"
"""The table of the file with a person's own questions: a title, and its filter line."""
_ACCOUNTS = "accounts"
"""The table of the file with the accounts to look at: a name and a role, or the ID of an account and its name."""
_LEFT_OUT = "It is ignored until you correct it."


@dataclass(frozen=True, slots=True)
class _Problem:
    """Something that cannot be used, and the strict settings that count instead, unless another layer decides them."""

    message: str
    remedy: str
    cautious: tuple[str, ...] = ()

    def error(self, decided_here: Collection[str]) -> SettingsError:
        """The error to show. `decided_here`: the settings that the layer of this problem decides."""
        held = [_UNTIL_THEN[name] for name in self.cautious if name in decided_here]
        until = f" Until then {', and '.join(held)}." if held else ""
        return SettingsError("Settings", self.message, f"{self.remedy}{until}")


@dataclass(slots=True)
class _Layer:
    """One of the three places that settings are written in, and what is wrong with it."""

    place: Mapping[str, str]
    """Setting -> where it is written, for messages."""
    values: dict[str, Any] = field(default_factory=dict)
    """Setting -> its value in Settings."""
    problems: list[_Problem] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    """The settings that are ignored because they cannot be used."""

    def put(self, name: str, value: object, *, strict: bool) -> None:
        """Add a setting, or a problem if it cannot be used."""
        setting = SETTINGS[name]
        try:
            written = _written(value, setting, strict=strict)
        except Exception:  # noqa: BLE001 - whatever the library raises for a value, the result is the same
            self.refuse(name, f"must be {setting.wanted}, but is {shown(value)}")
            return
        try:
            if written in ("", ()) or (setting.repeats and "" in written):
                # An empty path would be the current folder, an empty name a profile of no name.
                raise ValueError("is empty: set a value, or leave it out")
            if isinstance(written, str | tuple) and any("\0" in text for text in written):
                raise ValueError(f"contains a NUL character: {shown(written)}")
            self.values[name] = setting.read(written)
        except (ValueError, OverflowError, RuntimeError) as error:
            self.refuse(name, shortened(str(error), _LONGEST_REASON))

    def refuse(self, name: str, why: str) -> None:
        """Ignore a setting. What it would have protected stays protected, and that problem is shown first."""
        self.refused.add(name)
        message = f"{self.place[name]}: {why}."
        if name in _CAUTIOUS:
            self.values[_CAUTIOUS[name]] = True
            self.problems.insert(0, _Problem(message, "Correct it.", (_CAUTIOUS[name],)))
        else:
            self.problems.append(_Problem(message, _LEFT_OUT))

    def refuse_both(self) -> None:
        """If it says both to keep events in a file and to keep none, none are kept."""
        if self.values.get("no_store") and "store" in self.values:
            del self.values["store"]
            if not self.refused & {"store", "no_store"}:
                both = f"{self.place['store']} and {self.place['no_store']}"
                self.problems.append(_Problem(f"{both} contradict each other.", "Use only one of them.", ("no_store",)))


def settings_file() -> Path:
    """The path of the settings file, which need not exist."""
    return platformdirs.user_config_path("ctui", appauthor=False) / FILE_NAME


def load_settings(flags: Mapping[str, Any], environ: Mapping[str, str], file: Path) -> Settings:
    """The settings of the three places together. `flags` has the given flags, by setting name.

    Raises SettingsError for a flag that cannot be used. Anything else that cannot be used is ignored, and `problems`
    says where it is and why.
    """
    layers = (_flags(flags), _environment(environ), _file(file))
    values: dict[str, Any] = {}
    decides: dict[str, _Layer] = {}
    for layer in layers:
        layer.refuse_both()
        # store and no_store are one choice: the first layer that has either decides.
        store_is_chosen = "store" in values or "no_store" in values
        for name, value in layer.values.items():
            if name not in values and not (store_is_chosen and name in ("store", "no_store")):
                values[name] = value
                decides[name] = layer
    problems = [
        problem.error([name for name, decisive in decides.items() if decisive is layer])
        for layer in layers
        for problem in layer.problems
    ]
    if layers[0].problems:
        # A flag is never ignored: ctui does not start.
        raise SettingsError("Settings", layers[0].problems[0].message)
    if roles := values.get("assume"):
        names = values.get("account_names", {})
        values[_ACCOUNTS] = tuple(replace(role, name=names.get(role.account, "")) for role in roles)
    origins = {name: layer.place[name] for name, layer in decides.items() if name in layer.place}
    return Settings(**values, problems=tuple(problems), origins=origins)


def _written(value: object, setting: Setting, *, strict: bool) -> Any:
    """The value in the type in which the setting is written; raises what msgspec raises."""
    import msgspec  # noqa: PLC0415 - most starts set nothing

    if setting.repeats:
        texts = msgspec.convert(value, type=str | tuple[str, ...], strict=strict)
        return (texts,) if isinstance(texts, str) else texts
    if not setting.bounds:
        return msgspec.convert(value, type=setting.written_as, strict=strict)
    bounded = Annotated[setting.written_as, msgspec.Meta(**setting.bounds)]  # type: ignore[name-defined]
    return msgspec.convert(value, type=bounded, strict=strict)


def _flags(given: Mapping[str, Any]) -> _Layer:
    layer = _Layer({name: setting.flag for name, setting in SETTINGS.items()})
    for name, value in given.items():
        layer.put(name, value, strict=True)
    return layer


def _environment(environ: Mapping[str, str]) -> _Layer:
    variables = {setting.variable: name for name, setting in SETTINGS.items()}
    layer = _Layer({name: variable for variable, name in variables.items()})
    for variable in environ:
        # Other programs may use CTUI_ names; one that looks like a typo is reported.
        if variable.startswith("CTUI_") and variable not in variables:
            near = difflib.get_close_matches(variable[:_LONGEST_NAME], variables, 1, 0.85)
            if near:
                layer.problems.append(_Problem(f"{variable} is not a ctui setting.", f"Did you mean {near[0]}?"))
    for variable, name in variables.items():
        if environ.get(variable):
            layer.put(name, environ[variable], strict=False)
    return layer


def _read_questions(table: object, layer: _Layer, file: Path) -> None:
    """Add the person's own questions, or a problem if they cannot be used; then none of them is there."""
    from ctui.model.filter.questions import own_questions  # noqa: PLC0415 - most starts have none

    try:
        if not isinstance(table, dict):
            raise ValueError(f"must be a table of titles and filter lines, but is {shown(table)}")
        layer.values[_QUESTIONS] = own_questions(table.items())
    except ValueError as error:
        message = f"{file}: {_QUESTIONS}: {shortened(str(error), _LONGEST_REASON)}."
        layer.problems.append(_Problem(message, "They are ignored until you correct it."))


def _read_accounts(table: object, layer: _Layer, file: Path) -> None:
    """Add the accounts to look at, and a problem for each line that cannot be used."""
    from ctui.model.assumed_role import named_accounts  # noqa: PLC0415 - most starts have none

    if not isinstance(table, dict):
        message = f"{file}: {_ACCOUNTS}: must be a table of names and roles, but is {shown(table)}."
        layer.problems.append(_Problem(message, _LEFT_OUT))
        return
    layer.values[_ACCOUNTS], layer.values["account_names"], wrong = named_accounts(table.items())
    layer.problems += [
        _Problem(
            f"{file}: {_ACCOUNTS}: {shown(name)}: {shortened(why, _LONGEST_REASON)}.",
            "That account is not looked at until you correct it.",
        )
        for name, why in wrong
    ]


_TABLES: Mapping[str, Callable[[object, _Layer, Path], None]] = {_QUESTIONS: _read_questions, _ACCOUNTS: _read_accounts}
"""Tables of the file, and what reads each."""


def _file(file: Path) -> _Layer:
    layer = _Layer({name: f"{file}: {name}" for name in SETTINGS})
    try:
        table = read_toml(file)
    except FileNotFoundError:
        return layer
    except Unreadable as error:
        # What the file may have protected stays protected.
        layer.values |= {"read_only": True, "no_store": True}
        message = f"{file} cannot be read: {error.reason}."
        layer.problems.append(_Problem(message, "Correct it or move it away.", ("read_only", "no_store")))
        return layer
    for key, value in table.items():
        if key in SETTINGS:
            layer.put(key, value, strict=True)
            continue
        if key in _TABLES:
            _TABLES[key](value, layer, file)
            continue
        near = difflib.get_close_matches(key[:_LONGEST_NAME], (*SETTINGS, *_TABLES), 1)
        layer.problems.append(
            _Problem(
                f"{file}: {shown(key)} is not a setting.",
                f"Did you mean {near[0]!r}?" if near else f"Settings: {', '.join((*SETTINGS, *_TABLES))}.",
            )
        )
    return layer
