"""A credential provider's failure, as the library's users see it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from traceback import walk_tb
from typing import Any

from ..errors import CredentialRetrievalError, NoCredentialsError


@contextmanager
def failures_of(provider: str) -> Generator[None]:
    """Raise a CredentialRetrievalError that names the provider for whatever it raises inside.

    A provider runs programs, asks hosts and may be a user's own: it may raise anything. What ends
    the program passes, and so does a provider's own CredentialRetrievalError.
    """
    try:
        yield
    except (CredentialRetrievalError, NoCredentialsError):
        raise
    except BaseException as error:
        from asyncio import CancelledError  # noqa: PLC0415 - sync programs need it for this alone

        # A provider may run an event loop: a task that is cancelled there is not the caller's.
        if not isinstance(error, Exception | CancelledError):
            raise
        without_secrets = _wrong_with_process(error) or _wrong_with_answer(error)
        message = without_secrets or f"{type(error).__name__}: {_status_map(error)}"
        raise CredentialRetrievalError(f"{provider} failed to give credentials: {message}") from (
            None if without_secrets else error
        )


def _status_map(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "its message can't be read"


def _wrong_with_answer(error: BaseException) -> str | None:
    """Return what to say of an answer that botocore can't parse: it quotes the whole of it."""
    return "its answer can't be read" if type(error).__name__ == "ResponseParserError" else None


def _wrong_with_process(error: BaseException) -> str | None:
    """Return what a ``credential_process`` did wrong; None for an error from elsewhere.

    botocore's words name neither command nor profile, and may quote what was printed. The local
    variables where it ran the command have all of it.
    """
    for frame, _ in reversed(list(walk_tb(error.__traceback__))):
        seen = frame.f_locals
        provider: Any = seen.get("self")
        if "credential_process" in seen and getattr(provider, "METHOD", None) == "custom-process":
            command, profile = seen["credential_process"], provider._profile_name  # noqa: SLF001 - as above
            wrong = _wrong_with_output(seen, error)
            return f"the credential_process of profile {profile!r}, {command!r}, {wrong}"
    return None


def _wrong_with_output(seen: Mapping[str, Any], error: BaseException) -> str:
    if "creds_dict" in seen:
        return "printed an Expiration that is not a time"
    if "p" not in seen:
        return f"could not be started: {_status_map(error)}"
    if seen["p"].returncode:
        said = seen["stderr"].decode(errors="replace").strip()[:500]
        return f"ended with exit code {seen['p'].returncode}" + (f": {said}" if said else "")
    if "parsed" not in seen:
        return "printed no JSON"
    printed = seen["parsed"]
    if not isinstance(printed, dict):
        return "printed JSON that is not an object"
    if "version" in seen and seen["version"] != 1:
        return "printed JSON whose Version is not 1"
    missing = [key for key in ("AccessKeyId", "SecretAccessKey") if key not in printed]
    return f"printed JSON without {' and '.join(missing)}"
