"""Commands without a screen as a shell runs them: real processes, over an emulator, in an empty home folder."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ctui.emulator.testing import CloudTrail

SECONDS = 120.0
"""How long a command may take on a machine that is busy with other things."""
_OF_THE_DEVELOPER = ("AWS_", "BOTO", "CTUI_", "XDG_")


@dataclass
class Shell:
    """Runs `ctui` against an emulator, with a key in the environment as a CI job has it."""

    service: CloudTrail
    home: Path
    key: str = "demo"
    variables: dict[str, str] = field(default_factory=dict)
    """Set in the environment."""

    @property
    def options(self) -> tuple[str, ...]:
        """Where the emulator is; as many lookups as it answers."""
        return ("--endpoint-url", self.service.endpoint_url, "--region", self.service.region, "--lookup-rate", "1000")

    def start(self, *words: str, options: tuple[str, ...] | None = None, **more: Any) -> "subprocess.Popen[bytes]":
        """Start `ctui WORDS` with the options of the emulator, or others; its streams are pipes unless others are
        given."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_DEVELOPER)}
        given = {"HOME": str(self.home), "AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": "demo"}
        return subprocess.Popen(
            [sys.executable, "-m", "ctui", *words, *(self.options if options is None else options)],
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},
            env=kept | given | self.variables,
            cwd=self.home,
        )

    def run(self, *words: str, options: tuple[str, ...] | None = None) -> "subprocess.CompletedProcess[bytes]":
        """Run it to its end."""
        process = self.start(*words, options=options)
        out, err = process.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)
