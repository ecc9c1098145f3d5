"""Where a client's credentials come from: given ones, a session's, or botocore's default chain."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Protocol

from ..errors import NoCredentialsError
from .failures import failures_of
from .keys import Credentials, CredentialsLike, provider_of
from .profiles import PROFILE_VARIABLES, SessionLike
from .renewal import renew


class Origin(Protocol):
    """Gives what holds credentials. All of it may take a provider's time, and fail as that does."""

    def load(self) -> CredentialsLike:
        """Return the holder. Raise NoCredentialsError where there is none."""
        ...

    def reload(self, holder: CredentialsLike) -> CredentialsLike:
        """Return a holder that may have other credentials by now."""
        ...

    def renew(self, holder: CredentialsLike, refused: Credentials) -> CredentialsLike | None:
        """Return a holder of credentials fetched anew; None where there is no way to fetch them."""
        ...


class Given:
    """Credentials that the user has given."""

    def __init__(self, given: CredentialsLike) -> None:
        self._given = given

    def load(self) -> CredentialsLike:
        return self._given

    def reload(self, holder: CredentialsLike) -> CredentialsLike:
        return holder

    def renew(self, holder: CredentialsLike, refused: Credentials) -> CredentialsLike | None:
        return holder if renew(holder, refused) else None


class OfSession:
    """The credentials of a botocore or boto3 session, which keeps the first ones that it finds."""

    def __init__(self, session: SessionLike) -> None:
        self._session = session

    def load(self) -> CredentialsLike:
        with failures_of("session="):
            found: CredentialsLike | None = self._session.get_credentials()
        if found is None:
            raise NoCredentialsError(_NOWHERE)
        return found

    def reload(self, holder: CredentialsLike) -> CredentialsLike:
        return holder

    def renew(self, holder: CredentialsLike, refused: Credentials) -> CredentialsLike | None:
        return holder if renew(holder, refused) else self._again(provider_of(holder))

    def _again(self, method: str) -> CredentialsLike | None:
        """Return what the provider that the session took them from has now.

        Only that one is asked: another may give the credentials of somebody else.
        """
        # boto3's session keeps botocore's, which alone has the providers.
        core: Any = getattr(self._session, "_session", self._session)
        if not hasattr(core, "get_component"):
            return self.load()
        with failures_of(method):
            for provider in core.get_component("credential_provider").providers:
                if method == provider.METHOD:
                    found: CredentialsLike | None = provider.load()
                    return found
        return None


class DefaultChain:
    """botocore's default chain, with a session of its own each time, which has kept nothing."""

    def __init__(self, profile: str | None, region: str) -> None:
        self._profile = profile
        self._region = region

    def load(self) -> CredentialsLike:
        # What the chain would find first is taken without it: it takes as long to load as httpx.
        given = None if self._profile else _from_environment()
        if given is not None:
            return given
        for provider in self._providers():
            with failures_of(provider.METHOD):
                found: CredentialsLike | None = provider.load()
            if found is not None:
                return found
        raise NoCredentialsError(_NOWHERE)

    def reload(self, holder: CredentialsLike) -> CredentialsLike:
        del holder
        return self.load()

    def renew(self, holder: CredentialsLike, refused: Credentials) -> CredentialsLike | None:
        return holder if renew(holder, refused) else None

    def _providers(self) -> Iterable[Any]:
        from botocore.session import Session  # noqa: PLC0415 - as long as httpx, rarely needed

        with failures_of("botocore's default chain"):
            # An empty variable is an unset one; botocore would look for a profile without a name.
            names = [name for name in PROFILE_VARIABLES if os.environ.get(name)]
            profile = self._profile
            session = Session(session_vars={"profile": (None, names, None, None)}, profile=profile)
            # Providers that ask STS need a region; botocore itself doesn't look at AWS_REGION.
            session.set_config_variable("region", self._region)
            chain: Iterable[Any] = session.get_component("credential_provider").providers
            return chain


_NOWHERE = (
    "no credentials: looked at the argument credentials=, AWS_ACCESS_KEY_ID with "
    "AWS_SECRET_ACCESS_KEY, and every other provider of botocore's default chain "
    "(profile, SSO, web identity, process, container, instance metadata)"
)


def _from_environment() -> Credentials | None:
    get = os.environ.get
    access_key, secret_key = get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")
    if not access_key or not secret_key or get("AWS_CREDENTIAL_EXPIRATION"):
        return None
    token = get("AWS_SECURITY_TOKEN") or get("AWS_SESSION_TOKEN") or None
    return Credentials(access_key, secret_key, token)
