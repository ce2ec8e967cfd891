"""When garbage is collected, beside the work of ctui."""

import subprocess
import sys


def test_the_collection_at_the_end_leaves_out_what_was_imported() -> None:
    # What is registered first is called last.
    program = """
import atexit, gc
atexit.register(lambda: print(gc.isenabled(), len(gc.get_objects())))
from ctui.cli.process.collecting import pause
pause()
import click
assert len(gc.get_objects()) > 5000
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    collects, objects = ended.stdout.split()
    assert collects == "False"
    assert int(objects) < 100


def test_behind_the_frame_each_object_is_searched_once() -> None:
    program = """
import gc
from ctui.cli.process import collecting
usual = gc.get_threshold()
collecting.pause()
collecting.collect_new()
before = gc.get_stats()
def make(count):
    for _ in range(count):
        cycle = []
        cycle.append(cycle)
make(50_000)
after = gc.get_stats()
print(*[sum(new[what] - old[what] for old, new in zip(before, after)) for what in ("collections", "collected")])
collecting.resume()
print(gc.isenabled(), gc.get_threshold() == usual, gc.get_freeze_count() > 1000)
frozen = gc.get_freeze_count()
kept = [[] for _ in range(2000)]
collecting.resume()
print(gc.get_freeze_count() - frozen)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    searches, as_usual, again = ended.stdout.splitlines()
    collections, collected = map(int, searches.split())
    assert collections == 2, "usually 71"
    assert collected > 39_000
    assert as_usual == "True True True"
    assert again == "0"
