"""Other programs over the same log files: DuckDB, lnav, jq, zgrep. Each says how many events it has found, and counts
only if those are as many as ctui has found."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench.figure import Peer
from bench.run import Run
from bench.trees.tree_questions import AT, TreeQuestion

MOST = 100_000
"""Events that programs are given at most which read all files for each question."""
_OBJECT_BYTES = 1 << 26
"""DuckDB refuses a file with one JSON object above 16 MiB unless told otherwise."""
COLUMNS = {
    "eventID": "r->>'eventID'",
    "eventTime": "r->>'eventTime'",
    "eventSource": "r->>'eventSource'",
    "eventName": "r->>'eventName'",
    "awsRegion": "r->>'awsRegion'",
    "sourceIPAddress": "r->>'sourceIPAddress'",
    "userAgent": "r->>'userAgent'",
    "errorCode": "r->>'errorCode'",
    "errorMessage": "r->>'errorMessage'",
    "accessKeyId": "r->>'$.userIdentity.accessKeyId'",
    "userIdentity": "r->'userIdentity'",
    "requestParameters": "r->'requestParameters'",
    "responseElements": "r->'responseElements'",
    "record": "r::VARCHAR",
}
"""What DuckDB makes of a record."""
_FILES = 'find "$1/" -name "*.json.gz" -print0 | xargs -0'
_LNAV_FORMAT = {
    "$schema": "https://lnav.org/schemas/format-v1.schema.json",
    "trail_log": {
        "title": "CloudTrail",
        "json": True,
        "timestamp-field": "eventTime",
        "line-format": [{"field": "__timestamp__"}, " ", {"field": "eventName"}],
        "value": {
            **{name: {"kind": "string"} for name in ("eventName", "errorCode", "errorMessage", "userAgent")},
            **{name: {"kind": "json"} for name in ("userIdentity", "requestParameters", "responseElements")},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of log files."""

    path: Path
    events: int


def beside(run: Run, question: TreeQuestion, trees: Mapping[int, Path], found: Mapping[int, int]) -> Iterator[Peer]:
    """What other programs take for a question, in milliseconds. `found`: by the number of events of a tree, how many
    ctui has found in it; `trees` has the trees of these numbers."""
    size = max((each for each in found if each <= AT), default=min(found))
    fewer = max((each for each in found if each <= MOST), default=size)
    all_of_it, some_of_it = Tree(trees[size], size), Tree(trees[fewer], fewer)

    def counted(peer: Peer, count: int, tree: Tree) -> Peer:
        if peer.value is not None and count != found[tree.events]:
            return Peer(peer.name, why=f"found {count:,} of {found[tree.events]:,}")
        return peer if peer.value is None or tree.events == size else replace(peer, at=tree.events)

    if not shutil.which("find"):
        return
    yield counted(*_parquet(run, all_of_it, question), all_of_it)
    yield counted(*_duckdb_files(some_of_it, question), some_of_it)
    if question.text or question.pattern:
        options = ("-oiF", question.text) if question.text else ("-oE", question.pattern)
        pipeline = f'{_FILES} zcat | grep -h "$2" -- "$3" | wc -l'
        yield counted(*_piped("zcat | grep", ("grep",), pipeline, all_of_it, *options), all_of_it)
        pipeline = f'{_FILES} zgrep -h "$2" -- "$3" | wc -l'
        yield counted(*_piped("zgrep", ("zgrep",), pipeline, some_of_it, *options), some_of_it)
        yield counted(*_lnav(run, some_of_it, _lnav_condition(question)), some_of_it)
    if question.jq:
        pipeline = f'{_FILES} zcat | jq -c "$2" | wc -l'
        program = f".Records[] | select({question.jq}) | .eventID"
        yield counted(*_piped("zcat | jq", ("jq",), pipeline, some_of_it, program), some_of_it)


def parquet_made(run: Run, path: Path, events: int) -> Peer:
    """Events a second with which DuckDB makes a Parquet file of the log files."""
    return _made(run, Tree(path, events))[1]


def _piped(name: str, needed: tuple[str, ...], pipeline: str, tree: Tree, *words: str) -> tuple[Peer, int]:
    """A pipeline of a shell that ends with the number of records; "$1" is the tree."""
    if not all(shutil.which(each) for each in needed):
        return Peer(name, why="not installed"), 0
    started = time.perf_counter()
    done = subprocess.run(
        ["sh", "-c", pipeline, "sh", str(tree.path), *words], capture_output=True, text=True, check=False
    )
    taken = 1000 * (time.perf_counter() - started)
    if done.returncode or not done.stdout.strip().isdigit():
        return Peer(name, why="failed"), 0
    return Peer(name, taken), int(done.stdout)


def _lnav_condition(question: TreeQuestion) -> str:
    return f"log_raw_text LIKE '%{question.text}%'" if question.text else f"log_raw_text REGEXP '{question.pattern}'"


def _lnav(run: Run, tree: Tree, condition: str) -> tuple[Peer, int]:
    """lnav without a screen, over lines that jq has made: it reads no records inside a list."""
    name = "lnav, of lines made by jq"
    if not (shutil.which("lnav") and shutil.which("jq")):
        return Peer(name, why="not installed"), 0
    formats = run.folder / "lnav" / "formats" / "bench"
    formats.mkdir(parents=True, exist_ok=True)
    (formats / "trail.json").write_text(json.dumps(_LNAV_FORMAT), encoding="utf-8")
    lines = run.folder / f"lines-{tree.events}.json"
    if not lines.exists():
        pipeline = f'{_FILES} zcat | jq -c ".Records[]" > "$2" && mv "$2" "$3" && wc -l < "$3"'
        made, _ = _piped(name, (), pipeline, tree, f"{lines}.part", str(lines))
        if made.value is None:
            return made, 0
    question = f";SELECT count(*) AS n FROM trail_log WHERE {condition}"
    command = ["lnav", "-n", "-I", str(run.folder / "lnav"), "-c", question, "-c", ":write-csv-to -", str(lines)]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    taken = 1000 * (time.perf_counter() - started)
    answer = done.stdout.split()
    if done.returncode or answer[:1] != ["n"]:
        return Peer(name, why="failed"), 0
    return Peer(name, taken), int(answer[1])


def _parquet(run: Run, tree: Tree, question: TreeQuestion) -> tuple[Peer, int]:
    path, made = _made(run, tree)
    if made.value is None:
        return replace(made, name="DuckDB over Parquet"), 0
    return _asked("DuckDB over Parquet", f"SELECT count(*) FROM '{path}' WHERE {question.sql}")


def _duckdb_files(tree: Tree, question: TreeQuestion) -> tuple[Peer, int]:
    return _asked("DuckDB over files", f"SELECT count(*) FROM ({_records(tree)}) WHERE {question.sql}")


def _records(tree: Tree) -> str:
    columns = ", ".join(f"{made} AS {name}" for name, made in COLUMNS.items())
    files = f"'{tree.path}/**/*.json.gz', columns = {{Records: 'JSON[]'}}, maximum_object_size = {_OBJECT_BYTES}"
    return f"SELECT {columns} FROM (SELECT unnest(Records) AS r FROM read_json({files}))"


def _made(run: Run, tree: Tree) -> tuple[Path, Peer]:
    """The Parquet file of a tree, and the events a second with which it was made, which a note beside it keeps."""
    name = "DuckDB, Parquet made"
    path = run.folder / f"tree-{tree.events}.parquet"
    note = path.with_suffix(".json")
    if not note.exists():
        peer, _ = _asked(name, f"COPY ({_records(tree)}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        if peer.value is None:
            return path, peer
        note.write_text(json.dumps(1000 * tree.events / peer.value), encoding="utf-8")
    return path, Peer(name, json.loads(note.read_text(encoding="utf-8")))


def _asked(name: str, statement: str) -> tuple[Peer, int]:
    """What DuckDB takes for a statement, and the number that it answers."""
    try:
        import duckdb
    except ImportError:
        return Peer(name, why="not installed"), 0
    with duckdb.connect() as connection:
        started = time.perf_counter()
        [(count, *_)] = connection.execute(statement).fetchall()
        return Peer(name, 1000 * (time.perf_counter() - started)), count
