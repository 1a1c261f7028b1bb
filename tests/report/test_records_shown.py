"""What only some worlds have is shown where it is: records that drift, messages that fail, watched sellers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from sim.report.comparison.groups import GROUPS, RECORDS, WHERE_SWITCHED_ON, groups_of
from sim.report.comparison.table import label, print_comparison
from sim.study.compare import compare
from sim.study.kpis.catalogue import BY_NAME
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

DRIFTING: dict[str, Any] = {"site_kinds__store__records": {"shrink": {"of_demand": "5 %"}}}
LABELS_FAIL: dict[str, Any] = {"order_messages": {"labels": {"fail": "20 %", "retry_after": "5 min"}}}
LIMITED: dict[str, Any] = {
    "demand__channels": {"web": {"share": 1}},
    "storefront__channels": {"web": {"cancellation_limit": "2 %"}},
}


def printed(folder: Path, base: dict[str, Any], change: dict[str, Any] | None = None) -> str:
    """Return what is printed of a world, compared with the same world changed if that is asked for."""
    changes = None if change is None else {"changed": tiny(folder / "changed", **base, **change)}
    found = compare(tiny(folder / "base", **base), ["cheapest"], changes=changes, replications=2, days=1, workers=1)
    file = io.StringIO()
    print_comparison(found, Console(file=file, width=160))
    return file.getvalue()


@pytest.mark.parametrize(
    ("changes", "meant", "shown"), [({}, "(router's view), %", False), (DRIFTING, "(sites' records), %", True)]
)
def test_the_table_says_which_accuracy_it_is_and_shows_no_noise(
    tmp_path: Path, changes: dict[str, Any], meant: str, shown: bool
) -> None:
    text = printed(tmp_path, changes)
    assert meant in text
    assert (RECORDS[0] in text) is shown
    assert ("phantom" in text) is shown


def test_records_and_views_are_never_compared_in_one_column(tmp_path: Path) -> None:
    text = printed(tmp_path, {}, DRIFTING)
    assert "(router's view), %" not in text
    values, differences = (part.split("By whom")[0].splitlines() for part in text.split(RECORDS[0])[1:])
    (without,) = (line for line in values if line.strip().startswith("base/cheapest"))
    assert set(without.split()[1:]) == {"n/a"}
    (changed,) = (line for line in differences if line.strip().startswith("changed/cheapest"))
    assert set(changed.split()[1:]) == {"n/a"}


@pytest.mark.parametrize(
    ("changes", "title", "head"),
    [(LABELS_FAIL, "Orders on their way", "failed label"), (LIMITED, "Shoppers and sellers", "seller's worst")],
)
def test_what_is_switched_on_has_a_table_of_its_own(
    tmp_path: Path, changes: dict[str, Any], title: str, head: str
) -> None:
    assert title not in printed(tmp_path / "off", {})
    text = printed(tmp_path / "on", changes)
    assert title in text
    assert head in text


def test_a_column_is_shown_if_any_arm_has_a_value() -> None:
    shown = dict(groups_of(lambda name: [float("nan"), 0.0 if name == "moved_rate" else float("nan")]))
    assert list(shown) == [title for title, _ in GROUPS] + ["Orders on their way"]
    assert list(shown["Orders on their way"]) == ["moved_rate"]


def test_every_column_is_a_kpi_and_stands_once() -> None:
    names = [name for _, heads in (*GROUPS, *WHERE_SWITCHED_ON) for name in heads]
    assert set(names) <= set(BY_NAME)
    assert len(names) == len(set(names))


def test_a_single_run_says_whose_accuracy_it_is() -> None:
    assert label("inventory_accuracy") == "Inventory accuracy (router's view), %"
    assert label("record_accuracy") == "Record accuracy, %"
