"""Decoders in processes: the same as without, whatever becomes of a process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support.log_records import record

from ctui.files.decoding import pool as pools
from ctui.files.decoding.decode import decode
from ctui.files.decoding.jobs import Decoded, Decoder, FileJob
from ctui.files.decoding.messages import READY, read_message, write_message
from ctui.files.decoding.pool import DecoderPool, OwnDecoder, decoder_for
from ctui.files.decoding.rows_of_records import RowMaker

WAIT = 120.0
"""Seconds within which a result has come, whatever else the machine does."""
DYING = """
import os, signal, sys
sys.path.append(sys.argv.pop(1))
from ctui.files.decoding import worker
decode = worker.decode
def dying(files, *others):
    if any(b"loud" in file.path for file in files):
        sys.stderr.write("w" * 1_000_000)
        sys.exit("too much")
    if any(b"deadly" in file.path for file in files):
        os.kill(os.getpid(), signal.SIGKILL)
    return decode(files, *others)
worker.decode = dying
worker.main()
"""
"""A decoder that dies of some files."""


@pytest.fixture
def jobs(tmp_path: Path) -> list[list[FileJob]]:
    """Three jobs of two files each."""
    made = []
    for number in range(6):
        path = tmp_path / f"{number}.json"
        path.write_text(record(number))
        made.append(FileJob(number, os.fsencode(path), "", "", ""))
    return [made[:2], made[2:4], made[4:]]


@pytest.fixture
def pool() -> Iterator[DecoderPool]:
    made = DecoderPool(1)
    yield made
    made.close()


def results(decoder: Decoder, jobs: Sequence[Sequence[FileJob]]) -> list[Decoded]:
    found: list[Decoded] = []
    waiting = list(jobs)
    while len(found) < len(jobs):
        while waiting and decoder.wants:
            decoder.submit(waiting.pop(0))
        decoded = decoder.result(WAIT)
        assert decoded is not None
        found.append(decoded)
    return sorted(found, key=lambda decoded: decoded.files[0].file)


def here(jobs: Sequence[Sequence[FileJob]]) -> list[Decoded]:
    return [decode(job, RowMaker()) for job in jobs]


def test_a_small_tree_is_decoded_without_a_process(jobs: list[list[FileJob]]) -> None:
    decoder = decoder_for(1000)
    assert isinstance(decoder, OwnDecoder)
    assert results(decoder, jobs) == here(jobs)
    assert decoder.result(0) is None
    decoder.submit(jobs[0])
    decoder.close()
    assert decoder.result(0) is None


def test_processes_say_the_same_and_one_that_dies_takes_one_file_with_it(
    jobs: list[list[FileJob]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_CHILD", DYING)
    deadly, loud = tmp_path / "deadly.json", tmp_path / "loud.json"
    deadly.write_text(record(7))
    decoder = DecoderPool(1)
    bad = [jobs[0][0], FileJob(9, os.fsencode(deadly), "", "", ""), FileJob(8, os.fsencode(loud), "", "", "")]
    found = results(decoder, [bad, *jobs[1:]])
    decoder.close()
    assert found[1:] == here(jobs[1:])
    assert found[0].segments == here([bad[:1]])[0].segments
    facts = found[0].files[1]
    assert (facts.file, facts.records, facts.size) == (9, 0, deadly.stat().st_size)
    assert facts.reasons == (("a file at which a decoder ended: signal 9", 1),)
    assert found[0].files[2].reasons == (("a file at which a decoder ended: " + "w" * 200, 1),)


@pytest.mark.parametrize("child", ["print('hello')", "import sys; sys.exit('no')", ""])
def test_where_no_process_can_be_had_the_thread_decodes(
    jobs: list[list[FileJob]], child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_CHILD", child)
    if not child:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
    decoder = DecoderPool(2)
    assert results(decoder, jobs) == here(jobs)
    decoder.close()


def test_an_error_of_ours_is_raised_where_the_result_is_awaited(
    pool: DecoderPool, jobs: list[list[FileJob]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "write_message", lambda *_: 1 / 0)
    pool.submit(jobs[0])
    with pytest.raises(ZeroDivisionError):
        pool.result(WAIT)


def test_a_closed_pool_has_no_results(pool: DecoderPool, jobs: list[list[FileJob]]) -> None:
    assert pool.result(0) is None
    for job in jobs:
        pool.submit(job)
    assert not pool.wants
    pool.close()
    pool.close()


def test_a_decoder_ignores_the_keyboard_and_ends_with_its_input(jobs: list[list[FileJob]]) -> None:
    command = [sys.executable, "-P", "-m", "ctui.files.decoding.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert read_message(child.stdout, str) == READY
        child.send_signal(signal.SIGINT)
        write_message(child.stdin, jobs[0])
        assert read_message(child.stdout, Decoded) == here(jobs[:1])[0]
        child.stdin.close()
        assert read_message(child.stdout, Decoded) is None
        assert child.wait(WAIT) == 0
