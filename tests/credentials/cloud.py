"""Credential services on 127.0.0.1: STS, SSO, sign-in, containers and EC2."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx
from botocore.credentials import RefreshableCredentials

AT_MOST = 30
"""Seconds to wait for events that usually happen at once."""
FAR = "2099-01-01T00:00:00Z"

_ROLE = """<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>
<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
<SessionToken>t</SessionToken><Expiration>{expiration}</Expiration></Credentials>
</{action}Result></{action}Response>"""
_ERROR = "<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"


class Cloud:
    """Gives new credentials each time: KEY1, KEY2 …, named after the requested role."""

    def __init__(self) -> None:
        self.given: Counter[str] = Counter()
        self.refused: set[str] = set()
        """Keys that STS refuses, as their session has expired."""
        self.is_down = False
        """True if STS fails."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def new_key(self, name: str = "KEY") -> str:
        self.given[name] += 1
        return f"{name}{self.given[name]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, target: str, signer: str | None, body: str) -> tuple[int, str]:
        path = urlsplit(target).path
        if path == "/federation/credentials":
            keys = {"accessKeyId": self.new_key(), "secretAccessKey": "s", "sessionToken": "t"}
            return 200, json.dumps({"roleCredentials": {**keys, "expiration": 4_000_000_000_000}})
        if path == "/v1/token":
            keys = {"accessKeyId": self.new_key(), "secretAccessKey": "s", "sessionToken": "t"}
            token = {"accessToken": keys, "tokenType": "aws_sigv4", "expiresIn": 900}
            return 200, json.dumps({**token, "refreshToken": "r"})
        if path == "/latest/api/token":
            return 200, "token"
        if path.endswith("/security-credentials/"):
            return 200, "KEY"
        if method == "GET":  # a container's credentials, and a role's on EC2
            key = self.new_key(path.rpartition("/")[2])
            keys = {"AccessKeyId": key, "SecretAccessKey": "s", "Token": "t"}
            return 200, json.dumps({**keys, "Expiration": FAR, "Code": "Success"})
        return self._assume(parse_qs(body), signer)

    def _assume(self, parameters: dict[str, list[str]], signer: str | None) -> tuple[int, str]:
        if self.is_down:
            return 400, _ERROR.format(code="Down")
        if signer in self.refused:
            return 403, _ERROR.format(code="ExpiredToken")
        (action,), (role,) = parameters["Action"], parameters["RoleArn"]
        key = self.new_key(role.rpartition("/")[2])
        return 200, _ROLE.format(action=action, key=key, expiration=FAR)


def _handler(cloud: Cloud) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            signer = re.search(r"Credential=(\w+)/", self.headers.get("Authorization") or "")
            status, answer = cloud.answer(self.command, self.path, signer and signer[1], body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("x-aws-ec2-metadata-token-ttl-seconds", "60")
            self.end_headers()
            self.wfile.write(answer.encode())

        do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002 - the base's name

    return Handler


class Refusing(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A service that rejects some keys for good, and records the key of each request.

    It answers rejected requests once ``at_once`` of them have arrived.
    """

    def __init__(
        self, *refused: str, at_once: int = 1, when_refused: Callable[[], object] = lambda: None
    ) -> None:
        self.refused = set(refused)
        self.keys: list[str] = []
        self._when_refused = when_refused
        self._barrier = threading.Barrier(at_once)
        self._async_barrier = asyncio.Barrier(at_once)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if is_refused := self._take(request):
            self._barrier.wait(AT_MOST)
        return _answer(is_refused)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if is_refused := self._take(request):
            async with asyncio.timeout(AT_MOST):
                await self._async_barrier.wait()
        return _answer(is_refused)

    def _take(self, request: httpx.Request) -> bool:
        key = re.findall(r"Credential=(\w+)/", request.headers["authorization"])[0]
        self.keys.append(key)
        if key not in self.refused:
            return False
        self._when_refused()
        return True


def _answer(is_refused: bool) -> httpx.Response:
    if is_refused:
        return httpx.Response(400, json={"__type": "ExpiredTokenException", "message": "old"})
    return httpx.Response(200, json={"taskArns": []})


def soon(**lasting: float) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(**lasting)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Rotating:
    """A refresh function for botocore that returns new credentials each time: KEY1, KEY2 …"""

    def __init__(self) -> None:
        self.fetched = 0

    def fetch(self) -> dict[str, str]:
        self.fetched += 1
        key = f"KEY{self.fetched}"
        return {"access_key": key, "secret_key": "s", "token": "t", "expiry_time": FAR}

    def refreshable(self) -> RefreshableCredentials:
        return RefreshableCredentials.create_from_metadata(self.fetch(), self.fetch, "mine")
