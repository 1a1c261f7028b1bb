"""Three worlds on one demand and as much stock: it is for all, channels own it, or one channel sells alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import BY_NAME, Sums, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.statistics.estimate import difference
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.study.statistics.estimate import Interval

CHANNELS = {"web": {"share": "50 %"}, "app": {"share": "30 %"}, "marketplace": {"share": "20 %"}}
# stock short enough for its place to matter
SHORT: dict[str, Any] = {
    "demand__channels": CHANNELS, "demand__day_cv": 0.4, "storefront__share_who_wait": 1, "routing__backorders": ...,
    "clock__measure": "8 days", "storefront__published_every": "10 min",
    **{f"site_kinds__{kind}__stock__days_of_cover": 3 for kind in ("dc", "store")},
}  # fmt: skip
WORLDS: dict[str, dict[str, Any]] = {
    "unified": {},
    "by_channel": {"stock": "by_channel"},
    "single_channel": {"storefront__open_channels": ["web"], "storefront__share_who_switch": "40 %"},
}
REPLICATIONS = 5


def run(scenario: Scenario, replication: int) -> Sums:
    ledger = simulate(
        scenario, Tape(scenario, 1, replication), build_engine(routing_of(scenario), "cheapest", scenario.network)
    )
    audit(ledger)
    return sums_of(cohort_of(ledger))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Sums]]:
    scenarios = {name: tiny(tmp_path_factory.mktemp(name), **SHORT, **changes) for name, changes in WORLDS.items()}
    return {name: [run(scenario, r) for r in range(REPLICATIONS)] for name, scenario in scenarios.items()}


def paired(worlds: dict[str, list[Sums]], option: str, other: str, kpi: str) -> Interval:
    return difference(*(estimate(BY_NAME[kpi], worlds[name]) for name in (option, other))).interval()


def test_all_worlds_meet_the_same_shoppers(worlds: dict[str, list[Sums]]) -> None:
    met = {name: [run.pairs["turned_away_rate"][1] for run in runs] for name, runs in worlds.items()}
    assert met["unified"] == met["by_channel"] == met["single_channel"]


@pytest.mark.parametrize("kpi", ["unit_fill_rate", "order_fill_rate"])
def test_one_stock_for_all_fills_more_than_silos_do(worlds: dict[str, list[Sums]], kpi: str) -> None:
    # everybody orders, and nothing waits: what is filled is what there was
    assert paired(worlds, "by_channel", "unified", kpi).high < 0


def test_one_channel_alone_turns_most_of_the_others_away(worlds: dict[str, list[Sums]]) -> None:
    # half come by others, of whom six in ten do not switch
    away = estimate(BY_NAME["turned_away_rate"], worlds["single_channel"]).value
    assert away > 0.5 * 0.6 * 0.95
    assert away < 0.5 * 0.6 * 1.05
    assert estimate(BY_NAME["turned_away_rate"], worlds["unified"]).value == 0
