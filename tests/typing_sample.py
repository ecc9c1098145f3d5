"""Users' code for the type checkers: every public name. Never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import assert_type

import boto3
import httpx

import omics_tasks
from omics_tasks import (
    AccessDeniedException,
    AsyncDeadlineClient,
    AsyncECSClient,
    AsyncHealthOmicsClient,
    AsyncPaginator,
    AsyncSigV4Transport,
    AuthenticationException,
    Change,
    ClientConfig,
    ClientOptions,
    ClosedClientError,
    ConfigurationError,
    ConflictException,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    Credentials,
    CredentialsLike,
    DeadlineClient,
    ECSClient,
    EndpointConnectionError,
    HealthOmicsClient,
    InternalServerException,
    InvalidEndpointError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    OmicsTasksError,
    Page,
    PaginationError,
    Paginator,
    ParamValidationError,
    Problem,
    ProfileNotFoundError,
    ProxyConnectionError,
    RateLimit,
    ReadTimeoutError,
    RequestTimeoutException,
    ResourceNotFoundException,
    ResponseError,
    RetryPolicy,
    ServiceError,
    ServiceQuotaExceededException,
    SessionLike,
    SigV4Transport,
    SSLError,
    TaskLike,
    TaskState,
    ThrottlingException,
    TransportError,
    ValidationException,
    WaitError,
    WaitFailedError,
    WaitTimeoutError,
)
from omics_tasks import deadline as dl
from omics_tasks import ecs as e
from omics_tasks import healthomics as ho
from omics_tasks.testing import LocalAWS


def configured() -> ClientOptions:
    policy = RetryPolicy(max_attempts=5, max_delay=10.0, total_timeout=60.0, sleep=print)
    session: SessionLike = boto3.Session()
    key: CredentialsLike = Credentials("AKID", "secret", token=None)
    with HealthOmicsClient(
        region="us-east-1", profile=None, credentials=key, session=None, endpoint_url=None,
        use_fips=False, use_dualstack=False, verify=Path("ca.pem"), timeout=(3.0, 60.0),
        retries=policy, transport=httpx.HTTPTransport(), rate_limit=RateLimit(50, burst=100),
    ) as client:  # fmt: skip
        config: ClientConfig = client.config
        assert_type(config.region, str)
        assert_type(config.endpoint_url, str)
        assert_type(config.is_custom_endpoint, bool)
        assert_type(config.retries, RetryPolicy)
    return {"session": session, "timeout": 5}


def healthomics(client: HealthOmicsClient) -> None:
    run = client.get_run("1234567", export=["DEFINITION"])
    assert_type(run, ho.Run)
    assert_type(run.status, ho.RunStatus | None)
    assert_type(run.start_time, datetime | None)
    assert_type(run.tags, dict[str, str])
    tasks = client.list_run_tasks(run.id, status="FAILED", page_size=5, max_items=9)
    assert_type(tasks, Paginator[ho.RunTaskSummary])
    assert_type(iter(tasks), Iterator[ho.RunTaskSummary])
    assert_type(tasks.pages(), Iterator[Page[ho.RunTaskSummary]])
    assert_type(tasks.collect(), list[ho.RunTaskSummary])
    client.list_run_tasks(run.id, status=ho.RunTaskStatus.FAILED, starting_token=tasks.resume_token)
    for task in tasks:
        assert_type(client.get_run_task("1", task.task_id), ho.RunTask)
    status: ho.RunTaskStatusName = "RUNNING"
    export: ho.RunExportName = "DEFINITION"
    client.list_run_tasks("1", status=status)
    client.get_run("1", export=(export,))
    wanted: ho.RunStatusName = "FAILED"
    runs = client.list_runs(name="x", status=wanted, run_group_id="1", batch_id="2")
    assert_type(runs, Paginator[ho.RunSummary])
    assert_type(client.wait_for_run("1", until=TaskState.RUNNING, timeout=60), ho.Run)
    client.wait_for_run("1", until="RUNNING")
    assert_type(client.wait_for_run_task("1", "2", until=None), ho.RunTask)
    for change in client.watch_run("1"):
        assert_type(change, Change[ho.Run | ho.RunTaskSummary])
        assert_type(change.previous, TaskState | None)
        assert_type(reason_of(change.item), str)


def reason_of(task: TaskLike) -> str:
    assert_type(task.state, TaskState)
    assert_type(task.reason, str | None)
    assert_type(task.created_time, datetime | None)
    assert_type(task.duration, timedelta | None)
    return f"{task.state} {task.is_terminal} {task.started_time} {task.ended_time}"


def ecs(client: ECSClient) -> None:
    for task in client.iter_tasks(cluster="render", desired_status=["RUNNING", "STOPPED"]):
        assert_type(task, e.Task)
        assert_type(reason_of(task), str)
    found = client.describe_tasks(["a", "b"], cluster="render", include=["TAGS"])
    assert_type(found.tasks, list[e.Task])
    assert_type(found.failures[0].reason, str | None)
    assert_type(client.wait_for_tasks(["a"], cluster="render", timeout=5.5), list[e.Task])
    for change in client.watch_tasks(["a"], cluster="render", missing_grace=60):
        assert_type(change.item, e.Task)
    desired: e.DesiredStatusName = "STOPPED"
    launch: e.LaunchTypeName = "FARGATE"
    arns = client.list_tasks(cluster="render", desired_status=desired, launch_type=launch)
    assert_type(arns, Paginator[e.TaskArn])
    for arn in arns:
        assert_type(arn.cluster, str | None)
        assert_type(arn.upper(), str)


def deadline(client: DeadlineClient) -> None:
    task = client.get_task(farm_id="f", queue_id="q", job_id="j", step_id="s", task_id="t")
    assert_type(task, dl.Task)
    assert_type(task.run_status, dl.TaskRunStatus)
    assert_type(task.parameters["frame"].int, str | None)
    assert_type(reason_of(task), str)
    assert_type(client.list_tasks("f", "q", "j", "s"), Paginator[dl.TaskSummary])
    found = client.search_tasks("f", ["q"], job_id="j", page_size=50)
    assert_type(found, Paginator[dl.TaskSearchSummary])
    batch = client.batch_get_tasks([dl.TaskId("f", "q", "j", "s", "t")])
    assert_type(reason_of(batch.tasks[0]), str)
    assert_type(batch.errors[0].message, str)
    assert_type(client.wait_for_task("f", "q", "j", "s", "t", timeout=5), dl.Task)
    for change in client.watch_tasks("f", "q", "j", "s"):
        assert_type(change, Change[dl.TaskSummary])


async def asynchronous() -> None:
    async with (
        AsyncHealthOmicsClient(transport=httpx.AsyncHTTPTransport()) as omics,
        AsyncECSClient(**configured()) as ecs_client,
        AsyncDeadlineClient(region="us-east-1") as deadline_client,
    ):
        assert_type(await omics.get_run("1"), ho.Run)
        listing = ecs_client.list_tasks(cluster="render")
        assert_type(listing, AsyncPaginator[e.TaskArn])
        assert_type(aiter(listing), AsyncIterator[e.TaskArn])
        assert_type(listing.pages(), AsyncIterator[Page[e.TaskArn]])
        assert_type(await listing.collect(), list[e.TaskArn])
        async for arn in listing:
            assert_type(arn, e.TaskArn)
        assert_type(await omics.wait_for_run("1"), ho.Run)
        async for change in omics.watch_run("1"):
            assert_type(change.time, datetime)
        async for task in ecs_client.iter_tasks(cluster="render"):
            assert_type(task.state_if_essential("main"), TaskState)
        assert_type(await ecs_client.wait_for_tasks(["a"]), list[e.Task])
        assert_type(await deadline_client.get_task("f", "q", "j", "s", "t"), dl.Task)


def caught() -> None:
    try:
        pass
    except dl.ResourceNotFoundException as not_found:
        assert_type(not_found.resource_id, str | None)
    except dl.ValidationException as invalid:
        assert_type(invalid.field_list, list[dl.ValidationExceptionField])
    except dl.ThrottlingException as throttled:
        assert_type(throttled.retry_after, float | None)
    except (
        AccessDeniedException, AuthenticationException, ConflictException, InternalServerException,
        RequestTimeoutException, ResourceNotFoundException, ServiceQuotaExceededException,
        ThrottlingException, ValidationException, e.ClusterNotFoundException,
    ) as refused:  # fmt: skip
        assert_type(refused.code, str)
    except ServiceError as error:
        assert_type(error.status, int)
        assert_type(error.message, str | None)
    except ParamValidationError as error:
        assert_type(error.problems, tuple[Problem, ...])
    except ResponseError as error:
        assert_type(error.request_id, str | None)
    except (
        ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError,
        ReadTimeoutError, SSLError, TransportError,
    ) as error:  # fmt: skip
        assert_type(error.attempts, int)
    except (
        CredentialRetrievalError, InvalidEndpointError, InvalidRegionError, NoCredentialsError,
        NoRegionError, ProfileNotFoundError, ConfigurationError,
    ) as error:  # fmt: skip
        assert_type(str(error), str)
    except (WaitFailedError, WaitTimeoutError, WaitError) as late:
        assert_type(late.snapshot, TaskLike | None)
        assert_type(late.snapshots, tuple[TaskLike, ...])
        assert_type(late.reason, str | None)
    except (ClosedClientError, PaginationError, OmicsTasksError) as error:
        assert_type(error.retryable, bool)
        assert_type(error.may_have_happened, bool)


def signed() -> None:
    client = httpx.Client(transport=SigV4Transport("execute-api", "eu-west-1", profile="dev"))
    client.get("https://api.example.com/")
    httpx.AsyncClient(transport=AsyncSigV4Transport("es", "eu-west-1", session=boto3.Session()))


def local() -> None:
    with LocalAWS() as aws, HealthOmicsClient(**aws.client_options) as client:
        assert_type(client, HealthOmicsClient)
    assert_type(omics_tasks.__version__, str)
