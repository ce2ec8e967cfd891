"""The AWS CLI command that is equal to a call, ready for a shell."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

_WORD_BEGINS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_READ_BY_THE_CLI = ("file://", "fileb://", "http://", "https://")
"""The AWS CLI takes a value with such a prefix as the address of the value."""


def aws_command(
    action: str,
    parameters: Mapping[str, Any],
    region: str,
    *,
    profile: str | None = None,
    endpoint: str | None = None,
) -> str:
    """`aws cloudtrail …` for an action of the API and its parameters, quoted with shlex.join.

    Parameters become options. If the CLI would take a value as an address, all of them become one JSON option.
    """
    words = ["aws", "cloudtrail", dashed(action)]
    if any(isinstance(value, str) and value.startswith(_READ_BY_THE_CLI) for value in parameters.values()):
        words += ["--cli-input-json", json.dumps(dict(parameters))]
    else:
        for name, value in parameters.items():
            words += _option(dashed(name), value)
    words += ["--region", region]
    if profile:
        words += _option("profile", profile)
    if endpoint:
        words += ["--endpoint-url", endpoint]
    return shlex.join(words)


def dashed(name: str) -> str:
    """An API name as the CLI writes it: S3BucketName becomes s3-bucket-name."""
    return _WORD_BEGINS.sub("-", name).lower()


def _option(name: str, value: str | bool | Sequence[Any]) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, str):
        # The CLI would read a value that starts with a dash as an option.
        return [f"--{name}={value}"] if value.startswith("-") else [f"--{name}", value]
    return [f"--{name}", json.dumps(value)]
