"""Files that a person, or an attacker, wrote: whatever they hold, the answer is file and reason, in words."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ctui.config.load_settings import load_settings
from ctui.emulator.account.account_file import read_world
from ctui.emulator.records.load import events_in
from ctui.emulator.records.log_file import NO_FILE, log_files
from ctui.errors import CtuiError, SettingsError
from ctui.parsing import MOST_BYTES
from ctui.ui.themes import read_theme
from ctui.unpacking.archives import texts_in

Make = Callable[[Path], object]
HOSTILE: dict[str, tuple[Make, str]] = {
    "[[[": (lambda path: path.write_text("[[["), "line 1"),
    "a table twice": (lambda path: path.write_text("[a.b]\n[a.b]"), "cannot declare a.b twice (at line 2"),
    "5,000 digits": (lambda path: path.write_text("keep_days = " + "9" * 5000), "too many digits"),
    "5,000 hexadecimal digits": (lambda path: path.write_text("keep_days = 0x" + "f" * 5000), ""),
    "deep array": (lambda path: path.write_text("store = " + "[" * 100_000), "nested too deeply"),
    "deep table": (lambda path: path.write_text("store = " + "{a=" * 20_000), "nested too deeply"),
    # tomllib takes gigabytes for this one.
    "deep key": (lambda path: path.write_text("a." * 100_000 + "a = 1"), "more than 50 dots"),
    "no UTF-8": (lambda path: path.write_bytes(b"# fine\n\xff\xfe"), "byte 0xff in line 2"),
    "NUL": (lambda path: path.write_bytes(b"store = \x00"), "line 1"),
    "a folder": (lambda path: path.mkdir(), "it is a folder"),
    "a pipe": (os.mkfifo, "a pipe"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "a device"),
    "a loop of links": (lambda path: path.symlink_to(path), "symbolic links"),
    "too large": (lambda path: path.write_bytes(b"#" * (MOST_BYTES + 1)), "larger than 4 MiB"),
}


def settings(path: Path) -> list[CtuiError]:
    """What is told of it as a settings file."""
    return list(load_settings({}, {}, path).problems)


def theme(path: Path) -> list[CtuiError]:
    """What is told of it as a theme."""
    return list(read_theme(path)[1])


def account(path: Path) -> list[CtuiError]:
    """What is told of it as an account file."""
    with pytest.raises(SettingsError) as caught:
        read_world(path)
    return [caught.value]


def is_in_words(text: str) -> bool:
    """True where nothing in it is a library's: no class name, type, traceback or setting of Python's."""
    foreign = ("Error", "Exception", "Traceback", "Errno", "`", "sys.", "recursion", "codec", "$.", "<class")
    return not any(word in text for word in foreign)


# Who names an account file on the command line may mean a pipe, and waits for it; a device has a test of its own.
CASES = [
    (read, name)
    for read in (settings, theme, account)
    for name in HOSTILE
    if not (read is account and name in ("a pipe", "a device"))
]


@pytest.mark.parametrize(("read", "name"), CASES)
def test_a_hostile_file_is_refused_with_file_and_reason(
    tmp_path: Path, read: Callable[[Path], list[CtuiError]], name: str
) -> None:
    make, reason = HOSTILE[name]
    path = tmp_path / "mine.toml"
    make(path)
    first, *_ = read(path)
    assert str(path) in first.message
    assert reason in first.message
    assert is_in_words(first.message), first.message
    assert len(first.message) < 600


def test_a_device_named_as_account_file_is_read_up_to_a_bound(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="larger than 4 MiB"):
        read_world(Path("/dev/zero"))


def test_a_settings_file_that_cannot_be_read_loosens_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[[[")
    read = load_settings({"region": "eu-west-1"}, {}, path)
    assert (read.region, read.read_only, read.no_store) == (("eu-west-1",), True, True)
    assert load_settings({"store": "/x"}, {}, path).no_store is False


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbfregion = 'eu-west-1'")
    read = load_settings({}, {}, path)
    assert (read.region, read.problems) == (("eu-west-1",), ())


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "config.toml"
    path.write_text("region = 'x'")
    monkeypatch.setattr("ctui.parsing.os.open", refuse)
    for read in (settings, theme, account):
        (problem,) = read(path)
        assert f"{path}" in problem.message
        assert "permission denied" in problem.message


def test_a_pipe_to_load_is_left_out_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert list(log_files(tmp_path / "pipe")) == [(tmp_path / "pipe", NO_FILE)]


LOADED = ("[[[", '{"Records": [' + "[" * 50_000, '{"Records": [' + "9" * 5000, '{"a":' * 50_000, "\x00", "\ud800")


@pytest.mark.parametrize("text", LOADED, ids=range(len(LOADED)))
def test_a_hostile_log_file_is_counted(tmp_path: Path, text: str) -> None:
    from collections import Counter

    path = tmp_path / "log.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    reasons: Counter[str] = Counter()
    with path.open("rb") as file:
        [log] = texts_in(file)
        assert list(events_in(log.portions(), "111111111111", reasons)) == []
    reasons.update([log.problem] if log.problem else [])
    assert reasons.total() >= 1
    assert all(is_in_words(reason) for reason in reasons)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[colors]\nprimary = 'rgb(" + "9" * 400 + ",1,2)'", "colors.primary"),
        ("[colors]\nprimary = '#112233'\nerror = 0x" + "f" * 5000, "colors.error: a number with very many digits"),
        ("[colors]\nprimary = '#112233'\n" + "x" * 5000 + " = 1", "is unknown"),
        ("name = '" + "x" * 5000 + "'", "name: 'xxx"),
        ("name = [[[[1]]]]", "name: a list must be"),
    ],
)
def test_a_hostile_value_in_a_theme_is_named_and_cut(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(line)
    _, problems = read_theme(path)
    assert any(says in each.message for each in problems)
    assert all(is_in_words(each.message) and len(each.message) < 600 for each in problems)


ACCOUNT = "[[accounts]]\nid = '111111111111'\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("accounts = 3", "accounts: must be a list, but is a whole number"),
        ("accounts = []", "accounts: must be a list, and not empty"),
        ("[[accounts]]\nid = 1", "accounts[0].id: must be text in quotes, but is a whole number"),
        ("[[accounts]]\nid = 'x'", "accounts[0].id: must be 12 digits in quotes"),
        (ACCOUNT + "bogus = 1", "accounts[0]: does not allow bogus"),
        (ACCOUNT + "organization = 'x'", "accounts[0].organization: cannot be 'x'"),
        (ACCOUNT + f"organization = '{'x' * 5000}'", "accounts[0].organization: cannot be 'xxx"),
        (ACCOUNT + "[[accounts.keys]]\nid = 'k'", "accounts[0].keys[0]: needs secret, which is missing"),
        (ACCOUNT + "[[accounts.keys]]\nid = 'k'\nsecret = 's'\nexpires = 'x'", "must be a date and time such as"),
        (ACCOUNT + "[[accounts.buckets]]\nname = ''", "accounts[0].buckets[0].name: must be text in quotes, and not"),
        (ACCOUNT + "[[accounts.topics]]\nname = 't'\nregion = 'X'", "must be a Region such as eu-west-1"),
        (ACCOUNT + "[[accounts.buckets]]\nname = '" + "x" * 3000 + "'", "of no more than 2048"),
    ],
)
def test_an_account_file_of_another_shape_is_told_in_words(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    (problem,) = account(path)
    assert says in problem.message
    assert is_in_words(problem.message), problem.message
    assert len(problem.message) < 600
