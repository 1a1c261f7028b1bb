"""Whatever drifts and whoever counts: not a unit appears or is lost, on the shelves, on record, or in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import KPIS, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

RATES = st.sampled_from([0.05, 0.5, 3.0])
EVENTS = st.builds(lambda a, b: {"per_product_day": a, "of_demand": b}, RATES, st.sampled_from([0, 0.2]))
ERROR = st.builds(lambda rate: {"scanned": 0, "unscanned": rate}, st.sampled_from([0.02, 0.5, 1]))
RECORDS = st.fixed_dictionaries(
    {"put_away": st.sampled_from(["0 min", "5 h", "2 days"]), "counted_before": st.sampled_from(["0 days", "40 days"])},
    optional={
        "shrink": EVENTS,
        "theft": EVENTS,
        "misplaced": st.builds(lambda share: {"per_unit_day": share}, st.sampled_from([0.05, 0.5])),
        "damage": st.builds(
            lambda a, b: a | {"noticed": b} | ({"noticed_after": "30 h"} if b else {}),
            EVENTS,
            st.sampled_from([0, 0.5, 1]),
        ),
        "miskeyed": EVENTS,
        "errors": st.fixed_dictionaries(
            {"pick": ERROR}, optional={"receive": ERROR, "put_away": ERROR, "ship": ERROR, "till": ERROR}
        ),
        "on_short_pick": st.just("set_to_zero"),
        "tolerance": st.just(0.1),
    },
)
COUNTING = st.fixed_dictionaries(
    {"per_product": st.just("1 min"), "per_hour": st.just("20 USD"), "continuous": st.just({"products_a_day": 2})},
    optional={
        "full": st.just({"every": "2 days"}),
        "classes": st.just([{"value": 0.6, "every": "1 day"}, {"value": 0.4, "every": "2 days"}]),
        "after_short_pick": st.just({"after": "90 min"}),
        "empty_shelves": st.just({"every": "1 day"}),
        "finds": st.sampled_from([0, 0.5]),
        "error": st.just(0.2),
    },
)
FEEDS = st.sampled_from([{"kind": "event", "latency": "5 min"}, {"kind": "poll", "every": "1 h"}])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


def run(folder: Path, **changes: Any) -> Ledger:
    scenario = tiny(folder, **changes)
    router = build_engine(routing_of(scenario), "cheapest", scenario.network)
    return simulate(scenario, Tape(scenario, 1, 0), router)


@settings(deadline=None, derandomize=True, max_examples=12)
@given(records=RECORDS, counting=st.none() | COUNTING, feed=FEEDS, everywhere=st.booleans())
def test_shelves_and_records_add_up_to_the_unit(
    folder: Path, records: dict[str, Any], counting: dict[str, Any] | None, feed: dict[str, Any], everywhere: bool
) -> None:
    kinds = ("store", "dc") if everywhere else ("store",)
    changes: dict[str, Any] = {f"site_kinds__{kind}__records": records for kind in kinds}
    if counting is not None:
        changes |= {f"site_kinds__{kind}__counting": counting for kind in kinds}
    ledger = run(folder, site_kinds__store__feed=feed, site_kinds__store__stock__days_of_cover=2, **changes)
    audit(ledger)
    assert all((units >= 0).all() for units in ledger.closing_aside.values())
    sums = sums_of(cohort_of(ledger))
    for kpi in KPIS:
        if kpi.unit == "share":
            numerator, denominator = sums.pairs[kpi.name]
            assert 0 <= numerator <= denominator, kpi.name


def test_a_record_that_never_drifts_changes_nothing_but_what_is_said_of_it(folder: Path) -> None:
    with_block = run(folder / "a", site_kinds__store__records={}, site_kinds__dc__records={})
    without = run(folder / "b")
    assert with_block.closing_stock.tolist() == without.closing_stock.tolist()
    one, other = (sums_of(cohort_of(ledger)).pairs for ledger in (with_block, without))
    of_records = {"record_accuracy", "record_accuracy_within", "unit_accuracy", "phantom_rate", "view_accuracy"}
    for name in one.keys() - of_records - {"inventory_accuracy"}:
        if other[name][1]:
            assert one[name] == other[name], name
    assert one["record_accuracy"][0] == one["record_accuracy"][1] > 0
    assert one["view_accuracy"] == other["inventory_accuracy"]
    assert all(other[name] == (0, 0) for name in of_records)
