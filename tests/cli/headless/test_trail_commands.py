"""`ctui trails` and `ctui status`: the facts of the screen, as a script reads them."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.shell import Shell

from ctui.cli.headless.exit_codes import ExitCode
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running

ACCOUNT = """
[[accounts]]
id = "111111111111"
disabled_regions = []
keys = [
  { id = "demo", secret = "demo", user = "demo" },
  { id = "no-status", secret = "demo", user = "reader", deny = ["GetTrailStatus"] },
  { id = "no-trails", secret = "demo", user = "nobody", deny = ["DescribeTrails"] },
]
buckets = [{ name = "logs" }, { name = "closed", writes = "refuse" }]
trails = [
  { name = "good", region = "us-east-1", bucket = "logs", started = "30d" },
  { name = "stopped", region = "us-east-1", bucket = "logs", started = "30d", stopped = "2d" },
  { name = "closed", region = "us-east-1", bucket = "closed", started = "30d" },
  { name = "twin", region = "us-east-1", bucket = "logs", multi_region = true, started = "30d" },
  { name = "twin", region = "us-west-2", bucket = "logs", multi_region = true, started = "30d" },
]
"""
NAMES = ["closed", "good", "stopped", "twin", "twin"]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudTrail]:
    file = tmp_path_factory.mktemp("account") / "account.toml"
    file.write_text(ACCOUNT)
    with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False, account=file)) as emulator:
        emulator.add_event("RunInstances")
        emulator.deliver()
        yield emulator


@pytest.fixture
def shell(service: CloudTrail, tmp_path: Path) -> Shell:
    return Shell(service, tmp_path)


@dataclass(frozen=True)
class Case:
    words: str
    code: ExitCode
    written: str
    said: str = ""
    key: str = "demo"


CASES = [
    Case("trails", ExitCode.COMPLETE, "● good     us-east-1  logging, since", "5 trails in us-east-1."),
    Case("trails", ExitCode.COMPLETE, "○ stopped  us-east-1  not logging, since"),
    Case("trails", ExitCode.COMPLETE, "▲ closed   us-east-1  S3 AccessDenied · logging, since"),
    Case("trails --exit-code", ExitCode.NONE, "stopped"),
    Case("trails", ExitCode.INCOMPLETE, "✗ good     us-east-1  Access denied", "good: Access denied", "no-status"),
    Case("trails --quiet", ExitCode.INCOMPLETE, "✗ good", "GetTrailStatus", "no-status"),
    Case("trails", ExitCode.FAILED, "", "DescribeTrails", "no-trails"),
    Case("trails --frmat csv", ExitCode.UNREADABLE, "", "--format"),
    Case("trails --keep-days 0", ExitCode.UNREADABLE, "", "--keep-days"),
    Case("status good", ExitCode.COMPLETE, "● good\nLogging yes, since"),
    Case("status good --exit-code", ExitCode.COMPLETE, "S3      "),
    Case("status stopped", ExitCode.COMPLETE, "Logging no, since"),
    Case("status stopped --exit-code", ExitCode.NONE, "  to do start logging\n"),
    Case("status closed", ExitCode.COMPLETE, "the bucket policy or the key policy does not allow CloudTrail to write"),
    Case("status closed --exit-code", ExitCode.NONE, "▲ AccessDenied"),
    Case("status arn:aws:cloudtrail:us-west-2:111111111111:trail/twin", ExitCode.COMPLETE, "us-west-2, seen from"),
    Case("status twin", ExitCode.UNREADABLE, "", "Several trails are called twin"),
    Case("status nope", ExitCode.UNREADABLE, "", "There are: closed, good, stopped, twin, twin."),
    Case("status good", ExitCode.FAILED, "", "GetTrailStatus", "no-status"),
    Case("status", ExitCode.UNREADABLE, "", "NAME"),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.words} {case.key}" for case in CASES])
def test_trails_and_a_status_are_written_and_end_with_a_code(shell: Shell, case: Case) -> None:
    shell.key = case.key
    ended = shell.run(*case.words.split())
    assert ended.returncode == case.code, ended.stderr
    assert case.written in ended.stdout.decode()
    assert bool(ended.stdout) is bool(case.written)
    assert case.said in ended.stderr.decode()
    assert b"Traceback" not in ended.stderr


def items(shell: Shell, *words: str) -> Any:
    ended = shell.run(*words)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_each_form_has_the_same_facts(shell: Shell) -> None:
    array = items(shell, "trails", "-o", "json")
    assert [trail["Name"] for trail in array] == NAMES
    assert [trail["Health"] for trail in array] == ["error", "good", "off", "good", "good"]
    closed = array[0]
    assert closed["Status"]["LatestDeliveryError"] == "AccessDenied"
    assert [sign["ToDo"] for sign in closed["Signs"] if sign["Level"] == "error"] == [
        "allow cloudtrail.amazonaws.com s3:PutObject and s3:GetBucketAcl in the bucket policy"
    ]
    assert array[2]["Signs"][0] == {
        "Channel": "logging", "Level": "off", "Text": "stopped", "Meaning": "this trail records nothing",
        "ToDo": "start logging",
    }  # fmt: skip
    assert items(shell, "status", "stopped", "-o", "json") == array[2]
    assert items(shell, "status", "stopped", "-o", "ndjson") == array[2]

    lines = shell.run("trails", "-o", "ndjson").stdout.splitlines()
    assert [json.loads(line) for line in lines] == array
    rows = list(csv.DictReader(io.StringIO(shell.run("trails", "-o", "csv").stdout.decode(), newline="")))
    assert [row["Name"] for row in rows] == NAMES
    assert [row["Problems"] for row in rows] == ["S3: AccessDenied", "", "logging: stopped", "", ""]
    assert [row["IsLogging"] for row in rows] == ["true", "true", "false", "true", "true"]
    assert rows[2]["StopLoggingTime"] == array[2]["Status"]["StopLoggingTime"].replace("+00:00", "Z")


def test_a_status_that_is_unreadable_is_an_error_in_the_data(shell: Shell) -> None:
    shell.key = "no-status"
    array = json.loads(shell.run("trails", "-o", "json", "--quiet").stdout)
    assert all("GetTrailStatus" in trail["Error"] and "Status" not in trail for trail in array)


def test_a_region_without_trails_is_an_empty_answer(tmp_path: Path) -> None:
    with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False, trails=False)) as service:
        shell = Shell(service, tmp_path)
        ended = shell.run("trails")
        assert (ended.returncode, ended.stdout) == (0, b"")
        assert b"0 trails in us-east-1." in ended.stderr
        assert items(shell, "trails", "-o", "json") == []
        assert shell.run("trails", "--exit-code").returncode == 1


def test_nothing_is_asked_that_is_not_written(shell: Shell, service: CloudTrail) -> None:
    for words, status_calls in ((("trails",), 5), (("status", "good"), 1)):
        before = service.calls.copy()
        assert shell.run(*words).returncode == 0
        made = service.calls - before
        assert (made["DescribeTrails"], made["GetTrailStatus"], made["LookupEvents"]) == (1, status_calls, 0)
