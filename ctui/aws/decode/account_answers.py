"""Answers about Regions and accounts: of account:ListRegions, ec2:DescribeRegions and organizations:ListAccounts."""

from collections.abc import Mapping

from ctui.aws.decode.answers import SHORT, no_answer
from ctui.aws.decode.json_parts import elements, text_of_body
from ctui.aws.decode.members import Fields, brief, not_readable
from ctui.aws.decode.xml_parts import root_of, text_in
from ctui.model.region import RegionStatus

_DISABLED = "DISABLED"
_NOT_OPTED_IN = "not-opted-in"


def read_regions(body: bytes, headers: Mapping[str, str]) -> tuple[tuple[RegionStatus, ...], str | None]:
    """(Regions, next token) of an answer to account:ListRegions.

    A Region that is being enabled or disabled counts as enabled: asking it tells more. Raises IncompleteAnswer or
    NotCloudTrail if the answer has no list of Regions, or one without a name.
    """
    listed, token = _listed("ListRegions", "Regions", body, headers)
    regions = []
    for fields in listed:
        if not (name := fields.string("RegionName")):
            raise no_answer("ListRegions", "a Region has no RegionName", headers)
        regions.append(RegionStatus(name, fields.string("RegionOptStatus") != _DISABLED))
    return tuple(regions), token


def read_described_regions(body: bytes, headers: Mapping[str, str]) -> tuple[tuple[RegionStatus, ...], str | None]:
    """(Regions, None) of an answer to ec2:DescribeRegions, which has one page. Raises what `read_regions` raises."""
    items = root_of("DescribeRegions", body).findall("./{*}regionInfo/{*}item")
    regions = tuple(
        RegionStatus(text_in(item, "regionName"), text_in(item, "optInStatus") != _NOT_OPTED_IN) for item in items
    )
    if not regions or not all(region.name for region in regions):
        raise no_answer("DescribeRegions", "it names no Region, or one has no regionName", headers)
    return regions, None


def read_account_names(body: bytes, headers: Mapping[str, str]) -> tuple[tuple[tuple[str, str], ...], str | None]:
    """((account, name) of those that have a name, next token) of an answer to organizations:ListAccounts.

    Raises IncompleteAnswer or NotCloudTrail if the answer has no list of accounts.
    """
    listed, token = _listed("ListAccounts", "Accounts", body, headers)
    named = ((fields.string("Id"), fields.text("Name")) for fields in listed)
    return tuple((account, name) for account, name in named if account and name), token


def _listed(action: str, member: str, body: bytes, headers: Mapping[str, str]) -> tuple[tuple[Fields, ...], str | None]:
    """(the objects in the list that is this member, next token)."""
    answer = Fields.of(text_of_body(body))
    listed = None if answer is None else answer.part(member)
    if answer is None or listed is None:
        raise no_answer(action, f"{member} is missing", headers)
    parts = elements(listed)
    objects = () if parts is None else tuple(fields for fields in map(Fields.of, parts) if fields is not None)
    if parts is None or len(objects) < len(parts):
        raise no_answer(action, not_readable(member, brief(listed, SHORT), "a list of objects"), headers)
    return objects, answer.string("NextToken") or None
