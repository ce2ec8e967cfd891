"""What a refused change is about: from the service's error code to a field, a next step, and a policy that helps.

Codes: API reference, "Errors" of CreateTrail, UpdateTrail, DeleteTrail, StartLogging and StopLogging, and those today's
service model has added.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ctui.model.rules.rule import Field
from ctui.model.trail.policy import PolicyKind


@dataclass(frozen=True, slots=True)
class Refusal:
    """Where an error belongs, and what to do about it."""

    field: Field | None
    """The field it is about; None where it is about the call as a whole."""
    step: str
    """What to do next, one sentence."""
    policies: tuple[PolicyKind, ...] = ()
    """Policies that help, the likeliest first."""


_NAME_STEP = "Correct the name: letters, digits and single . _ - between them, 3 to 128 characters."
_TABLE: Mapping[str, Refusal] = {
    "TrailAlreadyExistsException": Refusal(
        Field.NAME, "Choose another name, or leave this form and edit the trail that is there."
    ),
    "InvalidTrailNameException": Refusal(Field.NAME, _NAME_STEP),
    "TrailNotFoundException": Refusal(
        Field.NAME, "It may have been deleted meanwhile: leave with esc and read the trails again with r."
    ),
    "CloudTrailARNInvalidException": Refusal(
        Field.NAME, "Leave with esc and read the trails again with r: the service does not know this ARN."
    ),
    "MaximumNumberOfTrailsExceededException": Refusal(
        None,
        "A Region holds five trails, shadow trails of other Regions counted: delete one, or let a multi-Region trail"
        " do the work of several.",
    ),
    "S3BucketDoesNotExistException": Refusal(
        Field.BUCKET, "Create the bucket first, with this policy, or correct its name.", (PolicyKind.BUCKET,)
    ),
    "InsufficientS3BucketPolicyException": Refusal(
        Field.BUCKET,
        "Put these statements into the bucket's policy; mind that the prefix in it must be the trail's.",
        (PolicyKind.BUCKET,),
    ),
    "InvalidS3BucketNameException": Refusal(Field.BUCKET, "Correct the bucket's name."),
    "InvalidS3PrefixException": Refusal(Field.PREFIX, "Correct the prefix, or leave it empty."),
    "InvalidSnsTopicNameException": Refusal(Field.TOPIC, "Correct the topic's name or ARN, or leave it empty."),
    "InsufficientSnsTopicPolicyException": Refusal(
        Field.TOPIC,
        "See that the topic exists in this Region, and put this statement into its access policy.",
        (PolicyKind.TOPIC,),
    ),
    "CloudWatchLogsDeliveryUnavailableException": Refusal(
        Field.LOG_GROUP, "Leave log group and role empty: CloudTrail cannot deliver to CloudWatch Logs here."
    ),
    "InvalidCloudWatchLogsLogGroupArnException": Refusal(
        Field.LOG_GROUP,
        "See that the group exists in the trail's home Region and that its ARN ends in :*; the role needs these"
        " permissions.",
        (PolicyKind.ROLE,),
    ),
    "InvalidCloudWatchLogsRoleArnException": Refusal(
        Field.ROLE,
        "See that the role exists, that it trusts CloudTrail, and that it may write to the group.",
        (PolicyKind.TRUST, PolicyKind.ROLE),
    ),
    "InvalidParameterCombinationException": Refusal(
        Field.GLOBAL_EVENTS, "A multi-Region trail includes global service events: turn both on, or both off."
    ),
    "InvalidKmsKeyIdException": Refusal(Field.KMS_KEY, "Correct the key's id, alias or ARN, or leave it empty."),
    "KmsKeyNotFoundException": Refusal(
        Field.KMS_KEY, "Name a key that exists, in the Region of the bucket, or leave it empty."
    ),
    "KmsKeyDisabledException": Refusal(Field.KMS_KEY, "Enable the key, or name another one."),
    "KmsException": Refusal(Field.KMS_KEY, "Look at the key in KMS, or name another one.", (PolicyKind.KEY,)),
    "InsufficientEncryptionPolicyException": Refusal(
        Field.KMS_KEY, "Put these statements into the key's policy.", (PolicyKind.KEY, PolicyKind.BUCKET)
    ),
    "InvalidTagParameterException": Refusal(Field.TAGS, "Correct the tags: key=value, with a comma between."),
    "TagsLimitExceededException": Refusal(Field.TAGS, "Take tags out until 50 are left."),
    "OrganizationsNotInUseException": Refusal(
        Field.ORGANIZATION, "Turn it off: this account belongs to no organisation."
    ),
    "NotOrganizationMasterAccountException": Refusal(
        Field.ORGANIZATION, "Turn it off, or use the management account or the delegated administrator."
    ),
    "NotOrganizationManagementAccountException": Refusal(
        Field.ORGANIZATION, "Turn it off, or use the management account or the delegated administrator."
    ),
    "OrganizationNotInAllFeaturesModeException": Refusal(
        Field.ORGANIZATION, "Turn it off, or enable all features of the organisation first."
    ),
    "CloudTrailAccessNotEnabledException": Refusal(
        Field.ORGANIZATION, "Let CloudTrail into the organisation first: `aws organizations enable-aws-service-access`."
    ),
    "InsufficientDependencyServiceAccessPermissionException": Refusal(
        Field.ORGANIZATION, "Ask for the permissions in Organizations and IAM that an organisation trail needs."
    ),
    "InvalidHomeRegionException": Refusal(None, "Read the trails again with r: the trail has another home Region."),
    "ConflictException": Refusal(None, "Somebody else is changing the trail: wait a moment, then try again."),
    "Throttling": Refusal(None, "Nothing was changed. Wait a few seconds, then try again."),
    "AccessDenied": Refusal(None, "Nothing was changed. Ask whoever manages access for this permission."),
}
_SAME = {
    "ThrottlingException": "Throttling",
    "RequestLimitExceeded": "Throttling",
    "TooManyRequestsException": "Throttling",
    "AccessDeniedException": "AccessDenied",
    "OptInRequired": "AccessDenied",
    "InvalidTrailName": "InvalidTrailNameException",
    "TrailNotProvidedException": "InvalidTrailNameException",
}


def refusal_of(code: str, words: str) -> Refusal | None:
    """Where an error code belongs, None for one that is about no field and has no step of its own.

    `words` are the service's own: two of its codes say different things by them.
    """
    refusal = _TABLE.get(_SAME.get(code, code))
    said = words.casefold()
    if code == "InvalidCloudWatchLogsRoleArnException" and "as well as" in said:
        return Refusal(Field.ROLE, "Name the role that may write to the log group, or leave both empty.")
    if code == "InvalidCloudWatchLogsLogGroupArnException" and "as well as" in said:
        return Refusal(Field.LOG_GROUP, "Name the log group that the role writes to, or leave both empty.")
    return refusal
