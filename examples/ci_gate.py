r"""Wait for a run and exit with its result: 0 if it succeeded, 1 if not, 2 after a timeout.

As it is, it needs no AWS account: it waits for a run on a stand-in. With --live it waits for a run
of your own account:

    python examples/ci_gate.py --live 1234567 --timeout 7200
"""

from __future__ import annotations

import argparse
import sys

from omics_tasks import (
    HealthOmicsClient,
    OmicsTasksError,
    RetryPolicy,
    WaitFailedError,
    WaitTimeoutError,
)
from omics_tasks.healthomics import RunStatus
from omics_tasks.testing import LocalAWS

SUCCEEDED, FAILED, LATE, BROKEN = range(4)


def exit_code_of(omics: HealthOmicsClient, run_id: str, timeout: float | None) -> int:
    """Wait for the run and return the exit code."""
    try:
        run = omics.wait_for_run(run_id, timeout=timeout)
    except WaitFailedError as error:
        print(f"run {run_id} failed: {error.reason or error}")
        return FAILED
    except WaitTimeoutError as error:
        print(f"run {run_id} is late: {error}")
        return LATE
    print(f"run {run_id} succeeded in {run.duration}")
    return SUCCEEDED


def exit_code_of_stand_in(timeout: float | None, fails: bool) -> int:
    """Do the same with a run on a stand-in, whose time passes at once."""
    aws = LocalAWS()
    policy = RetryPolicy(sleep=aws.advance, clock=aws.seconds)
    with aws, HealthOmicsClient(**aws.client_options, retries=policy) as omics:
        run = aws.healthomics.add_run(
            status=RunStatus.PENDING,
            ends={"status": RunStatus.FAILED, "failure_reason": "RUN_TASK_FAILED"}
            if fails
            else None,
        )
        return exit_code_of(omics, run.id, timeout)


def main() -> int:
    """Wait and return the exit code, which is 3 if a call failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("run_id", nargs="?", help="with --live: the id of the run")
    parser.add_argument("--live", action="store_true", help="wait for a run of your AWS account")
    parser.add_argument("--region", help="with --live: the region, if not the configured one")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="how long at most")
    parser.add_argument("--fail", action="store_true", help="without --live: let the run fail")
    args = parser.parse_args()
    if bool(args.run_id) != args.live:
        parser.error("--live and the id of a run belong together")
    try:
        if not args.live:
            return exit_code_of_stand_in(args.timeout, args.fail)
        with HealthOmicsClient(region=args.region) as omics:
            return exit_code_of(omics, args.run_id, args.timeout)
    except OmicsTasksError as error:
        print(error, file=sys.stderr)
        return BROKEN


if __name__ == "__main__":
    sys.exit(main())
