"""The `ctui` command, and `python -m ctui`: which ends quietly if it is interrupted during imports."""

import signal


def main() -> None:
    """Run the command line. SIGINT ends the program with exit code 130 until another handler is set."""
    signal.signal(signal.SIGINT, _leave)
    from ctui.cli.commands import cli  # noqa: PLC0415 - slow imports come after the handler
    from ctui.cli.output import clean_output  # noqa: PLC0415 - as above

    clean_output()
    cli(prog_name="ctui")


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
