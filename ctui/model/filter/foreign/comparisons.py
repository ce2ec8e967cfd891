"""Comparisons as other languages write them: `!=`, `==`, `=~`, `<>`, signs with blanks, Splunk's settings."""

import re
from typing import Final

from ctui.model.filter.fields import FIELDS
from ctui.model.filter.foreign.hints import Around, Foreign, bare, known_field, said, sample_of
from ctui.model.lookup.timespan import bare_range

_SETTINGS: Final = {"earliest": "since:", "latest": "until:", "index": "", "sourcetype": ""}
"""Splunk's settings with an equals sign, and the field that means the same."""
_OF_PACKETS: Final = frozenset(("ip.src", "ip.dst", "ip.addr", "ip.host", "ipv6.src", "ipv6.addr", "source.ip"))
"""Names of Wireshark and Elastic for an address."""
_TIMES: Final = ("since", "until", "eventTime")
"""Names of times, which are compared in the other languages."""
_UNKNOWN: Final = "field"
"""What a hint says for a name that is not known."""
COMPARING = re.compile(r"!==|===|!=~?|!~|==|=~|~=|>=|<=|<>|[=<>~]")
_COMPARED = re.compile(rf"([$.]*[A-Za-z_@][\w@$.-]*?)({COMPARING.pattern})(.*)", re.DOTALL)


def comparison(text: str, around: Around) -> Foreign | None:
    """A comparison that starts a word, or that a word is; None if there is none."""
    if (found := COMPARING.match(text)) is not None:
        value = text[found.end() :] or around.next
        if not around.before and found[0] in ("<", ">", "<=", ">="):
            return Foreign(0, _without_name(found[0], value))
        name = around.before.strip('"[]')
        return Foreign(0, compared(_name_of(name), found[0], value))
    if (found := _COMPARED.fullmatch(text)) is None:
        return None
    name, operator, value = found.groups()
    if name in _SETTINGS and operator == "=":
        instead = _SETTINGS[name]
        how = f"write {instead}{sample_of(value.lstrip('-').partition('@')[0]) or '2h'}" if instead else "leave it out"
        return Foreign(found.start(2), f"{name}= has no meaning here: {how}")
    sure = value and (len(operator) > 1 or (operator in "<>" and value[0].isdecimal()))
    field = known_field(name)
    if field not in ("", name) and (operator == "=" or (operator in "<>" and field not in _TIMES)):
        # An alias, or a path as jq writes it.
        return Foreign(0, f"{name} is {field} here: write {field}:{said(field, sample_of(value)) or 'Value'}")
    if field := field or (_name_of(name) if sure else ""):
        return Foreign(found.start(2), compared(field, operator, value))
    return None


def compared(field: str, operator: str, value: str) -> str:
    """What to write instead of a comparison."""
    negates = operator.startswith("!") or operator == "<>"
    if value in ('""', "null", "NULL") and (negates or operator in ("=", "==", "===")):
        return f"for {'any' if negates else 'no'} value, write {'' if negates else '-'}{field}:*"
    value = value if value == "*" else sample_of(value) or bare(value) or "Value"
    if field == _UNKNOWN and operator not in ("<", ">", "<=", ">="):
        sign = "~" if operator == "~" else ""
        return f"{operator} takes a field before it: write user:{sign}{value}, or another field"
    if "~" in operator:
        return f"{operator} is not supported: write {'-' if negates else ''}/expression/"
    if negates:
        return f"{operator} is not supported: write -{field}:{value}"
    if operator == "=":
        return f"= takes no blanks here: write {field}:{value}"
    if operator in ("==", "==="):
        return f"{operator} is not supported: write {field}:{value}"
    if field in _TIMES:
        end = "since" if operator.startswith(">") else "until"
        return f"{operator} is not supported: write {end}:{value if _is_time(value) else '2h'}"
    if field in FIELDS or field == _UNKNOWN:
        return f"{operator} compares numbers and times of a path: write requestParameters.maxResults{operator}10"
    return f"{operator} takes no blanks: write {field}{operator}{'10' if value == 'Value' else value}"


def _name_of(name: str) -> str:
    """The field or path that a name before a comparison means; "field" if it is unknown and without a dot."""
    if name.casefold() in _OF_PACKETS:
        return "ip"
    return known_field(name) or (name if "." in name and sample_of(name) == name else _UNKNOWN)


def _without_name(operator: str, value: str) -> str:
    """What to write instead of a comparison without a name."""
    if _is_time(value):
        return f"{operator} takes a name before it: write {'since' if operator.startswith('>') else 'until'}:{value}"
    return f"{operator} takes a name before it: write requestParameters.maxResults{operator}10"


def _is_time(text: str) -> bool:
    try:
        return bare_range(text) is not None
    except ValueError:
        return False
