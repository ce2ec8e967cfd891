"""Mistakes in the AWS configuration that a library's exception does not name: files, certificates, numbers.

Only a thread imports this module: it needs a botocore session.
"""

import os
import re
import shlex
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    SSLError,
    UnknownRegionError,
)

from ctui.aws.errors.transport_row import brief
from ctui.errors import ConnectionProblem, EndpointUnreachable, ExpiredLogin

_FILES = (("config_file", "AWS_CONFIG_FILE"), ("credentials_file", "AWS_SHARED_CREDENTIALS_FILE"))
_TABLES = frozenset(("api_versions",))
"""Settings of a profile that have indented lines below them."""
_ROLE_PARTITION = re.compile(r"arn:([^:]+):iam:")
_EITHER = frozenset(("s3",))
"""Settings that may have indented lines; botocore ignores them if they have none."""
_CONTAINER = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
_MISSING = (ProfileNotFound, NoRegionError, NoCredentialsError)


def explained_by_configuration(error: Exception, core: Any) -> ConnectionProblem | None:
    """The mistake in the configuration that made a login fail, or None if there is none.

    `core` is the botocore session of the login.
    """
    if isinstance(error, _MISSING):
        return _unreadable_file(core)
    if isinstance(error, OSError | SSLError):
        return _web_identity_problem(error, core) or bundle_problem(core)
    if isinstance(error, ValueError | TypeError | AttributeError | LookupError):
        return _wrong_number(core) or _unbalanced_quotes(core) or _wrong_form(core) or _container_problem(error)
    return None


def bundle_problem(core: Any) -> ConnectionProblem | None:
    """Why the configured CA bundle cannot be used, or None if it can, or none is configured."""
    path = core.get_config_variable("ca_bundle")
    if not path:
        return None
    name = "AWS_CA_BUNDLE" if os.environ.get("AWS_CA_BUNDLE") else "ca_bundle of the profile"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except FileNotFoundError:
        title, reason = "CA bundle missing", f"{name} is {brief(path)}, which does not exist."
    except ssl.SSLError:
        title = "CA bundle without certificate"
        reason = f"{name} is {brief(path)}, which has no PEM certificate."
    except (OSError, ValueError) as error:
        why = (error.strerror or "").lower() if isinstance(error, OSError) else ""
        title = "CA bundle not readable"
        reason = f"{name} is {brief(path)}, which cannot be read{why and f': {why}'}."
    else:
        return None
    return EndpointUnreachable(title, reason, f"Correct {name}, or remove it if no proxy needs it, then press r.")


def partition_problem(core: Any, partition: str) -> ConnectionProblem | None:
    """Why the profile's login cannot lead to a Region of this partition, or None if nothing says so."""
    scoped = _scoped(core)
    role = _ROLE_PARTITION.match(str(scoped.get("role_arn", "")))
    if role is not None and role[1] != partition:
        what, other = f"The role of this profile, {brief(scoped['role_arn'])},", role[1]
    elif "sso_account_id" in scoped and (found := _sso_partition(core, scoped)) not in (None, partition):
        what, other = "The SSO login of this profile", str(found)
    else:
        return None
    return ConnectionProblem(
        "Login of another partition",
        f"{what} is in {other}, and the Region {core.get_config_variable('region')} is in {partition}: no login "
        "reaches from one into the other.",
        "Choose a Region of that partition with --region, or another profile.",
    )


def _sso_partition(core: Any, scoped: dict[str, Any]) -> str | None:
    session = core.full_config.get("sso_sessions", {}).get(scoped.get("sso_session"), {})
    region = session.get("sso_region") or scoped.get("sso_region")
    try:
        return None if region is None else str(core.get_partition_for_region(region))
    except UnknownRegionError:
        return None


def _unreadable_file(core: Any) -> ConnectionProblem | None:
    """botocore ignores a file that it may not read, and then misses what is in it."""
    for name, variable in _FILES:
        path = Path(core.get_config_variable(name)).expanduser()
        if path.exists() and not os.access(path, os.R_OK):
            return ConnectionProblem(
                "AWS configuration not readable",
                f"You may not read {path}.",
                f"Run `chmod u+r {shlex.quote(str(path))}`, or set {variable} to another file, then press r.",
            )
    return None


def _web_identity_problem(error: Exception, core: Any) -> ConnectionProblem | None:
    name = getattr(error, "filename", None)
    path = os.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE") or _scoped(core).get("web_identity_token_file")
    if not path or name != path:
        return None
    why = "does not exist" if isinstance(error, FileNotFoundError) else "cannot be read"
    setting = (
        "AWS_WEB_IDENTITY_TOKEN_FILE"
        if os.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE")
        else "web_identity_token_file of the profile"
    )
    return ExpiredLogin(
        "Web identity token missing",
        f"{setting} is {brief(path)}, which {why}.",
        "Write the token there, as a cluster does for a service account, or choose another profile, then press r.",
    )


def _wrong_number(core: Any) -> ConnectionProblem | None:
    wrong = [f"{name} is {brief(text)!r}" for name, text in _numbers(core) if not _is_whole(text)]
    if not wrong:
        return None
    return ConnectionProblem(
        "Not a number",
        f"{' and '.join(wrong)}: it must be a whole number.",
        "Correct it in the environment or in ~/.aws/config, then start ctui again or press r.",
    )


def _numbers(core: Any) -> Iterator[tuple[str, str]]:
    """(name, text) of each botocore setting that must be a whole number."""
    scoped = _scoped(core)
    for key, variable, _, convert in core.session_var_map.values():
        if convert is not int:
            continue
        if (text := os.environ.get(str(variable))) is not None:
            yield str(variable), text
        elif key in scoped:
            yield f"{key} of the profile", str(scoped[key])


def _is_whole(text: str) -> bool:
    try:
        int(text)
    except ValueError:
        return False
    return True


def _unbalanced_quotes(core: Any) -> ConnectionProblem | None:
    command = _scoped(core).get("credential_process")
    try:
        shlex.split(str(command or ""))
    except ValueError:
        return ConnectionProblem(
            "credential_process not readable",
            f"credential_process has an unclosed quote: {brief(command)}",
            "Close it in ~/.aws/config, then press r.",
        )
    return None


def _wrong_form(core: Any) -> ConnectionProblem | None:
    """A setting with indented lines that must be one line, or the other way round: botocore fails on either."""
    scoped = _scoped(core)
    settings = [
        (f"{name} of the profile", value, name in _TABLES) for name, value in scoped.items() if name not in _EITHER
    ]
    services = scoped.get("services")
    section = core.full_config.get("services", {}).get(services, {}) if isinstance(services, str) else {}
    settings += [(f"{name} in [services {services}]", value, True) for name, value in section.items()]
    for name, value, table in settings:
        if isinstance(value, dict) != table:
            wanted = "needs indented lines below it" if table else "must be one line, without indented lines below it"
            return ConnectionProblem(
                "AWS profile not usable", f"{name} {wanted}.", "Correct it in ~/.aws/config, then press r."
            )
    return None


def _container_problem(error: Exception) -> ConnectionProblem | None:
    variable = next((each for each in _CONTAINER if os.environ.get(each)), None)
    if variable is None or "host" not in str(error):
        return None
    return ConnectionProblem(
        "Container credentials not usable",
        f"{variable} is {brief(os.environ[variable])}, which is not a host that serves container credentials.",
        f"Correct {variable}, or unset it if this is not a container. Then start ctui again.",
    )


def _scoped(core: Any) -> dict[str, Any]:
    try:
        return dict(core.get_scoped_config())
    except BotoCoreError:
        return {}
