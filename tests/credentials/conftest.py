"""A machine whose credential providers use the local cloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import botocore.credentials
import botocore.tokens
import pytest

from .cloud import Cloud
from .providers import Machine


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Machine]:
    with Cloud() as cloud:
        for service in ("STS", "SSO", "SIGNIN"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", cloud.url)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        for provider in (botocore.credentials.SSOProvider, botocore.tokens.SSOTokenProvider):
            monkeypatch.setattr(provider, "_SSO_TOKEN_CACHE_DIR", str(tmp_path / "sso"))
        yield Machine(cloud, tmp_path, monkeypatch)
