"""Nothing appears and nothing is lost for good while carriers fail in every way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
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
from tests.tiny import TREE, tiny

if TYPE_CHECKING:
    from pathlib import Path

LATE = {"share": "50 %", "extra_days": {1: 0.5, 4: 0.5}}
LASTS = st.sampled_from(["6 h", "2 days", {"law": "exponential", "mean": "1 day"}])
SPELLS = st.fixed_dictionaries({"per_year": st.just(200), "lasts": LASTS, "late": st.just(LATE)})
TRANSITS = st.sampled_from([
    {"late": LATE}, {"transit": {"law": "gamma", "mean": 1.2, "cv": 0.6}},
    {"transit": {"law": "table", "days": [{1: 1}, {1: 0.5, 3: 0.5}, {3: 1}, {4: 0.9, 9: 0.1}]}},
])  # fmt: skip
CAPACITY = st.sampled_from([
    None, {"per_site": 5}, {"in_all": 30, "beyond": "next_service"}, {"per_site": 3, "beyond": "next_service"},
])  # fmt: skip
WAITING = st.sampled_from([None, {"per_site": 5}, {"in_all": 30}])  # at hand-over all with room are looked at anyway
GROUND = {k: v for k, v in TREE["carriers"]["services"]["ground"].items() if k != "late"}
WHEN = {"per_year": 150, "lasts": "1 day"}
DISRUPTIONS = st.lists(
    st.sampled_from([
        {"kind": "carrier_slow", "days": 2, **WHEN}, {"kind": "carrier_down", "services": ["ground"], **WHEN},
        {"kind": "carrier_down", "where": {"kinds": ["store"]}, **WHEN},
        {"kind": "snow_day", "states": ["MA", "IL"], **WHEN},
    ]),
    max_size=3,
)  # fmt: skip


@st.composite
def carriers(draw: st.DrawFn) -> dict[str, Any]:
    """Return a block of two services with which anything may happen."""
    services = {}
    choice = draw(st.sampled_from(["routing", "hand_over"]))
    for name, surcharge in (("ground", "0 USD"), ("swift", "2 USD")):
        service = {
            **GROUND, **draw(TRANSITS), "surcharge": surcharge, "lost": "10 %", "damaged": "10 %",
            "spells": draw(st.lists(SPELLS, max_size=2)),
            "capacity": draw(CAPACITY if choice == "routing" else WAITING),
        }  # fmt: skip
        services[name] = {key: value for key, value in service.items() if value is not None}
    return {
        "zone_edges": TREE["carriers"]["zone_edges"], "services": services,
        "choice": choice,
        "claims": {
            "noticed_after": draw(LASTS), "contact": "5 USD", "then": draw(st.sampled_from(["refund", "reship"])),
            "insured": "60 %",
        },
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@settings(few, max_examples=15)
@given(changes=worlds(), block=carriers(), disruptions=DISRUPTIONS, strategy=st.sampled_from(STRATEGIES))
def test_the_ledger_of_a_world_of_carrier_trouble_keeps_its_laws(
    folder: Path, changes: dict[str, Any], block: dict[str, Any], disruptions: list[dict[str, Any]], strategy: str
) -> None:
    scenario = tiny(folder, ALIKE, **changes | {"carriers": block, "disruptions": disruptions})
    ledger = simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), strategy, scenario.network))
    orders = orders_of(ledger)
    audit(ledger, orders)
    sums = sums_of(cohort_of(ledger, orders))
    for kpi in KPIS:
        if kpi.unit == "share" and kpi.name in sums.pairs:
            numerator, denominator = sums.pairs[kpi.name]
            assert 0 <= numerator <= denominator or denominator == 0, kpi.name
