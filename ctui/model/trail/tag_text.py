"""Tags in one line, as a person types them: `team=red, cost centre=42, pilot`."""

from ctui.model.trail.draft import Tags


def parse_tags(text: str) -> Tags:
    """(key, value) of each tag. A comma parts tags, the first `=` key and value; blanks around them are dropped.

    Neither a comma nor, in a key, `=` can stand in a tag written this way; AWS takes no comma either.
    """
    found: list[tuple[str, str]] = []
    for part in text.split(","):
        if part.strip():
            key, _, value = part.partition("=")
            found.append((key.strip(), value.strip()))
    return tuple(found)


def format_tags(tags: Tags) -> str:
    """The line that `parse_tags` reads these tags from."""
    return ", ".join(f"{key}={value}" if value else key for key, value in tags)
