"""Pick-up, and who fulfils, are shown where anything is fulfilled otherwise than straight from a site of our own."""

from __future__ import annotations

import pytest

from sim.report.table import GROUPS, PICK_UP, WAYS, groups_shown
from sim.study.kpis import BY_NAME


@pytest.mark.parametrize(
    ("known", "more"),
    [
        ((), []),
        (("pick_up_rate",), [PICK_UP, WAYS]),
        (("merged_rate",), [WAYS]),
        (("vendor_goods_per_order",), [WAYS]),
    ],
)
def test_a_table_is_shown_where_it_has_something_to_tell(known: tuple[str, ...], more: list[object]) -> None:
    assert list(groups_shown(lambda name: name in known)) == [*GROUPS, *more]


def test_every_column_is_a_kpi() -> None:
    assert {name for _, heads in (PICK_UP, WAYS) for name in heads} <= set(BY_NAME)
