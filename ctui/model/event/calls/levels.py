"""The level of an API call: whether it reads, lists, writes, tags, or changes permissions; and whether it deletes.

Levels are AWS's access levels of IAM actions ("Actions, resources, and condition keys" in the service authorization
reference), one for each API call, in `levels_table.py`. That is read when the first level is asked for.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache, lru_cache

_AMAZON = ".amazonaws.com"
_VERSION = r"(?<=[a-z])(?:\d{8}|\d{4}_\d{2}_\d{2})(?:v\d)?$"
"""What Lambda and CloudFront add to the names of their calls: CreateFunction20150331, UpdateDistribution2020_05_31."""
_DELETES = r"(?:Admin|Batch|Bulk|Force|Permanently)?(?:Delete|Destroy|Dispose|Erase|Purge|Terminate|Wipe)[A-Z]"
"""How the names of calls that delete begin. Not compiled here: the first frame needs it not."""
_DELETES_TOO = frozenset([
    "kms:ScheduleKeyDeletion", "ec2:DeregisterImage", "ec2:ReleaseAddress", "ec2:ReleaseHosts",
    "secretsmanager:SecretVersionDeletion", "secretsmanager:StartSecretVersionDelete",
    "secretsmanager:EndSecretVersionDelete", "organizations:CloseAccount", "account:CloseAccount",
    "lightsail:ReleaseStaticIp", "transfer:StartRemoteDelete", "fsx:DetachAndDeleteS3AccessPoint",
    "personalize:CreateDataDeletionJob",
])  # fmt: skip
"""Calls that delete, without a name that begins so."""
_DELETES_NOTHING = frozenset([
    "ssm:TerminateSession", "ec2:TerminateClientVpnConnections", "athena:TerminateSession",
    "artifact:TerminateAgreement", "elasticmapreduce:TerminateSession", "emr-serverless:TerminateSession",
])  # fmt: skip
"""Calls whose name begins so, and that end a session or a connection."""

_CALLS_KEPT = 1024
"""Calls whose level is kept in memory: an account has some hundred in use."""


class Level(StrEnum):
    """What an API call does, by the access levels of IAM."""

    READ = "read"
    LIST = "list"
    WRITE = "write"
    PERMISSION = "permission"
    TAGGING = "tagging"


def service_of(source: str) -> str:
    """An event source without `.amazonaws.com`."""
    return source.removesuffix(_AMAZON)


def plain_name(name: str) -> str:
    """The name of a call without the version of its API."""
    return re.sub(_VERSION, "", name) if name[-1:].isdecimal() else name


@lru_cache(maxsize=_CALLS_KEPT)
def level_of(source: str, name: str) -> Level | None:
    """The level of a call of this event source; None if the table does not have it."""
    calls = _calls_of(service_of(source))
    return calls.get(name.casefold()) or calls.get(plain_name(name).casefold())


@lru_cache(maxsize=_CALLS_KEPT)
def deletes(source: str, name: str) -> bool:
    """True for a call that deletes something: not one that only takes tags away, or ends a session."""
    call = f"{service_of(source)}:{plain_name(name)}"
    if call in _DELETES_TOO:
        return True
    return (
        re.match(_DELETES, name) is not None
        and call not in _DELETES_NOTHING
        and level_of(source, name) is not Level.TAGGING
    )


@lru_cache(maxsize=256)
def _calls_of(service: str) -> Mapping[str, Level]:
    """Level by name, without letter case: actions of IAM are not always written as the calls are."""
    return {name.casefold(): level for level, names in _lines_of(service) for name in names.split()}


def _lines_of(service: str) -> Iterator[tuple[Level, str]]:
    """(level, names) of an event source."""
    from ctui.model.event.calls.levels_table import TABLE  # noqa: PLC0415 - half a megabyte that the first frame needs not

    at = _starts().get(service, len(TABLE))
    while TABLE.startswith(f"{service}\t", at):
        end = TABLE.index("\n", at)
        _, level, names = TABLE[at:end].split("\t")
        yield Level(level), names
        at = end + 1


@cache
def _starts() -> Mapping[str, int]:
    """Where the lines of each event source begin in the table. Lines that are split keep 1.5 MB."""
    from ctui.model.event.calls.levels_table import TABLE  # noqa: PLC0415 - as above

    starts: dict[str, int] = {}
    at = 0
    while at < len(TABLE):
        tab = TABLE.index("\t", at)
        starts.setdefault(TABLE[at:tab], at)
        at = TABLE.index("\n", tab) + 1
    return starts
