"""The AWS CLI and the JavaScript SDK run all eight actions, unmodified, where they are installed (see .ci/clients)."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ctui.emulator.testing import CloudTrail

COMMANDS = Path(__file__).parents[1] / "support" / "aws_commands.py"
"""Run by the Python that the AWS CLI is installed for."""
ARN = "arn:aws:cloudtrail:us-east-1:111111111111:trail/"


def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of this machine's own AWS settings or proxies."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {
        **kept,
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "demo",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "NO_PROXY": "127.0.0.1",
    }


@contextmanager
def in_one_process(python: Path, given: dict[str, str]) -> Iterator[Callable[[list[str]], tuple[int, str, str]]]:
    """What runs a command of the AWS CLI and returns its exit code, stdout and stderr. To start the CLI takes most of
    what a command costs, so they share a process; below, profiles are asked for with a process for each command."""
    with subprocess.Popen(
        [python, COMMANDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=given
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def run(arguments: list[str]) -> tuple[int, str, str]:
            stdin.write(json.dumps(arguments) + "\n")
            stdin.flush()
            code, out, err = json.loads(stdout.readline())
            return code, out, err

        yield run
        stdin.close()


class TestCommandLine:
    @pytest.fixture
    def aws(self, cloudtrail: CloudTrail, tmp_path: Path) -> Iterator[Any]:
        command = os.environ.get("CTUI_TEST_AWSCLI")
        if not command:
            pytest.skip("CTUI_TEST_AWSCLI names no AWS CLI (.ci/clients installs one)")
        with in_one_process(Path(command).with_name("python"), environment(tmp_path)) as commands:

            def run(*arguments: str, fails: bool = False) -> Any:
                code, out, err = commands(["--endpoint-url", cloudtrail.endpoint_url, "--output", "json", *arguments])
                assert (code != 0) is fails, err
                return err if fails else json.loads(out or "null")

            yield run

    def test_all_eight_actions(self, aws: Any, cloudtrail: CloudTrail) -> None:
        created = aws("cloudtrail", "create-trail", "--name", "cli", "--s3-bucket-name", "spare-logs-111111111111")
        assert created["TrailARN"] == ARN + "cli"
        updated = aws("cloudtrail", "update-trail", "--name", "cli", "--s3-key-prefix", "p", "--is-multi-region-trail")
        assert (updated["S3KeyPrefix"], updated["IsMultiRegionTrail"]) == ("p", True)
        aws("cloudtrail", "start-logging", "--name", "cli")
        assert aws("cloudtrail", "get-trail-status", "--name", ARN + "cli")["IsLogging"] is True
        aws("cloudtrail", "stop-logging", "--name", "cli")
        (listed,) = aws("cloudtrail", "describe-trails", "--trail-name-list", "cli")["trailList"]
        assert listed["HomeRegion"] == "us-east-1"
        aws("cloudtrail", "delete-trail", "--name", "cli")
        events = aws("cloudtrail", "lookup-events", "--page-size", "2", "--max-items", "7")
        assert len(events["Events"]) == 7
        assert len({event["EventId"] for event in events["Events"]}) == 7
        only = "AttributeKey=EventName,AttributeValue=DeleteTrail"
        assert len(aws("cloudtrail", "lookup-events", "--lookup-attributes", only)["Events"]) == 1
        assert aws("sts", "get-caller-identity")["Account"] == cloudtrail.account
        complaint = aws("cloudtrail", "delete-trail", "--name", "cli", fails=True)
        assert "(TrailNotFoundException)" in complaint
        assert f"Unknown trail: {ARN}cli for the user: 111111111111" in complaint

    def test_tags_selectors_and_lists(self, aws: Any) -> None:
        aws("cloudtrail", "delete-trail", "--name", "legacy")
        aws("cloudtrail", "create-trail", "--name", "cli", "--s3-bucket-name", "spare-logs-111111111111")
        aws("cloudtrail", "add-tags", "--resource-id", ARN + "cli", "--tags-list", "Key=team,Value=blue", "Key=alone")
        aws("cloudtrail", "remove-tags", "--resource-id", ARN + "cli", "--tags-list", "Key=alone")
        (tagged,) = aws("cloudtrail", "list-tags", "--resource-id-list", ARN + "cli")["ResourceTagList"]
        assert tagged["TagsList"] == [{"Key": "team", "Value": "blue"}]
        named = ["--trail-name", "cli"]
        aws("cloudtrail", "put-event-selectors", *named, "--event-selectors", "ReadWriteType=WriteOnly")
        (selector,) = aws("cloudtrail", "get-event-selectors", *named)["EventSelectors"]
        assert selector["ReadWriteType"] == "WriteOnly"
        assert "(InsightNotEnabledException)" in aws("cloudtrail", "get-insight-selectors", *named, fails=True)
        rate = [{"InsightType": "ApiCallRateInsight"}]
        aws("cloudtrail", "put-insight-selectors", *named, "--insight-selectors", json.dumps(rate))
        assert aws("cloudtrail", "get-insight-selectors", *named)["InsightSelectors"] == rate
        assert aws("cloudtrail", "get-trail", "--name", "cli")["Trail"]["HasInsightSelectors"] is True
        assert "cli" in [trail["Name"] for trail in aws("cloudtrail", "list-trails")["Trails"]]
        assert aws("cloudtrail", "list-public-keys")["PublicKeyList"] == []
        assert "(UnsupportedOperationException)" in aws("cloudtrail", "list-channels", fails=True)

    def test_profiles_of_the_organization(self, aws: Any, organization: CloudTrail, tmp_path: Path) -> None:
        # `aws` is asked for where there is no CLI, so that this is skipped.
        assert aws("sts", "get-caller-identity")["UserId"]
        given = {**environment(tmp_path), **organization.environment}
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del given[name]

        def run(profile: str, *arguments: str) -> Any:
            line = [os.environ["CTUI_TEST_AWSCLI"], "--profile", profile, "--output", "json", *arguments]
            ended = subprocess.run(
                line, capture_output=True, text=True, timeout=120, env=given, input="123456\n", check=True
            )
            return json.loads(ended.stdout)

        assert run("production-AuditRead", "sts", "get-caller-identity")["Account"] == "333333333333"
        assert run("dev-AuditWithMfa", "sts", "get-caller-identity")["Account"] == "111111111111"
        accounts = run("shared", "organizations", "list-accounts", "--page-size", "1")["Accounts"]
        assert tuple(account["Id"] for account in accounts) == organization.accounts
        regions = run("dev", "account", "list-regions")["Regions"]
        assert {one["RegionName"] for one in regions if one["RegionOptStatus"] != "DISABLED"} == set(
            organization.regions
        )
        assert len(run("dev", "ec2", "describe-regions")["Regions"]) == len(organization.regions)


class TestJavaScript:
    def test_all_eight_actions(self, cloudtrail: CloudTrail, tmp_path: Path) -> None:
        folder, node = os.environ.get("CTUI_TEST_NODE"), shutil.which("node")
        if not folder or node is None:
            pytest.skip("CTUI_TEST_NODE names no folder with @aws-sdk/client-cloudtrail (.ci/clients makes one)")
        # Node finds the SDK beside the script.
        script = Path(folder) / "all_actions.mjs"
        script.write_text(Path(__file__).with_name("all_actions.mjs").read_text("utf-8"), "utf-8")
        ended = subprocess.run(
            [node, str(script), cloudtrail.endpoint_url],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=environment(tmp_path),
        )
        assert ended.returncode == 0, ended.stderr
        out = json.loads(ended.stdout)
        assert out["created"] == ARN + "from-javascript"
        assert (out["updated"], out["logging"], out["started"], out["trails"]) == ("js", True, True, 1)
        assert out["newest"] == "DeleteTrail"
        assert {"CreateTrail", "UpdateTrail", "StartLogging", "StopLogging", "LookupEvents"} <= set(out["names"])
        name, message, status = out["error"]
        assert (name, status) == ("TrailNotFoundException", 400)
        assert message == f"Unknown trail: {ARN}from-javascript for the user: 111111111111"
