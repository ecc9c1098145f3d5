"""The ECS clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable

from .._async_client import AsyncClient
from .._core.protocols import check
from .._sync_client import SyncClient
from ..pagination import AsyncPaginator, Paginator
from ..states import Change, TaskState, TaskStateName
from . import _waiting
from ._describing import describe_tasks
from ._iterating import ITER_TASKS, TaskCursor, page_of_tasks
from .arns import TaskArn
from .enums import DesiredStatus, LaunchType
from .models import DescribedTasks, Task
from .operations import (
    DESCRIBE_TASKS,
    ECS,
    LIST_TASKS,
    DesiredStatusName,
    LaunchTypeName,
    TaskFieldName,
)

__all__ = ["AsyncECSClient", "ECSClient"]


class ECSClient(SyncClient):
    """Reads the tasks of Amazon ECS.

    Every method raises ``ParamValidationError`` for bad arguments, before anything is sent; a
    ``ServiceError`` where the service refuses (``omics_tasks.ecs`` has those that it
    documents); ``TransportError`` where no answer comes; ``ResponseError`` for one that can't be
    read. AWS lets an account list 100 times at once and 20 times a second on, in a Region, with
    all that describes tasks counted in.
    """

    _service = ECS

    def list_tasks(
        self,
        *,
        cluster: str | None = None,
        container_instance: str | None = None,
        family: str | None = None,
        started_by: str | None = None,
        service_name: str | None = None,
        desired_status: DesiredStatus | DesiredStatusName | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[TaskArn]:
        """The ARNs of a cluster's tasks: those meant to run, unless ``desired_status`` says else.

        ``cluster`` is a name or an ARN, the cluster ``default`` if left out. ``started_by`` must
        be the only filter beside it. Stopped tasks are listed for about an hour. ``page_size`` is
        1 to 100 tasks a request; ``max_items`` ends the listing early; ``starting_token`` is a
        ``resume_token`` or a page's ``next_token``; ``prefetch`` asks for the next page while one
        is worked on. A cluster that isn't there raises
        ``omics_tasks.ecs.ClusterNotFoundException``.
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
        """
        return self._list(
            LIST_TASKS,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            started_by=started_by,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    def describe_tasks(
        self,
        tasks: Iterable[str],
        *,
        cluster: str | None = None,
        include: Iterable[TaskFieldName] | None = None,
    ) -> DescribedTasks:
        """Tasks by their ids or ARNs, any number of them.

        They are sent a hundred a request, each once; for none, nothing is sent. What is found
        comes in the order asked; what isn't there is among the ``failures``, as ``MISSING``, and a
        task just started may be for some seconds. ``cluster`` is a name or an ARN, and all tasks
        must be in it; if it is left out, each ARN is asked for in its own cluster, and ids in the
        one named ``default``. ``include=["TAGS"]`` asks for tags too. A cluster that isn't there
        raises ``omics_tasks.ecs.ClusterNotFoundException``. Any error of a later request has what
        was found before it as ``.partial``.
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
        """
        given = {"tasks": tasks, "cluster": cluster, "include": include}
        return self._run(describe_tasks(check(DESCRIBE_TASKS, given)))

    def iter_tasks(
        self,
        *,
        cluster: str | None = None,
        container_instance: str | None = None,
        family: str | None = None,
        started_by: str | None = None,
        service_name: str | None = None,
        desired_status: DesiredStatus
        | DesiredStatusName
        | Iterable[DesiredStatus | DesiredStatusName]
        | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        include: Iterable[TaskFieldName] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[Task]:
        """A cluster's tasks, described: each page is listed, then described in a second request.

        The arguments are those of ``list_tasks``, but ``desired_status`` may be several: they are
        listed one after the other, and a task that is met again in the next one comes once.
        ``include=["TAGS"]`` asks for tags too. Tasks that are gone before they are described are
        left out; one that can't be described for another reason raises ``AccessDeniedException`` or
        another ``ServiceError``, with the tasks of its page that could be described as
        ``.partial``. A ``starting_token`` must be of a listing with ``iter_tasks``, and of one of
        the desired statuses; the listing that goes on from there does not know what came before it.
        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
        """
        return self._list(
            ITER_TASKS,
            page_of_tasks,
            TaskCursor,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            started_by=started_by,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            include=include,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    def wait_for_tasks(
        self,
        tasks: Iterable[str],
        *,
        cluster: str | None = None,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
        essential: Iterable[str] | None = None,
        missing_grace: float = 30.0,
    ) -> list[Task]:
        """Waits until all tasks have come to a state, and returns one for each that was asked.

        By default that is their success; ``until=TaskState.RUNNING`` waits until they run, or have
        run and not failed; ``until=None`` for any end. They are any number of ids or ARNs, found in
        their clusters as by ``describe_tasks``; for none, nothing is sent. Raises
        ``WaitFailedError`` as soon as one has ended otherwise, and ``WaitTimeoutError`` after
        ``timeout`` seconds, if there are any: both have that task as ``.snapshot``, its
        ``.reason``, and all tasks as ``.snapshots``. A task just started may be missing at first:
        that is waited through for ``missing_grace`` seconds from the beginning, and a failure
        afterwards. ``essential`` has the names of the containers that count: the ``state`` of the
        tasks is judged by them alone. It looks every 2 seconds at first, and every 30 later on,
        with jitter; a look is one request for each hundred tasks that have not ended; a few in a
        row may fail in a way that may pass.
        """
        return self._run(
            _waiting.wait_for_tasks(
                self._config.retries,
                tasks,
                cluster,
                until=until,
                timeout=timeout,
                essential=essential,
                missing_grace=missing_grace,
            )
        )

    def watch_tasks(
        self,
        tasks: Iterable[str],
        *,
        cluster: str | None = None,
        timeout: float | None = None,
        essential: Iterable[str] | None = None,
        missing_grace: float = 30.0,
    ) -> Generator[Change[Task]]:
        """Iterates over what changes in tasks, until all of them have ended.

        They are found as by ``describe_tasks``. At first each is told of as it is. It looks every 2
        seconds while things change, and up to every 30 while nothing does; a look is one request
        for each hundred tasks that have not ended. Tasks that are still missing ``missing_grace``
        seconds from the beginning, when all others have ended, raise a ``WaitFailedError``; after
        ``timeout`` seconds, if there are any, the watch raises a ``WaitTimeoutError``.
        ``essential`` has the names of the containers that count: the ``state`` of the tasks is
        judged by them alone.
        """
        return self._watch(
            _waiting.watch_tasks(
                self._config.retries,
                self._clock.answered_at,
                tasks,
                cluster,
                timeout=timeout,
                essential=essential,
                missing_grace=missing_grace,
            )
        )


class AsyncECSClient(AsyncClient):
    """``ECSClient``, awaited: the same methods, arguments and errors."""

    _service = ECS

    def list_tasks(
        self,
        *,
        cluster: str | None = None,
        container_instance: str | None = None,
        family: str | None = None,
        started_by: str | None = None,
        service_name: str | None = None,
        desired_status: DesiredStatus | DesiredStatusName | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[TaskArn]:
        """See ``ECSClient.list_tasks``; iterated with ``async for``, not awaited."""
        return self._list(
            LIST_TASKS,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            started_by=started_by,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    async def describe_tasks(
        self,
        tasks: Iterable[str],
        *,
        cluster: str | None = None,
        include: Iterable[TaskFieldName] | None = None,
    ) -> DescribedTasks:
        """See ``ECSClient.describe_tasks``."""
        given = {"tasks": tasks, "cluster": cluster, "include": include}
        return await self._run(describe_tasks(check(DESCRIBE_TASKS, given)))

    def iter_tasks(
        self,
        *,
        cluster: str | None = None,
        container_instance: str | None = None,
        family: str | None = None,
        started_by: str | None = None,
        service_name: str | None = None,
        desired_status: DesiredStatus
        | DesiredStatusName
        | Iterable[DesiredStatus | DesiredStatusName]
        | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        include: Iterable[TaskFieldName] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[Task]:
        """See ``ECSClient.iter_tasks``; iterated with ``async for``, not awaited."""
        return self._list(
            ITER_TASKS,
            page_of_tasks,
            TaskCursor,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            started_by=started_by,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            include=include,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    async def wait_for_tasks(
        self,
        tasks: Iterable[str],
        *,
        cluster: str | None = None,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,  # noqa: ASYNC109 - as its twin has it
        essential: Iterable[str] | None = None,
        missing_grace: float = 30.0,
    ) -> list[Task]:
        """See ``ECSClient.wait_for_tasks``."""
        return await self._run(
            _waiting.wait_for_tasks(
                self._config.retries,
                tasks,
                cluster,
                until=until,
                timeout=timeout,
                essential=essential,
                missing_grace=missing_grace,
            )
        )

    def watch_tasks(
        self,
        tasks: Iterable[str],
        *,
        cluster: str | None = None,
        timeout: float | None = None,
        essential: Iterable[str] | None = None,
        missing_grace: float = 30.0,
    ) -> AsyncGenerator[Change[Task]]:
        """See ``ECSClient.watch_tasks``; iterated with ``async for``, not awaited."""
        return self._watch(
            _waiting.watch_tasks(
                self._config.retries,
                self._clock.answered_at,
                tasks,
                cluster,
                timeout=timeout,
                essential=essential,
                missing_grace=missing_grace,
            )
        )
