"""Where records can drift, the tables say what accuracy is meant; what is switched off is not shown as noise."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from sim.report.table import CARRIERS, RECORDS, label, print_comparison
from sim.study.compare import compare
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

DRIFTING: dict[str, Any] = {
    "site_kinds__store__records": {"shrink": {"of_demand": "5 %"}},
    "carriers__services__ground__co2_per_tonne_km": "130 g",
}


def printed(folder: Path, **changes: Any) -> str:
    file = io.StringIO()
    print_comparison(compare(tiny(folder, **changes), replications=2, days=1, workers=1), Console(file=file, width=100))
    return file.getvalue()


@pytest.mark.parametrize(
    ("changes", "meant", "shown"), [({}, "(router's view), %", False), (DRIFTING, "(sites' records), %", True)]
)
def test_the_table_says_which_accuracy_it_is_and_shows_no_noise(
    tmp_path: Path, changes: dict[str, Any], meant: str, shown: bool
) -> None:
    text = printed(tmp_path, **changes)
    assert meant in text
    assert (RECORDS[0] in text) is shown
    assert ("phantom" in text) is shown
    assert (CARRIERS[0] in text) is shown


@pytest.mark.parametrize(("drifts", "meant"), [(False, "router's view"), (True, "sites' records")])
def test_a_single_run_says_which_accuracy_it_is(drifts: bool, meant: str) -> None:
    assert label("inventory_accuracy", drifts) == f"Inventory accuracy ({meant}), %"
