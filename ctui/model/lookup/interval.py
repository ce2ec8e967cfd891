"""Stretches of time in whole seconds, half-open, and sets of them: what is known and what is still to be scanned."""

from collections.abc import Iterable, Iterator

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """Epoch seconds from `start` up to but not including `end`. Raises ValueError if that is empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a stretch needs at least one second: {self.start} to {self.end}")

    @classmethod
    def between(cls, start: int, end: int) -> "Stretch | None":
        """The stretch, or None if it would be empty."""
        return cls(start, end) if start < end else None

    @property
    def seconds(self) -> int:
        """Its length."""
        return self.end - self.start

    def __contains__(self, second: int) -> bool:
        return self.start <= second < self.end


@dataclass(frozen=True, slots=True)
class Stretches:
    """A set of seconds, as ascending stretches that neither overlap nor touch. Use `of` to make one."""

    parts: tuple[Stretch, ...] = ()

    @classmethod
    def of(cls, *stretches: Stretch | None) -> "Stretches":
        """The seconds of all these stretches, in any order; None adds nothing."""
        return cls(tuple(_merged(stretch for stretch in stretches if stretch is not None)))

    def union(self, other: "Stretches") -> "Stretches":
        """The seconds in either set."""
        return Stretches(tuple(_merged((*self.parts, *other.parts))))

    def intersect(self, other: "Stretches") -> "Stretches":
        """The seconds in both sets."""
        return Stretches(tuple(_common(self.parts, other.parts)))

    def subtract(self, other: "Stretches") -> "Stretches":
        """The seconds in this set but not in the other."""
        if not self.parts or not other.parts:
            return self
        first, last = self.parts[0].start, self.parts[-1].end
        return self.intersect(other.gaps(Stretch(first, last)))

    def clip(self, within: Stretch) -> "Stretches":
        """The seconds of this set that are in the stretch."""
        return Stretches(tuple(_common(self.parts, (within,))))

    def gaps(self, within: Stretch) -> "Stretches":
        """The seconds of the stretch that are not in this set."""
        return Stretches(tuple(_gaps(self.parts, within)))

    def covers(self, stretch: Stretch) -> bool:
        """True if every second of the stretch is in this set."""
        return any(part.start <= stretch.start and stretch.end <= part.end for part in self.parts)

    def __contains__(self, second: int) -> bool:
        return any(second in part for part in self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __iter__(self) -> Iterator[Stretch]:
        return iter(self.parts)


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    held: Stretch | None = None
    for stretch in sorted(stretches):
        if held is None:
            held = stretch
        elif stretch.start <= held.end:
            held = Stretch(held.start, max(held.end, stretch.end))
        else:
            yield held
            held = stretch
    if held is not None:
        yield held


def _common(ours: tuple[Stretch, ...], theirs: tuple[Stretch, ...]) -> Iterator[Stretch]:
    one = other = 0
    while one < len(ours) and other < len(theirs):
        both = Stretch.between(max(ours[one].start, theirs[other].start), min(ours[one].end, theirs[other].end))
        if both is not None:
            yield both
        if ours[one].end <= theirs[other].end:
            one += 1
        else:
            other += 1


def _gaps(known: tuple[Stretch, ...], within: Stretch) -> Iterator[Stretch]:
    at = within.start
    for part in known:
        if part.start >= within.end:
            break
        if (gap := Stretch.between(at, part.start)) is not None:
            yield gap
        at = max(at, part.end)
    if (gap := Stretch.between(at, within.end)) is not None:
        yield gap
