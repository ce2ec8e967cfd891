"""The command line: `ctui`, and the commands below it."""

from typing import Any

import click

from ctui import __version__
from ctui.cli.emulator import emulator
from ctui.cli.explore import explore
from ctui.cli.options import setting_options


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@setting_options
@click.option("--demo", is_flag=True, help="Explore a sample account. Needs no AWS account and keeps nothing.")
@click.version_option(__version__, prog_name="ctui")
@click.pass_context
def cli(context: click.Context, /, demo: bool, **flags: Any) -> None:
    """Explore AWS CloudTrail: trails, whether they deliver, and the events of the last 90 days.

    Each option can be set as CTUI_OPTION in the environment, or as `option = …` in config.toml.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    if context.invoked_subcommand is not None:
        if given or demo:
            raise click.UsageError(f"options of ctui itself cannot be combined with `{context.invoked_subcommand}`.")
        return
    context.exit(explore(given, demo=demo))


cli.add_command(emulator)
