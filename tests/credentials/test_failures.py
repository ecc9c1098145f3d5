"""A provider's failure is one error of ours, with its cause and without secrets."""

from __future__ import annotations

import asyncio
import concurrent.futures
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

import boto3
import botocore.exceptions
import httpx
import pytest

from omics_tasks import (
    AsyncSigV4Transport,
    ConfigurationError,
    CredentialRetrievalError,
    Credentials,
    NoCredentialsError,
    NoRegionError,
    OmicsTasksError,
    ReadTimeoutError,
    SigV4Transport,
)

from ..asking import Ask
from .cloud import Refusing, Rotating
from .custom import PROVIDERS, Provider
from .providers import ROLE, STATIC, Machine, source_profile


class Unreadable(Exception):
    def __str__(self) -> str:
        raise ValueError


def of_aiohttp() -> Exception:
    error: Exception = pytest.importorskip("aiohttp").ClientError("reset")
    return error


RAISED: dict[str, Callable[[], BaseException]] = {
    "httpx": lambda: httpx.ConnectError("refused"),
    "httpx timeout": lambda: httpx.ReadTimeout("slow"),
    "aiohttp": of_aiohttp,
    "timeout": lambda: TimeoutError("slow"),
    "unicode": lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    "key": lambda: KeyError("Credentials"),
    "type": lambda: TypeError("no"),
    "botocore": botocore.exceptions.NoCredentialsError,
    "ours": lambda: ReadTimeoutError("the provider's own request"),
    "our configuration": lambda: NoRegionError("the provider's own client"),
    "stop": lambda: StopIteration("empty"),
    "cancelled": lambda: asyncio.CancelledError("the provider's own loop"),
    "cancelled future": concurrent.futures.CancelledError,
    "unreadable": Unreadable,
}


def raising(error: Callable[[], BaseException]) -> tuple[Callable[[], Credentials], list[int]]:
    calls: list[int] = []

    def fetch() -> Credentials:
        calls.append(1)
        raise error()

    return fetch, calls


def call(ask: Ask, service: Refusing, **options: Any) -> Any:
    return ask(lambda client: client.list_tasks().collect(), "ECS", transport=service, **options)


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
@pytest.mark.parametrize("error", RAISED.values(), ids=RAISED)
def test_provider_errors(ask: Ask, error: Callable[[], BaseException], provider: Provider) -> None:
    """A provider's exception becomes a CredentialRetrievalError; nothing is sent."""
    fetch, calls = raising(error)
    service = Refusing()
    with pytest.raises(CredentialRetrievalError, match="failed to give credentials: ") as caught:
        call(ask, service, **provider(fetch))
    assert type(error()) is type(caught.value.__cause__)
    assert (False, [1], []) == (caught.value.retryable, calls, service.keys)


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_interrupts_propagate(ask: Ask, error: type[BaseException], provider: Provider) -> None:
    """KeyboardInterrupt and SystemExit of a provider propagate."""
    fetch, _ = raising(error)
    with pytest.raises(error):
        call(ask, Refusing(), **provider(fetch))


@pytest.mark.parametrize("error", [NoCredentialsError, CredentialRetrievalError])
@pytest.mark.parametrize("provider", ["method", "property", "session"])
def test_a_providers_own_credential_errors_propagate(
    ask: Ask, error: type[OmicsTasksError], provider: str
) -> None:
    """One of the two credential errors raised by a provider propagates unchanged."""
    fetch, _ = raising(lambda: error("log in first"))
    with pytest.raises(error, match=r"^ecs ListTasks: log in first$"):
        call(ask, Refusing(), **PROVIDERS[provider](fetch))


def test_a_failed_fetch_is_repeated(ask: Ask) -> None:
    """After a failed fetch the next call asks the provider again."""
    is_first = iter([True])

    def fetch() -> Credentials:
        if next(is_first, False):
            raise KeyError("busy")
        return Credentials("KEY1", "s")

    service = Refusing()
    given = PROVIDERS["session"](fetch)

    def twice(client: Any) -> Any:
        return in_turn(client) if hasattr(client, "close") else awaited(client)

    def in_turn(client: Any) -> None:
        with pytest.raises(CredentialRetrievalError):
            client.list_tasks().collect()
        client.list_tasks().collect()

    async def awaited(client: Any) -> None:
        with pytest.raises(CredentialRetrievalError):
            await client.list_tasks().collect()
        await client.list_tasks().collect()

    ask(twice, "ECS", transport=service, **given)
    assert ["KEY1"] == service.keys


def send_sync(**options: Any) -> None:
    SigV4Transport("ecs", "us-east-1", **options).handle_request(httpx.Request("GET", "https://x/"))


def send_async(**options: Any) -> None:
    transport = AsyncSigV4Transport("ecs", "us-east-1", **options)
    asyncio.run(transport.handle_async_request(httpx.Request("GET", "https://x/")))


@pytest.mark.parametrize("send", [send_sync, send_async])
def test_signing_transports_raise_the_same_error(send: Callable[..., None]) -> None:
    """A signing transport raises the same error as a client."""
    fetch, _ = raising(lambda: httpx.ConnectError("refused"))
    with pytest.raises(CredentialRetrievalError):
        send(**PROVIDERS["method"](fetch))


def test_an_expiry_without_a_zone(ask: Ask) -> None:
    """An expiry without a time zone is a failure of the provider."""
    source = Rotating().refreshable()
    vars(source)["_expiry_time"] = datetime(2099, 1, 1)  # noqa: DTZ001 - the mistake
    with pytest.raises(CredentialRetrievalError, match=r"^ecs ListTasks: mine failed .*TypeError"):
        call(ask, Refusing(), credentials=source)


GOOD = '"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "SECRET"'
PROCESSES: dict[str, tuple[str, str]] = {
    "nothing": ("true", "printed no JSON"),
    "text": ("echo SECRET", "printed no JSON"),
    "cut": (f"echo '{{{GOOD}'", "printed no JSON"),
    "bytes": (r"printf 'SECRET\377'", "printed no JSON"),
    "list": ("""echo '["SECRET"]'""", "printed JSON that is not an object"),
    "version": ("""echo '{"Version": "SECRET"}'""", "printed JSON whose Version is not 1"),
    "no version": ("""echo '{"SecretAccessKey": "SECRET"}'""", "whose Version is not 1"),
    "no key": (
        """echo '{"Version": 1, "SecretAccessKey": "SECRET"}'""",
        "printed JSON without AccessKeyId$",
    ),
    "no time": (
        f"""echo '{{{GOOD}, "Expiration": "SECRET"}}'""",
        "printed an Expiration that is not a time",
    ),
    "exit": ("echo SECRET; echo log in first >&2; exit 3", "ended with exit code 3: log in first$"),
    "latin": (r"echo SECRET; printf 'f\374r' >&2; exit 4", "ended with exit code 4: f.r$"),
    "silent": ("exit 5", "ended with exit code 5$"),
    "killed": ("kill -9 $$", "ended with exit code -9$"),
}


def shown(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(vars(error))


def default_chain() -> dict[str, Any]:
    return {"credentials": None, "profile": "work"}


def a_session() -> dict[str, Any]:
    return {"credentials": None, "session": boto3.Session(profile_name="work")}


@pytest.mark.parametrize("way", [default_chain, a_session])
@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_that_fails_is_named(
    ask: Ask, machine: Machine, process: str, way: Callable[[], dict[str, Any]]
) -> None:
    """The error names the command and profile, and shows none of the output."""
    script, wrong = PROCESSES[process]
    (machine.home / "script").write_text(script)
    command = f"sh {machine.home}/script"
    machine.configure(f"[profile work]\ncredential_process = {command}\n")
    with pytest.raises(CredentialRetrievalError, match=wrong) as caught:
        call(ask, Refusing(), **way())
    assert caught.value.message is not None
    assert f"the credential_process of profile 'work', '{command}', " in caught.value.message
    assert "SECRET" not in shown(caught.value)


@pytest.mark.parametrize(
    ("command", "wrong"),
    [("/no/such/program", "No such file"), ("'open", "No closing quotation")],
)
def test_a_process_that_does_not_start_is_named(
    ask: Ask, machine: Machine, command: str, wrong: str
) -> None:
    """A command that can't be started or parsed is named too."""
    machine.configure(f"[default]\ncredential_process = {command}\n")
    with pytest.raises(CredentialRetrievalError, match=wrong) as caught:
        call(ask, Refusing(), credentials=None)
    assert f"profile 'default', {command!r}, could not be started: " in str(caught.value)


def test_the_process_of_a_source_profile_is_named(ask: Ask, machine: Machine) -> None:
    """The error of a role names the profile whose process failed."""
    machine.configure(
        f"[default]\n{ROLE}source_profile = source\n[profile source]\ncredential_process = true\n"
    )
    with pytest.raises(CredentialRetrievalError, match=r"assume-role failed .*of profile 'source'"):
        call(ask, Refusing(), credentials=None)


def test_a_process_that_fails_later_is_named(ask: Ask, machine: Machine) -> None:
    """A process that fails when credentials are refreshed is named too."""
    command = machine.script(', "SessionToken": "t", "Expiration": "2099-01-01T00:00:00Z"')
    machine.configure(f"[default]\ncredential_process = {command}\n")
    given = boto3.Session().get_credentials()
    service = Refusing("KEY1", when_refused=(machine.home / "process.sh").unlink)
    with pytest.raises(CredentialRetrievalError, match=f"{command}.*ended with exit code"):
        call(ask, service, credentials=given)


def test_invalid_answers_are_not_shown(ask: Ask, machine: Machine) -> None:
    """botocore quotes an answer that it can't parse, with its secrets; the error doesn't."""
    source_profile(machine)
    machine.cloud.answer = lambda *_: (200, "<AssumeRoleResponse><SecretAccessKey>SECRET")  # type: ignore[method-assign]
    machine.environment.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(CredentialRetrievalError, match="its response can't be parsed") as caught:
        call(ask, Refusing(), credentials=None)
    assert "SECRET" not in shown(caught.value)


def test_credentials_with_line_ends(ask: Ask, machine: Machine) -> None:
    """Keys with a line end are a configuration error and aren't shown."""
    machine.configure(f"[default]\n{STATIC}")
    fetch = lambda: Credentials("A", "SECRET\n")  # noqa: E731 - as a provider has it
    with pytest.raises(ConfigurationError, match="the credentials' secret_key must be") as caught:
        call(ask, Refusing(), **PROVIDERS["session"](fetch))
    assert "SECRET" not in shown(caught.value)
