"""The command line: `ctui`, and the commands below it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ctui.cli.options import given_settings, setting_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "search": "Write the events that match a filter line to standard output, newest first.",
    "events": "Write the events with these IDs to standard output, newest first.",
    "trails": "Write the trails of the working Region, each with its status.",
    "status": "Write the status of a trail: whether it logs and delivers, what each error means and what to do.",
    "files": "Explore CloudTrail log files: files and folders on this machine, indexed where they lie.",
    "emulator": "Run a CloudTrail API on this machine, for any AWS SDK or the AWS CLI.",
    "completion": "Print the script that completes commands, options and filter lines in bash, zsh or fish.",
}
"""The commands below `ctui`, and their first sentences. Each is a function of the module of its name in `subcommands`,
which is imported when it is called."""

COMPLETE = "_CTUI_COMPLETE"
"""click's variable: with it, ctui answers a shell that completes a line."""


class CommandsOnCall(click.Group):
    """Imports a command when it is called: its options take longer to make than all of `--help`'s text."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"ctui.cli.subcommands.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their names and first sentences."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Commands or options that begin so."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - a shell asks for it

        named = [
            CompletionItem(name, help=sentence) for name, sentence in COMMANDS.items() if name.startswith(incomplete)
        ]
        return named + click.Command.shell_complete(self, ctx, incomplete)


def _print_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from ctui.cli.version import version_line  # noqa: PLC0415 - looked up only if it is wanted

        click.echo(version_line(), nl=False)
        context.exit()


@click.group(cls=CommandsOnCall, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@setting_options()
@click.option("--demo", is_flag=True, help="Explore a sample account. Needs no AWS account and keeps nothing.")
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
    help="Show the version and exit.",
)  # fmt: skip
@click.pass_context
def cli(context: click.Context, /, demo: bool, **flags: Any) -> None:
    """Explore AWS CloudTrail: trails, whether they deliver, and the events of the last 90 days.

    Each option can be set as CTUI_OPTION in the environment, or as `option = …` in config.toml.
    """
    given = given_settings(flags, demo=demo)
    if context.invoked_subcommand is not None:
        if given or demo:
            raise click.UsageError(f"options of ctui itself cannot be combined with `{context.invoked_subcommand}`.")
        return
    from ctui.cli.explore import explore  # noqa: PLC0415 - `--help` and the emulator need nothing of it

    context.exit(explore(given, demo=demo))
