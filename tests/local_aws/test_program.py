"""``python -m omics_tasks.testing``."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest

from omics_tasks import DeadlineClient, ECSClient, HealthOmicsClient
from omics_tasks.testing import LocalAWS

from .by_boto3 import SESSION

# A shell starts what is in the background deaf to Ctrl-C, and this may run in one.
PROGRAM = (
    "import signal, runpy, time; sleep = time.sleep; time.sleep = lambda s: sleep(s / {hurry});"
    "signal.signal(signal.SIGINT, signal.default_int_handler);"
    "runpy.run_module('omics_tasks.testing', run_name='__main__')"
)


@contextmanager
def running(*arguments: str, hurry: int = 1) -> Generator[list[str]]:
    """Yield the lines that the program has printed when it serves, and stop it with Ctrl-C."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(hurry=hurry), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            lines = list[str]()
            end = "--task-id task-" if "--demo" in arguments else "unset"
            for line in process.stdout:
                lines.append(line.rstrip("\n"))
                if end in line:
                    break
            yield lines
        finally:
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=30)
    assert (0, "", "") == (process.returncode, rest, errors)


def settings(lines: list[str]) -> dict[str, str]:
    return dict(re.findall(r"^export (\w+)=(.*)$", "\n".join(lines), re.MULTILINE))


def test_printed_variables_configure_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the printed variables, this library and boto3 find the demo's runs and tasks."""
    with running("--demo") as lines:
        for name, value in settings(lines).items():
            monkeypatch.setenv(name, value)
        text = "\n".join(lines)
        run_id = re.findall(r"get-run --id (\d+)", text)[0]
        ids = re.findall(r"--(?:farm|queue|job|step|task)-id (\w+-[\w-]+)", text)
        with HealthOmicsClient() as omics, ECSClient() as ecs, DeadlineClient() as deadline:
            run = omics.get_run(run_id)
            assert ("joint genotyping", "PENDING") == (run.name, run.status)
            assert 5 == len(omics.list_run_tasks(run_id).collect())
            assert 3 == len(ecs.list_tasks(cluster="render").collect())
            assert "READY" == deadline.get_task(*ids).run_status
        session: Any = type(SESSION)()
        assert run.name == session.client("omics").get_run(id=run_id)["name"]


def test_the_demo_changes_over_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's run fails in the end, here 1,000 times as fast."""
    with running("--demo", hurry=1000) as lines:
        for name, value in settings(lines).items():
            monkeypatch.setenv(name, value)
        run_id = re.findall(r"get-run --id (\d+)", "\n".join(lines))[0]
        give_up = time.monotonic() + 60
        with HealthOmicsClient() as omics:
            while (run := omics.get_run(run_id)).status != "FAILED":
                assert time.monotonic() < give_up
                time.sleep(0.1)
    assert "RUN_TASK_FAILED" == run.failure_reason


def test_output_fits_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """No line of the output or the help is longer than 80 characters."""
    monkeypatch.setenv("COLUMNS", "80")
    help_text = subprocess.run(
        [sys.executable, "-m", "omics_tasks.testing", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    with running("--demo") as lines:
        assert 80 >= max(map(len, [*lines, *help_text.stdout.splitlines()]))
    assert {"--port", "--region", "--demo"} <= set(re.findall(r"--\w+", help_text.stdout))


def test_port_and_region() -> None:
    """The program uses the given port and region, and is empty without ``--demo``."""
    with LocalAWS() as once:
        port = once.endpoint_url.rpartition(":")[2]
    with running("--port", port, "--region", "eu-west-1") as lines:
        variables = settings(lines)
    assert f"http://127.0.0.1:{port}" == variables["AWS_ENDPOINT_URL_OMICS"]
    assert ["eu-west-1"] * 2 == [variables["AWS_REGION"], variables["AWS_DEFAULT_REGION"]]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(["--port", "99999"], "99999"), (["--region", "no where"], "no where")],
)
def test_errors_are_one_line(arguments: list[str], reason: str) -> None:
    """An error is one line, and the exit status is 1."""
    done = subprocess.run(
        [sys.executable, "-m", "omics_tasks.testing", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (1, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines())
    assert reason in done.stderr


def test_a_port_in_use() -> None:
    """A port that is in use is an error."""
    with LocalAWS() as aws:
        port = aws.endpoint_url.rpartition(":")[2]
        done = subprocess.run(
            [sys.executable, "-m", "omics_tasks.testing", "--port", port],
            capture_output=True,
            text=True,
            check=False,
        )
    assert 1 == done.returncode
    assert "in use" in done.stderr
