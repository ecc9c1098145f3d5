"""The processes of a benchmark: servers, workers, and programs that only start up.

Each has the same environment on any machine: keys and a region in variables, no AWS files, no
proxy.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from .contenders import REGION

ROOT = Path(__file__).parents[2]
PYTHON = Path(sys.executable)

Sample = Callable[[], float]
"""A function that measures once."""
Contender = Callable[[], AbstractContextManager[Sample]]
"""A context manager that prepares a contender and ends it."""

_ENVIRONMENT = {
    "PATH": os.defpath,
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "benchmark",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def _running(*command: str | Path, **variables: str) -> Generator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=_ENVIRONMENT | variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"ended with {process.wait()}, see above: {process.args!r}")
    return line


@contextmanager
def serving(delay: float = 0.0) -> Generator[str]:
    """Run a server that delays each answer by ``delay`` seconds. Yield its URL."""
    command = (PYTHON, "-m", "tests.benchmarks.server", "--delay", str(delay))
    with _running(*command) as server:
        yield f"http://127.0.0.1:{_next_line(server).strip()}"


@contextmanager
def _working(python: Path, name: str, job: str, units: int, arguments: str) -> Generator[Sample]:
    command = (python, "-m", "tests.benchmarks.worker", name, job, arguments)
    with _running(*command) as worker:

        def sample() -> float:
            assert worker.stdin is not None
            worker.stdin.write("\n")
            worker.stdin.flush()
            return float(_next_line(worker)) / units

        yield sample


def worker(
    name: str, job: str, arguments: Mapping[str, object], *, units: int, python: Path = PYTHON
) -> Contender:
    """Run a contender's job and measure the seconds of each unit."""
    return partial(_working, python, name, job, units, json.dumps(arguments))


def start_up(program: str, python: Path, **variables: str) -> Contender:
    """Measure the seconds from the start of a process to the end of its program."""

    @contextmanager
    def ready() -> Generator[Sample]:
        def sample() -> float:
            started = time.perf_counter()
            with _running(python, "-c", f"{program}\nprint(flush=True)", **variables) as process:
                _next_line(process)
                return time.perf_counter() - started

        yield sample

    return ready


_PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def peak_memory(program: str, **variables: str) -> Contender:
    """Measure the peak memory in bytes of a process that runs the program."""

    @contextmanager
    def ready() -> Generator[Sample]:
        def sample() -> float:
            with _running(PYTHON, "-c", f"{program}\n{_PEAK}", **variables) as process:
                # macOS counts bytes, all others kibibytes.
                return float(_next_line(process)) * (1 if sys.platform == "darwin" else 1024)

        yield sample

    return ready
