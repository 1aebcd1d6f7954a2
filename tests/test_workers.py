"""Workers: whatever a reader does, it costs one item; the others go on and nothing stays behind."""

import io
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from types import SimpleNamespace

import psutil
import pytest
import worker_functions as work

from tuijie_xl.files import workers
from tuijie_xl.files.reading import read_book
from tuijie_xl.files.workers import CRASHED, TOO_LONG, TOO_MUCH, WorkerDied, map_in_workers
from tuijie_xl.problem import UnusableFile


@pytest.fixture(autouse=True)
def nothing_stays_behind():
    before = set(psutil.Process().children(recursive=True))         # an office that other tests still use
    yield
    assert set(psutil.Process().children(recursive=True)) <= before


def test_results_come_in_order_and_progress_is_told():
    told = []
    results = map_in_workers(work.double, range(25), jobs=2, on_done=lambda count, total: told.append((count, total)))
    assert results == [2 * number for number in range(25)]
    assert [one for one in dict.fromkeys(told) if one[0]] == [(count, 25) for count in range(1, 26)]


def test_no_items_no_workers():
    assert map_in_workers(work.double, []) == []


@pytest.mark.parametrize("how, why", [("abort", CRASHED), ("segfault", CRASHED), ("exit", CRASHED),
                                      ("hang", TOO_LONG), ("sleep", TOO_LONG),
                                      ("memory", TOO_MUCH), ("rust memory", TOO_MUCH)])
def test_a_worker_that_dies_costs_only_its_item(how, why):
    items = ["a", how, "b", "c"]
    assert map_in_workers(work.misbehave, items, jobs=1, seconds=2) == ["a", WorkerDied(how, why), "b", "c"]


def test_memory_is_polled_where_the_system_does_not_limit_it(monkeypatch):
    monkeypatch.setattr(workers, "LIMITS_MEMORY", False)
    results = map_in_workers(work.misbehave, ["a", "grow", "b"], jobs=1, memory_bytes=2**28, seconds=30)
    assert results == ["a", WorkerDied("grow", TOO_MUCH), "b"]


def test_files_are_read_in_workers_and_refusals_come_back(tmp_path):
    (tmp_path / "a.csv").write_text("名称,数\n甲,1\n", encoding="gb18030")
    (tmp_path / "b.xlsx").write_bytes(b"")
    book, refused = map_in_workers(read_book, [tmp_path / "a.csv", tmp_path / "b.xlsx"])
    assert book.grids[0].rows == [["名称", "数"], ["甲", "1"]]
    assert (type(refused), refused.path, refused.why[:5]) == (UnusableFile, str(tmp_path / "b.xlsx"), "文件是空的")


def test_exceptions_come_back_as_values():
    bad, odd, closure, left = map_in_workers(work.misbehave, ["raise", "odd", "unpicklable", "sys.exit"], jobs=1)
    assert (type(bad), str(bad)) == (ValueError, "坏值")
    assert (type(odd), str(odd)) == (RuntimeError, "Odd: 12")
    assert isinstance(closure, Exception)
    assert (type(left), left.code) == (SystemExit, 3)


def test_many_deaths_among_many_items():
    items = ["abort" if number % 3 == 0 else number for number in range(12)]
    results = map_in_workers(work.misbehave, items, jobs=2)
    assert results == [WorkerDied("abort", CRASHED) if number % 3 == 0 else number for number in range(12)]


def test_large_results_and_noise_on_standard_output():
    assert [len(result) for result in map_in_workers(work.large, [50_000_000, 1], jobs=1)] == [50_000_000, 1]
    assert map_in_workers(work.print_and_double, [1, 2], jobs=1) == [2, 4]


def test_a_worker_serves_a_group_of_items_and_is_replaced(monkeypatch):
    monkeypatch.setattr(workers, "ITEMS_A_WORKER", 3)
    pids = map_in_workers(work.pid, range(7), jobs=1)
    assert [len(set(pids[start:start + 3])) for start in (0, 3, 6)] == [1, 1, 1]
    assert len({*pids, os.getpid()}) == 4


def test_a_worker_imports_nothing_heavy():
    assert map_in_workers(work.heavy_modules, [0]) == [[]]


def test_a_function_that_no_worker_can_import_is_refused_at_once():
    with pytest.raises(ValueError, match="top of a module"):
        map_in_workers(lambda item: item, [1])


def test_an_item_that_cannot_be_sent_is_the_callers_error():
    with pytest.raises((pickle.PicklingError, AttributeError)):
        map_in_workers(work.double, [lambda: None])


def test_an_exception_of_the_callers_progress_ends_all():
    def stop(count, total):
        raise InterruptedError
    started = time.monotonic()
    with pytest.raises(InterruptedError):
        map_in_workers(work.misbehave, ["a", "sleep", "sleep"], jobs=2, on_done=stop)
    assert time.monotonic() - started < 20


def test_the_caller_is_asked_while_nothing_gets_done():
    """One file that takes long is no reason not to stop: its worker is killed."""
    asked = []

    def stop(count, total):
        asked.append(count)
        if len(asked) == 3:
            raise InterruptedError
    with pytest.raises(InterruptedError):
        map_in_workers(work.misbehave, ["sleep"], jobs=1, on_done=stop)
    assert asked == [0, 0, 0]


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to one process")
def test_ctrl_c_ends_all_workers_and_the_program(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent("""
        from tuijie_xl.files.workers import map_in_workers
        import worker_functions
        if __name__ == "__main__":
            def told(count, total): print("one done", flush=True)
            map_in_workers(worker_functions.misbehave, ["a", "hang", "sleep"], jobs=2, on_done=told)
        """))
    paths = os.pathsep.join(sys.path)
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "PYTHONPATH": paths}) as process:
        assert process.stdout.readline() == b"one done\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode != 0 and b"KeyboardInterrupt" in errors


def test_memory_of_a_worker_is_that_of_its_process_and_0_when_it_is_gone():
    worker = workers._Worker(pickle.dumps(("worker_functions", "double", None, 5)))
    assert worker.run(21, 5) == 42
    assert worker.memory() > 2**20
    worker.close()
    assert worker.memory() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
def test_a_worker_that_does_not_end_is_ended():
    worker = workers._Worker(pickle.dumps(("worker_functions", "double", None, 5)))
    assert worker.run(1, 5) == 2
    worker._process.send_signal(signal.SIGSTOP)
    worker.close()
    assert worker._process.returncode == -signal.SIGKILL


# ------------------------------------------------------------------ the worker's side, in this process

def served(monkeypatch, *questions: bytes) -> list:
    answers = io.BytesIO()
    monkeypatch.setattr(workers, "_private_output", lambda: answers)
    monkeypatch.setattr(workers, "_limit_memory", lambda memory_bytes: None)
    monkeypatch.setattr(workers.signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"".join(questions))))
    workers.serve()
    answers.seek(0)
    return [pickle.load(answers) for _ in questions[1:]]


def test_the_worker_answers_until_its_input_ends(monkeypatch):
    order = pickle.dumps(("worker_functions", "misbehave", 2**31, 5))
    answers = served(monkeypatch, order, pickle.dumps("a"), pickle.dumps("raise"), pickle.dumps("unpicklable"))
    assert answers[0] == "a" and isinstance(answers[1], ValueError) and isinstance(answers[2], Exception)


def test_the_worker_leaves_when_nobody_listens(monkeypatch):
    class Closed(io.BytesIO):
        def flush(self):
            raise BrokenPipeError
    closed = Closed()
    monkeypatch.setattr(workers.signal, "signal", lambda *arguments: None)
    monkeypatch.setattr(workers, "_private_output", lambda: closed)
    monkeypatch.setattr(workers, "_limit_memory", lambda memory_bytes: None)
    questions = pickle.dumps(("worker_functions", "double", 2**31, 5)) + pickle.dumps(1) * 2
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=(left := io.BytesIO(questions))))
    workers.serve()
    assert left.read() != b""
