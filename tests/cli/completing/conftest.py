"""A store with names that shells and terminals could misread."""

import os
from pathlib import Path

import pytest
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import event
from support.stored import insert

from ctui.model.connection import Scope
from ctui.store.events import EventStore

USERS = (
    "alice", "alina", "Bob", "jörg", "two words", "it's me", 'say "hi"', "back\\slash", "$(touch pwned)",
    "`touch pwned`", "no!where", "esc\x1b[31m", "x;touch pwned",
)  # fmt: skip


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    """A store of two Regions and accounts that nobody has open."""
    path = tmp_path / "data" / "events.db"
    store = await EventStore.open(path)
    mine = Scope("aws", "111111111111", "eu-west-1")
    records = '{"userIdentity":{"type":"Root"},"awsRegion":"eu-west-1"}'
    named = [event(f"e{at}", EPOCH, username=user, record=records) for at, user in enumerate(USERS)]
    await insert(store, mine, [*named, event("e99", EPOCH, username="alina", record=records)])
    await insert(store, Scope("aws", "222222222222", "sa-east-1"), [event("e0", EPOCH, username="zoe")])
    await store.close()
    return path


@pytest.fixture
def environment(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a shell: this store, and AWS's files with two profiles."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "CTUI_", "_CTUI_", "XDG_"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text(
        "[default]\nregion = us-east-2\n[profile prod]\nregion = eu-central-1\n[sso-session corp]\nregion = mars\n"
    )
    (home / ".aws" / "credentials").write_text("[staging]\naws_access_key_id = AKIAEXAMPLE\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CTUI_STORE", str(file))
    return dict(os.environ)
