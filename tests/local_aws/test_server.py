"""The HTTP server of the stand-in."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from statistics import median
from time import monotonic
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError

from omics_tasks import (
    ECSClient,
    HealthOmicsClient,
    InvalidRegionError,
    RetryPolicy,
    TransportError,
)
from omics_tasks.ecs import ClusterNotFoundException
from omics_tasks.testing import LocalAWS, RecordedRequest

from .by_boto3 import boto3_client, error_of

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)


def test_requests_are_recorded(aws: LocalAWS) -> None:
    """Signed calls are recorded under the API's names, successful or not; unsigned ones aren't."""
    run = aws.healthomics.add_run()
    with HealthOmicsClient(**aws.client_options) as omics, ECSClient(**aws.client_options) as ecs:
        omics.get_run(run.id, export=["DEFINITION"])
        omics.list_run_tasks(run.id, status="FAILED", page_size=5).collect()
        with pytest.raises(ClusterNotFoundException):
            ecs.list_tasks(cluster="x").collect()
    error_of(boto3_client(aws, "ecs", config={"signature_version": UNSIGNED}).list_tasks)
    assert [
        RecordedRequest("omics", "GetRun", {"id": run.id, "export": ["DEFINITION"]}),
        RecordedRequest(
            "omics", "ListRunTasks", {"id": run.id, "status": "FAILED", "maxResults": 5}
        ),
        RecordedRequest("ecs", "ListTasks", {"cluster": "x"}),
    ] == aws.requests


def test_every_answer_has_an_id_and_a_date() -> None:
    """Every answer has a new request id and the stand-in's time as its Date.

    An answer to an invalid signature has the time of the clock that it was checked against.
    """
    with LocalAWS(start=NOON, clock=lambda: datetime.now(UTC) - timedelta(minutes=5)) as aws:
        run = aws.healthomics.add_run()
        aws.advance(90)
        omics = boto3_client(aws, "omics")
        nobody = boto3_client(aws, "omics", config={"signature_version": UNSIGNED})
        headers = [omics.get_run(id=run.id)["ResponseMetadata"]["HTTPHeaders"]]
        for client, run_id in ((omics, "7"), (nobody, run.id)):
            with pytest.raises(ClientError) as caught:
                client.get_run(id=run_id)
            response: Any = caught.value.response
            headers.append(response["ResponseMetadata"]["HTTPHeaders"])
    assert 3 == len({each["x-amzn-requestid"] for each in headers})
    dates = [parsedate_to_datetime(each["date"]) for each in headers]
    assert [NOON + timedelta(seconds=90)] * 2 == dates[:2]
    assert abs(datetime.now(UTC) - timedelta(minutes=5) - dates[2]) < timedelta(minutes=1)


def test_connections_are_kept(aws: LocalAWS) -> None:
    """One connection serves several requests, also with bodies."""
    connection = HTTPConnection(aws.endpoint_url.removeprefix("http://"))
    connection.connect()
    used = connection.sock
    for method, body in (("POST", b"{}"), ("GET", None), ("DELETE", b"x"), ("GET", None)):
        connection.request(method, "/run/7", body)
        assert connection.getresponse().read()
    assert used is connection.sock
    connection.close()


def test_an_answer_is_sent_in_one_write(aws: LocalAWS) -> None:
    """Head and body are sent together, so that no delayed acknowledgement slows them down."""
    host, port = aws.endpoint_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /run/7 HTTP/1.1\r\nHost: here\r\n\r\n")
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")
    assert body


def test_long_answers_do_not_wait(aws: LocalAWS) -> None:
    """A long answer isn't slowed down by 40 ms of delayed acknowledgements."""
    run = aws.healthomics.add_run()
    for _ in range(100):
        aws.healthomics.add_task(run.id)
    seconds = list[float]()
    with HealthOmicsClient(**aws.client_options) as omics:
        for _ in range(30):
            began = monotonic()
            omics.list_run_tasks(run.id).collect()
            seconds.append(monotonic() - began)
    assert median(seconds) < 0.035


def test_concurrent_requests(aws: LocalAWS) -> None:
    """Requests of several threads are answered concurrently."""
    run = aws.healthomics.add_run()
    found = list[str]()
    with HealthOmicsClient(**aws.client_options) as omics:
        threads = [
            threading.Thread(target=lambda: found.append(omics.get_run(run.id).id))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [run.id] * 20 == found


def test_it_ends_with_its_block() -> None:
    """After the block the port is free, connections are closed and no thread is left."""
    before = set(threading.enumerate())
    with LocalAWS() as aws:
        host, port = aws.endpoint_url.removeprefix("http://").split(":")
        kept = HTTPConnection(host, int(port))
        kept.request("GET", "/run/7")
        kept.getresponse().read()
    assert set() == set(threading.enumerate()) - before
    assert b"" == kept.sock.recv(1)
    kept.close()
    with socket.socket() as probe:
        assert 0 != probe.connect_ex((host, int(port)))


def test_no_url_outside_the_block() -> None:
    """``endpoint_url`` and calls outside the block raise an error that explains the remedy."""
    aws = LocalAWS()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="with block"):
            _ = aws.endpoint_url
        with (
            ECSClient(**aws.client_options, retries=RetryPolicy(max_attempts=1)) as ecs,
            pytest.raises(TransportError, match="with-block"),
        ):
            ecs.list_tasks().collect()
        with aws:
            assert aws.endpoint_url == aws.client_options.get("endpoint_url")


def test_invalid_regions() -> None:
    """An invalid region is an error."""
    with pytest.raises(InvalidRegionError):
        LocalAWS(region="us east")


def test_state_outlives_the_block() -> None:
    """A stand-in keeps its state and can serve again on another port."""
    aws = LocalAWS()
    with aws:
        run = aws.healthomics.add_run()
    with aws, HealthOmicsClient(**aws.client_options) as omics:
        assert run.id == omics.get_run(run.id).id


def test_client_options_override_the_environment(
    aws: LocalAWS, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client with ``client_options`` uses the stand-in whatever the environment holds."""
    for name, value in {
        "AWS_CA_BUNDLE": "/nowhere",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIDANOTHER",
        "AWS_SECRET_ACCESS_KEY": "another",
        "AWS_SESSION_TOKEN": "another",
    }.items():
        monkeypatch.setenv(name, value)
    with ECSClient(**aws.client_options) as ecs:
        assert [] == ecs.list_tasks().collect()
