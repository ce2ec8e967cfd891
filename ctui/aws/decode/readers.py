"""How each action is answered: which service does, what reads its answer, and what reads its errors."""

from collections.abc import Callable, Mapping

from ctui.aws.decode.account_answers import read_account_names, read_described_regions, read_regions
from ctui.aws.decode.answers import read_error, read_nothing
from ctui.aws.decode.caller import read_identity, read_role_key
from ctui.aws.decode.event_answers import read_events
from ctui.aws.decode.trail_answers import read_status, read_trail, read_trails
from ctui.aws.decode.xml_parts import read_xml_error
from ctui.model.values import dataclass

_Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """What reads the answers to one action."""

    read: Callable[[bytes, _Headers], object]
    """Reads the body of a successful answer. Raises NotCloudTrail or IncompleteAnswer."""
    service: str = "cloudtrail"
    """The service that answers, as botocore and IAM call it."""
    read_error: Callable[[bytes, _Headers], tuple[str, str] | None] = read_error
    """Reads (code, message) of an error answer, or None if it has no code."""
    blank: bytes = b"{}"
    """Given to botocore in place of an answer that we have read."""
    changes: bool = False
    """True if the action changes something in the account."""


ANSWER_READERS: Mapping[str, AnswerReader] = {
    "LookupEvents": AnswerReader(read_events),
    "DescribeTrails": AnswerReader(read_trails),
    "GetTrailStatus": AnswerReader(read_status),
    "CreateTrail": AnswerReader(read_trail, changes=True),
    "UpdateTrail": AnswerReader(read_trail, changes=True),
    "DeleteTrail": AnswerReader(read_nothing, changes=True),
    "StartLogging": AnswerReader(read_nothing, changes=True),
    "StopLogging": AnswerReader(read_nothing, changes=True),
    "GetCallerIdentity": AnswerReader(
        read_identity,
        "sts",
        read_xml_error,
        b"<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>",
    ),
    "AssumeRole": AnswerReader(
        read_role_key, "sts", read_xml_error, b"<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>"
    ),
    "ListRegions": AnswerReader(read_regions, "account"),
    "DescribeRegions": AnswerReader(read_described_regions, "ec2", read_xml_error, b"<DescribeRegionsResponse/>"),
    "ListAccounts": AnswerReader(read_account_names, "organizations"),
}
"""By action."""
