"""Serve HealthOmics, ECS and Deadline Cloud on this machine until Ctrl-C."""

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
        epilog="Prints environment variables that connect boto3, the AWS CLI and any other AWS "
        "client. The services are empty at first, unless --demo is given.",
    )
    parser.add_argument(
        "--port", type=int, default=0, help="port of 127.0.0.1 to listen at (default: a free one)"
    )
    parser.add_argument(
        "--region", default="us-east-1", help="region of the services (default: %(default)s)"
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="add a run and tasks of each service, whose statuses change over time",
    )
    return parser


def _settings(aws: LocalAWS) -> list[str]:
    """Return the environment variables as lines for a POSIX shell."""
    variables = {f"AWS_ENDPOINT_URL_{service}": aws.endpoint_url for service in _SERVICES} | {
        # botocore also puts prefixes such as "workflows-" before the host of a custom endpoint.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_REGION": aws.region,
        "AWS_DEFAULT_REGION": aws.region,
        "AWS_ACCESS_KEY_ID": aws.access_key,
        "AWS_SECRET_ACCESS_KEY": aws.secret_key,
    }
    unset = "unset AWS_SESSION_TOKEN AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
    return [*(f"export {name}={value}" for name, value in variables.items()), unset]


def main() -> str | None:
    """Serve until Ctrl-C. Return an error message if that is impossible."""
    args = _parser().parse_args()
    try:
        with LocalAWS(region=args.region, port=args.port, start=datetime.now(UTC)) as aws:
            _serve(aws, demo=args.demo)
    except (OSError, OverflowError, InvalidRegionError) as error:
        return f"can't serve {args.region} at port {args.port}: {error}"
    except KeyboardInterrupt:
        return None


def _serve(aws: LocalAWS, *, demo: bool) -> NoReturn:
    _print(f"HealthOmics, ECS and Deadline Cloud, at {aws.endpoint_url} until Ctrl-C.")
    _print("\nIn another terminal:\n", *_settings(aws))
    if demo:
        _print("\nThen, for example:\n", *fill(aws))
    while True:
        time.sleep(1)
        aws.advance(1)


def _print(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201 - a program speaks to its terminal


if __name__ == "__main__":
    sys.exit(main())
