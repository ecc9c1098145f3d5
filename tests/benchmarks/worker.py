"""A contender in a process of its own, which runs its job once per input line.

``python -m tests.benchmarks.worker CONTENDER JOB '{"url": …}'`` prints the seconds each time.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module

from .contenders import Job


def main() -> None:
    contender, job, arguments = sys.argv[1:]
    module = import_module(f".contenders.{contender}", __package__)
    run: Job = getattr(module, job)(**json.loads(arguments))
    for _ in sys.stdin:
        started = time.perf_counter()
        run()
        sys.stdout.write(f"{time.perf_counter() - started}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
