"""Verifies Signature Version 4: who signed a request, for which Region, and whether it is still valid.

A signature may be recent by real time, which clients use, or by the world clock, which they read in each answer's Date
header: the JavaScript SDK sets its clock by that.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from ctui.emulator.account.accounts import AccessKey, Account
from ctui.emulator.account.session_policy import allows
from ctui.emulator.account.temporary import Keyring, TemporaryKey
from ctui.emulator.errors.conditions import Condition, Refusal

ALGORITHM = "AWS4-HMAC-SHA256"
_STAMP = "%Y%m%dT%H%M%SZ"
_PARTS = ("Credential", "SignedHeaders", "Signature")
_REGION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_QUERY_PREFIX = "X-Amz-"


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it came. Header names are in lower case, repeated headers are joined by a comma."""

    method: str
    path: str
    query: str
    """The raw query string, without "?"."""
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """The caller and the Region of a call."""

    account: Account
    key: AccessKey
    region: str

    @property
    def arn(self) -> str:
        """The caller's ARN, as GetCallerIdentity returns it."""
        if self.key.user:
            return self.account.arn("iam", "", f"user/{self.key.user}")
        if self.key.role:
            return self.account.arn("sts", "", f"assumed-role/{self.key.role_name}/{self.key.session}")
        return self.account.arn("iam", "", "root")

    @property
    def user_id(self) -> str:
        """The caller's unique ID, as GetCallerIdentity returns it. It is made from the name, so it never changes."""
        if self.key.user:
            return unique_id("AIDA", self.account.id, self.key.user)
        if self.key.role:
            return f"{self.role_id}:{self.key.session}"
        return self.account.id

    @property
    def role_id(self) -> str:
        """The unique ID of the caller's role."""
        return unique_id("AROA", self.account.id, self.key.role or "")

    def denied_by(self, service: str, action: str) -> str | None:
        """The kind of policy that does not allow the action, as the service names it, or None if all do.

        GetCallerIdentity needs no permission (API reference of STS), so no session policy takes it away.
        """
        if {"*", action, f"{service}:{action}", f"{service}:*"} & set(self.key.deny):
            return "identity-based"
        policy = self.key.policy if isinstance(self.key, TemporaryKey) else None
        allowed = policy is None or action == "GetCallerIdentity" or allows(policy, f"{service}:{action}")
        return None if allowed else "session"


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a request says about its signature."""

    key_id: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    stamp: str
    token: str | None
    expires: int | None
    query: str


def unique_id(prefix: str, *names: str) -> str:
    """An ID like IAM's, always the same for the same names."""
    digest = hashlib.sha256("/".join(names).encode()).hexdigest().upper()
    return prefix + digest[:17].translate(str.maketrans("0189", "QXYZ"))


def verify(
    request: SignedRequest, keyring: Keyring, service: str, *, minutes: int, now: datetime, world_now: datetime
) -> Signer:
    """The caller of a request to `service`. Raises Refusal.

    `minutes` is the maximum age, `now` real time, `world_now` the time of the world clock.
    """
    claim = _claim(request)
    known = keyring.find(claim.key_id, claim.token)
    if known is None:
        raise Refusal(Condition.KEY_UNKNOWN)
    account, key = known
    if claim.service != service:
        raise Refusal(Condition.SIGNATURE_SCOPE, service=service)
    _check_age(claim, now, minutes, world_now)
    expected = _signature(request, claim, key).encode()
    if not hmac.compare_digest(expected, claim.signature.encode("utf-8", "surrogateescape")):
        raise Refusal(Condition.SIGNATURE_WRONG)
    if claim.token != key.session_token:
        raise Refusal(Condition.TOKEN_INVALID)
    if keyring.has_expired(key, now, world_now):
        raise Refusal(Condition.TOKEN_EXPIRED)
    if not account.is_enabled(claim.region):
        raise Refusal(Condition.REGION_DISABLED)
    return Signer(account, key, claim.region)


def is_signed_for(request: SignedRequest, service: str) -> bool:
    """True if a request says that it is signed for the service, whatever is wrong with the signature."""
    signed = f"{request.headers.get('authorization', '')} {unquote(request.query)}"
    return f"/{service}/aws4_request" in signed


def _claim(request: SignedRequest) -> _Claim:
    header = request.headers.get("authorization")
    query = _query_parts(request.query)
    if f"{_QUERY_PREFIX}Signature" in query or f"{_QUERY_PREFIX}Algorithm" in query:
        if header is not None:
            raise Refusal(Condition.SIGNATURE_TWICE)
        return _query_claim(request, query)
    if header is None:
        raise Refusal(Condition.SIGNATURE_MISSING)
    return _header_claim(request, header)


def _header_claim(request: SignedRequest, header: str) -> _Claim:
    algorithm, _, rest = header.strip().partition(" ")
    if algorithm != ALGORITHM:
        raise _malformed(f"Authorization header requires the algorithm {ALGORITHM}.")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    for name in _PARTS:
        if not fields.get(name):
            raise _malformed(f"Authorization header requires '{name}' parameter.")
    stamp = request.headers.get("x-amz-date") or request.headers.get("date")
    if not stamp:
        raise _malformed("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    token = request.headers.get("x-amz-security-token")
    return _finish(fields, stamp, token, None, request.query)


def _query_claim(request: SignedRequest, query: dict[str, str]) -> _Claim:
    if query.get(f"{_QUERY_PREFIX}Algorithm") != ALGORITHM:
        raise _malformed(f"X-Amz-Algorithm must be {ALGORITHM}.")
    for name in (*_PARTS, "Date"):
        if not query.get(_QUERY_PREFIX + name):
            raise _malformed(f"The query string requires '{_QUERY_PREFIX}{name}'.")
    fields = {name: query[_QUERY_PREFIX + name] for name in _PARTS}
    expires = query.get(f"{_QUERY_PREFIX}Expires")
    if expires is not None and not re.fullmatch(r"[0-9]{1,6}", expires):
        raise _malformed("X-Amz-Expires must be a number of seconds.")
    rest = "&".join(part for part in request.query.split("&") if not part.startswith(f"{_QUERY_PREFIX}Signature="))
    token = query.get(f"{_QUERY_PREFIX}Security-Token")
    return _finish(fields, query[f"{_QUERY_PREFIX}Date"], token, None if expires is None else int(expires), rest)


def _finish(fields: dict[str, str], stamp: str, token: str | None, expires: int | None, query: str) -> _Claim:
    scope = fields["Credential"].split("/")
    if len(scope) < 5 or scope[-1] != "aws4_request":
        raise _malformed("Credential must have the form KEY/YYYYMMDD/REGION/SERVICE/aws4_request.")
    key_id, (day, region, service) = "/".join(scope[:-4]), scope[-4:-1]
    if not _REGION.fullmatch(region):
        raise _malformed("Credential names no Region.")
    headers = tuple(name.strip().lower() for name in fields["SignedHeaders"].split(";"))
    if "host" not in headers:
        raise _malformed("'Host' must be a 'SignedHeader' in the Authorization.")
    if not stamp.startswith(day):
        raise _malformed("Date in Credential scope does not match the date of the request.")
    return _Claim(key_id, region, service, headers, fields["Signature"], stamp, token, expires, query)


def _check_age(claim: _Claim, now: datetime, minutes: int, world_now: datetime) -> None:
    try:
        signed = datetime.strptime(claim.stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        raise _malformed("The date of the request must have the form YYYYMMDDTHHMMSSZ.") from None
    allowed = timedelta(minutes=minutes)
    # A request signed in its query string is valid until this long after its expiration (API reference).
    oldest = now - allowed - timedelta(seconds=claim.expires or 0)
    if oldest + (world_now - now) <= signed <= world_now + allowed:
        return
    fields = {"signed": claim.stamp, "now": f"{now:{_STAMP}}", "minutes": minutes}
    if signed < oldest:
        raise Refusal(Condition.SIGNATURE_OLD, limit=f"{oldest:{_STAMP}}", **fields)
    if signed > now + allowed:
        raise Refusal(Condition.SIGNATURE_FUTURE, limit=f"{now + allowed:{_STAMP}}", **fields)


def _signature(request: SignedRequest, claim: _Claim, key: AccessKey) -> str:
    for name in request.headers:
        # Everything that AWS acts on must be signed (Signature Version 4, canonical request: all x-amz-* headers).
        if name.startswith("x-amz-") and name not in claim.signed_headers:
            raise _malformed(f"'{name}' must be a 'SignedHeader' in the Authorization.")
    headers = {}
    for name in claim.signed_headers:
        if name not in request.headers:
            raise Refusal(Condition.SIGNATURE_WRONG)
        headers[name] = request.headers[name]
    body_hash = request.headers.get("x-amz-content-sha256")
    if body_hash is not None and body_hash != hashlib.sha256(request.body).hexdigest():
        raise Refusal(Condition.SIGNATURE_WRONG)
    scope = (claim.stamp[:8], claim.region, claim.service, "aws4_request")
    hashed = hashlib.sha256(_canonical(request, claim.query, headers)).hexdigest()
    signing_key = f"AWS4{key.secret}".encode()
    for part in (*scope, "\n".join((ALGORITHM, claim.stamp, "/".join(scope), hashed))):
        signing_key = hmac.digest(signing_key, part.encode("utf-8", "surrogateescape"), "sha256")
    return signing_key.hex()


def _canonical(request: SignedRequest, query: str, signed: Mapping[str, str]) -> bytes:
    """The canonical request (IAM User Guide, "Create a signed AWS API request"). Path and query are encoded already.

    `signed` are the signed headers, by name in lower case.
    """
    lines = [request.method, request.path, "&".join(f"{name}={value}" for name, value in sorted(_pairs(query)))]
    lines += [f"{name}:{' '.join(signed[name].split())}" for name in sorted(signed)]
    lines += ["", ";".join(sorted(signed)), hashlib.sha256(request.body).hexdigest()]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _query_parts(query: str) -> dict[str, str]:
    return {unquote(name): unquote(value) for name, value in _pairs(query)}


def _pairs(query: str) -> list[tuple[str, str]]:
    return [part.partition("=")[::2] for part in query.split("&") if part]


def _malformed(detail: str) -> Refusal:
    return Refusal(Condition.SIGNATURE_MALFORMED, detail=detail)
