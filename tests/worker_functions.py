"""What the workers of test_workers.py run: each is importable by name and harms only its own process."""

import ctypes
import os
import sys
import time


def double(number):
    return number * 2


def pid(_):
    return os.getpid()


def print_and_double(number):
    print("noise on standard output" * 100, flush=True)
    os.write(1, b"more noise")
    return number * 2


def heavy_modules(_):
    return sorted({"pandas", "numpy", "openpyxl", "multiprocessing", "python_calamine"} & set(sys.modules))


def large(size):
    return b"x" * size


class Odd(Exception):
    """An exception that pickles and does not load again."""

    def __init__(self, one, two):
        super().__init__(f"{one}{two}")


def misbehave(how):
    """Do what a reader of a hostile file may do; anything else is returned."""
    if how == "abort":
        os.abort()
    elif how == "segfault":
        ctypes.string_at(0)
    elif how == "exit":
        os._exit(0)
    elif how == "sys.exit":
        sys.exit(3)
    elif how == "raise":
        raise ValueError("坏值")
    elif how == "odd":
        raise Odd(1, 2)
    elif how == "unpicklable":
        return lambda: None
    elif how == "hang":
        while True:
            pass
    elif how == "sleep":
        time.sleep(60)
    elif how == "memory":
        return len(bytearray(8 * 2**30))
    elif how == "grow":
        hoard = []
        while True:
            hoard.append(bytearray(os.urandom(2**20)) * 4)
            time.sleep(0.001)
    elif how == "rust memory":
        os.write(2, b"memory allocation of 8589934592 bytes failed\n")
        os.abort()
    return how


def seen_by_others(_):
    """What any user of the machine may see of a process: its command line and environment."""
    import psutil

    process = psutil.Process()
    return repr((process.cmdline(), process.environ()))
