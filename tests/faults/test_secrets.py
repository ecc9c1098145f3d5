"""Secrets appear nowhere, and logs describe each attempt."""

from __future__ import annotations

import logging
import re
import traceback
from datetime import timedelta
from typing import Any

import httpx
import pytest

from omics_tasks import Credentials, OmicsTasksError, RetryPolicy

from ..asking import OPTIONS, Ask, Script, json_answer
from ..test_arguments import DEADLINE_IDS
from ..test_credentials import Refreshing

SECRETS = ("SECRET-KEY", "SECRET-TOKEN", "SECRET-PARAMETER")
KEY = Credentials("AKID", "SECRET-KEY", "SECRET-TOKEN")
TASK = {"taskId": "t", "createdAt": "2026-01-02T03:04:05Z", "createdBy": "me", "runStatus": "READY",
        "parameters": {"p": {"string": "SECRET-PARAMETER"}}}  # fmt: skip
QUICK = RetryPolicy(sleep=lambda _: None)

ANSWERS: list[httpx.Response | Exception] = [
    json_answer(**TASK),
    json_answer(**{**TASK, "runStatus": 5}),
    httpx.Response(200, content=str(TASK).encode()),
    httpx.Response(302, json=TASK),
    httpx.Response(500, json={"message": "busy"}),
    httpx.Response(403, json={"message": "no"}, headers={"x-amzn-errortype": "ExpiredToken"}),
    httpx.ReadError("reset"),
    ZeroDivisionError("a bug in a transport"),
]


def signatures(script: Script) -> list[str]:
    return [request.headers["authorization"].rpartition("=")[2] for request in script.requests]


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: f"{getattr(a, 'status_code', a)}")
def test_no_secret_is_shown(
    ask: Ask, answer: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Logs, reprs, exceptions and the locals in tracebacks contain no secret."""
    script = Script(answer)
    shown: list[str] = []

    def question(client: Any) -> Any:
        shown.append(repr(client) + repr(client.config) + repr(vars(client)))
        return client.get_task(**DEADLINE_IDS)

    with caplog.at_level(logging.DEBUG):
        try:
            shown.append(repr(ask(question, "Deadline", credentials=KEY, retries=QUICK,
                                  transport=script.transport)))  # fmt: skip
        except Exception as error:
            shown.append(ours_in(error) + str(error) + repr(error) + repr(vars(error)))
    shown += [caplog.text, *map(repr, caplog.records), *capsys.readouterr()]
    for secret in (*SECRETS, *signatures(script)):
        assert [] == [text for text in shown if secret in text]


def ours_in(error: BaseException) -> str:
    """Return the traceback with the locals of the library's frames, causes included."""
    shown = ""
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.StackSummary.extract(
            traceback.walk_tb(seen.__traceback__), capture_locals=True
        )
        shown += "".join(str(f.locals) for f in frames if "/omics_tasks/" in f.filename)
        shown += "".join(traceback.format_exception_only(seen))
        seen = seen.__cause__ or seen.__context__
    return shown


def test_a_failing_provider_shows_no_secret(ask: Ask) -> None:
    """A failed refresh names the provider and shows no old credentials."""
    source = Refreshing().credentials(timedelta(minutes=1))
    vars(source)["_refresh_using"] = lambda: 1 / 0
    script = Script(json_answer(id="1"))
    with pytest.raises(OmicsTasksError, match="test failed to give credentials") as caught:
        ask(lambda c: c.get_run("1"), credentials=source, transport=script.transport)
    assert "ZeroDivisionError" in str(caught.value)
    assert [] == script.requests


def test_logs_are_quiet_by_default(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    """At INFO nothing is logged, whether a call succeeds, is retried or fails."""
    with caplog.at_level(logging.INFO, logger="omics_tasks"):
        for answer in (json_answer(id="1"), json_answer(503)):
            script = Script(answer)
            try:
                ask(lambda c: c.get_run("1"), transport=script.transport, retries=QUICK)
            except OmicsTasksError:
                continue
    assert [] == [record for record in caplog.records if record.name.startswith("omics_tasks")]


def test_debug_logs_each_attempt(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    """DEBUG logs one line per attempt: operation, number, outcome, duration and request id."""
    script = Script(
        httpx.ReadError("reset"),
        httpx.Response(503, json={}, headers={"x-amzn-requestid": "r-1"}),
        httpx.Response(200, json={"id": "1"}, headers={"x-amzn-requestid": "r-2"}),
    )
    with caplog.at_level(logging.DEBUG, logger="omics_tasks"):
        ask(lambda c: c.get_run("1"), transport=script.transport, retries=QUICK)
    lines = [record.getMessage() for record in caplog.records if record.name == "omics_tasks"]
    assert [
        "omics GetRun attempt 1: ConnectionClosedError in N ms, request id None",
        "omics GetRun attempt 2: HTTP 503, InternalServerException in N ms, request id r-1",
        "omics GetRun attempt 3: HTTP 200 in N ms, request id r-2",
    ] == [re.sub(r"in \d+\.\d ms", "in N ms", line) for line in lines]


def test_the_options_of_the_tests_are_secret_too() -> None:
    """The credentials of the tests have a repr without secrets."""
    assert "wJalrXUtnFEMI" not in repr(OPTIONS)
