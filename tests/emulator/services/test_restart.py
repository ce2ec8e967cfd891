"""The organization as a program: profiles that any tool of AWS reads, and credentials that outlive kill -9."""

import os
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from support.wire import boto_client

pytestmark = pytest.mark.story
"""Each test starts a program."""


def start(data: Path) -> tuple[subprocess.Popen[str], str]:
    """`ctui emulator --organization` over a data folder, and its URL."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "ctui", "emulator", "--organization", "--no-traffic", "--until-stdin-closes"),
            *("--data", str(data), "--lookup-rate", "1000"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ctui emulator: http://127.0.0.1:")
    return process, line.removeprefix("ctui emulator: ").strip()


def end(process: subprocess.Popen[str]) -> str:
    """Kill it, and return what it wrote on standard error."""
    process.kill()
    return process.communicate()[1]


def test_credentials_outlive_kill_9_over_the_same_folder(
    tmp_path: Path, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "a folder"
    process, _ = start(data)
    try:
        monkeypatch.setenv("AWS_CONFIG_FILE", str(data / "aws" / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        session = boto3.Session(profile_name="production-AuditRead")
        assert session.client("cloudtrail").lookup_events()["Events"]
        asked = session.client("sts").get_caller_identity()["Arn"]
    finally:
        words = end(process)
    assert f"export AWS_CONFIG_FILE='{data / 'aws' / 'config'}' AWS_SHARED_CREDENTIALS_FILE={os.devnull}" in words
    for name in session.available_profiles:
        assert name in words
    keys = session.get_credentials().get_frozen_credentials()
    process, again = start(data)
    try:
        given = {"key": keys.access_key, "secret": keys.secret_key, "token": keys.token}
        assert len(boto_client(again, **given).lookup_events()["Events"]) >= 3
        assert boto_client(again, service="sts", **given).get_caller_identity()["Arn"] == asked
    finally:
        end(process)
    # Another folder knows nothing of them.
    process, other = start(tmp_path / "another")
    try:
        with pytest.raises(ClientError, match="UnrecognizedClientException"):
            boto_client(other, **given).lookup_events()
    finally:
        end(process)


@pytest.mark.parametrize(
    ("flags", "status", "words"),
    [
        (["--organization", "--account", "accounts.toml"], 2, "--organization and --account exclude each other"),
        (["--organization", "--print-account"], 0, 'name = "shop-production"'),
        (["--fault", "throttle@nowhere!=1"], 2, "'nowhere!' is not an account, a Region or both"),
    ],
)
def test_flags_that_say_something_else(flags: list[str], status: int, words: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "ctui", "emulator", *flags], capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == status
    assert words in ended.stdout + ended.stderr
