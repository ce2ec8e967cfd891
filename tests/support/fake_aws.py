"""A command `aws` of our own, as version 2 of the AWS CLI behaves: `aws --version` and `aws sso login`.

It signs in at the emulator, whose portal asks nobody, and writes the token where botocore looks for it. `put_on_path`
makes the command; the file runs without anything but the standard library. Environment:

- FAKE_AWS_LOG: a file that gets the arguments of each call as a line of JSON.
- FAKE_AWS_VERSION: what `aws --version` prints, for a version 1 or another program.
- FAKE_AWS_FAILS: what `aws sso login` says on standard error before it ends with 255, as it does where a person
  declines or closes the browser.
"""

import configparser
import hashlib
import json
import os
import stat
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

VERSION = "aws-cli/2.31.18 Python/3.13.9 Linux/6.8.0 exe/x86_64.ubuntu.24"
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_STAMP = "%Y-%m-%dT%H:%M:%SZ"


def put_on_path(folder: Path) -> Path:
    """Make the command in a folder that is to stand first in PATH. Returns its path."""
    command = folder / "aws"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).resolve()}" "$@"\n', "utf-8")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return command


def calls(log: Path) -> list[list[str]]:
    """The arguments of each call so far, from the file that FAKE_AWS_LOG names."""
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    return [json.loads(line) for line in lines]


def main(arguments: list[str]) -> int:
    """Do what the arguments say. Returns the exit code: 0, 252 for what it does not know, 255 for a failure."""
    if log := os.environ.get("FAKE_AWS_LOG"):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(json.dumps(arguments) + "\n")
    if arguments == ["--version"]:
        sys.stdout.write(os.environ.get("FAKE_AWS_VERSION", VERSION) + "\n")
        return 0
    if arguments[:2] == ["sso", "login"]:
        return _sso_login(arguments[2:])
    sys.stderr.write(f"\naws: [ERROR]: argument command: Found invalid choice '{' '.join(arguments[:1])}'\n")
    return 252


def _sso_login(options: list[str]) -> int:
    if why := os.environ.get("FAKE_AWS_FAILS"):
        sys.stderr.write(f"\n{why}\n")
        return 255
    named = options[options.index("--profile") + 1] if "--profile" in options else None
    name = named or os.environ.get("AWS_PROFILE") or "default"
    profile, session, session_name = _settings(name)
    if not session:
        sys.stderr.write("\naws: [ERROR]: Missing the following required SSO configuration values: sso_start_url\n")
        return 255
    url = os.environ.get("AWS_ENDPOINT_URL_SSO_OIDC") or os.environ.get("AWS_ENDPOINT_URL") or profile["endpoint_url"]
    client = _post(f"{url}/client/register", {"clientName": "botocore-client-fake", "clientType": "public"})
    who = {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}
    device = _post(f"{url}/device_authorization", {**who, "startUrl": session["sso_start_url"]})
    if "--use-device-code" in options or "--no-browser" in options:
        sys.stdout.write(
            "Browser will not be automatically opened.\nPlease visit the following URL:\n\n"
            f"{device['verificationUri']}\n\nThen enter the code:\n\n{device['userCode']}\n"
        )
    else:
        sys.stdout.write("Attempting to open your default browser.\n")
    token = _post(f"{url}/token", {**who, "grantType": _DEVICE, "deviceCode": device["deviceCode"]})
    _write_token(session, session_name, client, token)
    sys.stdout.write(f"Successfully logged into Start URL: {session['sso_start_url']}\n")
    return 0


def _settings(name: str) -> tuple[dict[str, str], dict[str, str], str | None]:
    """The profile, where it signs in, and the name of its SSO session, or None for the older settings without one."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(Path(os.environ.get("AWS_CONFIG_FILE", "~/.aws/config")).expanduser(), "utf-8")
    section = name if name == "default" else f"profile {name}"
    profile = dict(config[section]) if config.has_section(section) else {}
    session_name = profile.get("sso_session")
    if session_name is not None:
        return profile, dict(config[f"sso-session {session_name}"]), session_name
    return profile, {key: profile[key] for key in ("sso_start_url", "sso_region") if key in profile}, None


def _write_token(
    session: dict[str, str], session_name: str | None, client: dict[str, Any], token: dict[str, Any]
) -> None:
    """The token as the CLI keeps it: by the name of the session, or by the URL where there is none."""
    now = datetime.now(UTC)
    key = hashlib.sha1((session_name or session["sso_start_url"]).encode(), usedforsecurity=False).hexdigest()
    cached = {
        "startUrl": session["sso_start_url"],
        "region": session["sso_region"],
        "accessToken": token["accessToken"],
        "expiresAt": f"{now + timedelta(seconds=token['expiresIn']):{_STAMP}}",
        "clientId": client["clientId"],
        "clientSecret": client["clientSecret"],
        "registrationExpiresAt": time.strftime(_STAMP, time.gmtime(client["clientSecretExpiresAt"])),
        "refreshToken": token["refreshToken"],
    }
    folder = Path("~/.aws/sso/cache").expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{key}.json"
    path.write_text(json.dumps(cached), "utf-8")
    path.chmod(0o600)


def _post(url: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    # A proxy of the environment would be asked for the emulator on this machine.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as answer:
        decoded: dict[str, Any] = json.load(answer)
        return decoded


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
