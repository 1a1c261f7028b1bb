"""A world in which orders are fulfilled in every way at once keeps the laws, whoever decides."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.ledger.fates import Goes
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import BY_NAME, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.kpis.reconcile import reconcile
from sim.study.statistics.estimate import difference
from sim.world.simulate import simulate
from tests.tiny import SITE_KIND, TABLES, TREE, tiny
from tests.world.collecting import PICK_UP, with_counters

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.study.statistics.estimate import Interval

ROUTING: dict[str, Any] = {
    **TREE["routing"],
    "pickup": {"transfer": "missing_lines", "truck": {"cost_per_parcel": "2 USD"}, "receive": "20 min"},
    "merge": {"at": ["dc"], "when": "split"},
    "strategies": {
        **TREE["routing"]["strategies"],
        "revising": {"choose": "batch", "window": "30 min", "reevaluate_every": "1 h"},
    },
}


def every_way(folder: Path, **changes: Any) -> Scenario:
    """Return a world of short stock with counters, trucks, merges, a vendor, and shoppers who change their minds."""
    kinds = {kind: deepcopy(SITE_KIND) for kind in ("dc", "store", "vendor")}
    for block in kinds.values():
        block["stock"] |= {"days_of_cover": 1, "order_days": 1}
    kinds["vendor"] |= {"declines": "20 %", "drop_ship": {"price": 1.1, "file_errors": {"share": "30 %", "units": 2}}}
    tables = with_counters(("store_boston", "store_oakland"))
    tables["sites.csv"].append(["his", "Trenton", "vendor", "NJ", 40.22, -74.76, "America/New_York", 0, "false"])
    own: dict[str, Any] = {
        "network__site_attributes": ["pickup"],
        "site_kinds": kinds,
        "demand__shoppers_per_day": 150,
        "routing": ROUTING,
        "trucks": {"cost_per_parcel": "2 USD", "late": {"share": "20 %", "extra_days": {1: "100 %"}}},
        "merge": {"time": "30 min", "cost_per_parcel": "0.20 USD"},
        "pick_up": {**PICK_UP, "share": "50 %", "added": "20 %", "no_show": "20 %", "receive": "20 min"},
        "order_messages": {
            "called_off": {"share": "10 %", "after": "2 h"}, "moved": {"share": "10 %", "after": "1 h"},
            "hold": {"share": "20 %", "takes": "3 h"}, "labels": {"fail": "20 %", "retry_after": "5 min"},
        },
    }  # fmt: skip
    return tiny(folder, tables, **own | changes)


def simulated(scenario: Scenario, strategy: str, replication: int = 0) -> Ledger:
    """Return the ledger of a run that keeps the laws."""
    router = build_engine(routing_of(scenario), strategy, scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, replication), router)
    found = reconcile(ledger)
    assert not found.broken
    assert not [check for check in found.checks if not check.holds]
    return ledger


@pytest.mark.parametrize("strategy", ["cheapest", "fewest_parcels", "nearest", "revising"])
def test_every_way_at_once_keeps_the_laws(tmp_path: Path, strategy: str) -> None:
    scenario = every_way(tmp_path)
    ledger = simulated(scenario, strategy)
    assert set(ledger.parcels.columns()["goes"]) == set(Goes)
    assert set(ledger.hand_overs.columns()["collected"]) == {0, 1}
    assert len(ledger.legs.columns()["order"])
    orders, wanted = orders_of(ledger), ledger.pick_ups.columns()
    collected = np.isin(orders["order"], wanted["order"])
    assert (np.isfinite(orders["delivery_hours"]) & collected).sum() == 0
    sums = sums_of(cohort_of(ledger, orders))
    assert sums.open_orders == 0
    stages = ("deciding", "telling", "picking", "packing", "dock", "transit")
    assert all(estimate(BY_NAME[f"{stage}_hours"], [sums]).value > 0 for stage in stages)


@pytest.mark.parametrize("then", ["refund", "reship"])
@pytest.mark.parametrize("strategy", ["nearest", "revising"])
def test_carriers_in_trouble_hit_every_way_and_the_laws_hold(tmp_path: Path, strategy: str, then: str) -> None:
    ground = TREE["carriers"]["services"]["ground"]
    late = {"share": "50 %", "extra_days": {1: "60 %", 4: "40 %"}}
    trouble = {
        "lost": "5 %", "damaged": "5 %", "co2_per_tonne_km": "100 g",
        "spells": [{"per_year": 60, "lasts": "1 day", "late": late}],
    }  # fmt: skip
    claims = {"noticed_after": "1 day", "contact": "5 USD", "then": then, "insured": "50 %"}
    carriers: dict[str, Any] = {"carriers__services": {"ground": ground | trouble}, "carriers__claims": claims}
    scenario = every_way(tmp_path, clock__drain_limit="40 days", **carriers)
    ledger = simulated(scenario, strategy)
    trips, claimed, goes = ledger.trips.columns(), ledger.claims.columns(), ledger.parcels.columns()["goes"]
    assert (trips["leg"] >= 0).any()
    assert {Goes.TO_BE_MERGED, Goes.TO_SHOPPER} <= set(goes[claimed["parcel"]])
    assert sums_of(cohort_of(ledger)).open_orders == 0


def test_units_by_model_add_up_to_all_of_them(tmp_path: Path) -> None:
    scenario = every_way(tmp_path)
    sums = sums_of(cohort_of(simulated(scenario, "cheapest")))
    mix = [
        estimate(BY_NAME[f"mix_{model}"], [sums]).value for model in ("dc", "third_party", "store", "vendor", "pick_up")
    ]
    assert sum(mix) == pytest.approx(1)
    assert sum(share > 0 for share in mix) == 4


def test_drop_ship_widens_the_range_and_lengthens_delivery(tmp_path: Path) -> None:
    """A vendor who takes three days has what no site of ours keeps; without him half of it is not to be had."""
    own = {site: ["cables", "audio"] for site in ("dc_east", "dc_west")}
    kinds = {kind: deepcopy(SITE_KIND) for kind in ("dc", "store", "vendor")}
    kinds["dc"]["stock"]["keeps"] = own
    kinds["store"]["stock"]["keeps"] = {site: ["cables", "audio"] for site in ("store_boston", "store_oakland")}
    kinds["vendor"] |= {"pack_time": "3 days", "lead": "3 days"}
    kinds["vendor"]["stock"] |= {"keeps": {"his": ["screens", "printers"]}, "online_share": "100 %"}
    vendor = ["his", "Trenton", "vendor", "NJ", 40.22, -74.76, "America/New_York", 0]
    sums = {}
    for name, sites in (("without", []), ("with", [vendor])):
        these = {kind: kinds[kind] for kind in ("dc", "store", *(["vendor"] if sites else []))}
        tables = {"sites.csv": [*TABLES["sites.csv"], *sites]}
        scenario = tiny(tmp_path / name, tables, site_kinds=these, demand__shoppers_per_day=150)
        sums[name] = [sums_of(cohort_of(simulated(scenario, "cheapest", replication))) for replication in range(3)]

    def change(kpi: str) -> Interval:
        return difference(*(estimate(BY_NAME[kpi], sums[name]) for name in ("with", "without"))).interval()

    assert change("turned_away_rate").high < 0
    assert change("order_fill_rate").low > 0
    assert change("delivery_hours_mean").low > 0
    assert change("mix_vendor").low > 0


def test_what_was_collected_or_merged_comes_back_like_anything_else(tmp_path: Path) -> None:
    returns = {
        "rate": "50 %",
        "after": {"law": "uniform", "low": "1 h", "high": "1 day"},
        "grades": {"A": {"share": "100 %", "then": "restock"}},
        "by_mail": {"to": "dc_east", "service": "ground", "inspection": {"takes": "20 min"}},
    }
    scenario = every_way(tmp_path, returns=returns)
    router = build_engine(routing_of(scenario), "cheapest", scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, 0), router)
    audit(ledger)
    back, parcels = ledger.returns.columns(), ledger.parcels.columns()
    assert set(parcels["goes"][back["parcel"]]) == set(Goes)
    of_counter = parcels["goes"][back["parcel"]] == Goes.TO_COUNTER
    ended = ledger.hand_overs.columns()
    collected = dict(zip(ended["order"][ended["collected"] == 1], ended["at"][ended["collected"] == 1], strict=True))
    orders, delivered = back["order"][of_counter], back["delivered_at"][of_counter]
    assert all(collected[order] == at for order, at in zip(orders, delivered, strict=True))
