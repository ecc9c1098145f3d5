"""Small answers that would need much memory. As a program, it parses them all."""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import suppress
from typing import Any

from omics_tasks import OmicsTasksError
from omics_tasks._core.operation import Operation
from omics_tasks._core.protocols import Response, decode
from omics_tasks.deadline.operations import BATCH_GET_TASKS
from omics_tasks.deadline.operations import LIST_TASKS as LIST_DEADLINE_TASKS
from omics_tasks.ecs.operations import DESCRIBE_TASKS, LIST_TASKS
from omics_tasks.healthomics.operations import GET_RUN, LIST_RUNS

SIZE = 2 * 2**20

Hostile = tuple[Operation[Any, Any], int, bytes, str, bytes]
"""Operation, status, and the body's start, repeated part and end."""

DEADLINE_TASK = (
    b'{"tasks":[{"taskId":"","createdAt":"2026-01-02T03:04:05Z","createdBy":"","runStatus":"",'
)

HOSTILE: dict[str, Hostile] = {
    "wrong items": (LIST_RUNS, 200, b'{"items":[', "1,", b"1]}"),
    "empty items": (LIST_RUNS, 200, b'{"items":[', "{},", b"{}]}"),
    "good items": (LIST_RUNS, 200, b'{"items":[', '{"id":"1"},', b"null]}"),
    "null items": (LIST_RUNS, 200, b'{"items":[', "null,", b"null]}"),
    "arns": (LIST_TASKS, 200, b'{"taskArns":[', '"",', b'""]}'),
    "tasks": (DESCRIBE_TASKS, 200, b'{"tasks":[', '{"taskArn":""},', b"null]}"),
    "containers": (
        DESCRIBE_TASKS, 200, b'{"tasks":[{"taskArn":"","containers":[', "{},", b"{}]}]}",
    ),
    "long containers": (
        DESCRIBE_TASKS, 200, b'{"tasks":[{"taskArn":"","containers":[',
        '{"name":"' + "x" * 60 + '"},', b"{}]}]}",
    ),
    "containers of many tasks": (
        DESCRIBE_TASKS, 200, b'{"tasks":[',
        '{"taskArn":"","containers":[' + ('{"name":"' + "x" * 30 + '"},') * 200 + "{}]},",
        b"null]}",
    ),
    "ports of many containers": (
        DESCRIBE_TASKS, 200, b'{"tasks":[{"taskArn":"","containers":[',
        '{"networkBindings":[' + ('{"bindIP":"' + "x" * 25 + '"},') * 30 + "{}]},", b"{}]}]}",
    ),
    "wrong containers": (
        DESCRIBE_TASKS, 200, b'{"tasks":[{"taskArn":"","containers":[', "1,", b"1]}]}",
    ),
    "wrong members of items": (BATCH_GET_TASKS, 200, b'{"errors":[],"tasks":[', "{},", b"{}]}"),
    "map of models": (
        LIST_DEADLINE_TASKS, 200, DEADLINE_TASK + b'"parameters":{', '"%x":{},', b'"":{}}}]}',
    ),
    "map": (GET_RUN, 200, b'{"id":"1","tags":{', '"%x":"",', b'"":""}}'),
    "wrong map": (GET_RUN, 200, b'{"id":"1","tags":{', '"%x":1,', b'"":1}}'),
    "same key": (GET_RUN, 200, b'{"id":"1","tags":{', '"a":1,', b'"a":1}}'),
    "same member": (GET_RUN, 200, b'{"id":"1",', '"parameters":[{}],', b'"name":""}'),
    "unknown members": (GET_RUN, 200, b'{"id":"1",', '"%x":1,', b'"x":1}'),
    "unknown objects": (GET_RUN, 200, b'{"id":"1","x":[', "{},", b"{}]}"),
    "unknown lists": (GET_RUN, 200, b'{"id":"1","x":[', "[0],", b"[]]}"),
    "document": (GET_RUN, 200, b'{"id":"1","parameters":[', "[[[[[[]]]]]],", b"0]}"),
    "deep document": (
        GET_RUN, 200, b'{"id":"1","parameters":[', "[" * 20 + "]" * 20 + ",", b"0]}",
    ),
    "numbers": (GET_RUN, 200, b'{"id":"1","parameters":[', "0,", b"0]}"),
    "large numbers": (GET_RUN, 200, b'{"id":"1","parameters":[', "9" * 4000 + ",", b"0]}"),
    "text": (GET_RUN, 200, b'{"id":"1","name":"', "x", b'"}'),
    "escapes": (GET_RUN, 200, b'{"id":"1","name":"', "\\ud83d\\ude00", b'"}'),
    "brackets in text": (GET_RUN, 200, b'{"id":"1","name":"', '[{\\",', b'"}'),
    "brackets in open text": (GET_RUN, 200, b'{"id":"1","name":"', '[{\\",', b"\\"),
    "deep lists": (GET_RUN, 200, b"", "[", b""),
    "deep objects": (GET_RUN, 200, b"", '{"a":', b""),
    "HTML": (GET_RUN, 200, b"", "<b>", b""),
    "quotes": (GET_RUN, 200, b"[", '"",', b""),
    "objects of an error": (GET_RUN, 400, b'{"x":[', "{},", b"{}]}"),
    "members of an error": (GET_RUN, 500, b"{", '"%x":1,', b'"x":1}'),
    "lists for an error": (GET_RUN, 400, b"[", "[],", b"[]]"),
    "context of an error": (
        BATCH_GET_TASKS, 400, b'{"__type":"ValidationException","context":{', '"%x":"",',
        b'"":""}}',
    ),
    "fields of an error": (
        BATCH_GET_TASKS, 400, b'{"__type":"ValidationException","fieldList":[', "{},", b"{}]}",
    ),
    "message of an error": (GET_RUN, 400, b'{"message":"', "x", b'"}'),
}  # fmt: skip


def hostile(name: str, size: int = SIZE) -> tuple[Operation[Any, Any], Response]:
    """Return the answer of that name with a body of about that size."""
    operation, status, start, repeated, end = HOSTILE[name]
    if "%x" in repeated:
        middle = "".join(repeated % number for number in range(size // (len(repeated) + 2)))
    else:
        middle = repeated * (size // len(repeated))
    return operation, Response(status, {}, start + middle.encode() + end)


def sane(size: int = SIZE) -> tuple[Operation[Any, Any], Response]:
    """Return a page of runs of that size, whose items have long names."""
    now = "2026-01-02T03:04:05.123Z"
    run = {
        "id": "1234567", "status": "RUNNING", "name": "x" * 100, "priority": 1,
        "workflowId": "7654321", "creationTime": now, "startTime": now, "stopTime": now,
        "storageCapacity": 1200, "arn": "arn:aws:omics:us-east-1:111122223333:run/1234567",
    }  # fmt: skip
    count = size // len(json.dumps(run))
    return LIST_RUNS, Response(200, {}, json.dumps({"items": [run] * count}).encode())


def seconds(operation: Operation[Any, Any], response: Response) -> float:
    """Return the least processor seconds per byte of several runs."""
    took: list[float] = []
    for _ in range(3):
        began = time.process_time()
        with suppress(OmicsTasksError):
            decode(operation, response)
        took.append(time.process_time() - began)
    return min(took) / len(response.body)


def memory() -> int:
    """Return the peak memory of this process in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )


if __name__ == "__main__":
    usual = seconds(*sane(2**19))
    before = memory()
    slowness = {name: seconds(*hostile(name)) / usual for name in HOSTILE}
    sys.stdout.write(json.dumps({"bytes": memory() - before, "slowness": slowness}))
