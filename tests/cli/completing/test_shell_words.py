"""A command line is read as a shell reads it, and what is inserted there is read as it was meant."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.cli.completing.shell_words import FISH_ESCAPES, POSIX_ESCAPES, quoted_for_bash, read_words

# The line up to the cursor; the words before it; the one at it; what bash keeps of that; the open quote.
LINES = [
    ("ctui", [], "ctui", "", ""),
    ("ctui ", ["ctui"], "", "", ""),
    ("ctui search ev", ["ctui", "search"], "ev", "", ""),
    ("ctui search user:al", ["ctui", "search"], "user:al", "user:", ""),
    ("ctui search 'is:error user:al", ["ctui", "search"], "is:error user:al", "", "'"),
    ("ctui search 'is:error' ", ["ctui", "search", "is:error"], "", "", ""),
    ("ctui search 'is:error'", ["ctui", "search"], "is:error", "is:error", ""),
    ('ctui search "user:\\"a b', ["ctui", "search"], 'user:"a b', "", '"'),
    ('ctui search "a\\d', ["ctui", "search"], "a\\d", "", '"'),
    ("ctui search 'a\\", ["ctui", "search"], "a\\", "", "'"),
    ("ctui search user:\\'a\\ b", ["ctui", "search"], "user:'a b", "user:", ""),
    ("ctui search user:'a b", ["ctui", "search"], "user:a b", "user:", "'"),
    ("ctui search 'it'\\''s", ["ctui", "search"], "it's", "it'", "'"),
    ("ctui search ''", ["ctui", "search"], "", "", ""),
    ("ctui search '' ", ["ctui", "search", ""], "", "", ""),
    ("ctui  --region=eu", ["ctui"], "--region=eu", "--region=", ""),
    ("ctui search x \\", ["ctui", "search", "x"], "", "", ""),
    ("", [], "", "", ""),
]


@pytest.mark.parametrize(("line", "complete", "current", "kept", "quote"), LINES, ids=[row[0] for row in LINES])
def test_a_line_is_read_as_bash_does(line: str, complete: list[str], current: str, kept: str, quote: str) -> None:
    words = read_words(line)
    assert (list(words.complete), words.current, words.current[: words.kept], words.quote) == (
        complete, current, kept, quote,
    )  # fmt: skip
    assert not words.names_file


def test_fish_has_escapes_inside_single_quotes() -> None:
    assert read_words("ctui search 'it\\'s a\\\\b", FISH_ESCAPES).current == "it's a\\b"
    assert read_words("ctui search 'it\\'s a\\\\b", POSIX_ESCAPES).current == "a\\b"


@pytest.mark.parametrize(
    "line", ["ctui search x > ", "ctui search x >fi", "ctui search x 2>> fi", "ctui search x <'a b"]
)
def test_behind_a_redirection_is_a_file(line: str) -> None:
    assert read_words(line).names_file
    behind = read_words(f"{line}' y" if "'" in line else f"{line}x y")
    assert (behind.names_file, behind.complete[-1], behind.current) == (False, behind.complete[-1], "y")


@settings(max_examples=examples(300))
@given(st.text(alphabet=st.sampled_from(" ab:=,'\"\\$`!*?~(){}[]&|;<>#é\U0001f600")), st.sampled_from(["", "'", '"']))
def test_what_is_inserted_is_read_as_it_was_meant(text: str, quote: str) -> None:
    assert read_words(f"ctui {quote}{quoted_for_bash(text, quote)}").current == text


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_bash_runs_nothing_that_is_inserted(quote: str) -> None:
    texts = [
        "$(exit 3)",
        "`exit 3`",
        "a;exit 3",
        "a && exit 3",
        "$HOME ~ * ? {a,b} !x",
        "it's",
        'say "x" \\ back',
        "\t|<>#",
    ]
    line = " ".join(f"{quote}{quoted_for_bash(text, quote)}{quote}" for text in texts)
    told = subprocess.run(["bash", "-c", f"printf '%s\\n' {line}"], capture_output=True, check=True, text=True)
    assert told.stdout.splitlines() == texts
