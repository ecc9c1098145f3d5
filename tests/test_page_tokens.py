"""Page tokens of every kind and length lead to an answer or to an error of the library."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import create_model
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from omics_tasks import ParamValidationError, ResponseError
from omics_tasks._core.endpoints import LONGEST_URL
from omics_tasks._core.model import Input
from omics_tasks._core.operation import Operation
from omics_tasks._core.protocols import LONGEST_TARGET, encode
from omics_tasks.deadline import operations as deadline
from omics_tasks.ecs import operations as ecs
from omics_tasks.healthomics import operations as healthomics

from .asking import Ask, Script, json_answer, pages, take

STEP = ("farm-" + "0" * 32, "queue-" + "0" * 32, "job-" + "0" * 32, "step-" + "0" * 32)
TASK = {
    "taskId": "task-1",
    "createdAt": "2026-01-01T00:00:00Z",
    "createdBy": "a",
    "runStatus": "READY",
}

# Client, method, arguments, the listing's name and its token's on the wire, and an item.
RUNS = ("HealthOmics", "list_runs", (), "items", "startingToken", {"id": "1"})
RUN_TASKS = ("HealthOmics", "list_run_tasks", ("1",), "items", "startingToken", {"taskId": "1"})
DEADLINE_TASKS = ("Deadline", "list_tasks", STEP, "tasks", "nextToken", TASK)
ECS_TASKS = ("ECS", "list_tasks", (), "taskArns", "nextToken", "arn:a/1")

IN_A_URL = pytest.mark.parametrize("listing", [RUNS, RUN_TASKS, DEADLINE_TASKS])
OF_ALL_KINDS = pytest.mark.parametrize("listing", [RUNS, RUN_TASKS, DEADLINE_TASKS, ECS_TASKS])


class Service:
    """Returns one item per page: the first page has a token, the second is the last."""

    def __init__(self, listing: Any, next_token: str) -> None:
        self._client, self._method, self._arguments, items, self._sent_as, item = listing
        self.script = Script(
            json_answer(**{items: [item, item]}, nextToken=next_token),
            json_answer(**{items: [item, item]}),
        )

    def ask(self, ask: Ask, read: Any, options: Any = None, **arguments: Any) -> Any:
        def question(client: Any) -> Any:
            return read(getattr(client, self._method)(*self._arguments, **arguments))

        transport = self.script.transport
        return ask(question, self._client, transport=transport, **(options or {}))

    @property
    def tokens(self) -> list[str | None]:
        return [self._token_of(request) for request in self.script.requests]

    def _token_of(self, request: httpx.Request) -> str | None:
        if request.method == "POST":
            token: str | None = json.loads(request.content).get(self._sent_as)
            return token
        return parse_qs(request.url.query.decode()).get(self._sent_as, [None])[0]


def items_of(got: list[Any]) -> list[Any]:
    return [item for page in got for item in page.items]


@OF_ALL_KINDS
@pytest.mark.parametrize("token", ["~3~x", "~0~", "~seen:0123456789ab~x", "~", "~x"])
def test_a_token_that_looks_like_a_resume_token(ask: Ask, listing: Any, token: str) -> None:
    """A service's token is sent back unchanged, when iterating and when resuming."""
    service = Service(listing, token)
    kept: list[Any] = []

    def first(tasks: Any) -> Any:
        kept.append(tasks)
        return pages(tasks, 1)

    (page,) = service.ask(ask, first)
    for starting_token in (page.next_token, kept[0].resume_token):
        assert 2 == len(service.ask(ask, take, starting_token=starting_token))
    cut = items_of(service.ask(ask, pages, starting_token=page.next_token, max_items=1))
    assert 1 == len(cut)
    assert [None, token, token, token] == service.tokens

    whole = Service(listing, token)
    assert 4 == len(whole.ask(ask, take))
    assert [None, token] == whole.tokens


@IN_A_URL
@pytest.mark.parametrize("prefetch", [False, True])
@pytest.mark.parametrize("token", ["x" * 70_000, "é" * 20_000], ids=["ascii", "encoded"])
def test_an_answer_s_token_that_no_url_can_hold(
    ask: Ask, listing: Any, prefetch: bool, token: str
) -> None:
    """Too long a token is a ResponseError after the page's items; nothing more is sent."""
    service = Service(listing, token)
    kept: list[Any] = []

    def whole_page(tasks: Any) -> Any:
        kept.append(tasks)
        return take(tasks, 2)

    assert 2 == len(service.ask(ask, whole_page, prefetch=prefetch))
    assert token == kept[0].resume_token
    service = Service(listing, token)
    with pytest.raises(ResponseError, match=f"{len(token)} characters.*at most 63488") as caught:
        service.ask(ask, take, prefetch=prefetch)
    assert len(str(caught.value)) < 300
    assert [None] == service.tokens


@IN_A_URL
def test_the_longest_token_that_can_be_sent(ask: Ask, listing: Any) -> None:
    """The longest token is sent, even with the longest allowed endpoint."""
    service = Service(listing, "x")
    service.ask(ask, take)
    begin = service.script.requests[1].url.raw_path
    token = "x" * (LONGEST_TARGET - len(begin) + 1)
    host = "http://localhost:1/"
    longest = {"endpoint_url": host + "p" * (LONGEST_URL - len(host))}
    service = Service(listing, token)
    assert 4 == len(service.ask(ask, take, options=longest))
    assert [None, token] == service.tokens
    with pytest.raises(ResponseError):
        Service(listing, token + "x").ask(ask, take, options=longest)


@pytest.mark.parametrize("token", ["x" * 70_000, "~3~" + "x" * 70_000], ids=["token", "resume"])
@pytest.mark.parametrize(
    ("listing", "most"), [(RUNS, 128), (RUN_TASKS, 128), (DEADLINE_TASKS, 4096)]
)
def test_a_starting_token_that_no_url_can_hold(
    ask: Ask, listing: Any, most: int, token: str
) -> None:
    """Too long a starting token is an error when the listing is made."""
    service = Service(listing, "x")
    with pytest.raises(ParamValidationError, match=f"starting_token.*at most {most}"):
        service.ask(ask, lambda _: None, starting_token=token)
    assert [] == service.tokens


def test_a_token_in_a_body_may_have_any_length(ask: Ask) -> None:
    """ECS's tokens are sent in the body and have no limit."""
    token = "x" * 70_000
    service = Service(ECS_TASKS, token)
    assert 4 == len(service.ask(ask, take))
    assert 2 == len(service.ask(ask, take, starting_token=token))
    assert [None, token, token] == service.tokens


OPERATIONS = [
    operation
    for module in (healthomics, ecs, deadline)
    for operation in vars(module).values()
    if isinstance(operation, Operation)
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.service.id}-{each.name}")
def test_no_argument_makes_a_url_too_long(operation: Operation[Input, Any]) -> None:
    """All arguments in a URL have limits, and together fit into a URL."""
    fields: Any = {
        name: (field.annotation, field)
        for name, field in operation.input.model_fields.items()
        if not field.exclude
        if operation.method == "GET" or f"{{{_on_the_wire(name, field)}}}" in operation.path
    }
    schema = create_model("Arguments", **fields).model_json_schema(by_alias=False)
    longest = {name: _longest(member) for name, member in schema.get("properties", {}).items()}
    arguments = operation.input.model_construct(**longest)
    assert len(encode(operation, arguments).target) <= LONGEST_TARGET


def _on_the_wire(name: str, field: FieldInfo) -> str:
    return field.alias or to_camel(name)


def _longest(schema: Any) -> Any:
    """Return a value of maximum encoded length: up to 12 bytes per character."""
    if "anyOf" in schema:
        (schema,) = (each for each in schema["anyOf"] if each["type"] != "null")
    if schema["type"] == "array":
        return (_longest(schema["items"]),) * schema["maxItems"]
    if schema["type"] == "string":
        return "\N{DNA DOUBLE HELIX}" * _most_characters(schema)
    return {"integer": 10**9, "boolean": True}[schema["type"]]


def _most_characters(schema: Any) -> int:
    if values := schema.get("enum") or schema.get("const"):
        return max(map(len, [values] if isinstance(values, str) else values))
    if "maxLength" in schema:
        return int(schema["maxLength"])
    unbounded = {"*", "+"} & set(schema["pattern"])
    assert set() == unbounded
    return 100
