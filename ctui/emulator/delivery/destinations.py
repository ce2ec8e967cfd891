"""Whether a trail's bucket, topic and log group accept deliveries, according to the account file."""

from ctui.emulator.account.accounts import Account
from ctui.emulator.account.trails import TrailRecord
from ctui.emulator.delivery.objects import DeliveryFailure


def check_bucket(account: Account, trail: TrailRecord) -> None:
    """Raises DeliveryFailure with S3's code: the bucket does not exist, refuses, or its key cannot be used."""
    bucket = account.bucket(trail.bucket)
    if bucket is None:
        raise DeliveryFailure("NoSuchBucket")
    if bucket.writes == "refuse" or bucket.policy == "bad":
        raise DeliveryFailure("AccessDenied")
    if trail.kms_key is None:
        return
    key = next((key for key in account.kms_keys if trail.kms_key.endswith(f":key/{key.id}")), None)
    if key is None:
        raise DeliveryFailure("KMS.NotFoundException")
    if not key.enabled:
        raise DeliveryFailure("KMS.DisabledException")
    if key.policy == "bad":
        raise DeliveryFailure("AccessDenied")


def check_topic(account: Account, arn: str) -> None:
    """Raises DeliveryFailure with SNS's code: the topic does not exist or refuses."""
    topic = account.topic(arn)
    if topic is None:
        raise DeliveryFailure("NotFound")
    if topic.writes == "refuse" or topic.policy == "bad":
        raise DeliveryFailure("AuthorizationError")


def check_logs(account: Account, group_arn: str, role_arn: str | None) -> None:
    """Raises DeliveryFailure with the code of CloudWatch Logs or STS: log group or role does not exist or refuses."""
    role = account.role(role_arn) if role_arn else None
    if role is None or role.trust == "bad":
        raise DeliveryFailure("AccessDenied")
    group = account.log_group(group_arn)
    if group is None:
        raise DeliveryFailure("ResourceNotFoundException")
    if group.writes == "refuse":
        raise DeliveryFailure("AccessDeniedException")
