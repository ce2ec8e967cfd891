"""The actions and their request parameters: names, types and what is required, today and in 2015."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The type of a member, as error messages name it."""

    STRING = "String"
    BOOLEAN = "Boolean"
    INTEGER = "Integer"
    TIMESTAMP = "Timestamp"
    STRINGS = "List of String"
    ATTRIBUTES = "List of LookupAttribute"
    TAGS = "List of Tag"


@dataclass(frozen=True, slots=True)
class Member:
    """One request parameter."""

    name: str
    kind: Kind = Kind.STRING
    required: bool = False
    since: bool = False
    """True if it is newer than the 2015 reference. That edition ignores it, as it ignores unknown members."""
    spellings: tuple[str, ...] = ()
    """Other spellings that are accepted."""


_NAME = Member("Name", required=True)


def _settings(*, bucket_required: bool) -> tuple[Member, ...]:
    return (
        _NAME,
        Member("S3BucketName", required=bucket_required),
        Member("S3KeyPrefix"),
        Member("SnsTopicName"),
        Member("IncludeGlobalServiceEvents", Kind.BOOLEAN),
        Member("IsMultiRegionTrail", Kind.BOOLEAN, since=True),
        Member("EnableLogFileValidation", Kind.BOOLEAN, since=True),
        Member("CloudWatchLogsLogGroupArn"),
        Member("CloudWatchLogsRoleArn"),
        Member("KmsKeyId", since=True),
        Member("IsOrganizationTrail", Kind.BOOLEAN, since=True),
    )


ACTIONS: dict[str, tuple[Member, ...]] = {
    "CreateTrail": (*_settings(bucket_required=True), Member("TagsList", Kind.TAGS, since=True)),
    "UpdateTrail": _settings(bucket_required=False),
    "DeleteTrail": (_NAME,),
    "DescribeTrails": (
        Member("TrailNameList", Kind.STRINGS, spellings=("trailNameList",)),
        Member("IncludeShadowTrails", Kind.BOOLEAN, since=True, spellings=("includeShadowTrails",)),
    ),
    "GetTrailStatus": (_NAME,),
    "LookupEvents": (
        Member("LookupAttributes", Kind.ATTRIBUTES),
        Member("StartTime", Kind.TIMESTAMP),
        Member("EndTime", Kind.TIMESTAMP),
        Member("EventCategory", since=True),
        Member("MaxResults", Kind.INTEGER),
        Member("NextToken"),
    ),
    "StartLogging": (_NAME,),
    "StopLogging": (_NAME,),
}
"""The eight actions of CloudTrail and their request parameters."""

READING = frozenset({"DescribeTrails", "GetTrailStatus", "LookupEvents", "GetCallerIdentity"})
"""Actions that change nothing."""
