"""What a shell gets at its `tab`: click finds the command or option, and each shell takes texts in its own way.

The scripts hand over the command line up to the cursor, since bash splits words at colons, and a filter line is one
argument with blanks. The answer has a word that says what follows (`Follows`), and then the texts.
"""

import os
from collections.abc import Iterator, Mapping, Sequence, Set
from enum import StrEnum
from typing import ClassVar, TypeAlias

from click import Command
from click.shell_completion import CompletionItem, ShellComplete

from ctui.cli.commands import COMPLETE
from ctui.cli.completing.shell_words import (
    FISH_ESCAPES,
    POSIX_ESCAPES,
    ShellWords,
    quoted_for_bash,
    read_words,
)

_LINE, _KIND = "_CTUI_LINE", "_CTUI_KIND"
_LISTS = "63"
"""COMP_TYPE of bash when it only lists what there is, after a second `tab`."""

_BASH = """\
_ctui_completion() {
    local follows text
    COMPREPLY=()
    {
        IFS= read -r follows
        while IFS= read -r text; do COMPREPLY+=("$text"); done
    } < <(env _CTUI_LINE="${COMP_LINE:0:COMP_POINT}" _CTUI_KIND="$COMP_TYPE" \
_CTUI_COMPLETE=bash_complete "${1/#\\~/$HOME}" 2>/dev/null)
    case $follows in
        open) compopt -o nospace ;;
        file) compopt -o default ;;
        dir) compopt -o dirnames ;;
    esac
}
complete -o nosort -F _ctui_completion ctui 2>/dev/null || complete -F _ctui_completion ctui
"""

_ZSH = """\
#compdef ctui
_ctui_completion() {
    local -a answer texts shown
    local text words_shown
    answer=("${(@f)$(env _CTUI_LINE="${(j: :)words[1,CURRENT-1]} $IPREFIX$QIPREFIX$PREFIX" \
_CTUI_COMPLETE=zsh_complete ${~words[1]} 2>/dev/null)}")
    for text words_shown in "${(@)answer[2,-1]}"; do texts+=("$text") shown+=("$words_shown"); done
    case $answer[1] in
        open) compadd -U -V ctui -S '' -d shown -a texts ;;
        file) _files ;;
        dir) _files -/ ;;
        *) compadd -U -V ctui -d shown -a texts ;;
    esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _ctui_completion "$@"
else
    compdef _ctui_completion ctui
fi
"""

_FISH = """\
function _ctui_completion
    set -l answer (env _CTUI_LINE=(commandline -cp | string collect) _CTUI_COMPLETE=fish_complete \
(commandline -opc)[1] 2>/dev/null)
    switch $answer[1]
        case file
            __fish_complete_path (commandline -ct)
        case dir
            __fish_complete_directories (commandline -ct)
        case '*'
            for at in (seq 2 2 (count $answer))
                printf '%s\\t%s\\n' $answer[$at] $answer[(math $at + 1)]
            end
    end
end
complete --command ctui --no-files --keep-order --arguments '(_ctui_completion)'
"""


class Follows(StrEnum):
    """What the shell does with an answer."""

    WORDS = "words"
    """Insert the text, and end the word."""
    OPEN = "open"
    """Insert the text; the word goes on."""
    FILE = "file"
    """Complete files itself."""
    DIR = "dir"
    """Complete folders itself."""


Candidate: TypeAlias = "tuple[str, CompletionItem]"
"""A whole word that the one at the cursor can become, and what click has of it."""


class _Shell(ShellComplete):
    """A shell that hands over its line."""

    escapes: ClassVar[Mapping[str, Set[str]]] = POSIX_ESCAPES

    def source(self) -> str:
        """Its script."""
        return self.source_template

    def complete(self) -> str:
        """The answer, a line each."""
        words = read_words(os.environ.get(_LINE, ""), self.escapes)
        if words.names_file:
            return Follows.FILE
        items = self.get_completions(list(words.complete[1:]), words.current)
        if (kind := next((item.type for item in items if item.type != "plain"), "")) in (Follows.FILE, Follows.DIR):
            return kind
        # Of `--region=eu-w` click completes what is behind the sign.
        option, sign, _ = words.current.partition("=")
        before = option + sign if sign and option.startswith("-") else ""
        fitting = _fitting([(before + str(item.value), item) for item in items], words.current)
        follows = Follows.OPEN if any(item.open for _, item in fitting) else Follows.WORDS
        return "\n".join((follows, *self.texts(fitting, words)))

    def texts(self, fitting: Sequence[Candidate], words: ShellWords) -> Iterator[str]:
        """The text and words about it, one after the other."""
        for word, item in fitting:
            yield word
            yield item.help or ""


class Bash(_Shell):
    """bash. It takes the text literally, as it must stand behind what it keeps of the word."""

    name = "bash"
    source_template = _BASH

    def texts(self, fitting: Sequence[Candidate], words: ShellWords) -> Iterator[str]:
        """The texts; when bash only lists them, the part of each that was asked for."""
        if os.environ.get(_KIND) == _LISTS and len(fitting) > 1:
            yield from (item.shown or word for word, item in fitting)
            return
        kept = words.current[: words.kept]
        inserted = [
            quoted_for_bash(word.removeprefix(kept), words.quote) for word, _ in fitting if word.startswith(kept)
        ]
        yield from inserted
        if len(inserted) == 1 and words.quote and fitting[0][1].open:
            # bash closes the quote behind the only one. Of two, it inserts what they share.
            yield f"{inserted[0]} "


class Zsh(_Shell):
    """zsh. It quotes the text itself, and shows another one for it."""

    name = "zsh"
    source_template = _ZSH

    def texts(self, fitting: Sequence[Candidate], words: ShellWords) -> Iterator[str]:
        """The text and what is shown for it, one after the other."""
        for word, item in fitting:
            yield word
            yield "  ".join(filter(None, (item.shown or word, item.help)))


class Fish(_Shell):
    """fish. It quotes the text itself, and shows words behind it."""

    name = "fish"
    source_template = _FISH
    escapes = FISH_ESCAPES


SHELLS = {shell.name: shell for shell in (Bash, Zsh, Fish)}


def answer(cli: Command, asked: str) -> str:
    """What a shell asks for with `COMPLETE`: its script (`bash_source`) or what completes its line (`bash_complete`).

    "" if it is none of ours. click would write the same past the cleaned output.
    """
    name, _, what = asked.partition("_")
    if (shell := SHELLS.get(name)) is None or what not in ("source", "complete"):
        return ""
    asking = shell(cli, {}, "ctui", COMPLETE)
    return asking.source() if what == "source" else f"{asking.complete()}\n"


def _fitting(items: Sequence[Candidate], typed: str) -> Sequence[Candidate]:
    """Those that a shell can offer without taking away what is typed: of several, it inserts what all of them share."""
    exact = [pair for pair in items if pair[0].startswith(typed)]
    same_letters = [pair for pair in items if _letters(pair[0]).startswith(_letters(typed))]
    for found in (exact, same_letters, items):
        shared = os.path.commonprefix([word for word, _ in found])  # noqa: RUF071 - characters are meant
        if found and (len(found) == 1 or _letters(shared).startswith(_letters(typed))):
            return found
    return ()


def _letters(text: str) -> str:
    """The text without what a completion may change in what is typed: letter case, and quotes around a value."""
    return text.replace('"', "").casefold()
