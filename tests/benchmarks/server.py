"""A server at minimal cost: raw bytes on 127.0.0.1, the same few answers every time.

As a program it prints its port and serves until it is terminated.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from email.utils import formatdate

_LISTING = re.compile(rb"GET /run/(\d+)/task[ ?]")
_SIZE = re.compile(rb"[?&]maxResults=(\d+)")
_TOKEN = re.compile(rb"[?&]startingToken=(\d+)")
_PAGE_NUMBER = b"0000000"
_TASK = {
    "cpus": 4,
    "memory": 16,
    "gpus": 0,
    "status": "COMPLETED",
    "instanceType": "omics.m.xlarge",
    "creationTime": "2026-03-01T09:00:00.123Z",
    "startTime": "2026-03-01T09:02:11.456Z",
    "stopTime": "2026-03-01T09:40:59.789Z",
    "cacheHit": False,
    "cacheS3Uri": "s3://example-bucket/cache/7",
}
_DEADLINE_TASK = {
    "taskId": "task-0123456789abcdef0123456789abcdef-0",
    "createdAt": "2026-03-01T09:00:00Z",
    "createdBy": "arn:aws:sts::111122223333:assumed-role/artist/someone",
    "runStatus": "SUCCEEDED",
    "targetRunStatus": "READY",
    "failureRetryCount": 1,
    "parameters": {"Frame": {"int": "42"}, "Camera": {"string": "main"}},
    "startedAt": "2026-03-01T09:01:00Z",
    "endedAt": "2026-03-01T09:05:00Z",
    "updatedAt": "2026-03-01T09:05:01Z",
    "updatedBy": "arn:aws:sts::111122223333:assumed-role/worker/one",
    "latestSessionActionId": "sessionaction-0123456789abcdef0123456789abcdef-3",
}


def _task(index: int) -> dict[str, object]:
    number = f"{_PAGE_NUMBER.decode()}{index:02d}"
    identity = {"taskId": f"1{number}", "name": f"align_{number}"}
    return {**identity, "uuid": f"5ac7d2a1-{number}-4b1e-a2c5", **_TASK}


_TASKS = [json.dumps(_task(index), separators=(",", ":")).encode() for index in range(100)]
_FULL_PAGE = b",".join(_TASKS).split(_PAGE_NUMBER)
_ONE_TASK = json.dumps(_DEADLINE_TASK).encode()


def _page(tasks: int, request: bytes) -> bytes:
    """Return a page of a listing of ``tasks`` tasks; its token is an index."""
    size_match, token = _SIZE.search(request), _TOKEN.search(request)
    size, start = int(size_match[1]) if size_match else 100, int(token[1]) if token else 0
    end = min(start + size, tasks)
    count = end - start
    page = _FULL_PAGE if count == len(_TASKS) else b",".join(_TASKS[:count]).split(_PAGE_NUMBER)
    rest = b'],"nextToken":"%d"}' % end if end < tasks else b"]}"
    return b'{"items":[' + (b"%07d" % (start // size)).join(page) + rest


def answer(request: bytes) -> bytes:
    """Return the whole answer to a request. The run's id is its number of tasks."""
    listing = _LISTING.match(request)
    body = _page(int(listing[1]), request) if listing else _ONE_TASK
    return (
        b"HTTP/1.1 200 OK\r\nDate: %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"
        b"x-amzn-RequestId: 7d2a5ac7-4b1e-4c5b-a2c5-b1d5b1d5b1d5\r\nConnection: keep-alive\r\n\r\n"
        % (formatdate(usegmt=True).encode(), len(body))
    ) + body


class _Connection(asyncio.Protocol):
    """Answers requests without a body, one after the other."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._received = (self._received + data).split(b"\r\n\r\n")
        for request in requests:
            if self._delay:
                loop = asyncio.get_running_loop()
                loop.call_later(self._delay, self._transport.write, answer(request))
            else:
                self._transport.write(answer(request))


async def _serve(delay: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(delay), "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    asyncio.run(_serve(parser.parse_args().delay))
