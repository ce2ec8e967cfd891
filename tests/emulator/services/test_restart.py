"""The organization as a program: profiles that any tool of AWS reads, and credentials that outlive kill -9."""

import os
import subprocess
import sys
from pathlib import Path

import boto3
import pytest

pytestmark = pytest.mark.story
"""Each test starts a program."""


def start(data: Path, port: int = 0) -> tuple[subprocess.Popen[str], str]:
    """`ctui emulator --organization` over a data folder, and its URL."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "ctui", "emulator", "--organization", "--no-traffic", "--until-stdin-closes"),
            *("--data", str(data), "--port", str(port), "--lookup-rate", "1000"),
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
    process, url = start(data)
    try:
        monkeypatch.setenv("AWS_CONFIG_FILE", str(data / "aws" / "config"))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        session = boto3.Session(profile_name="production-AuditRead")
        client = session.client("cloudtrail")
        assert client.lookup_events()["Events"]
        asked = session.client("sts").get_caller_identity()["Arn"]
    finally:
        words = end(process)
    assert f"export AWS_CONFIG_FILE='{data / 'aws' / 'config'}' AWS_SHARED_CREDENTIALS_FILE={os.devnull}" in words
    for name in session.available_profiles:
        assert name in words
    process, again = start(data, int(url.rpartition(":")[2]))
    try:
        assert again == url
        # The same client goes on, with the credentials that it has.
        assert len(client.lookup_events()["Events"]) >= 3
        assert session.client("sts").get_caller_identity()["Arn"] == asked
    finally:
        end(process)
    # Another folder knows nothing of them.
    process, other = start(tmp_path / "another")
    try:
        keys = session.get_credentials().get_frozen_credentials()
        stranger = boto3.client(
            "cloudtrail",
            endpoint_url=other,
            region_name="us-east-1",
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=keys.secret_key,
            aws_session_token=keys.token,
        )
        with pytest.raises(stranger.exceptions.ClientError, match="UnrecognizedClientException"):
            stranger.lookup_events()
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
