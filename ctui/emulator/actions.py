"""The actions and their request parameters: names, types and what is required, today and in 2015."""

from dataclasses import dataclass, replace
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
    EVENT_SELECTORS = "List of EventSelector"
    DATA_RESOURCES = "List of DataResource"
    ADVANCED_SELECTORS = "List of AdvancedEventSelector"
    FIELD_SELECTORS = "List of AdvancedFieldSelector"
    INSIGHT_SELECTORS = "List of InsightSelector"


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
    parts: tuple["Member", ...] = ()
    """The members of each item, for a list of structures."""


_NAME = Member("Name", required=True)
_TRAIL_NAME = Member("TrailName", required=True)
_TAGS_LIST = Member("TagsList", Kind.TAGS, parts=(Member("Key", required=True), Member("Value")))
_RESOURCE_TAGS = (Member("ResourceId", required=True), replace(_TAGS_LIST, required=True))
_ATTRIBUTES = Member(
    "LookupAttributes",
    Kind.ATTRIBUTES,
    parts=(Member("AttributeKey", required=True), Member("AttributeValue", required=True)),
)
_EVENT_SELECTORS = Member(
    "EventSelectors",
    Kind.EVENT_SELECTORS,
    parts=(
        Member("ReadWriteType"),
        Member("IncludeManagementEvents", Kind.BOOLEAN),
        Member("DataResources", Kind.DATA_RESOURCES, parts=(Member("Type"), Member("Values", Kind.STRINGS))),
        Member("ExcludeManagementEventSources", Kind.STRINGS),
    ),
)
OPERATORS = ("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith")
"""The operators of a field selector, each with a list of values."""
_ADVANCED_SELECTORS = Member(
    "AdvancedEventSelectors",
    Kind.ADVANCED_SELECTORS,
    parts=(
        Member("Name"),
        Member(
            "FieldSelectors",
            Kind.FIELD_SELECTORS,
            required=True,
            parts=(Member("Field", required=True), *(Member(name, Kind.STRINGS) for name in OPERATORS)),
        ),
    ),
)
_INSIGHT_SELECTORS = Member(
    "InsightSelectors",
    Kind.INSIGHT_SELECTORS,
    required=True,
    parts=(Member("InsightType"), Member("EventCategories", Kind.STRINGS)),
)


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
        Member("RecursiveLogging", Kind.BOOLEAN, since=True),
    )


ACTIONS_2015: dict[str, tuple[Member, ...]] = {
    "CreateTrail": (*_settings(bucket_required=True), replace(_TAGS_LIST, since=True)),
    "UpdateTrail": _settings(bucket_required=False),
    "DeleteTrail": (_NAME,),
    "DescribeTrails": (
        Member("TrailNameList", Kind.STRINGS, spellings=("trailNameList",)),
        Member("IncludeShadowTrails", Kind.BOOLEAN, since=True, spellings=("includeShadowTrails",)),
    ),
    "GetTrailStatus": (_NAME,),
    "LookupEvents": (
        _ATTRIBUTES,
        Member("StartTime", Kind.TIMESTAMP),
        Member("EndTime", Kind.TIMESTAMP),
        Member("EventCategory", since=True),
        Member("MaxResults", Kind.INTEGER),
        Member("NextToken"),
    ),
    "StartLogging": (_NAME,),
    "StopLogging": (_NAME,),
}
"""The eight actions of the 2015 reference, and their request parameters."""

SINCE_2015: dict[str, tuple[Member, ...]] = {
    "GetTrail": (_NAME,),
    "ListTrails": (Member("NextToken"),),
    "AddTags": _RESOURCE_TAGS,
    "RemoveTags": _RESOURCE_TAGS,
    "ListTags": (Member("ResourceIdList", Kind.STRINGS, required=True), Member("NextToken")),
    "GetEventSelectors": (_TRAIL_NAME,),
    "PutEventSelectors": (_TRAIL_NAME, _EVENT_SELECTORS, _ADVANCED_SELECTORS),
    "GetInsightSelectors": (Member("TrailName"), Member("EventDataStore")),
    "PutInsightSelectors": (
        Member("TrailName"),
        _INSIGHT_SELECTORS,
        Member("EventDataStore"),
        Member("InsightsDestination"),
    ),
    "ListPublicKeys": (
        Member("StartTime", Kind.TIMESTAMP),
        Member("EndTime", Kind.TIMESTAMP),
        Member("NextToken"),
    ),
}
"""The actions that are newer than the reference, and their request parameters."""

ACTIONS = {**ACTIONS_2015, **SINCE_2015}
"""All actions of the emulator."""

REFUSED = frozenset(
    {
        "CancelQuery",
        "CreateChannel",
        "CreateDashboard",
        "CreateEventDataStore",
        "DeleteChannel",
        "DeleteDashboard",
        "DeleteEventDataStore",
        "DeleteResourcePolicy",
        "DeregisterOrganizationDelegatedAdmin",
        "DescribeQuery",
        "DisableFederation",
        "EnableFederation",
        "GenerateQuery",
        "GetChannel",
        "GetDashboard",
        "GetEventConfiguration",
        "GetEventDataStore",
        "GetImport",
        "GetQueryResults",
        "GetResourcePolicy",
        "ListChannels",
        "ListDashboards",
        "ListEventDataStores",
        "ListImportFailures",
        "ListImports",
        "ListInsightsData",
        "ListInsightsMetricData",
        "ListQueries",
        "PutEventConfiguration",
        "PutResourcePolicy",
        "RegisterOrganizationDelegatedAdmin",
        "RestoreEventDataStore",
        "SearchSampleQueries",
        "StartDashboardRefresh",
        "StartEventDataStoreIngestion",
        "StartImport",
        "StartQuery",
        "StopEventDataStoreIngestion",
        "StopImport",
        "UpdateChannel",
        "UpdateDashboard",
        "UpdateEventDataStore",
    }
)
"""Actions of today's service that the emulator refuses: those of CloudTrail Lake, channels, dashboards and imports."""
