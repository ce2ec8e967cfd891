"""`python -m bench.trees.index_tree TREE INDEXES`: index a tree in a process of its own, and print what that took."""

import asyncio
import json
import resource
import sys
import threading
import time
from pathlib import Path

from bench.trees.tree_session import indexed, over, rows_shown


async def _index(tree: Path, indexes: Path) -> dict[str, float]:
    started = time.perf_counter()
    async with over(tree, indexes) as session:
        await rows_shown(session)
        first = time.perf_counter() - started
        state = await indexed(session)
        wall = time.perf_counter() - started
    return {"events": state.events, "first": first, "wall": wall}


if __name__ == "__main__":
    before = time.process_time()
    measured = asyncio.run(_index(Path(sys.argv[1]), Path(sys.argv[2])))
    for thread in threading.enumerate():
        if thread.name.startswith("ctui-files-decoder"):
            # It waits for the end of its process, whose CPU is known then.
            thread.join()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    measured["cpu"] = time.process_time() - before + children.ru_utime + children.ru_stime
    measured["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps(measured))
