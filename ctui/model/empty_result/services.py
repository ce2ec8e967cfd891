"""Facts about AWS services: which are recorded in one Region only, and which calls are data events.

Source: AWS's guides. IAM, CloudFront, Organizations and Route 53 are recorded in one Region of the partition; sign-ins
and calls of STS mostly, depending on the endpoint that was used. The tables have the names that people often look for,
not all names.
"""

from collections.abc import Iterator, Mapping, Sequence

from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import NAME, SOURCE, TYPE, ValueField
from ctui.model.filter.matching.patterns import Pattern, matches
from ctui.model.filter.terms import AllOf, AnyOf, FieldTerm, Filter, KindTerm, PathTerm, Term, WordTerm, pushed_down
from ctui.model.values import dataclass

LEADERS: Mapping[str, str] = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""The Region of each partition that records global services (IAM and CloudFront since November 2021)."""

_SHORTEST = 3
"""The fewest characters next to a wildcard that are specific enough."""
_MOST = 50
"""The most terms, and the most values of each, that are compared."""


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """Names of a service, its calls and its resources."""

    source: str
    names: tuple[str, ...] = ()
    """Some of its calls."""
    types: tuple[str, ...] = ()
    """Types of its resources; for a global service, prefixes of types."""
    sure: bool = True
    """True if all of its calls are recorded in the partition's one Region; False if some may be."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Something of a service that a line names."""

    text: str
    """What it is, with what was typed: can be hostile."""
    sure: bool


GLOBAL = (
    ServiceFacts(
        "iam.amazonaws.com",
        (
            "CreateUser", "DeleteUser", "GetUser", "ListUsers", "UpdateUser", "CreateRole", "DeleteRole", "GetRole",
            "ListRoles", "UpdateRole", "UpdateAssumeRolePolicy", "CreateServiceLinkedRole", "CreateGroup",
            "DeleteGroup", "ListGroups", "AddUserToGroup", "RemoveUserFromGroup", "CreatePolicy", "DeletePolicy",
            "GetPolicy", "GetPolicyVersion", "ListPolicies", "CreatePolicyVersion", "SetDefaultPolicyVersion",
            "AttachUserPolicy", "AttachGroupPolicy", "AttachRolePolicy", "DetachUserPolicy", "DetachGroupPolicy",
            "DetachRolePolicy", "PutUserPolicy", "PutGroupPolicy", "PutRolePolicy", "DeleteUserPolicy",
            "DeleteGroupPolicy", "DeleteRolePolicy", "ListAttachedUserPolicies", "ListAttachedRolePolicies",
            "PutUserPermissionsBoundary", "PutRolePermissionsBoundary", "DeleteRolePermissionsBoundary",
            "CreateAccessKey", "DeleteAccessKey", "UpdateAccessKey", "ListAccessKeys", "GetAccessKeyLastUsed",
            "CreateLoginProfile", "UpdateLoginProfile", "DeleteLoginProfile", "GetLoginProfile", "ChangePassword",
            "CreateVirtualMFADevice", "DeleteVirtualMFADevice", "EnableMFADevice", "DeactivateMFADevice",
            "CreateInstanceProfile", "DeleteInstanceProfile", "AddRoleToInstanceProfile", "CreateSAMLProvider",
            "UpdateSAMLProvider", "CreateOpenIDConnectProvider", "UpdateAccountPasswordPolicy",
            "DeleteAccountPasswordPolicy", "GetAccountPasswordPolicy", "CreateAccountAlias", "DeleteAccountAlias",
            "GetAccountSummary", "GetAccountAuthorizationDetails", "GenerateCredentialReport", "GetCredentialReport",
            "SimulatePrincipalPolicy", "UploadServerCertificate", "UploadSSHPublicKey",
        ),
        ("AWS::IAM::",),
    ),
    ServiceFacts(
        "cloudfront.amazonaws.com",
        (
            "CreateDistribution", "UpdateDistribution", "DeleteDistribution", "GetDistribution", "ListDistributions",
            "CreateInvalidation", "CreateCloudFrontOriginAccessIdentity", "ListCloudFrontOriginAccessIdentities",
            "CreateOriginAccessControl",
        ),
        ("AWS::CloudFront::",),
    ),
    ServiceFacts(
        "organizations.amazonaws.com",
        (
            "CreateOrganization", "DescribeOrganization", "DeleteOrganization", "LeaveOrganization", "ListAccounts",
            "CreateAccount", "CloseAccount", "MoveAccount", "DescribeAccount", "InviteAccountToOrganization",
            "RemoveAccountFromOrganization", "AcceptHandshake", "CreateOrganizationalUnit",
            "ListOrganizationalUnitsForParent", "AttachPolicy", "DetachPolicy", "EnablePolicyType",
            "DisablePolicyType", "EnableAWSServiceAccess", "RegisterDelegatedAdministrator",
        ),
        ("AWS::Organizations::",),
    ),
    ServiceFacts(
        "route53.amazonaws.com",
        (
            "CreateHostedZone", "DeleteHostedZone", "GetHostedZone", "ListHostedZones", "ListHostedZonesByName",
            "ChangeResourceRecordSets", "ListResourceRecordSets", "CreateHealthCheck", "DeleteHealthCheck",
            "ListHealthChecks", "AssociateVPCWithHostedZone", "CreateQueryLoggingConfig",
        ),
        ("AWS::Route53::",),
    ),
    ServiceFacts(
        "signin.amazonaws.com",
        (
            "ConsoleLogin", "CheckMfa", "GetSigninToken", "SwitchRole", "ExitRole", "RenewRole",
            "PasswordRecoveryRequested", "PasswordRecoveryCompleted", "PasswordUpdated", "EmailUpdated",
        ),
        sure=False,
    ),
    ServiceFacts(
        "sts.amazonaws.com",
        (
            "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "GetCallerIdentity", "GetSessionToken",
            "GetFederationToken",
        ),
        ("AWS::STS::",),
        sure=False,
    ),
    *(
        ServiceFacts(f"{name}.amazonaws.com", sure=False)
        for name in ("account", "budgets", "ce", "health", "route53domains", "support", "trustedadvisor")
    ),
)  # fmt: skip
"""Services that are recorded, or mostly recorded, in the partition's one Region."""

DATA = (
    ServiceFacts(
        "s3.amazonaws.com",
        (
            "GetObject", "PutObject", "DeleteObject", "DeleteObjects", "HeadObject", "CopyObject", "ListObjects",
            "ListObjectsV2", "ListObjectVersions", "ListParts", "CreateMultipartUpload", "CompleteMultipartUpload",
            "AbortMultipartUpload", "UploadPart", "UploadPartCopy", "SelectObjectContent", "RestoreObject",
            "GetObjectAcl", "PutObjectAcl", "GetObjectAttributes", "GetObjectTagging", "PutObjectTagging",
            "DeleteObjectTagging", "GetObjectTorrent", "GetObjectLegalHold", "PutObjectLegalHold",
            "GetObjectRetention", "PutObjectRetention",
        ),
        ("AWS::S3::Object",),
    ),
    ServiceFacts("lambda.amazonaws.com", ("Invoke", "InvokeFunction", "InvokeAsync")),
    ServiceFacts(
        "dynamodb.amazonaws.com",
        (
            "GetItem", "PutItem", "UpdateItem", "DeleteItem", "BatchGetItem", "BatchWriteItem", "Query", "Scan",
            "TransactGetItems", "TransactWriteItems", "ExecuteStatement", "BatchExecuteStatement",
            "ExecuteTransaction",
        ),
    ),
    ServiceFacts(
        "kinesis.amazonaws.com", ("GetRecords", "PutRecord", "PutRecords", "GetShardIterator", "SubscribeToShard")
    ),
    ServiceFacts("sns.amazonaws.com", ("Publish", "PublishBatch")),
    ServiceFacts("sqs.amazonaws.com", ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility")),
    ServiceFacts(
        "ebs.amazonaws.com", ("GetSnapshotBlock", "ListSnapshotBlocks", "ListChangedBlocks", "PutSnapshotBlock")
    ),
)  # fmt: skip
"""Well-known data events, which event history does not contain. InvokeFunction is recorded as Invoke."""


def global_mentions(line: Filter) -> Iterator[Mention]:
    """What the line names that is, or may be, recorded in the partition's one Region; the sure ones first."""
    found = [
        Mention(text, service.sure) for service, text in _mentions(line, GLOBAL, whole_services=True, type_ends=False)
    ]
    if all(_allows(term, _SIGN_IN) for term in line.terms):
        found += [Mention(_KINDS[kind], False) for term in line.leaves for kind in _kinds(term) if kind in _KINDS]
    yield from sorted(dict.fromkeys(found), key=lambda mention: not mention.sure)


def data_mentions(line: Filter) -> Iterator[str]:
    """What the line names that is a data event."""
    yield from dict.fromkeys(text for _, text in _mentions(line, DATA, whole_services=False, type_ends=True))


_SIGN_IN = ServiceFacts("signin.amazonaws.com")
_KINDS = {
    EventKind.CONSOLE: "a console sign-in",
    EventKind.LOGIN: "a console sign-in",
    EventKind.ROOT: "a root user sign-in",
}


def _mentions(
    line: Filter, services: Sequence[ServiceFacts], *, whole_services: bool, type_ends: bool
) -> Iterator[tuple[ServiceFacts, str]]:
    for service in services:
        if not all(_allows(term, service) for term in line.terms):
            continue
        for term in line.leaves[:_MOST]:
            field, patterns = _compared(term)
            for pattern in patterns[:_MOST]:
                if whole_services and field in (SOURCE, None) and _is(pattern, service.source):
                    yield service, _typed(service.source, pattern)
                if field in (NAME, None) and (name := _named(service, pattern)):
                    yield service, f"{_typed(name, pattern)} of {service.source}"
                if field is TYPE and any(_of_type(pattern, kind, ends=type_ends) for kind in service.types):
                    yield service, f"{'*'.join(pattern.pattern.parts)} of {service.source}"


@dataclass(frozen=True, slots=True)
class _Typed:
    """A pattern as a line has it."""

    pattern: Pattern
    ignore_case: bool = False

    def matches(self, value: str) -> bool:
        """True if the whole value matches."""
        return matches(self.pattern.folded, value.casefold()) if self.ignore_case else matches(self.pattern, value)

    def starts(self, value: str) -> bool:
        """True if what is typed starts with this value."""
        first = self.pattern.parts[0]
        return first.casefold().startswith(value.casefold()) if self.ignore_case else first.startswith(value)


def _compared(term: Term) -> tuple[ValueField | None, tuple[_Typed, ...]]:
    """(field, patterns) of a positive term; the field is None for words, and only words without wildcards count."""
    if term.negated:
        return None, ()
    if isinstance(term, FieldTerm):
        return term.field, tuple(_Typed(pattern, term.ignore_case) for pattern in term.patterns)
    if isinstance(term, PathTerm) and term.path in _PATHS:
        return _PATHS[term.path], tuple(_Typed(pattern, term.ignore_case) for pattern in term.one_of)
    if isinstance(term, WordTerm):
        return None, tuple(_Typed(pattern) for pattern in term.one_of if pattern.exact)
    return None, ()


_PATHS = {("eventSource",): SOURCE, ("eventName",): NAME}


def _allows(term: Term, service: ServiceFacts) -> bool:
    """False for a term that excludes this service."""
    if isinstance(term, AnyOf | AllOf):
        down = pushed_down(term)
        inner = (_allows(one, service) for one in down.terms) if isinstance(down, AnyOf | AllOf) else ()
        return any(inner) if isinstance(down, AnyOf) else all(inner)
    field, patterns = _compared(term)
    return field is not SOURCE or any(pattern.matches(service.source) for pattern in patterns)


def _named(service: ServiceFacts, typed: _Typed) -> str:
    """The first of the service's calls that matches what was typed; "" if none does."""
    return next((name for name in service.names if _is(typed, name)), "")


def _is(typed: _Typed, value: str) -> bool:
    return _means_something(typed.pattern) and typed.matches(value)


def _of_type(typed: _Typed, kind: str, *, ends: bool) -> bool:
    if ends:
        return typed.matches(kind) and (typed.pattern.exact or len(typed.pattern.parts[0]) > len("AWS::S3::"))
    return typed.starts(kind)


def _means_something(pattern: Pattern) -> bool:
    return pattern.exact or max(map(len, pattern.parts)) >= _SHORTEST


def _typed(value: str, typed: _Typed) -> str:
    return value if typed.pattern.exact else f"{value} ({'*'.join(typed.pattern.parts)})"


def _kinds(term: Term) -> tuple[EventKind, ...]:
    return term.one_of if isinstance(term, KindTerm) and not term.negated else ()
