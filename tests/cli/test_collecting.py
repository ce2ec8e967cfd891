"""When garbage is collected, beside the work of ctui."""

import subprocess
import sys


def test_the_collection_at_the_end_leaves_out_what_was_imported() -> None:
    # What is registered first is called last.
    program = """
import atexit, gc
atexit.register(lambda: print(gc.isenabled(), len(gc.get_objects())))
from ctui.cli.collecting import pause
pause()
import click
assert len(gc.get_objects()) > 5000
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    collects, objects = ended.stdout.split()
    assert collects == "False"
    assert int(objects) < 100
