"""Translation of a credential provider's errors into CredentialRetrievalError."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from traceback import walk_tb
from typing import Any

from ..errors import CredentialRetrievalError, NoCredentialsError


@contextmanager
def provider_errors(provider: str) -> Generator[None]:
    """Raise a CredentialRetrievalError that names the provider for any exception in the body.

    A provider runs programs, calls hosts and may be a user's own: it may raise anything.
    KeyboardInterrupt, SystemExit and a provider's own CredentialRetrievalError are not translated.
    """
    try:
        yield
    except (CredentialRetrievalError, NoCredentialsError):
        raise
    except BaseException as error:
        from asyncio import CancelledError  # noqa: PLC0415 - sync programs need it for this alone

        # A provider may run an event loop, and a task cancelled there is not the caller's.
        if not isinstance(error, Exception | CancelledError):
            raise
        without_secrets = _problem_of_process(error) or _problem_of_response(error)
        message = without_secrets or f"{type(error).__name__}: {_message_of(error)}"
        raise CredentialRetrievalError(f"{provider} failed to give credentials: {message}") from (
            None if without_secrets else error
        )


def _message_of(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "its message can't be read"


def _problem_of_response(error: BaseException) -> str | None:
    """Return a message for a response that botocore can't parse, whose error quotes all of it."""
    return "its response can't be parsed" if type(error).__name__ == "ResponseParserError" else None


def _problem_of_process(error: BaseException) -> str | None:
    """Return the problem of a ``credential_process``; None for any other error.

    botocore's message names neither command nor profile, and may quote the output. The local
    variables of the frame that ran the command hold all of that.
    """
    for frame, _ in reversed(list(walk_tb(error.__traceback__))):
        local = frame.f_locals
        provider: Any = local.get("self")
        if "credential_process" in local and getattr(provider, "METHOD", None) == "custom-process":
            command, profile = local["credential_process"], provider._profile_name  # noqa: SLF001 - as above
            problem = _problem_of_output(local, error)
            return f"the credential_process of profile {profile!r}, {command!r}, {problem}"
    return None


def _problem_of_output(local: Mapping[str, Any], error: BaseException) -> str:
    if "creds_dict" in local:
        return "printed an Expiration that is not a time"
    if "p" not in local:
        return f"could not be started: {_message_of(error)}"
    if local["p"].returncode:
        stderr = local["stderr"].decode(errors="replace").strip()[:500]
        return f"ended with exit code {local['p'].returncode}" + (f": {stderr}" if stderr else "")
    if "parsed" not in local:
        return "printed no JSON"
    printed = local["parsed"]
    if not isinstance(printed, dict):
        return "printed JSON that is not an object"
    if "version" in local and local["version"] != 1:
        return "printed JSON whose Version is not 1"
    missing = [key for key in ("AccessKeyId", "SecretAccessKey") if key not in printed]
    return f"printed JSON without {' and '.join(missing)}"
