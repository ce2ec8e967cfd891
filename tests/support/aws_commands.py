"""Runs commands of the AWS CLI one after the other in one process: to start it takes most of what a command costs.

It is run by the Python that the CLI is installed for, with the CLI's own `main`. Each line of stdin is a command, a
JSON list of arguments; each line of stdout is what came of it: exit code, stdout and stderr.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

from awscli.clidriver import create_clidriver


def run(arguments: list[str]) -> tuple[int, str, str]:
    """Run one command."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = create_clidriver().main(arguments)
        except SystemExit as ended:
            code = ended.code
    written = []
    for stream in (out, err):
        stream.flush()
        written.append(stream.buffer.getvalue().decode())
    return code, written[0], written[1]


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()
