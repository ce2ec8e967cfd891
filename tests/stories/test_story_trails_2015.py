"""The same changes at a service as the reference of 2015 describes it: no ARNs, no shadow trails, other statuses."""

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager

import pytest
from support.driver import Driver
from support.form_driver import box, foot, note, write
from support.stage import NOW

from ctui.emulator.options import Edition, EmulatorOptions
from ctui.emulator.testing import PLENTY, CloudTrail, running
from ctui.emulator.world_clock import WorldClock
from ctui.model.rules.validate import Field

Open = Callable[..., AbstractAsyncContextManager[Driver]]
SPARE = "spare-logs-111111111111"


@pytest.fixture
def reference() -> Iterator[CloudTrail]:
    """The sample account in the edition of 2015."""
    options = EmulatorOptions(edition=Edition.Y2015, lookup_rate=PLENTY, traffic=False)
    with running(options, WorldClock(NOW, ticking=False)) as emulator:
        yield emulator


async def test_a_trail_lives_from_create_to_delete(reference: CloudTrail, open_app: Open) -> None:
    async with open_app(reference, size=(110, 32)) as ctui:
        await ctui.press("1", "n")
        await write(ctui, Field.NAME, "fresh")
        await write(ctui, Field.BUCKET, "someone-elses-policy")
        await ctui.press("enter", "enter")
        assert "Incorrect S3 bucket policy" in note(ctui, Field.BUCKET)
        await write(ctui, Field.BUCKET, SPARE)
        await ctui.press("enter", "enter", "enter")
        assert reference.calls["StartLogging"] == 1
        assert ctui.cursor("trails").startswith("● fresh")
        await ctui.press("e")
        await write(ctui, Field.PREFIX, "new")
        await ctui.press("enter")
        assert "not set → new" in box(ctui)
        await ctui.press("enter")
        assert any("fresh changed: Key prefix" in each for each in ctui.notices())
        await ctui.press("s", *"fresh", "enter")
        assert ctui.cursor("trails").startswith("○ fresh")
        await ctui.press("d", *"fresh")
        assert "enter delete" in foot(ctui)
        await ctui.press("enter")
        assert not any("fresh" in each for each in ctui.pane("trails"))
