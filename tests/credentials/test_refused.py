"""Credentials that a service refuses as expired are fetched anew, whatever gave them."""

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
    """Make so many calls with one client, one after the other."""

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
    """Make so many calls with one client at the same time, in threads or in tasks."""

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
def test_refused_credentials_are_fetched_anew(
    ask: Ask, machine: Machine, provider: str, way: Way
) -> None:
    """The retry is signed with others, and so are later calls; the provider is asked once more."""
    PROVIDERS[provider](machine)
    service = Refusing("KEY1")
    in_turn(ask, service, 2, **way())
    assert ["KEY1", "KEY2", "KEY2"] == service.keys


@pytest.mark.parametrize("way", [default_chain, *SESSIONS])
def test_a_process_without_expiry_runs_again(ask: Ask, machine: Machine, way: Way) -> None:
    """Credentials of a process that names no time are fetched anew too, once and once more."""
    process_without_expiry(machine)
    service = Refusing("KEY1", "KEY3")
    in_turn(ask, service, 2, **way())
    assert ["KEY1", "KEY2", "KEY2"] == service.keys
    service.refused.add("KEY2")
    in_turn(ask, service, 1, **way())
    assert ["KEY3", "KEY4"] == service.keys[3:]


@pytest.mark.parametrize("way", [default_chain, *SESSIONS])
def test_a_file_that_was_changed_is_read_again(ask: Ask, machine: Machine, way: Way) -> None:
    """New keys in the credentials file sign once the old ones are refused."""
    machine.store("OLD")
    service = Refusing("OLD", when_refused=lambda: machine.store("NEW"))
    in_turn(ask, service, 2, **way())
    assert ["OLD", "NEW", "NEW"] == service.keys


@pytest.mark.parametrize("way", [given_credentials, *SESSIONS])
def test_a_session_role_is_assumed_with_renewed_credentials(
    ask: Ask, machine: Machine, way: Way
) -> None:
    """Where the credentials that a role is assumed with have expired, they are renewed first."""
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
    """Return a session that keeps roles in files, as the AWS CLI's does."""
    session = botocore.session.Session()
    chain = session.get_component("credential_provider")
    chain.get_provider("assume-role").cache = JSONFileCache(str(folder))
    return session


def test_a_role_that_is_kept_in_a_file_is_assumed_anew(ask: Ask, machine: Machine) -> None:
    """Refused credentials in a file give way to new ones, for later programs as well."""
    source_profile(machine)
    service = Refusing("KEY1")
    for _ in range(2):
        session = with_files(machine.home / "roles")
        in_turn(ask, service, 1, credentials=None, session=session)
    assert ["KEY1", "KEY2", "KEY2"] == service.keys


def test_what_another_program_has_fetched_is_taken(ask: Ask, machine: Machine) -> None:
    """Where another program has renewed the file already, nothing is fetched."""
    source_profile(machine)
    folder = machine.home / "roles"
    service = Refusing("KEY1", when_refused=lambda: machine.replace_kept_role(folder, "THEIRS"))
    in_turn(ask, service, 2, credentials=None, session=with_files(folder))
    assert ["KEY1", "THEIRS", "THEIRS"] == service.keys


def test_clients_that_share_a_session_share_what_is_fetched(ask: Ask, machine: Machine) -> None:
    """The second client whose credentials are refused takes what the first one fetched."""
    source_profile(machine)
    session = botocore.session.Session()
    others = Refusing("KEY1")

    def by_another_client() -> None:
        in_turn(ask_in_a_thread(ask), others, 1, credentials=None, session=session)

    service = Refusing("KEY1", when_refused=by_another_client)
    in_turn(ask, service, 1, credentials=None, session=session)
    assert (["KEY1", "KEY2"], ["KEY1", "KEY2"]) == (others.keys, service.keys)


def ask_in_a_thread(ask: Ask) -> Ask:
    """Ask where no event loop runs yet."""

    def asking(question: Any, service: str = "", **options: Any) -> Any:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(ask, question, service, **options).result()

    return asking


def test_a_role_that_a_program_assumes_itself_is_assumed_anew(ask: Ask, machine: Machine) -> None:
    """Credentials that were put together from botocore's parts by hand are no exception."""
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
    """Configure a role that needs a code, and return what the user is asked for."""
    asked: list[str] = []

    def prompt(text: str) -> str:
        asked.append(text)
        return "123456"

    machine.environment.setattr(AssumeRoleProvider.__init__, "__defaults__", (prompt, None, None))
    source_profile(machine, "mfa_serial = arn:aws:iam::1:mfa/me\n")
    return asked


def test_the_default_chain_asks_for_another_code(ask: Ask, prompts: list[str]) -> None:
    """A role with MFA is assumed anew with another code."""
    service = Refusing("KEY1")
    in_turn(ask, service, 1, credentials=None)
    assert (["KEY1", "KEY2"], 2) == (service.keys, len(prompts))


def test_a_session_asks_for_no_other_code(ask: Ask, prompts: list[str]) -> None:
    """botocore asks for a code once a session, and the error says so."""
    service = Refusing("KEY1")
    with pytest.raises(CredentialRetrievalError, match="RefreshWithMFAUnsupportedError"):
        in_turn(ask, service, 1, **boto3_session())
    assert (["KEY1"], 1) == (service.keys, len(prompts))


def test_a_users_own_function_is_called_again(ask: Ask) -> None:
    """So is a function in botocore's refreshable credentials."""
    service = Refusing("KEY1")
    in_turn(ask, service, 2, credentials=Rotating().refreshable())
    assert ["KEY1", "KEY2", "KEY2"] == service.keys


def test_a_session_of_another_kind_is_asked_again(ask: Ask) -> None:
    """So is a session that has none of botocore's providers."""
    rotating = Rotating()
    session = Session(lambda: Credentials(rotating.fetch()["access_key"], "s"))
    service = Refusing("KEY1")
    in_turn(ask, service, 2, credentials=None, session=session)
    assert ["KEY1", "KEY2", "KEY2"] == service.keys


def test_a_session_with_keys_of_its_own_takes_no_others(ask: Ask, machine: Machine) -> None:
    """A session that was given keys doesn't change to those of somebody else in the files."""
    machine.store("SOMEBODY")
    session = boto3.Session(aws_access_key_id="MINE", aws_secret_access_key="s")
    service = Refusing("MINE")
    with pytest.raises(AuthenticationException):
        in_turn(ask, service, 1, credentials=None, session=session)
    assert {"MINE"} == set(service.keys)


def test_calls_that_are_refused_at_once_fetch_once(ask: Ask) -> None:
    """Of many calls whose credentials are refused at the same time, all get the same new ones."""
    rotating = Rotating()
    service = Refusing("KEY1", at_once=20)
    at_once(ask, service, 20, credentials=rotating.refreshable())
    assert (["KEY1"] * 20 + ["KEY2"] * 20, 2) == (service.keys, rotating.fetched)


def test_refused_credentials_that_stay_the_same_are_the_services_error(ask: Ask) -> None:
    """Where there are no others, the service's own error is raised after one more attempt."""
    service = Refusing("FIXED")
    with pytest.raises(AuthenticationException) as caught:
        in_turn(ask, service, 1, credentials=Credentials("FIXED", "s"))
    assert ("ExpiredTokenException", 2) == (caught.value.code, caught.value.attempts)
    assert ["FIXED", "FIXED"] == service.keys


@pytest.mark.parametrize("way", WAYS)
def test_a_fetch_that_fails_is_made_again_at_the_next_call(
    ask: Ask, machine: Machine, way: Way
) -> None:
    """A call whose credentials can't be renewed says so, and a later one renews them."""
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
