"""sts:GetCallerIdentity on the same port, in the query protocol: form in, XML out."""

from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.errors.error_row import Wire
from ctui.emulator.wire.signature import Signer

CONTENT_TYPE = "text/xml"
FORM = "application/x-www-form-urlencoded"
_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_MAX_FIELDS = 100

CODES = {
    Condition.SIGNATURE_MISSING: ("MissingAuthenticationToken", 403),
    Condition.SIGNATURE_MALFORMED: ("IncompleteSignature", 400),
    Condition.SIGNATURE_TWICE: ("IncompleteSignature", 400),
    Condition.SIGNATURE_WRONG: ("SignatureDoesNotMatch", 403),
    Condition.SIGNATURE_SCOPE: ("SignatureDoesNotMatch", 403),
    Condition.SIGNATURE_OLD: ("SignatureDoesNotMatch", 403),
    Condition.SIGNATURE_FUTURE: ("SignatureDoesNotMatch", 403),
    Condition.KEY_UNKNOWN: ("InvalidClientTokenId", 403),
    Condition.TOKEN_INVALID: ("InvalidClientTokenId", 403),
    Condition.REGION_DISABLED: ("InvalidClientTokenId", 403),
    Condition.TOKEN_EXPIRED: ("ExpiredToken", 403),
    Condition.DENIED: ("AccessDenied", 403),
    Condition.ACTION_MISSING: ("MissingAction", 400),
    Condition.ACTION_UNKNOWN: ("InvalidAction", 400),
    Condition.THROTTLED: ("Throttling", 400),
}
"""STS's own codes and statuses, the same in both editions. Where it has none, CloudTrail's count."""


def action_of(body: bytes) -> str:
    """The action in a form. Raises Refusal if there is none, or another than GetCallerIdentity."""
    try:
        form = parse_qs(body.decode("utf-8"), max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise Refusal(Condition.ACTION_MISSING) from None
    action = form.get("Action", [""])[0]
    if not action:
        raise Refusal(Condition.ACTION_MISSING)
    if action != "GetCallerIdentity":
        raise Refusal(Condition.ACTION_UNKNOWN, action=action)
    return action


def identity_xml(caller: Signer, request_id: str) -> bytes:
    """GetCallerIdentityResponse."""
    return (
        f'<GetCallerIdentityResponse xmlns="{_NAMESPACE}"><GetCallerIdentityResult>'
        f"<Arn>{escape(caller.arn)}</Arn><UserId>{escape(caller.user_id)}</UserId>"
        f"<Account>{caller.account.id}</Account></GetCallerIdentityResult>"
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
    ).encode()


def error_wire(condition: Condition, wire: Wire) -> Wire:
    """An error as STS returns it; `wire` is CloudTrail's."""
    code, status = CODES.get(condition, (wire.code, wire.status))
    return Wire(code, status, wire.message)


def error_xml(wire: Wire, request_id: str) -> bytes:
    """ErrorResponse."""
    side = "Sender" if wire.status < 500 else "Receiver"
    # XML 1.0 cannot contain most control characters, not even escaped.
    message = "".join(sign if sign.isprintable() else "?" for sign in wire.message)
    return (
        f'<ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>{side}</Type><Code>{escape(wire.code)}</Code>'
        f"<Message>{escape(message)}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()
