"""`ctui files`: the explorer over log files alone; what of them is read, and the indexes that are kept of them."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ctui.cli.options import given_settings, setting_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "check": "Write which files are read and which are not, and why.",
    "forget": "Delete the indexes of log files, which lie in the cache folder; the files stay.",
}
"""What can stand in place of a path, with the first sentence of each."""
_OF_THE_SERVICE = ("profile", "region", "assume", "endpoint_url", "lookup_rate", "read_only", "files")


def _is_command(args: Sequence[str]) -> bool:
    return bool(args) and args[0] in COMMANDS


class _FilesGroup(click.Group):
    """Opens the paths that it gets, unless its first word is a command. A file of that name is `./check`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"ctui.cli.subcommands.files_{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their names and first sentences."""
        with formatter.section("Commands"):
            formatter.write_dl([(f"{name} PATH…", sentence) for name, sentence in COMMANDS.items()])

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """With options behind paths, too, as a command has them."""
        return super().make_context(
            info_name, args, parent, **{"allow_interspersed_args": not _is_command(args), **extra}
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read a command as a group does, and paths as a command does."""
        return super().parse_args(ctx, args) if _is_command(args) else click.Command.parse_args(self, ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """A command that begins so, else options, else files."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - a shell asks for it

        named = [
            CompletionItem(name, help=sentence)
            for name, sentence in COMMANDS.items()
            if incomplete and not ctx.args and name.startswith(incomplete)
        ]
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return named or [CompletionItem(incomplete, type="file")]


@click.group(cls=_FilesGroup, invoke_without_command=True, no_args_is_help=False, subcommand_metavar="PATH…")
@setting_options(*_OF_THE_SERVICE)
@click.pass_context
def files(context: click.Context, /, **flags: Any) -> None:
    """Explore CloudTrail log files: files and folders on this machine, indexed where they lie.

    Nothing is asked of AWS.

    \b
    PATH is a folder as S3 has it or any other, a log file, or a .zip: .json, .json.gz,
    records one a line, answers of LookupEvents, events of CloudWatch Logs and EventBridge.
    """
    if context.invoked_subcommand is not None:
        return
    if not context.args:
        raise click.UsageError("Missing argument 'PATH…'.")
    from ctui.cli.explore import explore  # noqa: PLC0415 - `--help` needs nothing of it
    from ctui.config.settings import SETTINGS  # noqa: PLC0415 - as above

    try:
        SETTINGS["files"].read(tuple(context.args))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    given = {**given_settings(flags, demo=False), "files": tuple(context.args)}
    context.exit(explore(given, demo=False, files_alone=True))
