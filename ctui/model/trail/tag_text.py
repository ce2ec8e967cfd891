"""Tags in one line, as a person types them: `team=red, cost center=42, pilot`."""

from ctui.model.trail.draft import Tags


def parse_tags(text: str) -> Tags:
    """(key, value) of each tag. Commas separate tags, the first `=` key and value; spaces around them are dropped.

    A tag written this way cannot contain a comma, nor its key `=`. AWS allows no comma either.
    """
    tags: list[tuple[str, str]] = []
    for part in text.split(","):
        if part.strip():
            key, _, value = part.partition("=")
            tags.append((key.strip(), value.strip()))
    return tuple(tags)


def format_tags(tags: Tags) -> str:
    """The line from which `parse_tags` reads these tags."""
    return ", ".join(f"{key}={value}" if value else key for key, value in tags)
