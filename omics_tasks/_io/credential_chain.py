"""Origins of credentials: the argument, a session, or botocore's default chain."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Protocol

from ..errors import NoCredentialsError
from .failures import provider_errors
from .keys import Credentials, CredentialsLike, provider_of
from .profiles import PROFILE_VARIABLES, SessionLike
from .renewal import renew


class Origin(Protocol):
    """Loads and renews holders of credentials.

    Every method may block while a provider works, and may raise CredentialRetrievalError.
    """

    def load(self) -> CredentialsLike:
        """Return the holder. Raise NoCredentialsError if there is none."""
        ...

    def reload(self, holder: CredentialsLike) -> CredentialsLike:
        """Return a holder that may have new credentials by now."""
        ...

    def renew(self, holder: CredentialsLike, refused: Credentials) -> CredentialsLike | None:
        """Return a holder of newly fetched credentials; None if they can't be fetched."""
        ...


class ArgumentOrigin:
    """Credentials from the argument ``credentials=``."""

    def __init__(self, given: CredentialsLike) -> None:
        self._given = given

    def load(self) -> CredentialsLike:
        return self._given

    def reload(self, holder: CredentialsLike) -> CredentialsLike:
        return holder

    def renew(self, holder: CredentialsLike, refused: Credentials) -> CredentialsLike | None:
        return holder if renew(holder, refused) else None


class SessionOrigin:
    """Credentials of a botocore or boto3 session, which caches the first ones that it finds."""

    def __init__(self, session: SessionLike) -> None:
        self._session = session

    def load(self) -> CredentialsLike:
        with provider_errors("session="):
            found: CredentialsLike | None = self._session.get_credentials()
        if found is None:
            raise NoCredentialsError(_NO_CREDENTIALS)
        return found

    def reload(self, holder: CredentialsLike) -> CredentialsLike:
        return holder

    def renew(self, holder: CredentialsLike, refused: Credentials) -> CredentialsLike | None:
        return holder if renew(holder, refused) else self._reload_from(provider_of(holder))

    def _reload_from(self, method: str) -> CredentialsLike | None:
        """Return the current credentials of the provider that the session took them from.

        Other providers are not used: theirs may be the credentials of another identity.
        """
        # A boto3 session wraps a botocore session, and only that has the providers.
        core: Any = getattr(self._session, "_session", self._session)
        if not hasattr(core, "get_component"):
            return self.load()
        with provider_errors(method):
            for provider in core.get_component("credential_provider").providers:
                if method == provider.METHOD:
                    found: CredentialsLike | None = provider.load()
                    return found
        return None


class DefaultChain:
    """botocore's default chain, each time with a new session, which has nothing cached."""

    def __init__(self, profile: str | None, region: str) -> None:
        self._profile = profile
        self._region = region

    def load(self) -> CredentialsLike:
        # The chain's first provider is reimplemented: importing the chain takes as long as httpx.
        given = None if self._profile else _from_environment()
        if given is not None:
            return given
        for provider in self._providers():
            with provider_errors(provider.METHOD):
                found: CredentialsLike | None = provider.load()
            if found is not None:
                return found
        raise NoCredentialsError(_NO_CREDENTIALS)

    def reload(self, holder: CredentialsLike) -> CredentialsLike:
        del holder
        return self.load()

    def renew(self, holder: CredentialsLike, refused: Credentials) -> CredentialsLike | None:
        return holder if renew(holder, refused) else None

    def _providers(self) -> Iterable[Any]:
        from botocore.session import Session  # noqa: PLC0415 - slow to import, rarely needed

        with provider_errors("botocore's default chain"):
            # An empty variable counts as unset; botocore would look for a profile without a name.
            names = [name for name in PROFILE_VARIABLES if os.environ.get(name)]
            profile = self._profile
            session = Session(session_vars={"profile": (None, names, None, None)}, profile=profile)
            # Providers that call STS need a region, and botocore itself ignores AWS_REGION.
            session.set_config_variable("region", self._region)
            chain: Iterable[Any] = session.get_component("credential_provider").providers
            return chain


_NO_CREDENTIALS = (
    "no credentials found in the argument credentials=, AWS_ACCESS_KEY_ID with "
    "AWS_SECRET_ACCESS_KEY, or any other provider of botocore's default chain "
    "(profile, SSO, web identity, process, container, instance metadata)"
)


def _from_environment() -> Credentials | None:
    get = os.environ.get
    access_key, secret_key = get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")
    if not access_key or not secret_key or get("AWS_CREDENTIAL_EXPIRATION"):
        return None
    token = get("AWS_SECURITY_TOKEN") or get("AWS_SESSION_TOKEN") or None
    return Credentials(access_key, secret_key, token)
