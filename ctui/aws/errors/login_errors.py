"""Errors before the first call: profile, Region, credentials, logins, and the AWS configuration."""

import configparser
import re
from pathlib import Path

from botocore import exceptions as theirs

from ctui.aws.errors.error_context import ErrorContext
from ctui.aws.errors.transport_row import Table, TransportRow, inside, part
from ctui.errors import (
    ConnectionProblem,
    ExpiredLogin,
    LoginNeeded,
    NoCredentials,
    NoRegion,
    UnknownProfile,
)

_CONFIG_FILE = "Correct ~/.aws/config (or the file AWS_CONFIG_FILE names), then press r."
_PYTHON = re.compile(r" Received <class .*?> instead\.")
_HERE = "Press L to run `{}` here, or run it in another terminal: ctui goes on by itself."
_ELSEWHERE = "Run `{}` in another terminal, then press r."


def _browser_login(words: str, context: ErrorContext) -> str:
    """What to do to log in again in a browser: the settings say which command does it, else `words` do."""
    return (
        _ELSEWHERE.format(context.command(words)) if context.again is None else _HERE.format(context.again.command.text)
    )


def _sso(title: str, message: str) -> TransportRow:
    return TransportRow(LoginNeeded, title, message, lambda _, context: _browser_login("aws sso login", context))


def _login(title: str, message: str) -> TransportRow:
    return TransportRow(LoginNeeded, title, message, lambda _, context: _browser_login("aws login", context))


def _role_without_source(error: BaseException) -> bool:
    return part(error, "cred_var").startswith("source_profile")


def _partial_title(error: BaseException, _: ErrorContext) -> str:
    return "Role without a source" if _role_without_source(error) else "Incomplete access key"


def _partial_message(error: BaseException, context: ErrorContext) -> str:
    profile = f'Profile "{context.profile}"' if context.profile else "The profile"
    if _role_without_source(error):
        return f"{profile} has role_arn, but no credentials to assume the role with."
    missing = part(error, "cred_var").strip("'") or "One part of the key"
    where = {
        "env": "the environment",
        "shared-credentials-file": "~/.aws/credentials",
        "config-file": "~/.aws/config",
        "assume-role": "the source_profile",
    }.get(part(error, "provider"), profile[:1].lower() + profile[1:])
    return f"{missing} is missing in {where}."


def _partial_remedy(error: BaseException, context: ErrorContext) -> str:
    if _role_without_source(error):
        return (
            "Add source_profile = NAME, a profile that may assume the role, or credential_source = Environment, "
            "Ec2InstanceMetadata or EcsContainer to it in ~/.aws/config; then press r."
        )
    if part(error, "provider") == "env":
        return "Export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and start ctui again from that shell."
    return f"Set both parts, for example with `{context.command('aws configure')}`, then press r."


def _parse_message(error: BaseException, _: ErrorContext) -> str:
    path = part(error, "path") or "~/.aws/config"
    cause = inside(error)
    line, why = _line_and_reason(cause, path)
    return f"{path}{f', line {line}' if line else ''}: {why}."


def _line_and_reason(cause: BaseException | None, path: str) -> tuple[int | None, str]:
    """(1-based line, or None if it is not known; what is wrong with it) of an AWS configuration file."""
    match cause:
        case configparser.MissingSectionHeaderError():
            return cause.lineno, "it is before the first [section]"
        case configparser.DuplicateSectionError():
            return cause.lineno, f"section [{cause.section}] appears twice"
        case configparser.DuplicateOptionError():
            return cause.lineno, f"{cause.option} appears twice in [{cause.section}]"
        case configparser.ParsingError() if cause.errors:
            return cause.errors[0][0], "it is neither a [section] nor NAME = VALUE"
        case UnicodeDecodeError():
            return _first_line_not_utf8(path), "it is not UTF-8 text"
        case ValueError():
            return None, "an indented line is not NAME = VALUE"
    return None, "it cannot be read as an AWS configuration file"


def _first_line_not_utf8(path: str) -> int | None:
    # The parser decodes in pieces, so its own offset is useless.
    try:
        data = Path(path).read_bytes()
        data.decode()
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    except OSError:
        pass
    return None


def _circle(error: BaseException, _: ErrorContext) -> str:
    return f'source_profile "{part(error, "source_profile")}" leads back to itself.'


_PROVIDERS = {
    "container-role": "The credential endpoint of this container",
    "iam-role": "The metadata service of this instance",
    "assume-role": "STS (AssumeRole)",
    "assume-role-with-web-identity": "STS (AssumeRoleWithWebIdentity)",
    "sso": "IAM Identity Center (SSO)",
    "Environment": "The environment (credential_source)",
    "Ec2InstanceMetadata": "The metadata service of this instance (credential_source)",
    "EcsContainer": "The credential endpoint of this container (credential_source)",
}


def _none_returned(error: BaseException, _: ErrorContext) -> str:
    name = part(error, "provider")
    return f"{_PROVIDERS.get(name, f'The credential provider {name}')} returned no credentials."


def _try_the_cli(_: BaseException, context: ErrorContext) -> str:
    return (
        f"Run `{context.command('aws sts get-caller-identity')}` in another terminal, log in there if needed, then "
        "press r."
    )


_RETRIES = TransportRow(
    ConnectionProblem,
    "Retry setting not usable",
    lambda error, _: (
        f"max_attempts or retry_mode of the AWS configuration cannot be "
        f"{part(error, 'provided_max_attempts') or part(error, 'provided_retry_mode') or 'what it is'}."
    ),
    "Correct AWS_MAX_ATTEMPTS, AWS_RETRY_MODE, or both in ~/.aws/config; then press r.",
)


def _setting(name: str, value: str) -> TransportRow:
    return TransportRow(
        ConnectionProblem,
        f"{name} not usable",
        lambda error, _: f"{name} of the AWS configuration cannot be {part(error, value) or 'what it is'}.",
        f"Correct or remove {name} in the environment or in ~/.aws/config, then press r.",
    )


LOGIN_ERRORS: Table = {
    theirs.ProfileNotFound: TransportRow(
        UnknownProfile,
        "Unknown profile",
        lambda _, context: f'No AWS profile is called "{context.profile or ""}".',
        lambda _, context: (
            "Choose one from `aws configure list-profiles` with --profile or AWS_PROFILE, or create it with "
            f"`{context.command('aws configure')}`, then press r."
        ),
    ),
    theirs.NoRegionError: TransportRow(
        NoRegion,
        "No Region",
        "No flag, variable or profile names one.",
        lambda _, context: (
            f"Run `{context.command('aws configure set region REGION')}`, then press r; "
            "or start with --region or AWS_REGION."
        ),
    ),
    theirs.InvalidRegionError: TransportRow(
        NoRegion,
        "Not a Region",
        lambda error, _: f'"{part(error, "region_name")}" does not look like a Region.',
        "Use one such as eu-west-1, with --region or AWS_REGION.",
    ),
    theirs.UnknownRegionError: TransportRow(
        NoRegion,
        "Unknown Region",
        lambda error, _: f'No AWS partition has a Region called "{part(error, "region_name")}".',
        "Use one such as eu-west-1, with --region or AWS_REGION.",
    ),
    theirs.NoCredentialsError: TransportRow(
        NoCredentials,
        "No credentials",
        lambda _, context: (
            f"The AWS credential chain found none{' for ' + context.credentials if context.profile else ''}."
        ),
        lambda _, context: (
            f"Log in with `{context.command('aws sso login')}`, or set a key with `{context.command('aws configure')}`"
            ", then press r. `ctui --demo` needs none."
        ),
    ),
    theirs.NoAuthTokenError: _sso("No login token", "The AWS credential chain found no token to log in with."),
    theirs.PartialCredentialsError: TransportRow(NoCredentials, _partial_title, _partial_message, _partial_remedy),
    theirs.RefreshWithMFAUnsupportedError: TransportRow(
        ExpiredLogin,
        "MFA session expired",
        "Your MFA session has expired.",
        "Press r to log in with a new code.",
    ),
    theirs.SSOTokenLoadError: _sso("SSO login needed", "No SSO login is stored for this profile."),
    theirs.UnauthorizedSSOTokenError: _sso("SSO session expired", "The SSO session of this profile has expired."),
    theirs.TokenRetrievalError: _sso("SSO login not renewed", "The stored SSO login could not be renewed."),
    theirs.SSOError: _sso(
        "SSO gave no credentials", "IAM Identity Center (SSO) returned no credentials for this profile."
    ),
    theirs.LoginError: _login("Login needed", "This profile has no usable session from `aws login`."),
    theirs.LoginRefreshRequired: _login(
        "Login session expired", "The session of `aws login` has expired or was changed."
    ),
    theirs.LoginTokenLoadError: _login(
        "Login session missing", "The stored session of `aws login` is missing, or cannot be read."
    ),
    theirs.LoginAuthorizationCodeError: _login("Login not finished", "`aws login` was not completed."),
    theirs.LoginInsufficientPermissions: TransportRow(
        ExpiredLogin,
        "Login cannot be renewed",
        "`aws login` cannot renew its session: it needs signin:CreateOAuth2Token.",
        "Ask for that permission, or choose another profile.",
    ),
    theirs.CredentialRetrievalError: TransportRow(
        ExpiredLogin, "No credentials returned", _none_returned, _try_the_cli
    ),
    theirs.MetadataRetrievalError: TransportRow(
        ExpiredLogin,
        "No metadata credentials",
        "The metadata service of this container or instance returned no credentials.",
        _try_the_cli,
    ),
    theirs.ConfigParseError: TransportRow(
        ConnectionProblem, "AWS configuration invalid", _parse_message, "Correct it, then press r."
    ),
    theirs.ConfigNotFound: TransportRow(
        ConnectionProblem,
        "AWS configuration missing",
        lambda error, _: f"{part(error, 'path')} does not exist.",
        "Correct AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, then start ctui again.",
    ),
    # botocore's own sentences about a profile: they name what is missing or contradictory.
    theirs.InvalidConfigError: TransportRow(
        ConnectionProblem,
        "AWS profile not usable",
        lambda error, _: _PYTHON.sub("", part(error, "error_msg")) or "Settings of this profile contradict each other.",
        _CONFIG_FILE,
    ),
    theirs.InfiniteLoopConfigError: TransportRow(ConnectionProblem, "Circular source_profile", _circle, _CONFIG_FILE),
    theirs.InvalidRetryConfigurationError: _RETRIES,
    theirs.InvalidMaxRetryAttemptsError: _RETRIES,
    theirs.InvalidRetryModeError: _RETRIES,
    theirs.InvalidDefaultsMode: _setting("defaults_mode", "mode"),
    theirs.InvalidChecksumConfigError: _setting("The checksum setting", "config_value"),
    theirs.InvalidEndpointDiscoveryConfigurationError: _setting("endpoint_discovery_enabled", "config_value"),
    theirs.InvalidSTSRegionalEndpointsConfigError: _setting("sts_regional_endpoints", "sts_regional_endpoints_config"),
    theirs.InvalidIMDSEndpointError: _setting("ec2_metadata_service_endpoint", "endpoint"),
    theirs.InvalidIMDSEndpointModeError: _setting("ec2_metadata_service_endpoint_mode", "mode"),
    theirs.UnknownSignatureVersionError: _setting("The signature version", "signature_version"),
    theirs.UnsupportedSignatureVersionError: _setting("The signature version", "signature_version"),
    theirs.MissingDependencyException: TransportRow(
        ConnectionProblem,
        "A library is missing",
        "A session of `aws login` needs the AWS Common Runtime (awscrt), which is not installed.",
        'Install ctui with its extra, `pip install "ctui[aws-login]"`, or `pip install "botocore[crt]"` in its '
        "environment; then start ctui again.",
    ),
}
