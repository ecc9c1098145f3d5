"""Serves HealthOmics, ECS and Deadline Cloud on this machine until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from typing import NoReturn

from ..errors import InvalidRegionError
from .demo import fill
from .local_aws import LocalAWS

_SERVICES = ("OMICS", "ECS", "DEADLINE")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m omics_tasks.testing",
        description=__doc__,
        epilog="Prints the environment variables with which boto3, the AWS CLI and any other AWS "
        "client use it. What they ask for starts empty, unless --demo is given.",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="port of 127.0.0.1 to listen at (default: a free one)"
    )
    parser.add_argument(
        "--region", default="us-east-1", help="the region that it is (default: %(default)s)"
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="add a run and tasks of each service, which live on as time goes by",
    )
    return parser


def _settings(aws: LocalAWS) -> list[str]:
    """Lines for a POSIX shell."""
    variables = {f"AWS_ENDPOINT_URL_{service}": aws.endpoint_url for service in _SERVICES} | {
        # botocore puts "workflows-" and the like before the host of a custom endpoint, too.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_REGION": aws.region,
        "AWS_DEFAULT_REGION": aws.region,
        "AWS_ACCESS_KEY_ID": aws.access_key,
        "AWS_SECRET_ACCESS_KEY": aws.secret_key,
    }
    unset = "unset AWS_SESSION_TOKEN AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
    return [*(f"export {name}={value}" for name, value in variables.items()), unset]


def main() -> str | None:
    """Serves until Ctrl-C; what is wrong, if it can't."""
    args = _parser().parse_args()
    try:
        with LocalAWS(region=args.region, port=args.port, start=datetime.now(UTC)) as aws:
            _serve(aws, demo=args.demo)
    except (OSError, OverflowError, InvalidRegionError) as error:
        return f"can't serve {args.region} at port {args.port}: {error}"
    except KeyboardInterrupt:
        return None


def _serve(aws: LocalAWS, *, demo: bool) -> NoReturn:
    _say(f"HealthOmics, ECS and Deadline Cloud, at {aws.endpoint_url} until Ctrl-C.")
    _say("\nIn another terminal:\n", *_settings(aws))
    if demo:
        _say("\nThen, for example:\n", *fill(aws))
    while True:
        time.sleep(1)
        aws.advance(1)


def _say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201 - a program speaks to its terminal


if __name__ == "__main__":
    sys.exit(main())
