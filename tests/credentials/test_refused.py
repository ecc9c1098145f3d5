"""Credentials that a service rejects as expired are refreshed, whatever their source."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    AssumeRoleProvider,
    DeferredRefreshableCredentials,
)
from botocore.credentials import Credentials as TheirCredentials
from botocore.utils import JSONFileCache

from omics_tasks import (
    AuthenticationException,
    CredentialRetrievalError,
    Credentials,
    RetryPolicy,
)

from ..asking import Ask
from .cloud import Refusing, Rotating
from .custom import Session
from .providers import PROVIDERS, ROLE, STATIC, Machine, process_without_expiry, source_profile

QUICK = RetryPolicy(sleep=lambda _: None)


def in_turn(ask: Ask, service: Refusing, times: int, **options: Any) -> None:
    """Make sequential calls with one client."""

    def question(client: Any) -> Any:
        listing = client.list_tasks()
        if hasattr(listing, "__iter__"):
            return [listing.collect() for _ in range(times)]

        async def awaited() -> None:
            for _ in range(times):
                await listing.collect()

        return awaited()

    ask(question, "ECS", **{"transport": service, "retries": QUICK, **options})


def at_once(ask: Ask, service: Refusing, times: int, **options: Any) -> None:
    """Make concurrent calls with one client, in threads or tasks."""

    def question(client: Any) -> Any:
        listings = [client.list_tasks() for _ in range(times)]
        if not hasattr(listings[0], "__iter__"):
            return asyncio.gather(*(listing.collect() for listing in listings))
        with ThreadPoolExecutor(times) as threads:
            return list(threads.map(lambda listing: listing.collect(), listings))

    ask(question, "ECS", **{"transport": service, "retries": QUICK, **options})


def default_chain() -> dict[str, Any]:
    return {"credentials": None}


def boto3_session() -> dict[str, Any]:
    return {"credentials": None, "session": boto3.Session()}


def botocore_session() -> dict[str, Any]:
    return {"credentials": None, "session": botocore.session.Session()}


def given_credentials() -> dict[str, Any]:
    return {"credentials": botocore.session.Session().get_credentials()}


SESSIONS = [boto3_session, botocore_session]
WAYS = [default_chain, boto3_session, given_credentials]
Way = Callable[[], dict[str, Any]]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_rejected_credentials_are_refreshed(
    ask: Ask, machine: Machine, provider: str, way: Way
) -> None:
    """The retry and later calls are signed with new credentials after one more fetch."""
    PROVIDERS[provider](machine)
    service = Refusing("KEY1")
    in_turn(ask, service, 2, **way())
    assert ["KEY1", "KEY2", "KEY2"] == service.keys


@pytest.mark.parametrize("way", [default_chain, *SESSIONS])
def test_a_process_without_expiry_runs_again(ask: Ask, machine: Machine, way: Way) -> None:
    """A process without an expiry is run again each time its credentials are rejected."""
    process_without_expiry(machine)
    service = Refusing("KEY1", "KEY3")
    in_turn(ask, service, 2, **way())
    assert ["KEY1", "KEY2", "KEY2"] == service.keys
    service.refused.add("KEY2")
    in_turn(ask, service, 1, **way())
    assert ["KEY3", "KEY4"] == service.keys[3:]


@pytest.mark.parametrize("way", [default_chain, *SESSIONS])
def test_a_file_that_was_changed_is_read_again(ask: Ask, machine: Machine, way: Way) -> None:
    """New keys in the credentials file are used once the old ones are rejected."""
    machine.store("OLD")
    service = Refusing("OLD", when_refused=lambda: machine.store("NEW"))
    in_turn(ask, service, 2, **way())
    assert ["OLD", "NEW", "NEW"] == service.keys


@pytest.mark.parametrize("way", [given_credentials, *SESSIONS])
def test_a_session_role_is_assumed_with_renewed_credentials(
    ask: Ask, machine: Machine, way: Way
) -> None:
    """Expired source credentials of a role are refreshed before the role is assumed."""
    machine.configure(
        f"[default]\n{ROLE}source_profile = middle\n"
        "[profile middle]\nrole_arn = arn:aws:iam::1:role/MIDDLE\nsource_profile = source\n"
        f"[profile source]\n{STATIC}"
    )
    service = Refusing("KEY1", when_refused=lambda: machine.cloud.refused.add("MIDDLE1"))
    in_turn(ask, service, 2, **way())
    assert ["KEY1", "KEY2", "KEY2"] == service.keys
    assert {"MIDDLE": 2, "KEY": 2} == machine.cloud.given


def with_files(folder: Path) -> botocore.session.Session:
    """Return a session that caches roles in files, as the AWS CLI does."""
    session = botocore.session.Session()
    chain = session.get_component("credential_provider")
    chain.get_provider("assume-role").cache = JSONFileCache(str(folder))
    return session


def test_a_cached_role_is_assumed_again(ask: Ask, machine: Machine) -> None:
    """Rejected credentials in a cache file are replaced, for other programs too."""
    source_profile(machine)
    service = Refusing("KEY1")
    for _ in range(2):
        session = with_files(machine.home / "roles")
        in_turn(ask, service, 1, credentials=None, session=session)
    assert ["KEY1", "KEY2", "KEY2"] == service.keys


def test_credentials_of_another_program_are_used(ask: Ask, machine: Machine) -> None:
    """If another program has already updated the file, nothing is fetched."""
    source_profile(machine)
    folder = machine.home / "roles"
    service = Refusing("KEY1", when_refused=lambda: machine.replace_kept_role(folder, "THEIRS"))
    in_turn(ask, service, 2, credentials=None, session=with_files(folder))
    assert ["KEY1", "THEIRS", "THEIRS"] == service.keys


def test_clients_of_one_session_share_a_refresh(ask: Ask, machine: Machine) -> None:
    """A second client with the same rejected credentials uses the first one's refresh."""
    source_profile(machine)
    session = botocore.session.Session()
    others = Refusing("KEY1")

    def by_another_client() -> None:
        in_turn(ask_in_a_thread(ask), others, 1, credentials=None, session=session)

    service = Refusing("KEY1", when_refused=by_another_client)
    in_turn(ask, service, 1, credentials=None, session=session)
    assert (["KEY1", "KEY2"], ["KEY1", "KEY2"]) == (others.keys, service.keys)


def ask_in_a_thread(ask: Ask) -> Ask:
    """Call the client in a thread without an event loop."""

    def asking(question: Any, service: str = "", **options: Any) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(ask, question, service, **options).result()

    return asking


def test_a_role_from_botocores_parts_is_assumed_again(ask: Ask, machine: Machine) -> None:
    """Credentials built by hand from botocore's parts are refreshed too."""
    create = botocore.session.Session().create_client
    source = TheirCredentials("A", "s")
    fetcher = AssumeRoleCredentialFetcher(create, source, "arn:aws:iam::1:role/KEY")
    role = DeferredRefreshableCredentials(fetcher.fetch_credentials, "mine")
    service = Refusing("KEY1")
    in_turn(ask, service, 2, credentials=role)
    assert ["KEY1", "KEY2", "KEY2"] == service.keys
    assert {"KEY": 2} == machine.cloud.given


@pytest.fixture
def prompts(machine: Machine) -> list[str]:
    """Configure a role with MFA. Return the list of prompts."""
    prompts: list[str] = []

    def prompt(text: str) -> str:
        prompts.append(text)
        return "123456"

    machine.environment.setattr(AssumeRoleProvider.__init__, "__defaults__", (prompt, None, None))
    source_profile(machine, "mfa_serial = arn:aws:iam::1:mfa/me\n")
    return prompts


def test_the_default_chain_prompts_again(ask: Ask, prompts: list[str]) -> None:
    """A role with MFA is assumed again with another code."""
    service = Refusing("KEY1")
    in_turn(ask, service, 1, credentials=None)
    assert (["KEY1", "KEY2"], 2) == (service.keys, len(prompts))


def test_a_session_prompts_once(ask: Ask, prompts: list[str]) -> None:
    """botocore prompts once per session, and the error says so."""
    service = Refusing("KEY1")
    with pytest.raises(CredentialRetrievalError, match="RefreshWithMFAUnsupportedError"):
        in_turn(ask, service, 1, **boto3_session())
    assert (["KEY1"], 1) == (service.keys, len(prompts))


def test_a_users_own_function_is_called_again(ask: Ask) -> None:
    """A user-defined refresh function of botocore's credentials is called again."""
    service = Refusing("KEY1")
    in_turn(ask, service, 2, credentials=Rotating().refreshable())
    assert ["KEY1", "KEY2", "KEY2"] == service.keys


def test_a_session_of_another_kind_is_asked_again(ask: Ask) -> None:
    """A session without botocore's providers is called again."""
    rotating = Rotating()
    session = Session(lambda: Credentials(rotating.fetch()["access_key"], "s"))
    service = Refusing("KEY1")
    in_turn(ask, service, 2, credentials=None, session=session)
    assert ["KEY1", "KEY2", "KEY2"] == service.keys


def test_a_session_with_keys_keeps_them(ask: Ask, machine: Machine) -> None:
    """A session with explicit keys never uses keys from files."""
    machine.store("SOMEBODY")
    session = boto3.Session(aws_access_key_id="MINE", aws_secret_access_key="s")
    service = Refusing("MINE")
    with pytest.raises(AuthenticationException):
        in_turn(ask, service, 1, credentials=None, session=session)
    assert {"MINE"} == set(service.keys)


def test_concurrent_calls_refresh_once(ask: Ask) -> None:
    """Concurrent calls with rejected credentials all get the same new ones."""
    rotating = Rotating()
    service = Refusing("KEY1", at_once=20)
    at_once(ask, service, 20, credentials=rotating.refreshable())
    assert (["KEY1"] * 20 + ["KEY2"] * 20, 2) == (service.keys, rotating.fetched)


def test_unchanged_credentials_raise_the_services_error(ask: Ask) -> None:
    """If the refresh returns the same credentials, the service's error is raised."""
    service = Refusing("FIXED")
    with pytest.raises(AuthenticationException) as caught:
        in_turn(ask, service, 1, credentials=Credentials("FIXED", "s"))
    assert ("ExpiredTokenException", 2) == (caught.value.code, caught.value.attempts)
    assert ["FIXED", "FIXED"] == service.keys


@pytest.mark.parametrize("way", WAYS)
def test_a_failed_refresh_is_repeated(ask: Ask, machine: Machine, way: Way) -> None:
    """A failed refresh raises its error, and a later call refreshes again."""
    source_profile(machine)
    service = Refusing("KEY1", when_refused=lambda: setattr(machine.cloud, "is_down", True))

    def failing_then_working(client: Any) -> Any:
        listing = client.list_tasks()

        def check(error: pytest.ExceptionInfo[CredentialRetrievalError]) -> None:
            assert "assume-role failed to give credentials: ClientError" in str(error.value)
            machine.cloud.is_down = False

        if hasattr(listing, "__iter__"):
            with pytest.raises(CredentialRetrievalError) as caught:
                listing.collect()
            check(caught)
            return listing.collect()

        async def awaited() -> None:
            with pytest.raises(CredentialRetrievalError) as caught:
                await listing.collect()
            check(caught)
            await listing.collect()

        return awaited()

    ask(failing_then_working, "ECS", transport=service, retries=QUICK, **way())
    assert ["KEY1", "KEY2"] == service.keys
