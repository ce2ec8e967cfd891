"""Drafts of changes to a trail, as its form makes them."""

from dataclasses import replace
from typing import Any

from ctui.model.trail.draft import TrailDraft, trail_values
from ctui.model.trail.trail import Trail
from ctui.ui.forms.form_draft import draft_from


def draft_of(trail: Trail, **changes: Any) -> TrailDraft:
    """The draft of an update that changes these fields of a trail and nothing else."""
    return replace(draft_from(trail_values(trail), (), trail), **changes)
