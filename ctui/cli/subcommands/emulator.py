"""`ctui emulator`: a CloudTrail API on this machine."""

from typing import TYPE_CHECKING, Any

import click

from ctui.cli.options import NamedPath, seconds
from ctui.cli.process.collecting import resume

if TYPE_CHECKING:
    from ctui.emulator.options import InjectedFault


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="TCP port; 0 picks a free one (default).")
@click.option("--edition", type=click.Choice(["today", "2015"]), default="today", show_default=True)
@click.option("--lookup-rate", type=click.FloatRange(0, min_open=True), metavar="N", help="Lookups per second.")
@click.option("--history-days", type=click.IntRange(1), metavar="N", help="Days of history that LookupEvents returns.")
@click.option(
    "--lag",
    type=click.Choice(["none", "real"]),
    default="none",
    show_default=True,
    help="Delay before events are visible.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the sample traffic and of faults.")
@click.option("--traffic/--no-traffic", default=True, help="Generate sample traffic, or not.")
@click.option(
    "--load",
    type=NamedPath(),
    multiple=True,
    metavar="PATH",
    help="CloudTrail log files, archives or folders to load.",
)
@click.option("--load-account", metavar="ID", help="Account for the loaded events.")
@click.option(
    "--fault", "faults", callback=lambda _c, _p, texts: _faults(texts), multiple=True, metavar="NAME[@PLACE]=P",
    help="Fail at random: internal, throttle, delay, hang, …; in an account, a Region, or ACCOUNT/REGION.",
)  # fmt: skip
@click.option("--data", type=NamedPath(), metavar="DIR", help="Keep state and delivered files here.")
@click.option(
    "--account",
    type=NamedPath(),
    metavar="FILE",
    help="Accounts, keys, buckets, … to use instead of the built-in ones.",
)
@click.option(
    "--organization",
    is_flag=True,
    help="Three accounts of an organization in six Regions, with profiles, roles, MFA and a sign-in portal.",
)
@click.option("--print-account", is_flag=True, help="Print the built-in account file, as a template.")
@click.option(
    "--delivery",
    callback=lambda _c, _p, text: seconds(text),
    default="5m",
    show_default=True,
    metavar="AGE",
    help="How often logging trails deliver.",
)
@click.option(
    "--allow-remote", metavar="ADDRESS", help="Listen on this address instead of loopback; built-in keys are rejected."
)
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
@click.pass_context
def emulator(context: click.Context, /, print_account: bool, **flags: Any) -> None:
    """Run a CloudTrail API on this machine, for any AWS SDK or the AWS CLI."""
    # The explorer has no use for the emulator's server and signer, and should not wait for their import.
    from ctui.emulator.account import account_file  # noqa: PLC0415
    from ctui.emulator.options import Edition, EmulatorOptions, Lag  # noqa: PLC0415
    from ctui.emulator.serve import run  # noqa: PLC0415

    if print_account:
        click.echo(account_file.print_account(organization=flags["organization"]), nl=False)
        return
    if flags["organization"] and flags["account"] is not None:
        raise click.UsageError("--organization and --account exclude each other.")
    flags |= {"edition": Edition(flags["edition"]), "lag": Lag(flags["lag"])}
    resume()
    context.exit(run(EmulatorOptions(**flags)))


def _faults(texts: tuple[str, ...]) -> "tuple[InjectedFault, ...]":
    from ctui.emulator.options import parse_fault  # noqa: PLC0415 - as above

    try:
        return tuple(parse_fault(text) for text in texts)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
