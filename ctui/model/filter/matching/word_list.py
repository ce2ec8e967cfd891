"""WordList: a list of words, as of a file of indicators, of which texts may contain one. Thousands of them cost no more
than one.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_network

from ctui.model.filter.matching.addresses import address_of

MOST_WORDS = 100_000
"""The most words of a list."""
LONGEST_WORD = 2_000
"""The most characters of a word."""
_RUN = re.compile(r"\w+")
"""Letters and digits: a word of the list must not begin or end inside such a run of a text."""


class WordList:
    """The words of one file. A text matches if it equals one of them, ignoring letter case, or contains one that is not
    part of a longer run of letters and digits. An address also matches a network of the list."""

    def __init__(self, words: Iterable[str]) -> None:
        """Raises ValueError for a list without words, with too many, or with one that is too long."""
        self.words = frozenset(filter(None, (word.strip().casefold() for word in words)))
        if not self.words:
            raise ValueError("has no lines")
        if len(self.words) > MOST_WORDS:
            raise ValueError(f"has {len(self.words):,} lines; {MOST_WORDS:,} at most")
        if max(map(len, self.words)) > LONGEST_WORD:
            raise ValueError(f"has a line of more than {LONGEST_WORD:,} characters")
        self._by_run: dict[str, dict[tuple[int, int], set[str]]] = {}
        """By the first run of a word: where that stands in the word and how long the word is, and such words."""
        self._without_run: list[str] = []
        self._networks: dict[tuple[int, int], set[int]] = {}
        """By IP version and bits that do not count: the networks, without those bits."""
        for word in self.words:
            self._add(word)

    def _add(self, word: str) -> None:
        run = _RUN.search(word)
        if run is None:
            self._without_run.append(word)
            return
        self._by_run.setdefault(run[0], {}).setdefault((run.start(), len(word)), set()).add(word)
        if "/" in word:
            try:
                network = ip_network(word, strict=False)
            except ValueError:
                return
            bits = network.max_prefixlen - network.prefixlen
            self._networks.setdefault((network.version, bits), set()).add(int(network.network_address) >> bits)

    @property
    def has_networks(self) -> bool:
        """True if some words are networks, which match addresses that do not contain them."""
        return bool(self._networks)

    def found_in(self, text: str) -> bool:
        """True if the text, whose letter case is folded already, contains a word."""
        for run in _RUN.finditer(text):
            for (before, length), words in self._by_run.get(run[0], {}).items():
                start = run.start() - before
                if start >= 0 and text[start : start + length] in words and self._ends(text, start, length):
                    return True
        return any(word in text for word in self._without_run)

    def matches(self, value: str) -> bool:
        """True if a value equals or contains one of the words, or is an address in one of the networks."""
        return self.found_in(value.casefold()) or (self.has_networks and self._is_in_network(value))

    def _ends(self, text: str, start: int, length: int) -> bool:
        """True if the word that stands there is not part of a longer run."""
        end = start + length
        begins = start == 0 or not (_is_run(text[start]) and _is_run(text[start - 1]))
        return begins and (end == len(text) or not (_is_run(text[end - 1]) and _is_run(text[end])))

    def _is_in_network(self, value: str) -> bool:
        address = address_of(value)
        if address is None:
            return False
        return any(
            version == address.version and int(address) >> bits in networks
            for (version, bits), networks in self._networks.items()
        )


def _is_run(character: str) -> bool:
    return character == "_" or character.isalnum()
