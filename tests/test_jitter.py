"""Jitter of retries differs between processes with the same seed."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import random

import pytest

from omics_tasks import ECSClient, RetryPolicy

from .asking import CREDENTIALS
from .children import in_a_child


def drawn(policy: RetryPolicy) -> list[float]:
    """Return jitters of a process that seeds Python's generator."""
    random.seed(1)
    return [policy.random() for _ in range(3)]


def test_pickled_policies_differ() -> None:
    """Workers that get a policy by pickle draw different numbers."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        draws = [drawn(RetryPolicy()), *pool.map(drawn, [RetryPolicy()] * 4, chunksize=1)]
    assert 15 == len({number for each in draws for number in each})


def test_policies_of_pickled_clients_differ() -> None:
    """Copies of a client draw different numbers."""
    with ECSClient(
        region="us-east-1", credentials=CREDENTIALS, pickle_credentials=True, retries=RetryPolicy()
    ) as client:
        pickled = pickle.dumps(client)
    draws = []
    for _ in range(3):
        with pickle.loads(pickled) as copy:
            draws += drawn(copy.config.retries)
    assert 9 == len(set(draws))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_forked_policies_differ() -> None:
    """Forked children draw other numbers than their parent and each other."""
    policy = RetryPolicy()
    draws = [drawn(policy)]
    draws += [json.loads(in_a_child(lambda: drawn(policy))) for _ in range(2)]
    assert 9 == len({number for each in draws for number in each})


def test_the_programs_own_random_numbers_are_left_alone() -> None:
    """Jitter doesn't use Python's global generator."""
    random.seed(1)
    expected = random.random()
    random.seed(1)
    RetryPolicy().random()
    assert expected == random.random()


def test_a_policy_is_equal_to_its_copy() -> None:
    """A pickled policy equals the original."""
    assert RetryPolicy() == pickle.loads(pickle.dumps(RetryPolicy()))
