"""`ctui trails`: the trails of a Region, and whether each one logs and delivers."""

from typing import Any

import click

from ctui.cli.headless.exit_codes import exit_codes_help
from ctui.cli.options import given_settings, headless_options, trail_options


@click.command(epilog=exit_codes_help(none="--exit-code: there is no trail, or one does not log or cannot deliver"))
@headless_options("since", "files")
@trail_options
def trails(*, demo: bool, quiet: bool, format_: str, not_well_is_1: bool, **flags: Any) -> None:
    """Write the trails of the working Region, each with its status.

    The table has the marks and words of the screen. JSON and CSV have all fields of DescribeTrails and GetTrailStatus,
    and what they mean.
    """
    from ctui.cli.headless.run import run_headless  # noqa: PLC0415 - `--help` needs no session
    from ctui.cli.headless.trail_reading import TrailOptions, list_trails  # noqa: PLC0415 - as above
    from ctui.model.lookup.lookup import Lookup  # noqa: PLC0415 - as above

    options = TrailOptions(format_, not_well_is_1)
    code = run_headless(
        given_settings(flags, demo=demo),
        lambda run: list_trails(run, options),
        demo=demo,
        quiet=quiet,
        reads_trails=True,
        lookup=Lookup(impossible=True),
    )
    click.get_current_context().exit(code)
