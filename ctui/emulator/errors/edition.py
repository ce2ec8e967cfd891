"""The differences between today's service and that of the 2015 reference, except error codes."""

from dataclasses import dataclass, replace

from ctui.emulator.actions import ACTIONS, ACTIONS_2015, REFUSED
from ctui.emulator.options import Edition, EmulatorOptions

_KEYS_2015 = frozenset({"EventId", "EventName", "Username", "ResourceType", "ResourceName"})
_KEYS_TODAY = _KEYS_2015 | {"ReadOnly", "EventSource", "AccessKeyId"}


@dataclass(frozen=True, slots=True)
class EditionRules:
    """The limits and switches of an edition, with the flags that override them."""

    edition: Edition
    history_days: int
    lookup_rate: float
    """Lookups per second."""
    rate_per_region: bool
    """True if each Region has its own limit; False if all share the account's."""
    default_page: int
    """Results of a lookup without MaxResults."""
    signature_minutes: int
    """How old a signature may be, or how far in the future."""
    attribute_keys: frozenset[str]
    """Lookup attributes that the edition supports."""
    actions: frozenset[str]
    """The actions that the edition knows, with those that it refuses."""
    today: bool
    """True if fields, names and behavior newer than the reference exist."""


_DEFAULTS = {
    Edition.TODAY: EditionRules(
        Edition.TODAY,
        history_days=90,
        lookup_rate=2.0,
        rate_per_region=True,
        default_page=50,
        signature_minutes=5,
        attribute_keys=_KEYS_TODAY,
        actions=frozenset(ACTIONS) | REFUSED,
        today=True,
    ),
    Edition.Y2015: EditionRules(
        Edition.Y2015,
        history_days=7,
        lookup_rate=1.0,
        rate_per_region=False,
        default_page=10,
        signature_minutes=15,
        attribute_keys=_KEYS_2015,
        actions=frozenset(ACTIONS_2015),
        today=False,
    ),
}


def rules_of(options: EmulatorOptions) -> EditionRules:
    """The edition's rules, with `--lookup-rate` and `--history-days`."""
    base = _DEFAULTS[options.edition]
    return replace(
        base,
        history_days=base.history_days if options.history_days is None else options.history_days,
        lookup_rate=base.lookup_rate if options.lookup_rate is None else options.lookup_rate,
    )
