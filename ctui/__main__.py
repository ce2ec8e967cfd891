"""The `ctui` command, and `python -m ctui`: made to end quietly when interrupted while all else is still imported."""

import signal


def main() -> None:
    """Run the command line; SIGINT ends the program with 130, as shells count it, until somebody else listens."""
    signal.signal(signal.SIGINT, _leave)
    from ctui.cli.commands import cli  # noqa: PLC0415 - what takes time comes after the handler
    from ctui.cli.output import clean_output  # noqa: PLC0415 - as above

    clean_output()
    cli(prog_name="ctui")


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
