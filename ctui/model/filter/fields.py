"""The names a filter line can put before a colon: its fields, and keys of a record that may stand alone."""

FIELDS: tuple[tuple[str, str], ...] = (
    ("name", "the event, such as ConsoleLogin"),
    ("user", "the user name, as the service tells it"),
    ("source", "the service that was called: ec2 stands for ec2.amazonaws.com"),
    ("is", "write, read, error, root, console or service"),
    ("error", "why the call failed; error:* for any reason"),
    ("resource", "the name of a resource"),
    ("type", "the type of a resource, such as AWS::S3::Bucket"),
    ("ip", "the address the call came from"),
    ("agent", "the program that called"),
    ("key", "the access key"),
    ("id", "the event's own id"),
    ("account", "the account the event was recorded for"),
    ("region", "the Region"),
    ("since", "the beginning: an age such as 2h, or an instant"),
    ("until", "the end, likewise"),
)
"""Every field but the paths, with what it is: for help and completion."""

RECORD_KEYS = frozenset(
    (
        "additionalEventData",
        "addendum",
        "apiVersion",
        "awsRegion",
        "edgeDeviceDetails",
        "errorCode",
        "errorMessage",
        "eventCategory",
        "eventContext",
        "eventID",
        "eventName",
        "eventSource",
        "eventTime",
        "eventType",
        "eventVersion",
        "insightDetails",
        "managementEvent",
        "readOnly",
        "recipientAccountId",
        "requestID",
        "requestParameters",
        "resources",
        "responseElements",
        "serviceEventDetails",
        "sessionCredentialFromConsole",
        "sharedEventID",
        "sourceIPAddress",
        "tlsDetails",
        "userAgent",
        "userIdentity",
        "vpcEndpointAccountId",
        "vpcEndpointId",
    )
)
"""Keys of a record that may stand alone as a path (CloudTrail user guide, record contents)."""

NAMES = frozenset(name for name, _ in FIELDS)
"""The fields alone."""
