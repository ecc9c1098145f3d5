"""Credentials: their sources, and how often they are fetched."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path
from typing import Any

import boto3
import botocore.credentials
import botocore.session
import pytest

from omics_tasks import (
    ConfigurationError,
    CredentialRetrievalError,
    Credentials,
    NoCredentialsError,
    RetryPolicy,
)

from .asking import Ask, Script, json_answer

EMPTY = json_answer(taskArns=[])
QUICK = RetryPolicy(sleep=lambda _: None)


def signed_with(ask: Ask, script: Script | None = None, **options: Any) -> list[tuple[str, Any]]:
    """Return the access key id and the token of each request's signature."""
    script = script or Script(EMPTY)
    ask(
        lambda client: client.list_tasks().collect(),
        "ECS",
        **{"transport": script.transport, "credentials": None, "retries": QUICK, **options},
    )
    return [
        (
            re.findall(r"Credential=(\w+)/", request.headers["authorization"])[0],
            request.headers.get("x-amz-security-token"),
        )
        for request in script.requests
    ]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return monkeypatch


def test_given_credentials_sign(ask: Ask) -> None:
    """The library's credentials, botocore's, and objects with the same members are accepted."""

    class Mine:
        access_key, secret_key, token = "MINE", "s", "t"

    assert [("OURS", None)] == signed_with(ask, credentials=Credentials("OURS", "s"))
    theirs = botocore.credentials.Credentials("THEIRS", "s", "t")
    assert [("THEIRS", "t")] == signed_with(ask, credentials=theirs)
    assert [("MINE", "t")] == signed_with(ask, credentials=Mine())


@pytest.mark.usefixtures("environment")
def test_the_environments_credentials_sign(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key and a secret suffice; a session token is used too."""
    assert [("ENV", None)] == signed_with(ask)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "t")
    assert [("ENV", "t")] == signed_with(ask)


@pytest.mark.usefixtures("environment")
def test_environment_credentials_that_expire_are_botocores(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials with an expiry in the environment are read by botocore's chain."""
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", soon.isoformat())
    assert [("ENV", None)] == signed_with(ask)


@pytest.mark.usefixtures("environment")
def test_a_profile_precedes_the_environment(ask: Ask, tmp_path: Path) -> None:
    """``profile=`` uses that profile's credentials, as in botocore."""
    (tmp_path / "credentials").write_text(
        "[p]\naws_access_key_id = PROFILE\naws_secret_access_key = s\n"
    )
    assert [("PROFILE", None)] == signed_with(ask, profile="p")


def test_the_default_chain_is_botocores(ask: Ask, tmp_path: Path) -> None:
    """Credentials files and processes are found as boto3 finds them."""
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id = SHARED\naws_secret_access_key = s\n"
    )
    assert [("SHARED", None)] == signed_with(ask)
    (tmp_path / "credentials").unlink()
    answer = '{"Version": 1, "AccessKeyId": "PROCESS", "SecretAccessKey": "s"}'
    (tmp_path / "answer").write_text(answer)
    (tmp_path / "config").write_text(f"[default]\ncredential_process = cat {tmp_path / 'answer'}\n")
    assert [("PROCESS", None)] == signed_with(ask)


@pytest.mark.parametrize("maker", [boto3.Session, botocore.session.Session])
@pytest.mark.usefixtures("environment")
def test_a_sessions_credentials_sign(ask: Ask, maker: Any) -> None:
    """A boto3 or botocore session provides its credentials."""
    session = maker()
    core = getattr(session, "_session", session)
    core.set_credentials("SESSION", "s", "t")
    assert [("SESSION", "t")] == signed_with(ask, session=session)


def test_no_credentials_says_where_it_looked(ask: Ask) -> None:
    """Without credentials nothing is sent, and the error names the sources."""
    script = Script(EMPTY)
    with pytest.raises(NoCredentialsError, match=r"credentials=.*AWS_ACCESS_KEY_ID.*profile"):
        signed_with(ask, script)
    assert [] == script.requests


def test_a_provider_that_fails_is_named(ask: Ask, tmp_path: Path) -> None:
    """A provider's exception becomes one of our errors, which names the provider."""
    (tmp_path / "config").write_text("[default]\ncredential_process = false\n")
    with pytest.raises(CredentialRetrievalError, match="custom-process"):
        signed_with(ask)


class Refreshing:
    """botocore's refreshable credentials with a count of the refreshes."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.fetched = 0
        self._seconds = seconds

    def credentials(self, lasting: dt.timedelta) -> botocore.credentials.RefreshableCredentials:
        def fetch() -> dict[str, str]:
            time.sleep(self._seconds)
            self.fetched += 1
            expiry = dt.datetime.now(dt.UTC) + lasting
            return {
                "access_key": f"NR{self.fetched}", "secret_key": "s", "token": "t",
                "expiry_time": expiry.isoformat(),
            }  # fmt: skip

        return botocore.credentials.RefreshableCredentials.create_from_metadata(
            metadata=fetch(), refresh_using=fetch, method="test"
        )


def test_credentials_are_resolved_for_every_attempt(ask: Ask) -> None:
    """Credentials that expire between attempts are refreshed."""
    source = Refreshing().credentials(dt.timedelta(minutes=1))
    script = Script(json_answer(503), EMPTY)
    assert [("NR2", "t"), ("NR3", "t")] == signed_with(ask, script, credentials=source)


def test_good_credentials_are_not_fetched_again(ask: Ask) -> None:
    """A listing of several pages calls its provider once."""
    refreshing = Refreshing()
    source = refreshing.credentials(dt.timedelta(hours=1))
    script = Script(json_answer(taskArns=[], nextToken="a"), EMPTY)
    assert [("NR1", "t")] * 2 == signed_with(ask, script, credentials=source)
    assert 1 == refreshing.fetched


@pytest.mark.parametrize(
    "given",
    [
        Credentials("AK", "SECRET-1", "SECRET-2\n"),
        Credentials("AK\n", "SECRET-1"),
        Credentials("AK", "SECRET-\u00e9"),
        Credentials("AK", ""),
        Credentials("AK", None),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as from an unset variable
        Credentials("AK", b"SECRET"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # as from a file
    ],
    ids=["newline", "newline in the key", "not ASCII", "empty", "none", "bytes"],
)
def test_credentials_that_are_no_header_value(ask: Ask, given: Credentials) -> None:
    """A line end or a wrong type is an error that names the part and hides its value."""
    script = Script(EMPTY)
    with pytest.raises(
        ConfigurationError, match=r"the credentials' (access_key|secret_key|token) "
    ) as e:
        signed_with(ask, script, credentials=given)
    assert "SECRET" not in str(e.value)
    assert [] == script.requests


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_an_empty_profile_variable_is_unset(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """An empty AWS_PROFILE means the default profile."""
    monkeypatch.setenv(variable, "")
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id = DEFAULT\naws_secret_access_key = s\n"
    )
    assert [("DEFAULT", None)] == signed_with(ask)


@pytest.mark.parametrize(
    ("settings", "provider"),
    [
        ("credential_process = echo x", "custom-process"),
        ("credential_process = /no/such/program", "custom-process"),
        ("role_arn = arn:aws:iam::1:role/x\nsource_profile = none", "assume-role"),
    ],
)
def test_the_provider_that_failed_is_named(
    ask: Ask, tmp_path: Path, settings: str, provider: str
) -> None:
    """The error names the failed provider, whatever it raises."""
    (tmp_path / "config").write_text(f"[default]\n{settings}\n")
    with pytest.raises(CredentialRetrievalError, match=f"{provider} failed to give credentials"):
        signed_with(ask)
