"""Programs that others wrote for the service run against the emulator, unmodified, where they are installed."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from support.clients import installed, run_client
from support.wire import boto_client

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail

HERE = Path(__file__).parent
TRAILS = ["app-trail", "legacy", "org-audit", "test", "vendor-feed"]


class TestAnsible:
    @pytest.fixture
    def cloudtrail_options(self) -> EmulatorOptions:
        return EmulatorOptions(lookup_rate=PLENTY, traffic=False, trails=False)

    def test_it_changes_a_trail_and_tells_whether_it_did(
        self, environment: dict[str, str], cloudtrail: CloudTrail, tmp_path: Path
    ) -> None:
        playbook = installed("ansible", "ansible-playbook")
        cloudtrail.add_bucket("my-logs")
        collections = os.environ.get("ANSIBLE_COLLECTIONS_PATH", str(playbook.parents[2] / "collections"))
        environment = {
            **environment,
            "CTUI_EMULATOR": cloudtrail.endpoint_url,
            "ANSIBLE_COLLECTIONS_PATH": collections,
            "ANSIBLE_LOCALHOST_WARNING": "False",
        }
        python = f"ansible_python_interpreter={playbook.with_name('python')}"
        # The playbook checks what each task tells.
        out = run_client(environment, tmp_path, playbook, "-i", "localhost,", "-e", python, HERE / "ansible.yml")
        assert "failed=0" in out
        assert cloudtrail.calls["AddTags"] == cloudtrail.calls["RemoveTags"] == 1


def test_custodian_filters_and_changes_trails(
    neighbors: dict[str, str], cloudtrail: CloudTrail, tmp_path: Path
) -> None:
    custodian = installed("c7n", "custodian")
    client = boto_client(cloudtrail.endpoint_url)
    client.put_event_selectors(TrailName="org-audit", EventSelectors=[{"ReadWriteType": "WriteOnly"}])
    run_client(neighbors, tmp_path, custodian, "run", "-s", tmp_path, "--region", "us-east-1", HERE / "custodian.yml")

    def found(policy: str) -> list[str]:
        return sorted(trail["Name"] for trail in json.loads((tmp_path / policy / "resources.json").read_text("utf-8")))

    assert found("all-trails") == ["legacy", "org-audit", "test", "vendor-feed"]
    assert found("shadow-trails") == ["test"]
    assert found("trails-that-log") == ["org-audit", "vendor-feed"]
    assert found("trails-of-writes-alone") == found("validate-and-stop") == found("delete") == ["org-audit"]
    assert [trail["Name"] for trail in client.list_trails()["Trails"]] == ["legacy", "vendor-feed", "test"]
    assert cloudtrail.calls["StopLogging"] == cloudtrail.calls["UpdateTrail"] == 1


def test_prowler_runs_all_checks(neighbors: dict[str, str], tmp_path: Path) -> None:
    prowler = installed("prowler", "prowler")
    line = ["aws", "--services", "cloudtrail", "-f", "us-east-1", "eu-west-1", "-M", "json-ocsf", "-o", "out"]
    # 3: it has something to report.
    run_client(neighbors, tmp_path, prowler, *line, "--no-banner", "--no-color", code=3)
    (report,) = (tmp_path / "out").glob("*.ocsf.json")
    found = {
        (one["metadata"]["event_code"], one["resources"][0]["name"]): one["status_code"]
        for one in json.loads(report.read_text("utf-8"))
    }
    assert sorted(name for check, name in found if check == "cloudtrail_kms_encryption_enabled") == TRAILS
    assert found["cloudtrail_multi_region_enabled", "org-audit"] == "PASS"
    assert found["cloudtrail_log_file_validation_enabled", "org-audit"] == "PASS"
    # It reads the default event selectors, and is told of which trails Insights are off.
    assert found["cloudtrail_multi_region_enabled_logging_management_events", "org-audit"] == "PASS"
    assert found["cloudtrail_insights_exist", "org-audit"] == "PASS"
    assert found["cloudtrail_insights_exist", "vendor-feed"] == "FAIL"


def test_scout_suite_finds_each_trail(neighbors: dict[str, str], no_regions: str, tmp_path: Path) -> None:
    scout = installed("scout", "scout")
    line = ["aws", "--services", "cloudtrail", "--regions", "us-east-1", "eu-west-1", "--no-browser"]
    run_client({**neighbors, "AWS_ENDPOINT_URL_EC2": no_regions}, tmp_path, scout, *line, "--report-dir", "out")
    results = tmp_path / "out" / "scoutsuite-results"
    assert read_assigned(results, "exceptions") == {}
    service = read_assigned(results, "results")["services"]["cloudtrail"]
    here, there = service["regions"]["us-east-1"]["trails"], service["regions"]["eu-west-1"]["trails"]
    assert {trail["name"]: trail.get("IsLogging") for trail in here.values()} == {
        "legacy": False,
        "org-audit": True,
        "test": None,
        "vendor-feed": True,
    }
    assert sorted(trail["name"] for trail in there.values()) == ["app-trail", "org-audit", "test"]
    assert service["findings"]["cloudtrail-no-data-logging"]["flagged_items"] == 4


def read_assigned(folder: Path, kind: str) -> dict[str, Any]:
    """The JSON that a JavaScript file of ScoutSuite assigns in its first line."""
    (path,) = folder.glob(f"scoutsuite_{kind}_*.js")
    read: dict[str, Any] = json.loads(path.read_text("utf-8").partition("\n")[2])
    return read


def test_cartography_reads_trails_and_events(
    environment: dict[str, str], cloudtrail: CloudTrail, tmp_path: Path
) -> None:
    python = installed("cartography", "python")
    for number in range(120):
        cloudtrail.add_event("AssumeRole", eventID=f"event-{number}", eventSource="sts.amazonaws.com")
    script, regions = HERE / "read_with_cartography.py", ("us-east-1", "eu-west-1")
    out = run_client(environment, tmp_path, python, "-W", "ignore", script, cloudtrail.account, *regions)
    assert json.loads(out) == {
        "us-east-1": [["legacy", "org-audit", "vendor-feed"], 120],
        "eu-west-1": [["app-trail"], 0],
    }


def test_moto_s_own_tests_fail_where_moto_is_not_the_service(environment: dict[str, str], tmp_path: Path) -> None:
    checkout = os.environ.get("CTUI_TEST_MOTO")
    if not checkout:
        pytest.skip("CTUI_TEST_MOTO names no checkout of moto (.ci/clients DIR all makes one)")
    python = installed("moto", "python")
    line = [
        "-m",
        "pytest",
        "-q",
        "-rf",
        "--color=no",
        "-p",
        "moto_plugin",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        checkout,
    ]
    tests = Path(checkout).resolve() / "tests" / "test_cloudtrail"
    environment = {**environment, "PYTHONPATH": str(HERE)}
    out = run_client(environment, tmp_path, python, *line, tests, code=1)
    failed = {line.split("::")[1].split(" ")[0].split("[")[0] for line in out.splitlines() if line.startswith("FAILED")}
    assert failed == MOTO_FAILS.keys()


MOTO_FAILS = {
    "test_create_trail_advanced": "a log group, a role and a KMS key that are no ARNs",
    "test_get_trail_status_multi_region_not_from_the_home_region": "the same trail",
    "test_list_trails_different_home_region_one_multiregion": "the same trail",
    "test_describe_trails_without_shadowtrails": "the same trail",
    "test_describe_trails_with_shadowtrails_true": "the same trail",
    "test_describe_trails_with_shadowtrails_false": "the same trail",
    "test_remove_tags": "the same trail",
    "test_create_trail_with_tags_and_list_tags": "the same trail",
    "test_update_trail_full": "a bucket's name with an underscore",
    "test_get_trail_status_after_starting": "a log file is delivered in the moment in which logging starts",
    "test_get_trail_status_after_starting_and_stopping": "the same",
    "test_put_event_selectors": "arn:aws:s3:::*/* as a data resource, which the service refuses",
    "test_put_event_selectors_advanced": "event selectors and advanced ones in one call",
    "test_get_event_selectors": "arn:aws:s3:::*/* as a data resource",
    "test_get_event_selectors_multiple": "arn:aws:s3:::*/* as a data resource",
    "test_get_event_selectors_empty": "a new trail selects nothing, where the service has a default",
    "test_get_insight_selectors": "an answer for a trail without Insights, instead of InsightNotEnabledException",
}
"""Test of moto -> what it holds that the service does not do."""
