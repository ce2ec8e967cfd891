"""Settings of AWS for the accounts of an emulator: a config file with a profile for each way to log in to them."""

from collections.abc import Iterator
from pathlib import Path

from ctui.emulator.account.accounts import Account, IamRole, World

_REGION = "us-east-1"
SSO_SESSION = "emulator"
"""The name of the SSO session."""


def write_settings(path: Path, world: World, url: str) -> None:
    """Write the config file. It is for AWS_CONFIG_FILE, with AWS_SHARED_CREDENTIALS_FILE naming nothing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(config_text(world, url), "utf-8")
    path.chmod(0o600)


def config_text(world: World, url: str) -> str:
    """The text of the config file: profiles as `profiles` names them, all of which ask the emulator at `url`."""
    sections = [f"# Profiles of the emulator at {url}"]
    for name, lines in profiles(world):
        settings = {"region": _REGION, "endpoint_url": url, **lines}
        sections.append("\n".join((f"[profile {name}]", *(f"{key} = {value}" for key, value in settings.items()))))
    if world.portal is not None:
        portal = world.portal
        sections.append(
            f"[sso-session {SSO_SESSION}]\nsso_start_url = {portal.start_url}\nsso_region = {portal.region}\n"
            "sso_registration_scopes = sso:account:access"
        )
    return "\n\n".join(sections) + "\n"


def profiles(world: World) -> Iterator[tuple[str, dict[str, str]]]:
    """Name and settings of each profile.

    KEY for each access key that needs no session token, KEY-mfa to assume a role with MFA, ACCOUNT-ROLE for the roles
    that another account's first key may assume, ACCOUNT-sso-SET for each permission set. ACCOUNT is the ID of the
    account's first key.
    """
    for account in world.accounts:
        for key in account.keys:
            if key.session_token is None:
                yield key.id, {"aws_access_key_id": key.id, "aws_secret_access_key": key.secret}
        for role in account.roles:
            yield from _role_profiles(world, account, role)
        for name in account.permission_sets if world.portal is not None else ():
            yield (
                f"{_name(account)}-sso-{name}",
                {"sso_session": SSO_SESSION, "sso_account_id": account.id, "sso_role_name": name},
            )


def _role_profiles(world: World, account: Account, role: IamRole) -> Iterator[tuple[str, dict[str, str]]]:
    source = next((one for one in world.accounts if one.id in role.assumed_by and one.keys), None)
    if source is None:
        return
    settings = {"role_arn": account.arn("iam", "", f"role/{role.name}"), "source_profile": _name(source)}
    if role.mfa:
        settings["mfa_serial"] = source.arn("iam", "", f"mfa/{source.keys[0].user}")
    yield f"{_name(account)}-{role.name}", settings


def _name(account: Account) -> str:
    return account.keys[0].id if account.keys else account.id
