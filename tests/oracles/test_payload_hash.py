"""A caller's own ``x-amz-content-sha256`` is the payload hash, as botocore has it."""

from __future__ import annotations

import pytest
from botocore.auth import SigV4Auth

from .test_boto3_requests import SIGNERS, ToSign, signed_by_botocore, signed_by_us


@pytest.mark.parametrize("service", SIGNERS)
@pytest.mark.parametrize("value", ["UNSIGNED-PAYLOAD", "0" * 64])
@pytest.mark.parametrize("name", ["x-amz-content-sha256", "X-Amz-Content-SHA256"])
def test_a_given_payload_hash_is_signed(
    monkeypatch: pytest.MonkeyPatch, service: str, value: str, name: str
) -> None:
    """For every service the header is signed, and stands for the body in the signature."""
    # botocore's signer for S3 replaces the header; the general one does what is meant here.
    monkeypatch.setitem(SIGNERS, service, SigV4Auth)
    request = ToSign("PUT", "https://a.example.com", ["x"], [], [(name, value)], b"body", None)
    theirs = signed_by_botocore(service, request)
    ours = signed_by_us(service, request)
    assert theirs["authorization"] == ours["authorization"]
    assert "x-amz-content-sha256" in ours["authorization"]
    assert value == ours.get("x-amz-content-sha256", value)
