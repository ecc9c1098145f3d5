"""Our endpoints compared with botocore's evaluation of AWS's endpoint rules."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from botocore.loaders import Loader

import omics_tasks
from omics_tasks import InvalidEndpointError
from omics_tasks._core.endpoints import Partition, partition_of, service_url, with_host_prefix
from omics_tasks._core.operation import Operation
from omics_tasks._io.partitions import load_partitions

from ..asking import CREDENTIALS, Ask, Script, json_answer
from ..faults.things import Thing, ThingInput
from .aws import CLIENTS, OPERATIONS, host_prefix_of, model_of

SERVICES = {operation.service.id: operation.service for operation in OPERATIONS.values()}
HOST_PREFIXES = {op.service.id: host_prefix_of(model_of(op)) for op in OPERATIONS.values()}
PARTITIONS: dict[str, Any] = Loader().load_data("partitions")
CUSTOM = "https://proxy.example.com:8443/aws"

each_service = pytest.mark.parametrize("service", SERVICES)
each_variant = pytest.mark.parametrize(
    ("fips", "dual_stack"),
    list(product([False, True], repeat=2)),
    ids=["plain", "dualstack", "fips", "fips-dualstack"],
)


def unlisted(partition: dict[str, Any]) -> str:
    """Return a region that AWS may open: a known one with another number."""
    pattern = partition["regionRegex"]
    today = next(region for region in partition["regions"] if re.fullmatch(pattern, region))
    return re.sub(r"\d+$", "99", today)


REGIONS = [
    *(region for partition in PARTITIONS["partitions"] for region in partition["regions"]),
    *(unlisted(partition) for partition in PARTITIONS["partitions"]),
    "xx-nowhere-1",
]


@cache
def rules_of(service: str) -> dict[str, Any]:
    """Return AWS's endpoint rules of a service."""
    rules: dict[str, Any] = Loader().load_service_model(service, "endpoint-rule-set-1")
    return rules


def url_by_rules(rules: EndpointProvider, service: str, **parameters: object) -> str | None:
    """Return the URL of AWS's rules with the host prefix, or None for an error."""
    try:
        url = rules.resolve_endpoint(**parameters).url
    except EndpointProviderError:
        return None
    return url.replace("https://", f"https://{HOST_PREFIXES[service]}", 1)


def our_url(
    service: str, region: str, partitions: tuple[Partition, ...], *, fips: bool, dual_stack: bool
) -> str | None:
    """Return our URL, or None for an InvalidEndpointError."""
    partition = partition_of(region, partitions)
    try:
        return service_url(SERVICES[service], region, partition, fips=fips, dual_stack=dual_stack)
    except InvalidEndpointError:
        return None


def test_all_partitions_are_there() -> None:
    """Every partition is known and has a listed and an unlisted region."""
    assert [p["id"] for p in PARTITIONS["partitions"]] == [p.id for p in load_partitions()]
    of_unlisted = [partition_of(unlisted(p), load_partitions()) for p in PARTITIONS["partitions"]]
    assert list(load_partitions()) == of_unlisted


@each_service
@each_variant
def test_endpoints_are_aws_own(service: str, fips: bool, dual_stack: bool) -> None:
    """In every region, listed or not, the URL is that of the rules with the host prefix."""
    rules = EndpointProvider(rules_of(service), PARTITIONS)
    theirs = {
        region: url_by_rules(rules, service, Region=region, UseFIPS=fips, UseDualStack=dual_stack)
        for region in REGIONS
    }
    ours = {
        region: our_url(service, region, load_partitions(), fips=fips, dual_stack=dual_stack)
        for region in REGIONS
    }
    assert theirs == ours
    assert None not in ours.values()


@each_service
@each_variant
@pytest.mark.parametrize("has_fips", [True, False])
@pytest.mark.parametrize("has_dual_stack", [True, False])
def test_partition_without_variant(
    service: str, *, fips: bool, dual_stack: bool, has_fips: bool, has_dual_stack: bool
) -> None:
    """FIPS or dual-stack in a partition without it is an error in both."""
    lacking = [
        {
            **partition,
            "outputs": {
                **partition["outputs"],
                "supportsFIPS": has_fips,
                "supportsDualStack": has_dual_stack,
            },
        }
        for partition in PARTITIONS["partitions"]
    ]
    ours = tuple(
        replace(partition, supports_fips=has_fips, supports_dual_stack=has_dual_stack)
        for partition in load_partitions()
    )
    rules = EndpointProvider(rules_of(service), {**PARTITIONS, "partitions": lacking})
    region = "us-gov-west-1"
    assert url_by_rules(
        rules, service, Region=region, UseFIPS=fips, UseDualStack=dual_stack
    ) == our_url(service, region, ours, fips=fips, dual_stack=dual_stack)


@each_service
@each_variant
@pytest.mark.parametrize("kind", ["", "Async"], ids=["sync", "async"])
def test_custom_endpoint(service: str, fips: bool, dual_stack: bool, kind: str) -> None:
    """A custom endpoint is handled as by the rules; with FIPS or dual-stack it is an error."""
    rules = EndpointProvider(rules_of(service), PARTITIONS)
    try:
        theirs = rules.resolve_endpoint(
            Region="us-east-1", UseFIPS=fips, UseDualStack=dual_stack, Endpoint=CUSTOM
        ).url
    except EndpointProviderError:
        theirs = None
    client: Any = getattr(omics_tasks, f"{kind}{CLIENTS[service]}Client")
    try:
        ours = client(
            region="us-east-1",
            endpoint_url=CUSTOM,
            use_fips=fips,
            use_dualstack=dual_stack,
            credentials=CREDENTIALS,
        ).config.endpoint_url
    except InvalidEndpointError:
        ours = None
    assert theirs == ours


def host_prefixes(service: str) -> set[str]:
    """The prefixes that any operation of the service has at AWS."""
    operations = Loader().load_service_model(service, "service-2")["operations"]
    return {each.get("endpoint", {}).get("hostPrefix", "") for each in operations.values()}


@pytest.mark.parametrize(
    ("service", "prefix"),
    [(service, prefix) for service in SERVICES for prefix in sorted(host_prefixes(service))],
)
@each_variant
def test_an_operation_may_have_a_prefix_of_its_own(
    service: str, prefix: str, fips: bool, dual_stack: bool
) -> None:
    """In every region, it stands where the service's own does."""
    rules = EndpointProvider(rules_of(service), PARTITIONS)
    theirs = {
        region: rules.resolve_endpoint(
            Region=region, UseFIPS=fips, UseDualStack=dual_stack
        ).url.replace("https://", f"https://{prefix}")
        for region in REGIONS
    }
    variant = {"fips": fips, "dual_stack": dual_stack}
    own = SERVICES[service].host_prefix
    assert theirs == {
        region: with_host_prefix(
            our_url(service, region, load_partitions(), **variant) or "", own, prefix
        )
        for region in REGIONS
    }


class SentError(Exception):
    """Has the URL that a request was to go to."""


def host_by_boto3(service: str, method: str, arguments: dict[str, str], **config: Any) -> str:
    """Return the host that boto3 sends a request to, with its host prefix."""
    session = boto3.session.Session(
        aws_access_key_id="A", aws_secret_access_key="s", region_name="us-west-2"
    )
    clients: Any = session.client
    client = clients(service, config=Config(retries={"total_max_attempts": 1}, **config))

    def send(request: AWSPreparedRequest, **_: object) -> None:
        raise SentError(request.url)

    client.meta.events.register("before-send", send)
    with pytest.raises(SentError) as caught:
        getattr(client, method)(**arguments)
    return str(urlsplit(str(caught.value)).hostname)


TAGS = ("omics", "list_tags_for_resource", {"resourceArn": "arn"}, "tags-")
WORKER = ("deadline", "create_worker", {"farmId": "farm-1", "fleetId": "fleet-1"}, "scheduling.")
RUN = ("omics", "get_run", {"id": "1"}, None)


@pytest.mark.parametrize(("service", "method", "arguments", "prefix"), [TAGS, WORKER, RUN], ids=str)
@each_variant
def test_requests_go_to_the_host_that_boto3_takes(
    ask: Ask, service: str, method: str, arguments: dict[str, str], prefix: str | None,
    fips: bool, dual_stack: bool,
) -> None:  # fmt: skip
    """The host of the URL and the signed header are the operation's at AWS."""
    operation = Operation(
        SERVICES[service], "MakeThing", ThingInput, Thing, (), "POST", "/thing", host_prefix=prefix
    )
    script = Script(json_answer(id="1"))
    for url in (None, CUSTOM):
        ask(
            lambda c: c._call(operation, name="x"),  # noqa: SLF001 - no public method has such an operation yet
            CLIENTS[service],
            region="us-west-2",
            transport=script.transport,
            endpoint_url=url,
            use_fips=fips if url is None else None,
            use_dualstack=dual_stack if url is None else None,
        )
    by_aws, by_custom = script.requests
    config = {"use_fips_endpoint": fips, "use_dualstack_endpoint": dual_stack}
    theirs = host_by_boto3(service, method, arguments, **config)
    assert (theirs, theirs) == (by_aws.url.host, by_aws.headers["host"])
    assert f"{CUSTOM}/thing" == str(by_custom.url)


def test_a_custom_endpoint_that_is_aws_own_gets_no_prefix(ask: Ask) -> None:
    """A custom endpoint is used unchanged."""
    own = "https://workflows-omics.us-east-1.amazonaws.com"
    operation = Operation(
        SERVICES["omics"], "MakeThing", ThingInput, Thing, (), "POST", "/thing", host_prefix="tags-"
    )
    script = Script(json_answer(id="1"))
    ask(
        lambda c: c._call(operation, name="x"),  # noqa: SLF001 - as above
        transport=script.transport,
        endpoint_url=own,
    )
    assert f"{own}/thing" == str(script.requests[0].url)
