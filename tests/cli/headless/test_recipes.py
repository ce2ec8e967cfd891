"""The recipes of the README, each as it stands there, in a fresh shell."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.shell import SECONDS

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running

README = Path(__file__).parents[3] / "README.md"
SECTION = re.compile(r"^### Recipes\n(.*?)^### ", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"^```sh\n# (.*?)\n(.*?)^```", re.DOTALL | re.MULTILINE)
USERS_COMMAND = f'#!/bin/sh\nexec "{sys.executable}" -m ctui "$@"\n'


def recipes() -> dict[str, str]:
    section = SECTION.search(README.read_text("utf-8"))
    assert section is not None
    return dict(BLOCK.findall(section[1]))


@dataclass
class Kitchen:
    """A folder with `ctui` on the path, and an emulator that its settings name."""

    folder: Path
    endpoint: str

    def run(self, script: str) -> "subprocess.CompletedProcess[str]":
        """Run a script as CI does: the first command that fails ends it."""
        programs = self.folder / "bin"
        programs.mkdir(exist_ok=True)
        (programs / "ctui").write_text(USERS_COMMAND)
        (programs / "ctui").chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CTUI_", "XDG_"))}
        ours = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "AWS_ACCESS_KEY_ID": "demo",
            "AWS_SECRET_ACCESS_KEY": "demo",
            "CTUI_ENDPOINT_URL": self.endpoint,
            "CTUI_REGION": "us-east-1",
            "CTUI_LOOKUP_RATE": "1000",
            "CTUI_STORE": str(self.folder / "events.db"),
        }
        return subprocess.run(
            ["sh", "-eu", "-c", script], cwd=self.folder, env=kept | ours, capture_output=True, text=True,
            timeout=SECONDS, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def week() -> Iterator[CloudTrail]:
    """The emulator's week, with its incident."""
    with running(EmulatorOptions(lookup_rate=PLENTY)) as service:
        yield service


@pytest.fixture
def kitchen(week: CloudTrail, tmp_path: Path) -> Kitchen:
    return Kitchen(tmp_path, week.endpoint_url)


def fails_the_build(kitchen: Kitchen, script: str) -> None:
    ended = kitchen.run(script)
    assert ended.returncode == 1
    assert "StopLogging" in ended.stdout


def is_a_table_for_a_spreadsheet(kitchen: Kitchen, script: str) -> None:
    assert kitchen.run(script).returncode == 0
    with (kitchen.folder / "sign-ins.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert list(rows[0]) == ["time", "user", "ip", "mfa", "error", "agent"]
    assert all(row["mfa"] != "yes" for row in rows)


def lists_ten_changes(kitchen: Kitchen, script: str) -> None:
    ended = kitchen.run(script)
    lines = ended.stdout.splitlines()[1:]
    assert ended.returncode == 0
    assert 0 < len(lines) <= 10
    assert all("shop-assets" in line for line in lines)
    assert lines == sorted(lines, key=lambda line: line[2:21], reverse=True)


def appends_each_event_once(kitchen: Kitchen, script: str) -> None:
    runs = [kitchen.run(script) for _ in range(2)]
    assert [(run.returncode, run.stdout, run.stderr) for run in runs] == [(0, "", "")] * 2
    records = [json.loads(line) for line in (kitchen.folder / "writes.ndjson").read_text().splitlines()]
    assert len({record["eventID"] for record in records}) == len(records) > 100
    assert not any(record["readOnly"] is True for record in records)


def counts_who_was_refused(kitchen: Kitchen, script: str) -> None:
    ended = kitchen.run(script)
    assert ended.returncode == 0
    counts = [int(line.split()[0]) for line in ended.stdout.splitlines()]
    assert counts == sorted(counts, reverse=True)
    assert "svc-backup" in ended.stdout


def reads_the_records(kitchen: Kitchen, script: str) -> None:
    ended = kitchen.run(script)
    assert ended.returncode == 0
    assert ended.stdout.count('"eventTime"') == len((kitchen.folder / "ids.txt").read_text().split()) == 2


def names_the_trails(kitchen: Kitchen, script: str) -> None:
    ended = kitchen.run(script)
    assert ended.returncode == 0
    assert "vendor-feed\terror\tlogging\tAccessDenied" in ended.stdout.splitlines()
    assert "org-audit" not in ended.stdout


CHECKS: dict[str, Callable[[Kitchen, str], None]] = {
    "A build that fails if logging was stopped this week, and if that cannot be told.": fails_the_build,
    "Console sign-ins without MFA, for a spreadsheet.": is_a_table_for_a_spreadsheet,
    "The last ten changes of one bucket.": lists_ten_changes,
    "What has changed, each event once: for a cron, such as every 15 minutes.": appends_each_event_once,
    "Who was refused what, most often first.": counts_who_was_refused,
    "The records behind a list of event IDs.": reads_the_records,
    "The trails that need someone, and why.": names_the_trails,
}


def test_every_recipe_is_run_here() -> None:
    assert list(recipes()) == list(CHECKS)


@pytest.mark.parametrize("title", CHECKS)
def test_a_recipe_does_what_it_says(kitchen: Kitchen, title: str) -> None:
    script = recipes()[title]
    if " jq " in script and shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    CHECKS[title](kitchen, script)


def test_the_build_passes_only_if_it_is_certain(few_events: CloudTrail, tmp_path: Path) -> None:
    script = next(iter(recipes().values()))
    assert Kitchen(tmp_path, few_events.endpoint_url).run(script).returncode == 0
    assert Kitchen(tmp_path, "http://127.0.0.1:9").run(script).returncode == 1
