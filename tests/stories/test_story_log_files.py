"""Log files by the whole program: a question about data events, a day without files, and scripts, without AWS."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC
from pathlib import Path

import pytest
from support.driver import WIDE, driving
from support.log_tree import ACCOUNT, REGION, record_of, write_log

from ctui.cli.session_parts import make_session
from ctui.config.settings import Settings
from ctui.ui.app import CtuiApp

pytestmark = pytest.mark.story
START = 1_793_491_500
"""2026-11-01 00:05 UTC."""
HOUR, DAY = 3600, 86_400
KEY = "ASIAEXAMPLE0000000001"
OBJECT = "arn:aws:s3:::payroll/2026/10.csv"


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten days with a file an hour, but for the fifth day. A key reads an object on the sixth."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "CTUI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CACHE", "DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    tree = tmp_path / "logs"
    for hour in (*range(96), *range(120, 240)):
        write_log(tree, START + hour * HOUR, [record_of(hour, START + hour * HOUR - 300)])
    read = record_of(
        1000,
        START + 130 * HOUR,
        eventName="GetObject",
        eventSource="s3.amazonaws.com",
        eventCategory="Data",
        managementEvent=False,
        userIdentity={"type": "IAMUser", "userName": "mallory", "accountId": ACCOUNT, "accessKeyId": KEY},
        resources=[{"type": "AWS::S3::Object", "ARN": OBJECT}],
    )
    write_log(tree, START + 131 * HOUR, [read], "b")
    (tree / "notes.txt").write_text("not a log file")
    return tree


async def test_what_a_key_read_and_a_day_that_is_missing(
    logs: Path, monkeypatch: pytest.MonkeyPatch, pictures: Path | None
) -> None:
    monkeypatch.chdir(logs.parent)
    with ExitStack() as ending:
        settings = Settings(files=(Path("logs"),)).without_service
        session = make_session(settings, None, None, ending)
        async with driving(CtuiApp(session, zone=UTC, files=["logs"]), session, WIDE, pictures) as ctui:
            await ctui.wait_until(lambda: "217 events in" in ctui.line("header"))
            await ctui.settle()
            assert ctui.line("feed-line").startswith(
                "files from 2026-11-01 00:05 to 2026-11-10 23:05 UTC, completeness"
            )
            assert "1 possible hole" in ctui.line("feed-line")
            assert f"▲ {ACCOUNT} {REGION}" in "\n".join(ctui.pane("trails"))
            await ctui.press("slash")
            await ctui.write(f"key:{KEY} is:data")
            await ctui.press("enter")
            await ctui.settle()
            await ctui.press("enter")
            await ctui.settle()
            assert "GetObject" in ctui.cursor()
            assert OBJECT in "\n".join(ctui.pane("detail"))
            detail = "".join(line.strip() for line in ctui.pane("detail"))
            assert "logs/111122223333_CloudTrail_eu-west-1_20261106T1105Z_b.json.gz" in detail
            await ctui.press("escape", "ctrl+l", "slash")
            await ctui.write("since:2026-11-04T20:00Z until:2026-11-06T03:00Z")
            await ctui.press("enter")
            await ctui.settle()
            said = next(line for line in ctui.pane("events") if "possible hole" in line)
            assert f"no file of {ACCOUNT} {REGION} from 4 Nov 23:05 to 6 Nov 00:05" in said
            ctui.shot("log-files")
            await session.close()


async def test_a_mark_stands_on_its_row(logs: Path) -> None:
    with ExitStack() as ending:
        session = make_session(Settings(files=(logs,)).without_service, None, None, ending)
        async with driving(CtuiApp(session, zone=UTC, files=[str(logs)]), session, WIDE, None) as ctui:
            await ctui.wait_until(lambda: "217 events in" in ctui.line("header"))
            await ctui.settle()
            await ctui.press("j", "space")
            await ctui.settle()
            assert "◆" in ctui.cursor()


def test_a_script_gets_events_and_what_they_rest_on(logs: Path) -> None:
    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "ctui", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    found = run("search", f"key:{KEY}", "--files", str(logs), "--coverage", "-o", "ndjson")
    assert [json.loads(line)["resources"][0]["ARN"] for line in found.stdout.splitlines()] == [OBJECT]
    said = json.loads(found.stderr)
    assert (said["matched"], said["complete"]) == (1, None if not said["files"][0]["not_read"] else False)
    (hole,) = said["files"][0]["possible_holes"]
    assert (hole["from"], hole["to"]) == ("2026-11-04T23:05:00Z", "2026-11-06T00:05:00Z")
    event = run("events", f"{1000:08x}-0000-4000-8000-000000000000", "--files", str(logs), "--exit-code")
    assert (event.returncode in (0, 4), json.loads(event.stdout)["eventName"]) == (True, "GetObject")
    assert run("search", "name:Nothing", "--files", str(logs / "notes.txt")).stdout == ""
    assert "log files read" in run("files", "check", str(logs)).stdout
    assert "1 index" in run("files", "forget", str(logs)).stderr
