"""The `ctui` command, and `python -m ctui`: which ends quietly if it is interrupted during imports."""

import os
import signal
import sys


def main() -> None:
    """Run the command line. SIGINT ends the program with exit code 130 until another handler is set."""
    signal.signal(signal.SIGINT, _leave)
    from ctui.cli.process.collecting import pause  # noqa: PLC0415 - slow imports come after the handler
    from ctui.cli.process.output import clean_output  # noqa: PLC0415 - as above

    pause()
    clean_output()
    if sys.argv[1:] == ["--version"]:
        # Scripts call it, and importing the parser of the command line takes longer than all else.
        from ctui.cli.version import version_line  # noqa: PLC0415 - as above

        sys.stdout.write(version_line())
        return
    from ctui.cli.commands import COMPLETE, cli  # noqa: PLC0415 - as above

    if asked := os.environ.get(COMPLETE):
        from ctui.cli.completing.shells import answer  # noqa: PLC0415 - a shell asks for it

        sys.stdout.write(answer(cli, asked))
        return
    cli(prog_name="ctui")


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
