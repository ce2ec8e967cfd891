"""Where a chain begins: who made an issuing call, and why nothing stands above that."""

from dataclasses import replace

from ctui.model.event.credentials import CredentialKind, Credentials
from ctui.model.event.identity import arn_parts
from ctui.model.event.issuance import IssueKind
from ctui.model.event.issuer import Call, behind_identity_center
from ctui.model.trace.trace_state import End, EndCause

_CAUSES = {
    CredentialKind.PERSON: EndCause.PERSON,
    CredentialKind.USER_KEY: EndCause.PERSON,
    CredentialKind.SERVICE: EndCause.SERVICE,
    CredentialKind.OTHER_ACCOUNT: EndCause.OTHER_ACCOUNT,
    CredentialKind.WEB_IDENTITY: EndCause.PROVIDER,
    CredentialKind.SAML: EndCause.PROVIDER,
    CredentialKind.IDENTITY_CENTER: EndCause.PERSON,
}


def parent_of(call: Call) -> Credentials:
    """What stands above what this call issued: what it was made with, or the person who signed in with it."""
    made_with, issued = call.credentials, call.issued
    if issued is None:
        return made_with
    if issued.kind is IssueKind.SWITCH and issued.switched_from:
        parts, account = arn_parts(issued.switched_from), issued.switched_from.split(":")[4]
        name, role = (
            (parts[-1], parts[-2])
            if parts[:1] == ["assumed-role"] and len(parts) > 2
            else (
                parts[-1] if parts else "",
                "",
            )
        )
        return Credentials(CredentialKind.PERSON, name=name, role=role, arn=issued.switched_from, account=account)
    if issued.kind is IssueKind.SIGN_IN and not made_with.key:
        # The record of a sign-in names the session that it leads to.
        return Credentials(
            CredentialKind.PERSON,
            name=made_with.name,
            role=made_with.role,
            arn=made_with.arn,
            account=made_with.account,
            provider=made_with.provider,
        )
    if made_with.kind is CredentialKind.SAML:
        # Which role the assertion was for says whether IAM Identity Center made it.
        return replace(made_with, role=issued.credentials.role)
    return made_with


def end_above(credentials: Credentials) -> End:
    """Why nothing is looked for above these credentials."""
    if credentials.kind in (CredentialKind.SAML, CredentialKind.PERSON) and behind_identity_center(credentials):
        return End(EndCause.IDENTITY_CENTER)
    if credentials.kind is CredentialKind.PERSON and credentials.role:
        return End(EndCause.PROVIDER)
    return End(_CAUSES.get(credentials.kind, EndCause.UNKNOWN), account=credentials.account)
