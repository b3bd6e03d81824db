"""Whatever a child does, the caller gets a clear answer and the next job works."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from extraction import sandbox
from extraction.engines.convert import EngineError
from extraction.sandbox import client
from extraction.sandbox.limits import MIB, Limits

JOBS = "tests.extraction.sandbox.hostile_jobs"
QUICK = Limits(wall_s=20, cpu_s=10, memory_bytes=1024 * MIB, output_bytes=8 * MIB)


@pytest.fixture(autouse=True, scope="module")
def _end_zygote() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_bytes(b"hello ")
    return path


def job(name: str, source: Path, limits: Limits = QUICK, **arguments: object) -> list[bytes]:
    return list(sandbox.run(f"{JOBS}:{name}", source, arguments, limits))


def assert_next_job_works(source: Path) -> None:
    assert job("echo", source, more="world") == [b"hello world"]


def test_a_job_reads_its_file_and_answers(source: Path) -> None:
    assert_next_job_works(source)


def test_a_job_may_be_told_more_than_a_message_holds(source: Path) -> None:
    words = "many words " * 100_000
    assert job("echo", source, more=words) == [b"hello " + words.encode()]


@pytest.mark.parametrize(
    "frame",
    [b"", b"\x00\x00", b"\x00\x00\x00\x02{}", b'\x00\x00\x00\x0b{"index":9}', b"\xff\xff\xff\xff{}"],
)
def test_a_figure_that_is_none_is_refused(frame: bytes) -> None:
    with pytest.raises(EngineError) as caught:
        client._figure(frame, {1: "p1-1.png"})
    assert caught.value.code == "processing_failed"


def test_a_child_that_eats_memory_is_refused_more(source: Path) -> None:
    with pytest.raises(EngineError) as caught:
        job("eat_memory", source)
    assert caught.value.code == "processing_failed"
    assert "memory" in caught.value.message
    assert_next_job_works(source)


def test_a_child_that_spins_is_stopped_by_its_cpu_limit(source: Path) -> None:
    with pytest.raises(EngineError) as caught:
        job("spin", source, Limits(wall_s=30, cpu_s=1))
    assert caught.value.code == "timeout"
    assert_next_job_works(source)


def test_a_child_that_sleeps_is_stopped_by_the_clock_with_all_it_started(source: Path) -> None:
    frames = sandbox.run(f"{JOBS}:sleep", source, {}, Limits(wall_s=1.5))
    group = int(next(frames))
    started = time.monotonic()
    with pytest.raises(EngineError) as caught:
        next(frames)
    assert caught.value.code == "timeout"
    assert time.monotonic() - started < 5
    with pytest.raises(ProcessLookupError):
        _wait_for_group_to_end(group)
    assert_next_job_works(source)


def _wait_for_group_to_end(group: int) -> None:
    for _ in range(100):
        os.killpg(group, 0)
        time.sleep(0.02)


def test_a_killed_child_keeps_what_it_sent_and_then_fails(source: Path) -> None:
    frames = sandbox.run(f"{JOBS}:die", source, {}, QUICK)
    assert next(frames) == b"before"
    with pytest.raises(sandbox.ChildDied) as caught:
        next(frames)
    assert caught.value.code == "processing_failed"
    assert caught.value.usage.signal == 9
    assert_next_job_works(source)


def test_a_crash_in_native_code_is_an_error_of_the_file(source: Path) -> None:
    with pytest.raises(sandbox.ChildDied) as caught:
        job("crash", source)
    assert caught.value.usage.signal == 11
    assert_next_job_works(source)


def test_a_child_cannot_flood_its_caller(source: Path) -> None:
    with pytest.raises(EngineError) as caught:
        job("flood", source)
    assert caught.value.code == "processing_failed"
    assert_next_job_works(source)


def test_junk_in_the_answer_is_an_error(source: Path) -> None:
    with pytest.raises(EngineError) as caught:
        job("babble", source)
    assert caught.value.code == "processing_failed"
    assert_next_job_works(source)


def test_an_unknown_error_code_is_not_passed_on(source: Path) -> None:
    with pytest.raises(EngineError) as caught:
        job("lie", source)
    assert caught.value.code == "processing_failed"
    assert "secret" not in caught.value.message


def test_a_child_sees_no_secret_and_no_foreign_descriptor_and_writes_no_file(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "very secret")
    sandbox.close()
    (tmp_path / "open.txt").write_text("open in the parent")
    with (tmp_path / "open.txt").open():
        names, links, wrote = job("surroundings", source, path=str(tmp_path / "new.txt"))
    assert b"SECRET_KEY" not in names
    assert b"open.txt" not in links
    assert links.decode().split("\n").count(str(source)) == 1
    assert wrote == b"refused"


def test_a_child_has_no_network_where_the_kernel_allows_that(source: Path) -> None:
    may_unshare = "import ctypes; raise SystemExit(ctypes.CDLL(None).unshare(0x50000000) != 0)"
    if subprocess.run([sys.executable, "-c", may_unshare], check=False).returncode:
        pytest.skip("this machine lets no process leave its network")
    assert job("phone_home", source) == [b"ENETUNREACH"]


def test_a_zygote_killed_from_outside_is_replaced(source: Path) -> None:
    assert_next_job_works(source)
    zygote = client._sandbox._zygote
    assert zygote is not None
    zygote.process.kill()
    zygote.process.wait()
    assert_next_job_works(source)


def test_close_ends_the_zygote(source: Path) -> None:
    assert_next_job_works(source)
    zygote = client._sandbox._zygote
    assert zygote is not None
    sandbox.close()
    assert zygote.process.returncode is not None
    assert_next_job_works(source)


def test_a_caller_that_stops_reading_leaves_no_child(source: Path) -> None:
    frames = sandbox.run(f"{JOBS}:sleep", source, {}, QUICK)
    group = int(next(frames))
    frames.close()
    with pytest.raises(ProcessLookupError):
        _wait_for_group_to_end(group)


def test_threads_share_one_sandbox(source: Path) -> None:
    answers: list[list[bytes]] = []

    def work(number: int) -> None:
        answers.append(job("echo", source, more=number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [[b"hello " + str(number).encode()] for number in range(8)]


def test_a_forked_worker_starts_its_own_zygote(source: Path) -> None:
    assert_next_job_works(source)
    ours = client._sandbox._zygote
    assert ours is not None
    pid = os.fork()
    if pid == 0:
        try:
            assert_next_job_works(source)
            theirs = client._sandbox._zygote
            other = theirs is not None and theirs.process.pid != ours.process.pid
            sandbox.close()
            os._exit(0 if other else 2)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert client._sandbox._zygote is ours
    assert_next_job_works(source)


def test_a_missing_file_is_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        job("echo", tmp_path / "absent", more="")
