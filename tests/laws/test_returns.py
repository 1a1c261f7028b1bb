"""Economic laws of returns on the shipped national network, and conservation in worlds where much comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.ledger.returned import SETTLED, State
from sim.money.charges import charge
from sim.routing.build import build_engine
from sim.scenario.blocks.returns import ReturnsBlock
from sim.scenario.load import Scenario, load
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import BY_NAME, Sums, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.kpis.reconcile import reconcile
from sim.study.statistics.estimate import Interval, difference
from sim.world.simulate import simulate
from tests.laws.random_worlds import ALIKE, STRATEGIES, few, worlds
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

SOON = {"law": "uniform", "low": "2 h", "high": "1 day"}
STORE: dict[str, Any] = {
    "share": "60 %", "till_cost": "1.50 USD", "to_shelf": "6 h", "not_kept": {"then": "to_dc", "takes": "4 days"},
}  # fmt: skip
BLOCK: dict[str, Any] = {
    "rate": "15 %", "after": SOON,
    "grades": {
        "A": {"share": "80 %", "then": "restock"}, "B": {"share": "10 %", "then": "refurbish", "takes": "1 day"},
        "C": {"share": "10 %", "then": "liquidate", "recovers": "30 %"},
    },
    "by_mail": {
        "to": "dc_plainfield", "service": "ground", "transit": "4 days",
        "inspection": {"takes": "1 day", "cost_per_unit": "4 USD"},
    },
}  # fmt: skip


def national(returns: dict[str, Any]) -> Scenario:
    """Return the shipped scenario for a day, followed until its returns are settled."""
    scenario = load("us_electronics")
    clock = scenario.file.clock.model_copy(update={"warm_up": 0, "drain_limit": 11})
    demand = scenario.file.demand.model_copy(update={"shoppers_per_day": 300})
    block = ReturnsBlock.model_validate(returns)
    file = scenario.file.model_copy(update={"clock": clock, "demand": demand, "returns": block})
    return replace(scenario, file=file).with_measured_days(1)


def run(scenario: Scenario, replication: int) -> Sums:
    router = build_engine(routing_of(scenario), "cheapest", scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, replication), router)
    audit(ledger)
    return sums_of(cohort_of(ledger))


@pytest.fixture(scope="module")
def brought_or_sent() -> dict[str, list[Sums]]:
    """Return the same returns all sent back, and most of them brought to stores."""
    arms = {"sent": national(BLOCK), "brought": national(BLOCK | {"in_store": STORE})}
    return {arm: [run(scenario, r) for r in range(3)] for arm, scenario in arms.items()}


def paired(runs: dict[str, list[Sums]], kpi: str) -> Interval:
    return difference(*(estimate(BY_NAME[kpi], runs[arm]) for arm in ("brought", "sent"))).interval()


@pytest.mark.parametrize("kpi", ["refund_days", "resale_days", "return_label_per_order", "return_cost_per_order"])
def test_returns_to_stores_give_stock_and_money_back_sooner_and_save_labels(
    brought_or_sent: dict[str, list[Sums]], kpi: str
) -> None:
    assert paired(brought_or_sent, kpi).high < 0


def test_the_same_units_come_back_whichever_way(brought_or_sent: dict[str, list[Sums]]) -> None:
    sent, brought = ([run.pairs["return_rate"] for run in brought_or_sent[arm]] for arm in ("sent", "brought"))
    assert [units for units, _ in sent] == [units for units, _ in brought]
    assert all(units > 0 for units, _ in sent)


_GRADES = st.sampled_from([
    {"A": {"share": 1, "then": "restock"}},
    {"A": {"share": 0.6, "then": "restock", "at": "dc_west", "takes": "1 h"}, "C": {"share": 0.4, "then": "destroy"}},
    {"B": {"share": 0.5, "then": "refurbish", "takes": "5 h"},
     "C": {"share": 0.5, "then": "liquidate", "recovers": 0.3}},
])  # fmt: skip
_RETURNS = st.fixed_dictionaries({
    "rate": st.sampled_from([0.2, 1]),
    "after": st.sampled_from(["1 h", {"law": "exponential", "mean": "2 days"}]),
    "window": st.sampled_from([None, "2 days"]),
    "grades": _GRADES,
    "by_mail": st.fixed_dictionaries({
        "to": st.sampled_from(["dc_east", "store_oakland"]),
        "service": st.just("ground"),
        "transit": st.sampled_from([None, "3 h"]),
        "inspection": st.sampled_from([{"takes": "20 min"}, {"takes": "20 min", "people": 1, "per_hour": "20 USD"}]),
        "refund": st.sampled_from(["received", "inspected"]),
    }),
    "in_store": st.sampled_from([None, STORE, STORE | {"not_kept": {"then": "liquidate", "recovers": 0.2}}]),
})  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@settings(few, max_examples=15)
@given(changes=worlds(), returns=_RETURNS, strategy=st.sampled_from(STRATEGIES), drifts=st.booleans())
def test_every_unit_that_comes_back_is_somewhere_and_in_the_books_to_the_cent(
    folder: Path, changes: dict[str, Any], returns: dict[str, Any], strategy: str, drifts: bool
) -> None:
    records = {"put_away": "2 h", "errors": {"put_away": {"scanned": 0, "unscanned": 0.3}}}
    own = {"site_kinds__dc__records": records} if drifts else {}
    scenario = tiny(folder, ALIKE, returns=returns, **changes | own)
    ledger = simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), strategy, scenario.network))
    charge(ledger, scenario, orders_of(ledger), strategy)
    found = reconcile(ledger)
    assert found.broken == ()
    assert [check for check in found.checks if not check.holds] == []
    back = ledger.returns.columns()
    delivered = ledger.picks.columns()["picked"].sum()
    assert len(back["order"]) <= delivered
    settled = [state in SETTLED for state in map(State, back["state"].tolist())]
    # what is settled is refunded, or will be
    assert ((back["refund_cents"] > 0) >= settled).all()
