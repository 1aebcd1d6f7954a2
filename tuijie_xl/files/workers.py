"""Disposable worker processes for untrusted files: a reader that crashes, hangs or eats memory costs one file.

A worker is a fresh Python that imports this module and the function's, nothing else, and serves a small group
of items over its pipes. It is not a ``multiprocessing`` process, so that the main program (which may be heavy,
or an Excel add-in) is never imported again. Works alike on Windows, macOS and Linux.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO

CRASHED, TOO_LONG, TOO_MUCH = "读取时程序异常退出", "读取超过时间上限", "读取时占用内存过大"
ITEMS_A_WORKER = 40
#: Whether the system itself holds a process to its memory limit; elsewhere its use is polled with psutil.
LIMITS_MEMORY = sys.platform == "linux"
_POLL_SECONDS, _WAIT_SECONDS = 0.1, 0.3
_OUT_OF_MEMORY = (b"memory allocation of", b"MemoryError", b"bad_alloc", b"ut of memory")
_BOOT = "import sys; sys.path[:] = {path!r}; from tuijie_xl.files.workers import serve; serve()"


@dataclass(frozen=True)
class WorkerDied:
    """Stands for the result of an item whose worker died. ``why`` is Chinese, without a full stop."""

    item: Any
    why: str


def map_in_workers(function: Callable[[Any], Any], items: Iterable[Any], *, jobs: int | None = None,
                   memory_bytes: int = 2 * 2**30, seconds: float = 120,
                   on_done: Callable[[int, int], None] | None = None) -> list[Any]:
    """``[function(item) for item in items]``, each computed in a worker process; results in the order of items.

    ``function`` must be importable by name (top level of a module that is not ``__main__``), items, results and
    exceptions must pickle. A slot holds the result, the exception object that the function raised, or
    ``WorkerDied`` when the worker crashed, or took more than ``seconds`` or ``memory_bytes``; the other items go
    on. ``on_done(count, total)`` is called in the calling thread after each item, and meanwhile a few times a
    second, so that the caller can stop. Ctrl-C, or an exception of ``on_done``, ends all workers.
    """
    items = list(items)
    if function.__module__ == "__main__" or "." in function.__qualname__:
        raise ValueError(f"{function.__qualname__} cannot be imported by a worker: put it at the top of a module")
    if not items:
        return []
    crew = _Crew(function, items, memory_bytes, seconds)
    try:
        crew.start(min(jobs or os.cpu_count() or 1, len(items)))
        count = 0
        while count < len(items):
            count += crew.has_done_one()
            if on_done:
                on_done(count, len(items))
    except BaseException:
        crew.kill()
        raise
    finally:
        crew.leave()
    return crew.results


# ------------------------------------------------------------------ in the calling process

class _Crew:
    """Threads that each keep one worker busy, and one watch that holds workers to time and memory."""

    def __init__(self, function, items: list, memory_bytes: int, seconds: float):
        self.items, self.results = items, [None] * len(items)
        self.memory_bytes, self.seconds = memory_bytes, seconds
        limit = memory_bytes if LIMITS_MEMORY else None
        self._order = pickle.dumps((function.__module__, function.__qualname__, limit, seconds))
        self._waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self._workers: set[_Worker] = set()
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self, jobs: int) -> None:
        for index in range(len(self.items)):
            self._waiting.put(index)
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(jobs)]
        self._threads.append(threading.Thread(target=self._watch, daemon=True))
        for thread in self._threads:
            thread.start()

    def has_done_one(self) -> bool:
        """Wait for one more item, but not long: the caller wants to be asked, and Windows lets no Ctrl-C through."""
        try:
            failure = self._done.get(timeout=_WAIT_SECONDS)
        except queue.Empty:
            return False
        if failure:
            raise failure
        return True

    def kill(self) -> None:
        """End every worker at once."""
        with self._lock:
            self._stopping.set()
            for worker in self._workers:
                worker.kill(CRASHED)

    def leave(self) -> None:
        """Wait until every worker is gone; the watch stays to the last."""
        for thread in self._threads[:-1]:
            thread.join()
        self._stopping.set()
        for thread in self._threads[-1:]:
            thread.join()

    def _work(self) -> None:
        """One thread: take items until none is left, in workers of at most ``ITEMS_A_WORKER`` items each."""
        worker = None
        try:
            while not self._stopping.is_set():
                try:
                    index = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if worker is None:
                    worker = self._hire()
                self.results[index] = worker.run(self.items[index], self.seconds)
                self._done.put(None)
                if worker.dead or worker.served >= ITEMS_A_WORKER:
                    worker = self._dismiss(worker)
        except Exception as failure:  # noqa: BLE001 - cannot start a worker, cannot pickle an item: tell the caller
            self._done.put(failure)
        finally:
            if worker:
                self._dismiss(worker)

    def _hire(self) -> _Worker:
        with self._lock:
            worker = _Worker(self._order)
            self._workers.add(worker)
            if self._stopping.is_set():
                worker.kill(CRASHED)
        return worker

    def _dismiss(self, worker: _Worker) -> None:
        worker.close()
        with self._lock:
            self._workers.discard(worker)

    def _watch(self) -> None:
        while not self._stopping.wait(_POLL_SECONDS):
            with self._lock:
                for worker in self._workers:
                    if worker.deadline is not None and time.monotonic() > worker.deadline:
                        worker.kill(TOO_LONG)
                    elif not LIMITS_MEMORY and worker.memory() > self.memory_bytes:
                        worker.kill(TOO_MUCH)


class _Worker:
    """A worker process seen from the calling process; used by one thread, killed by any."""

    def __init__(self, order: bytes):
        self.served, self.dead = 0, False
        self.deadline: float | None = None
        self._why: str | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        command = [sys.executable, "-c", _BOOT.format(path=sys.path)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
                                         creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0))
        self._order = order

    def run(self, item, seconds: float) -> Any:
        """The result of one item, the exception it raised, or ``WorkerDied``."""
        question = self._order + pickle.dumps(item)
        self._order = b""
        self.deadline = time.monotonic() + seconds
        try:
            self._process.stdin.write(question)
            self._process.stdin.flush()
            answer = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.dead = True
            self._process.kill()
            self._process.wait()
            return WorkerDied(item, self._why or self._cause())
        finally:
            self.deadline = None
        self.served += 1
        if isinstance(answer, MemoryError):
            self.dead = True
            return WorkerDied(item, TOO_MUCH)
        return answer

    def kill(self, why: str) -> None:
        """End the process; the thread that waits for its answer then finds it gone. The first reason counts."""
        self._why = self._why or why
        self._process.kill()

    def memory(self) -> int:
        """Bytes that the process holds now; 0 when it is gone. Windows starts the real Python below a launcher."""
        import psutil

        try:
            process = psutil.Process(self._process.pid)
            return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)])
        except psutil.Error:
            return 0

    def close(self) -> None:
        """Let the process end by itself, or end it; nothing of it stays."""
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _cause(self) -> str:
        """Why it died by itself: Rust and C++ say so on their last line when an allocation fails."""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 4096))
        words = self._errors.read()
        return TOO_MUCH if any(sign in words for sign in _OUT_OF_MEMORY) else CRASHED


# ------------------------------------------------------------------ in the worker process

def serve() -> None:
    """Answer items from standard input on standard output until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)        # Ctrl-C is the calling process's to answer
    questions, answers = sys.stdin.buffer, _private_output()
    module, name, memory_bytes, seconds = pickle.load(questions)
    _limit_memory(memory_bytes)
    while True:
        try:
            item = pickle.load(questions)
        except EOFError:
            return
        answer = _answer(module, name, item, seconds)
        try:
            answers.write(answer)
            answers.flush()
        except OSError:
            return                                      # nobody listens any more


def _private_output() -> BinaryIO:
    """The pipe to the calling process, out of reach of anything that prints."""
    pipe = os.fdopen(os.dup(1), "wb")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.close(quiet)
    return pipe


def _limit_memory(memory_bytes: int | None) -> None:
    if memory_bytes is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(module: str, name: str, item, seconds: float) -> bytes:
    """The pickled result, or the exception. An alarm ends a worker whose caller was killed while it hangs."""
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds) + 60)
    try:
        return pickle.dumps(getattr(importlib.import_module(module), name)(item), pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # noqa: BLE001 - a Rust panic, SystemExit: all are the function's own answer
        return _pickled_error(error)
    finally:
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def _pickled_error(error: BaseException) -> bytes:
    """The exception as bytes that surely load again; one that cannot is told in words."""
    try:
        words = pickle.dumps(error)
        pickle.loads(words)
    except Exception:  # noqa: BLE001
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return words
