"""A plain table of past assignments, and what is assumed of the stock behind it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.routing.shadow import Past, redecided
from sim.study.shadow.assignments import read_assignments
from sim.study.shadow.shadow import shadowed
from sim.units import MINUTES_PER_DAY
from tests.routing.ruled import BOSTON, DC_EAST, A, B, network
from tests.routing.test_shadow import engine

HEAD = "order,time,destination,sku,units,origin,service,cost"
ROWS = [
    "o1,2026-02-03T10:00,021,A,1,dc_east,ground,9.50",
    "o1,2026-02-03T10:00,021,B,2,store_boston,ground,11.00",
    "o2,2026-02-03T15:00-05:00,606,A,3,store_boston,ground,12.25",
    "o3,2026-02-20T10:00,021,A,1,dc_east,ground,9.50",
]
WEEK = 7 * MINUTES_PER_DAY


def read(folder: Path, *rows: str, within: float = WEEK) -> list[Past]:
    path = folder / "assignments.csv"
    path.write_text("\n".join([HEAD, *(rows or ROWS)]) + "\n")
    return list(read_assignments(path, network(), within))


def test_an_order_is_all_rows_of_its_name_and_a_parcel_all_of_one_origin_and_service(tmp_path: Path) -> None:
    first, second, _ = read(tmp_path)
    assert first.orders[0].lines == ((A, 1), (B, 2))
    assert [(p.site, p.lines, sum(p.cents)) for p in first.plans[0].parcels] == [
        (DC_EAST, ((A, 1),), 950.0), (BOSTON, ((B, 2),), 1100.0),
    ]  # fmt: skip
    assert (second.number, second.now) == (4, 2340.0)  # line 4 of the file; 15:00 of the second day


def test_a_site_is_taken_to_have_what_it_is_seen_to_send_within_the_span(tmp_path: Path) -> None:
    first, second, third = read(tmp_path)
    stock = [dict(zip(p.view.believed.cells.tolist(), p.view.believed.on_hand.tolist(), strict=True)) for p in
             (first, second, third)]  # fmt: skip
    assert [[had[A * 4 + site] for site in range(4)] for had in stock] == [[1, 0, 1, 0], [3, 0, 3, 0], [1, 0, 0, 0]]
    assert stock[0][B * 4 + BOSTON] == 2


def test_the_span_holds_its_end(tmp_path: Path) -> None:
    rows = "a,2026-02-03T10:00,021,A,1,dc_east,ground,1", "b,2026-02-03T11:00,021,A,1,store_boston,ground,1"
    had = [read(tmp_path, *rows, within=span)[0].view.believed.on_hand.tolist() for span in (59.9, 60.0)]
    assert had == [[1, 0, 0, 0], [1, 0, 1, 0]]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("o1,2026-02-03T10:00,021,A,1,dc_est,ground,1", r"csv:6: origin: unknown 'dc_est' - expected one of dc_east"),
        ("o1,2026-02-03T10:00,021,A,0,dc_east,ground,1", "csv:6: units: 0 units - expected at least 1"),
        ("o1,2026-02-03T11:00,021,A,1,dc_east,ground,1", "csv:6: time: .* of the same order in line 2"),
        ("o9,2036-02-03T11:00,021,A,1,dc_east,ground,1", "csv:6: time: .* expected a moment in the network's calendar"),
        ("o9,yesterday,021,A,1,dc_east,ground,1", "csv:6: time: 'yesterday' - expected a date and time"),
        ("o9,2026-02-03T10:00,021,A,1,dc_east,air,1", "csv:6: service: unknown 'air'"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        read(tmp_path, *ROWS, row)


def test_a_table_of_somebody_elses_names_is_read_by_them(tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text(
        "Order ID,When,ZIP,Item,Qty,order,Site,Carrier,Picker\no1,2026-02-03T10:00,021,A,2,x,dc_east,ground,Ann\n"
    )
    called = {
        "order": "Order ID",
        "time": "When",
        "destination": "ZIP",
        "sku": "Item",
        "units": "Qty",
        "origin": "Site",
    }
    (past,) = read_assignments(path, network(), WEEK, {**called, "service": "Carrier"})
    assert past.orders[0].lines == ((A, 2),)
    with pytest.raises(ScenarioError, match=r"csv:1: sku: no column 'Itm' - expected .* \(did you mean Item\?\)$"):
        read_assignments(path, network(), WEEK, {**called, "service": "Carrier", "sku": "Itm"})


def test_what_nobody_knows_the_cost_of_is_not_compared_in_cost(tmp_path: Path) -> None:
    rows = [f"{row.rpartition(',')[0]}," if row.startswith("o2") else row for row in ROWS]
    found = shadowed(redecided(read(tmp_path, *rows), engine("cheapest")), network())
    assert (found.decisions, found.compared, found.unpriced) == (3, 2, 1)
    assert math.isfinite(found.total_cents)
    json.dumps(found.as_json(), allow_nan=False)


def test_the_carrier_may_say_by_whom_it_went(tmp_path: Path) -> None:
    path = tmp_path / "past.csv"
    path.write_text(f"{HEAD.replace('service', 'carrier')}\n{ROWS[0]}\n")
    (past,) = read_assignments(path, network(), WEEK)
    path.write_text(f"{HEAD}\n{ROWS[0]}\n")
    (same,) = read_assignments(path, network(), WEEK)
    assert past.plans == same.plans
    path.write_text(f"{HEAD.replace(',service', '')}\n{ROWS[0].replace(',ground', '')}\n")
    with pytest.raises(ScenarioError, match="service: missing column - it is required, or carrier"):
        read_assignments(path, network(), WEEK)


def test_the_number_of_a_line_and_its_service_level_may_stand_there(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(f"{HEAD},line,service_level\n{ROWS[0]},1,standard\n")
    assert len(list(read_assignments(path, network(), WEEK))) == 1


def test_it_can_be_decided_again(tmp_path: Path) -> None:
    # the store was seen to send cables in that week: the first order needs no split
    found = shadowed(redecided(read(tmp_path), engine("cheapest")), network())
    assert (found.decisions, found.compared) == (3, 3)
    assert ("does not split", 1) in [(group.kind, group.example.order) for group in found.groups]
