"""The router hears what is on order and when it is due, and an order for what nobody has is shipped as promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Later, Line, Plan
from sim.contract.news import Receipts
from sim.errors import ScenarioError
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.world.hand_made import BOSTON, CABLE, HandMadeTape, ObedientRouter, at, give_up, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from sim.contract.messages import Order
    from sim.ledger.ledger import Ledger
    from sim.routing.engine import Engine
    from sim.scenario.load import Scenario

EMPTY = {(CABLE, BOSTON): 0}
TELLING: dict[str, Any] = {"replenishment": "rules", "supply_news": True}


def told(scenario: Scenario) -> list[Receipts]:
    """Return all that a router hears of receipts in a world without shoppers."""
    router = ObedientRouter(give_up)
    simulate(scenario, HandMadeTape(scenario), router)
    return [news for news in router.told if isinstance(news, Receipts)]


def test_by_default_nothing_is_told(tmp_path: Path) -> None:
    assert told(stocked(tmp_path, EMPTY, replenishment="rules")) == []


def test_what_is_ordered_is_told_with_the_published_date_and_no_more_once_it_has_come(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, EMPTY, clock__measure="4 days", **TELLING)
    level = int(scenario.stock_plan.order_up_to[CABLE, BOSTON])
    news = told(scenario)
    boston = [
        (n.observed_at, dict(zip(n.cells.tolist(), zip(n.units.tolist(), n.due.tolist(), strict=True), strict=True)))
        for n in news
        if BOSTON in n.sites
    ]
    cell = CABLE * 4 + BOSTON
    assert [when for when, _ in boston] == [at(0, 4), at(0, 4), at(3, 4)]  # what came before, ordered, received
    assert [rows.get(cell) for _, rows in boston] == [None, (level, at(3, 4)), None]


def test_the_date_is_the_mean_of_the_lead_time_whatever_is_drawn(tmp_path: Path) -> None:
    law = {"law": "uniform", "low": "2 days", "high": "6 days"}
    changes = {f"site_kinds__{kind}__stock__supply_lead": law for kind in ("dc", "store")}
    first = told(stocked(tmp_path, EMPTY, **TELLING, **changes))[1]
    assert set(first.due.tolist()) == {at(4, 4)}


def test_news_of_supply_without_supply_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="supply_news with replenishment: none - expected replenishment: rules"):
        stocked(tmp_path, EMPTY, supply_news=True)


class Heard:
    """Our engine, and what it answered."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.answers: list[Plan] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def route(self, order: Order, now: float) -> Plan:
        """Remember the plan."""
        plan = self.engine.route(order, now)
        assert isinstance(plan, Plan)
        self.answers.append(plan)
        return plan


def run(scenario: Scenario, *wants: dict[int, int]) -> tuple[Ledger, list[Plan]]:
    """Let shoppers in, one after the other from the first day's noon on; return what happened and the first plans."""
    router = Heard(build_engine(routing_of(scenario), "cheapest", scenario.network))
    rows = [shopper(number, at(0, 12, number), lines, patience=0.1) for number, lines in enumerate(wants)]
    ledger = simulate(scenario, HandMadeTape(scenario, rows), router)
    audit(ledger)
    return ledger, router.answers


def test_an_order_for_what_nobody_has_gets_a_date_and_is_shipped_on_it(tmp_path: Path) -> None:
    kept = {"retry_every": "2 h", "give_up_after": "2 days", "against_supply": {}}
    scenario = stocked(tmp_path, EMPTY, routing__backorders=kept, **TELLING)
    ledger, plans = run(scenario, {CABLE: 2})
    # ordered at the first review, three days to come; the store asks for two hours, and one day's transit to Boston
    later = Later(at(3, 4), at(3, 18), at(4, 20))
    assert [(plan.backordered, plan.backordered_at, plan.backordered_dates) for plan in plans] == [
        ((Line(CABLE, 2),), (BOSTON,), (later,))
    ]
    parcels = ledger.parcels.columns()
    assert (parcels["site"].tolist(), parcels["handed_at"].tolist()) == ([BOSTON], [at(3, 18)])
    assert parcels["delivered_at"].tolist() == [at(4, 14, 30)]  # half way between 9:00 and 20:00
    picks = ledger.picks.columns()
    assert at(3, 4) < picks["at"][0] < at(3, 6, 30)  # sent at the next beat


def test_no_more_is_promised_than_comes(tmp_path: Path) -> None:
    kept = {"retry_every": "2 h", "give_up_after": "2 days", "against_supply": {}}
    scenario = stocked(tmp_path, EMPTY, routing__backorders=kept, **TELLING)
    coming = int(scenario.stock_plan.order_up_to[CABLE].sum())
    ledger, plans = run(scenario, *[{CABLE: 3}] * (coming // 3 + 4))
    dated = sum(line.quantity for plan in plans if plan.backordered_dates for line in plan.backordered)
    assert coming - 4 * 3 < dated <= coming
    picks = ledger.picks.columns()
    assert (picks["asked"] == picks["picked"]).all()
