"""What a shell is told: options, commands, values of options, and filter lines by the completion of the screen."""

from pathlib import Path

import pytest

from ctui.cli.commands import cli
from ctui.cli.completing import stored_values
from ctui.cli.completing.shells import SHELLS, answer
from ctui.model.connection import Connection, LoginTrace
from ctui.store.opening.signs import DAMAGED


def told(shell: str, line: str, monkeypatch: pytest.MonkeyPatch, *, kind: str = "9") -> list[str]:
    """The answer at the end of a line; `kind` as bash says it."""
    monkeypatch.setenv("_CTUI_LINE", line)
    monkeypatch.setenv("_CTUI_KIND", kind)
    return answer(cli, f"{shell}_complete").removesuffix("\n").split("\n")


WORDS = [
    ("ctui se", ["words", "search"]),
    ("ctui --lo", ["words", "--lookup-rate"]),
    ("ctui search --exi", ["words", "--exit-code"]),
    ("ctui search --format nd", ["words", "ndjson"]),
    ("ctui search --format=nd", ["words", "ndjson"]),
    ("ctui search --columns user,i", ["open", "user,ip", "user,id"]),
    ("ctui search --since yes", ["words", "yesterday"]),
    ("ctui search --since mon..t", ["words", "mon..today", "mon..tue", "mon..thu"]),
    ("ctui --profile ", ["words", "default", "prod", "staging"]),
    ("ctui search --region=", ["words", "eu-central-1", "eu-west-1", "sa-east-1", "us-east-2"]),
    ("ctui --store ", ["file"]),
    ("ctui search x --append ", ["file"]),
    ("ctui search x > ", ["file"]),
    ("ctui search x --files ", ["file"]),
    ("ctui files ", ["file"]),
    ("ctui files --since 3h lo", ["file"]),
    ("ctui files logs --sin", ["words", "--since"]),
    ("ctui files --since yes", ["words", "yesterday"]),
    ("ctui completion ", ["words", "bash", "zsh", "fish"]),
    ("ctui emulator --load ", ["file"]),
    ("ctui search user:alice ", ["words"]),
]
# Behind `ctui search '`: what completes the line.
LINES = [
    ("eventNa", ["eventName:", "eventName: "]),
    ("is:err", ["is:error", "is:error "]),
    ("is:error OR user:ali", ["is:error OR user:alina", "is:error OR user:alice"]),
    ("user:AL", ["user:alina", "user:alice"]),
    ("-user:j", ["-user:jörg", "-user:jörg "]),
    ("user:two", ['user:"two words"', 'user:"two words" ']),
    ("user:it", ["user:\"it'\\''s me\"", "user:\"it'\\''s me\" "]),
    ("user:esc", ["user:esc*[31m", "user:esc*[31m "]),
    ("userIdentity.ty", ["userIdentity.type:", "userIdentity.type: "]),
    ("userIdentity.type:R", ["userIdentity.type:Root", "userIdentity.type:Root "]),
    ("user:nobody", []),
    ("a word", []),
    ('"quoted', []),
]


@pytest.mark.parametrize(("line", "answered"), WORDS, ids=[line for line, _ in WORDS])
def test_words_options_and_values(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, line: str, answered: list[str]
) -> None:
    assert told("bash", line, monkeypatch) == answered


@pytest.mark.parametrize(("line", "answered"), LINES, ids=[line for line, _ in LINES])
def test_a_filter_line_goes_on_as_on_the_screen(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, line: str, answered: list[str]
) -> None:
    # A line that begins with a dash stands behind the end of options.
    before = "ctui search -- '" if line.startswith("-") else "ctui search '"
    assert told("bash", f"{before}{line}", monkeypatch)[1:] == answered


def test_an_empty_line_offers_the_fields(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"user:", "name:", "ip:", "about:"} < set(told("bash", "ctui search '", monkeypatch))


def test_each_shell_gets_texts_in_its_own_way(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    line = "ctui search 'is:write user:al"
    assert told("bash", line, monkeypatch) == ["open", "is:write user:alina", "is:write user:alice"]
    assert told("bash", line, monkeypatch, kind="63") == ["open", "alina", "alice"], "only listed, not inserted"
    assert told("bash", "ctui search is:write,user:al", monkeypatch) == ["words"]
    assert told("bash", "ctui search user:two", monkeypatch) == ["open", '\\"two\\ words\\"'], "behind the colon"
    assert told("zsh", line, monkeypatch) == [
        "open", "is:write user:alina", "alina  2 events", "is:write user:alice", "alice  1 event",
    ]  # fmt: skip
    assert told("fish", line, monkeypatch) == [
        "open", "is:write user:alina", "2 events", "is:write user:alice", "1 event",
    ]  # fmt: skip
    assert told("zsh", "ctui --region=us", monkeypatch) == ["words", "--region=us-east-2", "--region=us-east-2"]


def test_nothing_is_taken_away_from_what_is_typed(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    # alice, alina and others contain "i": bash would leave `user:` alone of them. "it's me" begins with it.
    assert told("bash", "ctui search 'user:i", monkeypatch)[1] == "user:\"it'\\''s me\""
    assert told("bash", "ctui search 'user:o", monkeypatch) == ["words"], "several, which share less than is typed"
    assert told("bash", "ctui search 'user:lic", monkeypatch)[1] == "user:alice", "the only one"


def test_values_are_those_of_the_account_that_the_settings_led_to(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    assert told("bash", "ctui search user:z", monkeypatch) == ["open", "zoe"]
    monkeypatch.setattr(stored_values, "login_memory", lambda _settings: Remembered("111111111111"))
    assert told("bash", "ctui search user:z", monkeypatch) == ["words"]
    assert told("bash", "ctui search user:B", monkeypatch) == ["open", "Bob"]


class Remembered:
    """A memory in which all settings led to one account."""

    def __init__(self, account: str) -> None:
        self._account = account

    def recall(self, _options: object) -> object:
        return Connection(None, "eu-west-1", None, "aws", LoginTrace(account=self._account))


def test_a_store_is_read_as_it_is_and_not_waited_for(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    names = sorted(file.parent.iterdir())
    assert told("bash", "ctui search user:Bo", monkeypatch) == ["open", "Bob"]
    assert sorted(file.parent.iterdir()) == names, "no log, no lock, no memory of logins is made"
    assert told("bash", f"ctui search --store={file.parent}/none.db user:Bo", monkeypatch) == ["words"]
    assert told("bash", "ctui search --demo user:Bo", monkeypatch) == ["words"], "a made-up account"
    monkeypatch.setattr(stored_values, "SECONDS", -1)
    assert told("bash", "ctui search user:Bo", monkeypatch) == ["words"], "no time is left"


@pytest.mark.parametrize("flags", ["--no-store", "--endpoint-url http://localhost:4010"])
def test_where_nothing_is_kept_nothing_is_offered(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, file: Path, flags: str
) -> None:
    data = file.parent.parent / "share"
    (data / "ctui").mkdir(parents=True)
    file.rename(data / "ctui" / "events.db")
    monkeypatch.delenv("CTUI_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    assert told("bash", "ctui search user:Bo", monkeypatch) == ["open", "Bob"]
    assert told("bash", f"ctui search {flags} user:Bo", monkeypatch) == ["words"]


@pytest.mark.parametrize("state", ["damaged", "older", "foreign", "folder"])
def test_a_file_that_cannot_be_read_offers_nothing(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, file: Path, state: str
) -> None:
    if state == "damaged":
        Path(f"{file}{DAMAGED}").touch()
    else:
        file.unlink()
        if state == "folder":
            file.mkdir()
        else:
            file.write_bytes(b"SQLite format 3\0" if state == "older" else b"something else")
    assert told("bash", "ctui search user:Bo", monkeypatch) == ["words"]
    assert told("bash", "ctui search 'is:err", monkeypatch)[1] == "is:error", "what the grammar knows"


@pytest.mark.parametrize("asked", ["tcsh_complete", "bash_", "bash", "_", "bash_drop"])
def test_other_questions_have_no_answer(asked: str) -> None:
    assert answer(cli, asked) == ""


@pytest.mark.parametrize("shell", list(SHELLS))
def test_the_script_is_the_one_that_click_would_print(shell: str) -> None:
    script = answer(cli, f"{shell}_source")
    assert script == SHELLS[shell].source_template
    assert f"_CTUI_COMPLETE={shell}_complete" in script
