"""The ECS clients.

Generated from the definitions in ``_methods.py`` by ``python -m tests.generator``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable

from .._async_client import AsyncClient
from .._sync_client import SyncClient
from ..pagination import AsyncPaginator, Paginator
from ..states import Change, TaskState, TaskStateName
from ._describing import DESCRIBE_ANY_TASKS
from ._iterating import ITER_TASKS
from ._waiting import WAIT_FOR_TASKS, WATCH_TASKS
from .arns import TaskArn
from .enums import DesiredStatus, LaunchType
from .models import DescribedTasks, Task
from .operations import ECS, LIST_TASKS, DesiredStatusName, LaunchTypeName, TaskFieldName

__all__ = ["AsyncECSClient", "ECSClient"]


class ECSClient(SyncClient):
    """List, describe, follow and wait for the tasks of Amazon ECS.

    AWS allows an account and Region bursts of 100 requests and 20 requests per second after that,
    for all operations that list or describe tasks together.

    Every method raises a ``ServiceError`` where the service refuses, a ``TransportError`` where no
    response comes, and a ``ResponseError`` for a response that can't be read.
    """

    _service = ECS

    def list_tasks(
        self,
        *,
        cluster: str | None = None,
        container_instance: str | None = None,
        family: str | None = None,
        service_name: str | None = None,
        desired_status: DesiredStatus | DesiredStatusName | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        started_by: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[TaskArn]:
        """List the ARNs of a cluster's tasks.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html

        Args:
            cluster: Name or ARN of the cluster; the one named ``default`` if left out.
            container_instance: Id or ARN of the container instance that the tasks are on.
            family: Family of the tasks' definitions.
            service_name: Name of the ECS service that the tasks belong to.
            desired_status: Status that ECS wants the tasks to have; RUNNING if left out. Stopped
                tasks are listed for about an hour.
            launch_type: Type of infrastructure that the tasks run on.
            daemon_name: Name of the daemon that the tasks belong to.
            started_by: Value of ``startedBy`` that the tasks were started with; it must be the only
                filter beside ``cluster``.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``TaskArn``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
            ServiceNotFoundException: The ECS service does not exist in the cluster.
        """
        return self._list(
            LIST_TASKS,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            started_by=started_by,
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
        """Describe tasks by their ids or ARNs.

        They are sent a hundred per request, each once. The tasks come back in the order in which
        they are given; those that are missing are among the ``failures``, and a task that was just
        started may be one of them for some seconds. The error of a later request has the tasks that
        were described before it as ``.partial``.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html

        Args:
            tasks: Ids or ARNs of the tasks, any number; for none, nothing is sent.
            cluster: Name or ARN of the cluster that all tasks are in. If it is left out, each ARN
                is looked up in its own cluster, and ids in the one named ``default``.
            include: Fields to return too: ``TAGS``.

        Returns:
            Requested tasks, and failures for those that could not be described.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
        """
        return self._perform(DESCRIBE_ANY_TASKS, tasks=tasks, cluster=cluster, include=include)

    def iter_tasks(
        self,
        *,
        cluster: str | None = None,
        container_instance: str | None = None,
        family: str | None = None,
        service_name: str | None = None,
        desired_status: DesiredStatus
        | DesiredStatusName
        | Iterable[DesiredStatus | DesiredStatusName]
        | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        started_by: str | None = None,
        include: Iterable[TaskFieldName] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[Task]:
        """List a cluster's tasks and describe them: two requests per page.

        Several statuses are listed one after the other, and a task that is in more than one of the
        listings comes once. Tasks that are gone before they are described are left out; one that
        can't be described for another reason raises ``AccessDeniedException`` or another
        ``ServiceError``, with the tasks of its page that could be described as ``.partial``.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html

        Args:
            cluster: Name or ARN of the cluster; the one named ``default`` if left out.
            container_instance: Id or ARN of the container instance that the tasks are on.
            family: Family of the tasks' definitions.
            service_name: Name of the ECS service that the tasks belong to.
            desired_status: Status that ECS wants the tasks to have; RUNNING if left out. Stopped
                tasks are listed for about an hour.
            launch_type: Type of infrastructure that the tasks run on.
            daemon_name: Name of the daemon that the tasks belong to.
            started_by: Value of ``startedBy`` that the tasks were started with; it must be the only
                filter beside ``cluster``.
            include: Fields to return too: ``TAGS``.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token`` of ``iter_tasks``, for one
                of the same statuses: the listing goes on from there. What came before it is not
                remembered.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``Task``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
            ServiceNotFoundException: The ECS service does not exist in the cluster.
        """
        return self._iterate(
            ITER_TASKS,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            started_by=started_by,
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
        essential: Iterable[str] | None = None,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
        missing_grace: float = 30.0,
    ) -> list[Task]:
        """Wait until all tasks have reached a state, and return one for each name.

        The errors have the task that failed or is late as ``.snapshot``, its ``.reason``, and all
        tasks as ``.snapshots``. A task that was just started may be missing at first; it is a
        failure once ``missing_grace`` seconds have passed. The tasks are polled every 2 seconds at
        first and every 30 later on, with jitter; a poll is a request per hundred tasks that have
        not ended. A few polls in a row may fail with a transient error.

        Args:
            tasks: Ids or ARNs of the tasks, any number; for none, nothing is sent.
            cluster: Name or ARN of the cluster that all tasks are in. If it is left out, each ARN
                is looked up in its own cluster, and ids in the one named ``default``.
            essential: Names of the containers that decide the ``state`` of a task, 1 or more; all
                if left out.
            until: State to wait for. ``RUNNING`` is reached by what runs, and by what has run and
                not failed. None waits for any terminal state.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.
            missing_grace: Seconds from the beginning during which a task may be missing, 0 or more.

        Returns:
            A list of ``Task``.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._perform(
            WAIT_FOR_TASKS,
            tasks=tasks,
            cluster=cluster,
            essential=essential,
            until=until,
            timeout=timeout,
            missing_grace=missing_grace,
        )

    def watch_tasks(
        self,
        tasks: Iterable[str],
        *,
        cluster: str | None = None,
        essential: Iterable[str] | None = None,
        timeout: float | None = None,
        missing_grace: float = 30.0,
    ) -> Generator[Change[Task]]:
        """Iterate over the changes in tasks until all of them have ended.

        Each is reported once as it is at first. They are polled every 2 seconds while something
        changes, and up to every 30 while nothing does; a poll is a request per hundred tasks that
        have not ended. Tasks that are missing when all others have ended, and ``missing_grace``
        seconds have passed, raise a ``WaitFailedError``.

        Args:
            tasks: Ids or ARNs of the tasks, any number; for none, nothing is sent.
            cluster: Name or ARN of the cluster that all tasks are in. If it is left out, each ARN
                is looked up in its own cluster, and ids in the one named ``default``.
            essential: Names of the containers that decide the ``state`` of a task, 1 or more; all
                if left out.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.
            missing_grace: Seconds from the beginning during which a task may be missing, 0 or more.

        Yields:
            Each change, as it is seen.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._watch(
            WATCH_TASKS,
            tasks=tasks,
            cluster=cluster,
            essential=essential,
            timeout=timeout,
            missing_grace=missing_grace,
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
        service_name: str | None = None,
        desired_status: DesiredStatus | DesiredStatusName | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        started_by: str | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[TaskArn]:
        """List the ARNs of a cluster's tasks.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html

        Args:
            cluster: Name or ARN of the cluster; the one named ``default`` if left out.
            container_instance: Id or ARN of the container instance that the tasks are on.
            family: Family of the tasks' definitions.
            service_name: Name of the ECS service that the tasks belong to.
            desired_status: Status that ECS wants the tasks to have; RUNNING if left out. Stopped
                tasks are listed for about an hour.
            launch_type: Type of infrastructure that the tasks run on.
            daemon_name: Name of the daemon that the tasks belong to.
            started_by: Value of ``startedBy`` that the tasks were started with; it must be the only
                filter beside ``cluster``.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``TaskArn``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
            ServiceNotFoundException: The ECS service does not exist in the cluster.
        """
        return self._list(
            LIST_TASKS,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            started_by=started_by,
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
        """Describe tasks by their ids or ARNs.

        They are sent a hundred per request, each once. The tasks come back in the order in which
        they are given; those that are missing are among the ``failures``, and a task that was just
        started may be one of them for some seconds. The error of a later request has the tasks that
        were described before it as ``.partial``.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html

        Args:
            tasks: Ids or ARNs of the tasks, any number; for none, nothing is sent.
            cluster: Name or ARN of the cluster that all tasks are in. If it is left out, each ARN
                is looked up in its own cluster, and ids in the one named ``default``.
            include: Fields to return too: ``TAGS``.

        Returns:
            Requested tasks, and failures for those that could not be described.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
        """
        return await self._perform(
            DESCRIBE_ANY_TASKS, tasks=tasks, cluster=cluster, include=include
        )

    def iter_tasks(
        self,
        *,
        cluster: str | None = None,
        container_instance: str | None = None,
        family: str | None = None,
        service_name: str | None = None,
        desired_status: DesiredStatus
        | DesiredStatusName
        | Iterable[DesiredStatus | DesiredStatusName]
        | None = None,
        launch_type: LaunchType | LaunchTypeName | None = None,
        daemon_name: str | None = None,
        started_by: str | None = None,
        include: Iterable[TaskFieldName] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[Task]:
        """List a cluster's tasks and describe them: two requests per page.

        Several statuses are listed one after the other, and a task that is in more than one of the
        listings comes once. Tasks that are gone before they are described are left out; one that
        can't be described for another reason raises ``AccessDeniedException`` or another
        ``ServiceError``, with the tasks of its page that could be described as ``.partial``.

        https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html

        Args:
            cluster: Name or ARN of the cluster; the one named ``default`` if left out.
            container_instance: Id or ARN of the container instance that the tasks are on.
            family: Family of the tasks' definitions.
            service_name: Name of the ECS service that the tasks belong to.
            desired_status: Status that ECS wants the tasks to have; RUNNING if left out. Stopped
                tasks are listed for about an hour.
            launch_type: Type of infrastructure that the tasks run on.
            daemon_name: Name of the daemon that the tasks belong to.
            started_by: Value of ``startedBy`` that the tasks were started with; it must be the only
                filter beside ``cluster``.
            include: Fields to return too: ``TAGS``.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token`` of ``iter_tasks``, for one
                of the same statuses: the listing goes on from there. What came before it is not
                remembered.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``Task``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
            ServiceNotFoundException: The ECS service does not exist in the cluster.
        """
        return self._iterate(
            ITER_TASKS,
            cluster=cluster,
            container_instance=container_instance,
            family=family,
            service_name=service_name,
            desired_status=desired_status,
            launch_type=launch_type,
            daemon_name=daemon_name,
            started_by=started_by,
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
        essential: Iterable[str] | None = None,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
        missing_grace: float = 30.0,
    ) -> list[Task]:
        """Wait until all tasks have reached a state, and return one for each name.

        The errors have the task that failed or is late as ``.snapshot``, its ``.reason``, and all
        tasks as ``.snapshots``. A task that was just started may be missing at first; it is a
        failure once ``missing_grace`` seconds have passed. The tasks are polled every 2 seconds at
        first and every 30 later on, with jitter; a poll is a request per hundred tasks that have
        not ended. A few polls in a row may fail with a transient error.

        Args:
            tasks: Ids or ARNs of the tasks, any number; for none, nothing is sent.
            cluster: Name or ARN of the cluster that all tasks are in. If it is left out, each ARN
                is looked up in its own cluster, and ids in the one named ``default``.
            essential: Names of the containers that decide the ``state`` of a task, 1 or more; all
                if left out.
            until: State to wait for. ``RUNNING`` is reached by what runs, and by what has run and
                not failed. None waits for any terminal state.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.
            missing_grace: Seconds from the beginning during which a task may be missing, 0 or more.

        Returns:
            A list of ``Task``.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return await self._perform(
            WAIT_FOR_TASKS,
            tasks=tasks,
            cluster=cluster,
            essential=essential,
            until=until,
            timeout=timeout,
            missing_grace=missing_grace,
        )

    def watch_tasks(
        self,
        tasks: Iterable[str],
        *,
        cluster: str | None = None,
        essential: Iterable[str] | None = None,
        timeout: float | None = None,
        missing_grace: float = 30.0,
    ) -> AsyncGenerator[Change[Task]]:
        """Iterate over the changes in tasks until all of them have ended.

        Each is reported once as it is at first. They are polled every 2 seconds while something
        changes, and up to every 30 while nothing does; a poll is a request per hundred tasks that
        have not ended. Tasks that are missing when all others have ended, and ``missing_grace``
        seconds have passed, raise a ``WaitFailedError``.

        Args:
            tasks: Ids or ARNs of the tasks, any number; for none, nothing is sent.
            cluster: Name or ARN of the cluster that all tasks are in. If it is left out, each ARN
                is looked up in its own cluster, and ids in the one named ``default``.
            essential: Names of the containers that decide the ``state`` of a task, 1 or more; all
                if left out.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.
            missing_grace: Seconds from the beginning during which a task may be missing, 0 or more.

        Yields:
            Each change, as it is seen.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ClientException: The call is invalid, for example as the caller lacks the permission to
                use a resource.
            ClusterNotFoundException: The cluster does not exist in this account and region.
            InvalidParameterException: An argument is invalid for this operation.
            ServerException: ECS failed internally.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._watch(
            WATCH_TASKS,
            tasks=tasks,
            cluster=cluster,
            essential=essential,
            timeout=timeout,
            missing_grace=missing_grace,
        )
