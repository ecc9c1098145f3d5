"""docs/guide/many.md: its tables match the code."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any, get_args

import pytest

from omics_tasks import DeadlineClient, ParamValidationError
from omics_tasks.deadline import SearchFilterExpression, SearchSortExpression
from omics_tasks.deadline import SearchGroupedFilterExpressions as Group
from omics_tasks.deadline import StringFilterExpression as Is

from .conftest import Account
from .pages import DOCS, codes, table

PAGE = DOCS / "guide" / "many.md"
FAILED = Is("RUN_STATUS", "EQUAL", "FAILED")


@pytest.mark.parametrize(
    ("head", "union"),
    [
        ("| filter | finds", SearchFilterExpression),
        ("| sort order | sorts", SearchSortExpression),
    ],
)
def test_every_expression_is_listed(head: str, union: Any) -> None:
    """The tables have every kind of filter and sort expression."""
    kinds = get_args(get_args(union)[0])
    assert {kind.__name__ for kind in kinds} == {codes(row[0])[0] for row in table(PAGE, head)}


@pytest.mark.parametrize(
    ("filters", "is_right"),
    [
        (Group([FAILED] * 3, "AND"), True),
        (Group([FAILED] * 4, "AND"), False),
        (Group([], "AND"), False),
        (Group([Group([FAILED], "OR")], "AND"), True),
        ({"filters": [{"stringFilter": {}}], "operator": "AND"}, False),
    ],
)
def test_the_rules_of_filters(filters: Any, is_right: bool, account: Account) -> None:
    """A group has 1 to 3 filters, can be nested and isn't a dict."""
    farm_id, queue_id = account.names["farm_id"], account.names["queue_id"]
    verdict = nullcontext() if is_right else pytest.raises(ParamValidationError)
    with DeadlineClient() as deadline, verdict:
        deadline.search_tasks(farm_id, [queue_id], filter_expressions=filters).collect()
    assert is_right is bool(account.aws.requests)
