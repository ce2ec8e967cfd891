"""The errors of the caller and of the form of a call: nearly all of them can happen to every action."""

from ctui.emulator.errors.conditions import Condition as C
from ctui.emulator.errors.error_row import (
    ALL,
    NAMED,
    SELECTOR_WRITES,
    TAGS,
    Row,
    Wire,
    common,
    in_query,
    same,
    since,
)

_TOO_LARGE = "A request body may have {limit} bytes at most."
_NO_HTTP = "This is no HTTP request that can be read."
_BAD_QUERY = "The query string contains a syntax error."
_BAD_SIGNATURE = "The request signature does not conform to AWS standards."
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
_BAD_TOKEN = "The security token included in the request is invalid."
_NO_RECORD = "The X.509 certificate or AWS access key ID provided does not exist in our records."
_NULL = "1 validation error detected: Value null at '{wire}' failed to satisfy constraint: Member must not be null"
_DOWN = "The request has failed due to a temporary failure of the server."
_FAILED = "The request processing has failed because of an unknown error, exception or failure."
_DENIED = (
    "User: {arn} is not authorized to perform: {service}:{action} because no {policy} policy allows the "
    "{service}:{action} action"
)

COMMON: dict[C, Row] = {
    C.HOST_REFUSED: same(ALL, "AccessDeniedException", 403, "This emulator answers to loopback names only."),
    C.TOO_LARGE: Row(
        ALL, Wire("RequestEntityTooLargeException", 413, _TOO_LARGE), Wire("ValidationError", 400, _TOO_LARGE)
    ),
    # These two end the connection before there is an action. The reference does not mention them.
    C.HTTP_MALFORMED: Row((), Wire("SerializationException", 400, _NO_HTTP), Wire("ValidationError", 400, _NO_HTTP)),
    C.TIMED_OUT: same((), "RequestTimeoutException", 408, "The request took too long to arrive."),
    C.SIGNATURE_MISSING: common(
        ("MissingAuthenticationTokenException", 400),
        ("MissingAuthenticationToken", 403),
        "Missing Authentication Token",
        "The request must contain either a valid (registered) AWS access key ID or X.509 certificate.",
    ),
    C.SIGNATURE_MALFORMED: common(
        ("IncompleteSignatureException", 400), ("IncompleteSignature", 400), "{detail}", _BAD_SIGNATURE + " {detail}"
    ),
    # The reference has no entry for a signature that does not match. This one is closest.
    C.SIGNATURE_WRONG: common(
        ("InvalidSignatureException", 400), ("IncompleteSignature", 400), _MISMATCH, _BAD_SIGNATURE
    ),
    C.SIGNATURE_SCOPE: common(
        ("InvalidSignatureException", 400),
        ("IncompleteSignature", 400),
        "Credential should be scoped to correct service: '{service}'.",
    ),
    C.SIGNATURE_OLD: common(
        ("InvalidSignatureException", 400),
        ("RequestExpired", 400),
        "Signature expired: {signed} is now earlier than {limit} ({now} - {minutes} min.)",
    ),
    C.SIGNATURE_FUTURE: common(
        ("InvalidSignatureException", 400),
        ("RequestExpired", 400),
        "Signature not yet current: {signed} is still later than {limit} ({now} + {minutes} min.)",
    ),
    C.SIGNATURE_TWICE: common(
        ("IncompleteSignatureException", 400),
        ("InvalidParameterCombination", 400),
        "A request is signed either in its Authorization header or in its query string.",
    ),
    C.QUERY_MALFORMED: Row(
        ALL, Wire("SerializationException", 400, _BAD_QUERY), Wire("MalformedQueryString", 404, _BAD_QUERY)
    ),
    C.QUERY_UNKNOWN: in_query("InvalidQueryParameter", "The AWS query string does not adhere to AWS standards: {name}"),
    C.ACTION_CLASH: in_query(
        "InvalidParameterCombination", "Parameters that must not be used together were used: Action and X-Amz-Target"
    ),
    C.VERSION_WRONG: in_query("InvalidParameterValue", "An invalid value was supplied for Version: {version}"),
    C.VERSION_MISSING: in_query(
        "MissingParameter", "A required parameter for the specified action is not supplied: Version"
    ),
    C.KEY_UNKNOWN: common(("UnrecognizedClientException", 400), ("InvalidClientTokenId", 403), _BAD_TOKEN, _NO_RECORD),
    C.TOKEN_INVALID: common(
        ("UnrecognizedClientException", 400), ("InvalidClientTokenId", 403), _BAD_TOKEN, _NO_RECORD
    ),
    # The reference has no entry for an expired session token.
    C.TOKEN_EXPIRED: common(
        ("ExpiredTokenException", 400),
        ("InvalidClientTokenId", 403),
        "The security token included in the request is expired",
    ),
    C.REGION_DISABLED: common(
        ("UnrecognizedClientException", 400),
        ("OptInRequired", 403),
        _BAD_TOKEN,
        "The AWS access key ID needs a subscription for the service.",
    ),
    # The reference has no entry for a denied action. The service returned then what it returns now.
    C.DENIED: common(("AccessDeniedException", 400), ("AccessDeniedException", 400), _DENIED),
    C.ACTION_MISSING: Row(
        ALL,
        Wire("UnknownOperationException", 400, "The request names no operation."),
        Wire("MissingAction", 400, "The request is missing an action or a required parameter."),
    ),
    C.ACTION_UNKNOWN: Row(
        ALL,
        Wire("UnknownOperationException", 400, "The operation requested is not known: {action}"),
        Wire(
            "InvalidAction",
            400,
            "The action or operation requested is invalid. Verify that the action is typed correctly: {action}",
        ),
    ),
    # What the service answers where it does not offer an action. Here that are those of CloudTrail Lake and others.
    C.ACTION_UNSUPPORTED: since(
        ALL, "UnsupportedOperationException", "The requested operation is not supported: {action}", "such actions"
    ),
    C.JSON_MALFORMED: common(
        ("SerializationException", 400), ("ValidationError", 400), "The request body is no JSON object. {detail}"
    ),
    C.TYPE_WRONG: common(
        ("SerializationException", 400),
        ("InvalidParameterValue", 400),
        "{got} can not be converted to {wanted}: {name}",
        "An invalid value was supplied for {name}: {got} is no {wanted}.",
    ),
    C.PARAMETER_MISSING: Row(
        (*NAMED, "LookupEvents"),
        Wire("ValidationException", 400, _NULL),
        Wire("MissingParameter", 400, "A required parameter for the specified action is not supplied: {name}"),
        later=("GetTrail", "GetEventSelectors", *SELECTOR_WRITES, *TAGS),
    ),
    C.PARAMETER_CLASH: Row(
        ("DescribeTrails",),
        Wire("SerializationException", 400, "{name} is given twice, in two spellings."),
        Wire("InvalidParameterCombination", 400, "Parameters that must not be used together were used: {name}"),
    ),
    C.THROTTLED: common(("ThrottlingException", 400), ("Throttling", 400), "Rate exceeded"),
    C.INTERNAL: common(("InternalFailure", 500), ("InternalFailure", 500), _FAILED),
    C.UNAVAILABLE: common(("ServiceUnavailable", 503), ("ServiceUnavailable", 503), _DOWN),
}
