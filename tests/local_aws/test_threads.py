"""Many threads that add, ask and move the time on at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

from omics_tasks import DeadlineClient, ECSClient, HealthOmicsClient
from omics_tasks.testing import LocalAWS


def side_by_side(*jobs: Callable[[], object]) -> None:
    """Does the jobs at the same time; raises what one of them raised."""
    begin = threading.Barrier(len(jobs))

    def done(job: Callable[[], object]) -> None:
        begin.wait()
        job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for future in [pool.submit(done, job) for job in jobs]:
            future.result()


def test_what_is_added_from_threads_is_all_there(aws: LocalAWS) -> None:
    """While requests are answered, no id is made twice, and nothing that is added is lost."""
    run, first = aws.healthomics.add_run(), aws.deadline.add_task()
    arns, ids = list[str](), list[object]()

    def add() -> None:
        for _ in range(100):
            aws.healthomics.add_task(run.id)
            arns.append(aws.ecs.add_task())
            ids.append(aws.deadline.add_task())

    def ask() -> None:
        with HealthOmicsClient(**aws.client_options) as omics:
            for _ in range(20):
                omics.list_run_tasks(run.id).collect()
        with DeadlineClient(**aws.client_options) as deadline:
            for _ in range(20):
                deadline.get_task(*first)

    side_by_side(*[add] * 4, *[ask] * 4)
    with HealthOmicsClient(**aws.client_options) as omics, ECSClient(**aws.client_options) as ecs:
        assert 400 == len(omics.list_run_tasks(run.id).collect())
        assert set(arns) == set(ecs.list_tasks())
    assert (400, 400) == (len(set(arns)), len(set(ids)))


def test_no_second_is_lost(aws: LocalAWS) -> None:
    """The time goes on by what all threads move it on."""
    began = aws.now

    def advance() -> None:
        for _ in range(2000):
            aws.advance(1)

    side_by_side(*[advance] * 8)
    assert 16_000 == (aws.now - began).total_seconds()


def test_two_hundred_connections(aws: LocalAWS) -> None:
    """Connections that are open at the same time are all answered."""
    address = aws.endpoint_url.removeprefix("http://")
    connections = [HTTPConnection(address) for _ in range(200)]
    for _ in range(2):
        for connection in connections:
            connection.request("GET", "/run/7")
        answers = [connection.getresponse() for connection in connections]
        assert [403] * 200 == [answer.status for answer in answers if answer.read()]
    for connection in connections:
        connection.close()
