"""Signatures are checked as AWS checks them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any, cast

import httpx
import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError

from omics_tasks import AuthenticationException, ECSClient, RetryPolicy
from omics_tasks.testing import LocalAWS

from ..asking import Ask, take
from .by_boto3 import CALLS, STATUS, alter, boto3_client, error_of, fill


def test_canonical_requests(aws: LocalAWS) -> None:
    """Spaces in headers, query order and dot segments in paths are normalised."""
    aws.healthomics.add_run(id="7")
    omics = boto3_client(aws, "omics")

    def add_header(request: Any, **_: Any) -> None:
        request.headers["X-Amz-Note"] = "  far   apart "

    omics.meta.events.register("before-sign", add_header)
    listing = {"id": "7", "status": "FAILED", "maxResults": 5, "startingToken": "~ +/%20=é"}
    for call in (
        partial(omics.list_run_tasks, **listing),
        partial(omics.list_run_tasks, id=".."),
        partial(omics.list_run_tasks, id="."),
    ):
        assert ("ValidationException", 400) == error_of(call)


SERVICES = pytest.mark.parametrize("service", list(CALLS))


@SERVICES
def test_a_valid_signature(aws: LocalAWS, service: str) -> None:
    """A request that boto3 signed with the right keys succeeds."""
    fill(aws)
    answer = CALLS[service](boto3_client(aws, service))
    assert 200 == answer["ResponseMetadata"]["HTTPStatusCode"]


@SERVICES
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"aws_secret_access_key": "another"}, "InvalidSignatureException"),
        ({"aws_access_key_id": "AKIDANOTHER"}, "UnrecognizedClientException"),
        ({"token": "uncalled for"}, "UnrecognizedClientException"),
        ({"region_name": "eu-west-1"}, "InvalidSignatureException"),
        ({"config": {"signature_version": UNSIGNED}}, "MissingAuthenticationTokenException"),
    ],
)
def test_foreign_signatures(
    aws: LocalAWS, service: str, options: dict[str, Any], expected: str
) -> None:
    """A wrong secret, key, token or region, or a missing signature, is an error."""
    fill(aws)
    client = boto3_client(aws, service, **options)
    assert (expected, STATUS[service]) == error_of(lambda: CALLS[service](client))


@SERVICES
def test_a_signature_for_another_service(aws: LocalAWS, service: str) -> None:
    """A signature for another service is an error."""
    fill(aws)
    client = boto3_client(aws, service)

    def sign_for_another(request: Any, **_: Any) -> None:
        request.context["signing"] = {"signing_name": "s3control"}

    client.meta.events.register("before-sign", sign_for_another)
    assert ("InvalidSignatureException", STATUS[service]) == error_of(
        lambda: CALLS[service](client)
    )


def one_more_page(request: AWSPreparedRequest) -> None:
    request.url = request.url.replace("maxResults=50", "maxResults=51")


def another_run(request: AWSPreparedRequest) -> None:
    request.url = request.url.replace("/run/1234567", "/run/1234568")


def another_cluster(request: AWSPreparedRequest) -> None:
    request.body = cast(bytes, request.body).replace(b"default", b"Default")


def last_character(request: AWSPreparedRequest) -> None:
    text = authorization(request)
    request.headers["Authorization"] = text[:-1] + ("0" if text[-1] != "0" else "1")


def unsigned_header(request: AWSPreparedRequest) -> None:
    request.headers["x-amz-extra"] = "not in SignedHeaders"


def another_date(request: AWSPreparedRequest) -> None:
    text = authorization(request)
    day = text.split("/")[1]
    request.headers["Authorization"] = text.replace(f"/{day}/", "/20200101/")


def no_signature(request: AWSPreparedRequest) -> None:
    request.headers["Authorization"] = authorization(request).partition(", Signature=")[0]


def no_scope(request: AWSPreparedRequest) -> None:
    request.headers["Authorization"] = authorization(request).replace("/aws4_request", "")


def no_date(request: AWSPreparedRequest) -> None:
    del request.headers["X-Amz-Date"]


def another_algorithm(request: AWSPreparedRequest) -> None:
    request.headers["Authorization"] = authorization(request).replace("AWS4", "AWS5")


def authorization(request: AWSPreparedRequest) -> str:
    value: str | bytes = request.headers["Authorization"]
    return value.decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize(
    ("service", "change", "expected"),
    [
        ("omics", one_more_page, "InvalidSignatureException"),
        ("omics", another_run, "InvalidSignatureException"),
        ("ecs", another_cluster, "InvalidSignatureException"),
        ("omics", last_character, "InvalidSignatureException"),
        ("ecs", last_character, "InvalidSignatureException"),
        ("omics", unsigned_header, "InvalidSignatureException"),
        ("omics", another_date, "InvalidSignatureException"),
        ("omics", no_signature, "IncompleteSignature"),
        ("ecs", no_scope, "IncompleteSignature"),
        ("deadline", no_date, "IncompleteSignature"),
        ("deadline", another_algorithm, "IncompleteSignature"),
    ],
)
def test_changed_requests(
    aws: LocalAWS, service: str, change: Callable[[AWSPreparedRequest], None], expected: str
) -> None:
    """A query, path, body or header that was changed after signing is an error."""
    fill(aws)
    aws.healthomics.add_run(id="1234568")
    aws.ecs.add_cluster("Default")
    client = alter(boto3_client(aws, service), change)
    assert (expected, STATUS[service]) == error_of(lambda: CALLS[service](client))


@pytest.mark.parametrize("minutes", [-16, 16])
def test_signatures_of_another_time(minutes: int) -> None:
    """A signature more than 15 minutes before or after the stand-in's clock is an error."""
    with LocalAWS(clock=lambda: datetime.now(UTC) + timedelta(minutes=minutes)) as aws:
        client = boto3_client(aws, "omics")
        assert ("InvalidSignatureException", 403) == error_of(lambda: client.get_run(id="7"))


def test_the_date_of_the_key_is_the_date_of_the_signature(
    aws: LocalAWS, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signing key of another day is an error."""

    class OfTwoDays(str):
        __slots__ = ()

        def __getitem__(self, index: Any) -> str:
            return "20200101" if index == slice(0, 8) else super().__getitem__(index)

    class Clock(datetime):
        def strftime(self, format: str) -> str:  # noqa: A002 - as inherited
            return OfTwoDays(super().strftime(format))

    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: Clock.now(UTC))
    ecs = boto3_client(aws, "ecs")
    with pytest.raises(ClientError, match="20200101"):
        ecs.list_tasks()


@pytest.mark.parametrize("year", [1990, 2090])
def test_clients_may_sign_by_the_dates_of_answers(ask: Ask, year: int) -> None:
    """A client that corrects its clock by the Date header succeeds however far the time moves."""
    aws = LocalAWS(start=datetime(year, 1, 1, tzinfo=UTC))
    run = aws.healthomics.add_run()
    for _ in range(3):
        aws.healthomics.add_task(run.id)
    signed = list[str]()

    def answer(request: httpx.Request) -> httpx.Response:
        signed.append(request.headers["x-amz-date"][:4])
        response = aws.transport.handle_request(request)
        aws.advance(86_400)
        return response

    options: dict[str, Any] = {
        **aws.client_options,
        "transport": httpx.MockTransport(answer),
        "retries": RetryPolicy(max_attempts=1),
    }
    assert 3 == len(ask(lambda c: take(c.list_run_tasks(run.id, page_size=1)), **options))
    assert [str(datetime.now(UTC).year), str(year), str(year)] == signed


@pytest.mark.parametrize("minutes", [-14, 14])
def test_small_clock_skew(minutes: int) -> None:
    """A signature 14 minutes from the stand-in's clock is valid."""
    with LocalAWS(clock=lambda: datetime.now(UTC) + timedelta(minutes=minutes)) as aws:
        assert [] == boto3_client(aws, "ecs").list_tasks()["taskArns"]


def test_session_tokens() -> None:
    """With a session token, both clients need exactly that token."""
    with LocalAWS(session_token="temporary") as aws:
        with ECSClient(**aws.client_options) as ecs:
            assert [] == ecs.list_tasks().collect()
        assert [] == boto3_client(aws, "ecs", token="temporary").list_tasks()["taskArns"]
        for token in (None, "another"):
            client = boto3_client(aws, "ecs", token=token)
            assert ("UnrecognizedClientException", 400) == error_of(client.list_tasks)


def test_an_authentication_exception(aws: LocalAWS) -> None:
    """This library raises AuthenticationException for an invalid signature."""
    with LocalAWS(secret_key="another") as other:
        options = aws.client_options
        options["endpoint_url"] = other.endpoint_url
        with ECSClient(**options) as ecs, pytest.raises(AuthenticationException) as caught:
            ecs.list_tasks().collect()
    assert ("InvalidSignatureException", 1) == (caught.value.code, caught.value.attempts)


def dated(client: Any) -> Any:
    """Return the client, which sends ``Date`` instead of ``X-Amz-Date``."""

    def ask_for_date(request: Any, **_: Any) -> None:
        request.headers["Date"] = "now"  # botocore puts its own there, in HTTP's form

    client.meta.events.register("before-sign", ask_for_date)
    return client


@SERVICES
def test_the_date_header_is_accepted(aws: LocalAWS, service: str) -> None:
    """A request may have a ``Date`` header instead of ``X-Amz-Date``, as with AWS."""
    fill(aws)
    client = dated(boto3_client(aws, service))
    assert 200 == CALLS[service](client)["ResponseMetadata"]["HTTPStatusCode"]


def no_time(request: AWSPreparedRequest) -> None:
    request.headers["Date"] = "yesterday"


def an_hour_ago(request: AWSPreparedRequest) -> None:
    request.headers["Date"] = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)


@pytest.mark.parametrize(
    ("change", "expected"),
    [(no_time, "IncompleteSignature"), (an_hour_ago, "InvalidSignatureException")],
)
def test_invalid_dates(
    aws: LocalAWS, change: Callable[[AWSPreparedRequest], None], expected: str
) -> None:
    """An invalid or old ``Date`` is an error."""
    client = alter(dated(boto3_client(aws, "ecs")), change)
    assert (expected, 400) == error_of(client.list_tasks)


@SERVICES
def test_keys_expire(service: str) -> None:
    """Keys that last an hour expire after an hour of the stand-in's time."""
    with LocalAWS(session_token="temporary", keys_last=3600) as aws:
        fill(aws)
        client = boto3_client(aws, service, token="temporary")
        aws.advance(3599)
        assert 200 == CALLS[service](client)["ResponseMetadata"]["HTTPStatusCode"]
        aws.advance(1)
        expired = ("ExpiredTokenException", STATUS[service])
        assert expired == error_of(lambda: CALLS[service](client))
        stranger = boto3_client(aws, service, token="another")
        unknown = ("UnrecognizedClientException", STATUS[service])
        assert unknown == error_of(lambda: CALLS[service](stranger))
