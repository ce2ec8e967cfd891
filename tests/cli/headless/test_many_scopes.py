"""`ctui search` over accounts and Regions: one answer in the order of time, and exit code 4 where one is missing."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from support.shell import Shell

from ctui.emulator.testing import CloudTrail

EVERYWHERE = ("--profile", "dev", "--profile", "shared", "--profile", "production", "--region", "all")
RATE = ("--lookup-rate", "1000")


@pytest.fixture
def told(organization: CloudTrail) -> list[str]:
    """Event IDs, newest first: one event in each Region of each account."""
    now, made = organization.clock.now() - timedelta(hours=1), []
    for minutes, region in enumerate(organization.regions):
        for seconds, account in enumerate(organization.accounts):
            time = now - timedelta(minutes=minutes, seconds=seconds)
            made.append(organization.add_event("StopInstances", account=account, region=region, eventTime=time))
    return made


@pytest.fixture
def shell(organization: CloudTrail, tmp_path: Path) -> Shell:
    return Shell(organization, tmp_path, variables=organization.environment)


UNKNOWN = "nonesuch not searched: Unknown profile"
ONE_ACCOUNT = ("--profile", "dev", "--region", "all")


@pytest.mark.parametrize(
    ("scopes", "ends", "accounts"),
    [
        (EVERYWHERE, (0, ""), (0, 1, 2)),
        ((*ONE_ACCOUNT, "--profile", "nonesuch"), (4, UNKNOWN), (0,)),
        (("--profile", "nonesuch", *ONE_ACCOUNT), (4, UNKNOWN), (0,)),
        (ONE_ACCOUNT, (0, ""), (0,)),
    ],
)
def test_the_answer_is_that_of_all_scopes(
    shell: Shell, told: list[str], scopes: tuple[str, ...], ends: tuple[int, str], accounts: tuple[int, ...]
) -> None:
    ended = shell.run("search", "name:StopInstances", "--no-store", "-o", "ids", options=(*scopes, *RATE))
    left = [one for place, one in enumerate(told) if place % 3 in accounts]
    assert (ended.stdout.decode().split(), ended.returncode) == (left, ends[0]), ended.stderr.decode()
    assert ends[1] in ended.stderr.decode()


@pytest.mark.usefixtures("told")
def test_coverage_names_accounts_and_what_was_not_reached(shell: Shell, organization: CloudTrail) -> None:
    options = ("--profile", "dev", "--profile", "nonesuch", "--region", "us-east-1,eu-west-1", *RATE)
    ended = shell.run("search", "name:StopInstances", "--no-store", "-o", "ids", "--coverage", options=options)
    said = json.loads(ended.stderr.decode().splitlines()[-1])
    assert (said["accounts"], said["regions"]) == ([organization.accounts[0]], ["us-east-1", "eu-west-1"])
    assert (list(said["not_reached"]), said["complete"]) == (["nonesuch"], False)


def test_roles_in_listed_accounts_are_assumed(shell: Shell, organization: CloudTrail, told: list[str]) -> None:
    folder = shell.home / ".config" / "ctui"
    folder.mkdir(parents=True)
    dev, _, production = organization.accounts
    table = f'[accounts]\ndev = "AuditRead@{dev}"\nproduction = "arn:aws:iam::{production}:role/AuditRead"\n'
    folder.joinpath("config.toml").write_text(table)
    options = ("--profile", "shared", "--region", "all", *RATE)
    ended = shell.run("search", "name:StopInstances", "--no-store", "-o", "ids", options=options)
    assert (ended.stdout.decode().split(), ended.returncode) == (told, 0), ended.stderr.decode()


def test_roles_that_are_named_are_assumed_and_one_that_is_refused_is_told(
    shell: Shell, organization: CloudTrail, told: list[str]
) -> None:
    dev, _, production = organization.accounts
    roles = ("--assume", f"AuditRead@{dev},Nobody@{production}")
    options = ("--profile", "shared", "--region", "all", *roles, *RATE)
    ended = shell.run("search", "name:StopInstances", "--no-store", "-o", "ids", options=options)
    left = [one for place, one in enumerate(told) if place % 3 != 2]
    assert (ended.stdout.decode().split(), ended.returncode) == (left, 4)
    refused = f"{production} not searched: Role not assumed: arn:aws:iam::{production}:role/Nobody: "
    assert refused in ended.stderr.decode()
