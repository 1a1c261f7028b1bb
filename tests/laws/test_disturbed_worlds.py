"""Nothing appears and nothing is lost while messages get lost, shoppers change their minds and sites close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import KPIS, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.laws.random_worlds import ALIKE, STRATEGIES, few, worlds
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

SPREAD = {"law": "lognormal", "mean": "20 min", "cv": 1.5}
FEEDS = st.sampled_from([
    {"kind": "event", "latency": SPREAD, "loss": "30 %", "duplicates": "20 %", "full_every": "6 h"},
    {"kind": "event", "latency": SPREAD, "loss": "30 %", "retry_after": "7 min"},
    {"kind": "poll", "every": "20 min", "latency": SPREAD, "loss": "20 %", "duplicates": "30 %"},
    {"kind": "poll", "every": "1 h", "latency": SPREAD, "snapshot": "full", "loss": "50 %"},
    {"kind": "batch", "at": "02:00", "latency": SPREAD, "full_every": "12 h"},
    {"kind": "systems", "systems": {
        "wms": {"tells": ["picks", "receipts", "transfers", "corrections"],
                "feed": {"kind": "event", "latency": SPREAD, "loss": "30 %"}},
        "pos": {"tells": ["sales"], "feed": {"kind": "poll", "every": "20 min", "duplicates": "30 %"}},
        "erp": {"feed": {"kind": "batch", "at": "02:00", "snapshot": "full", "latency": SPREAD}},
    }},
])  # fmt: skip
LAWS = st.sampled_from(["2 min", "1 h", {"law": "exponential", "mean": "3 h"}])
SOMETIMES = st.sampled_from(["10 %", "100 %"])
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "hold": st.fixed_dictionaries(
            {"share": SOMETIMES, "takes": LAWS, "before": st.sampled_from(["routing", "release"])}
        ),
        "called_off": st.fixed_dictionaries({"share": SOMETIMES, "after": LAWS}),
        "moved": st.fixed_dictionaries({"share": SOMETIMES, "after": LAWS}),
        "labels": st.fixed_dictionaries({"fail": st.sampled_from(["10 %", "90 %"]), "retry_after": LAWS}),
    },
)
DISRUPTIONS = st.lists(
    st.one_of(
        st.fixed_dictionaries({
            "kind": st.just("feed_dead"), "per_year": st.just(100), "lasts": LAWS,
            "tells": st.sampled_from(["full", "delta", "nothing"]),
        }),
        st.fixed_dictionaries({
            "kind": st.just("site_closed"), "per_year": st.just(100), "lasts": LAWS, "announced": st.booleans(),
        }),
        st.fixed_dictionaries({
            "kind": st.just("supplier_late"), "per_year": st.just(100), "lasts": LAWS, "factor": st.just(2.5),
        }),
    ),
    max_size=3,
)  # fmt: skip


@st.composite
def disturbed(draw: st.DrawFn, **fixed: Any) -> dict[str, Any]:
    """Return changes of the tiny scenario in which much goes wrong."""
    changes = draw(worlds(**fixed))
    for kind in ("dc", "store"):
        changes[f"site_kinds__{kind}__feed"] = draw(FEEDS)
        changes[f"site_kinds__{kind}__message_delay"] = draw(LAWS)
    changes["order_messages"] = draw(MESSAGES)
    never = "supplier_late" if changes["replenishment"] == "none" else ""  # where nothing is ordered
    changes["disruptions"] = [each for each in draw(DISRUPTIONS) if each["kind"] != never]
    return changes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


def run(folder: Path, strategy: str, **changes: Any) -> Ledger:
    scenario = tiny(folder, ALIKE, **changes)
    ledger = simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), strategy, scenario.network))
    audit(ledger)
    return ledger


@few
@given(changes=disturbed(), strategy=st.sampled_from(STRATEGIES))
def test_the_ledger_of_a_disturbed_world_keeps_its_laws(folder: Path, changes: dict[str, Any], strategy: str) -> None:
    ledger = run(folder, strategy, **changes)
    orders = orders_of(ledger)
    assert (orders["units_called_off"] <= orders["units_cancelled"]).all()
    assert (orders["units_promised"] >= orders["units_asked"]).all()
    sums = sums_of(cohort_of(ledger, orders))
    for kpi in KPIS:
        if kpi.unit == "share" and kpi.name in sums.pairs:
            numerator, denominator = sums.pairs[kpi.name]
            assert 0 <= numerator <= denominator or denominator == 0, kpi.name


@few
@given(changes=disturbed(walk_ins=...), strategy=st.sampled_from(STRATEGIES))
def test_whatever_becomes_of_news_no_unit_is_promised_twice(
    folder: Path, changes: dict[str, Any], strategy: str
) -> None:
    # the engine reserves what it promises and nobody else takes anything: news may be lost, double, late or overtaken,
    # and what is believed can only be too low
    del changes["walk_ins__units_per_store_day"]
    orders = orders_of(run(folder, strategy, **changes))
    assert orders["units_short"].sum() == 0


@few
@given(changes=worlds(), strategy=st.sampled_from(STRATEGIES))
def test_a_line_that_loses_nothing_and_is_never_late_is_the_plain_feed(
    folder: Path, changes: dict[str, Any], strategy: str
) -> None:
    # a law of no spread, written as one, goes through the lines; what it tells is the same to the last bit
    plain, lined = ({"kind": "poll", "every": "20 min", "latency": latency} for latency in
                    ("3 min", {"law": "uniform", "low": "3 min", "high": "3 min"}))  # fmt: skip
    found = [
        orders_of(run(folder, strategy, **changes | {f"site_kinds__{kind}__feed": feed for kind in ("dc", "store")}))
        for feed in (plain, lined)
    ]
    for name, column in found[0].items():
        np.testing.assert_array_equal(column, found[1][name], err_msg=name)
