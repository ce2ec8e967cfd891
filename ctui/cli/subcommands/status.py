"""`ctui status`: whether one trail logs and delivers, and what to do if it does not."""

from typing import Any

import click

from ctui.cli.headless.exit_codes import exit_codes_help
from ctui.cli.options import given_settings, headless_options, trail_options


@click.command(
    epilog=exit_codes_help(
        none="--exit-code: the trail does not log, or cannot deliver",
        unreadable="no trail has this name, or a flag or a setting cannot be read",
    )
)
@click.argument("name", metavar="NAME")
@headless_options("since", "files")
@trail_options
def status(*, name: str, demo: bool, quiet: bool, format_: str, not_well_is_1: bool, **flags: Any) -> None:
    """Write the status of a trail: whether it logs and delivers, what each error means and what to do.

    NAME is its name or its ARN. Logging that is stopped and errors of delivery are data, and no exit code without
    --exit-code.
    """
    from ctui.cli.headless.run import run_headless  # noqa: PLC0415 - `--help` needs no session
    from ctui.cli.headless.trail_reading import TrailOptions, show_status  # noqa: PLC0415 - as above
    from ctui.model.lookup.lookup import Lookup  # noqa: PLC0415 - as above

    options = TrailOptions(format_, not_well_is_1)
    code = run_headless(
        given_settings(flags, demo=demo),
        lambda run: show_status(run, name, options),
        demo=demo,
        quiet=quiet,
        lookup=Lookup(impossible=True),
    )
    click.get_current_context().exit(code)
