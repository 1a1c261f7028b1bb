"""A vendor sends his own goods straight to shoppers: fees for handling, only what he keeps, his own restocking."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from sim.chance.tape import Tape
from sim.errors import ScenarioError
from sim.ledger.audit import audit
from sim.network.site import SiteKind
from sim.routing.build import build_engine
from sim.scenario.load import load
from sim.study.checks.check import check_scenario
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import SITE_KIND, TABLES, TREE, tiny, write

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

SITES = {
    "sites.csv": [
        *TABLES["sites.csv"],
        ["vendor_tv", "Trenton", "vendor", "NJ", 40.22, -74.76, "America/New_York", 0],
    ]
}
FEES = {
    "pick_per_line": "0 USD", "pick_per_unit": "0 USD", "pack_per_parcel": "0 USD", "packaging_per_parcel": "0 USD",
    "fee_per_parcel": "3 USD", "fee_per_unit": "1 USD",
}  # fmt: skip
VENDOR, SCREEN = 4, 2
STRATEGIES = ("nearest", "cheapest", "fewest_parcels", "dc_first", "balanced", "ruled", "siloed")


def kinds(keeps: dict[str, list[str]]) -> dict[str, Any]:
    """Return the kinds of site of a retailer who leaves screens to a vendor."""
    own = ["cables", "audio", "printers"]
    found = deepcopy(TREE["site_kinds"])
    found["dc"]["stock"]["keeps"] = {"dc_east": own, "dc_west": own}
    found["store"]["stock"]["keeps"] = {"store_boston": own, "store_oakland": own}
    found["vendor"] = {**deepcopy(SITE_KIND), "handling": FEES}
    found["vendor"]["stock"] |= {"keeps": keeps, "online_share": "100 %"}
    return found


def dropshipped(folder: Path, **changes: Any) -> Scenario:
    changes = {"site_kinds": kinds({"vendor_tv": ["screens"]}), **changes}
    routing = deepcopy(TREE["routing"])
    routing["strategies"]["ruled"] = {
        "choose": "rules",
        "steps": [{"filters": [{"keep": "attribute", "name": "kind", "one_of": ["dc", "vendor"]}]}],
    }
    routing["strategies"]["siloed"]["only"] = ["dc", "vendor"]
    return tiny(folder, SITES, **{"routing": routing, **changes})


def test_a_vendor_keeps_his_own_goods_only_and_others_keep_what_they_say(tmp_path: Path) -> None:
    level = dropshipped(tmp_path).stock_plan.order_up_to
    assert (level[:, VENDOR] > 0).tolist() == [False, False, True, False]
    assert (level[:, 0] > 0).tolist() == [True, True, False, True]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_run_with_a_vendor_keeps_the_laws_and_books_his_fees(tmp_path: Path, strategy: str) -> None:
    scenario = dropshipped(tmp_path, demand__shoppers_per_day=40)
    router = build_engine(routing_of(scenario), strategy, scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, 0), router)
    audit(ledger)
    parcels, picks = ledger.parcels.columns(), ledger.picks.columns()
    his = (parcels["site"] == VENDOR) & (parcels["picked"] > 0)
    assert his.any()
    assert (parcels["fees_cents"][his] == 300 + 100 * parcels["picked"][his]).all()
    assert not any(parcels[f"{part}_cents"][his].any() for part in ("picking", "packing", "packaging"))
    assert set(picks["sku"][picks["site"] == VENDOR]) == {SCREEN}
    receipts = ledger.receipts.columns()
    assert set(receipts["sku"][receipts["site"] == VENDOR]) == {SCREEN}  # he is restocked by himself


def test_safety_stock_may_be_held_at_vendors(tmp_path: Path) -> None:
    scenario = dropshipped(tmp_path, routing__safety_stock={"vendor": 2})
    config = routing_of(scenario)
    assert config.safety_stock == {SiteKind.VENDOR: 2}


@pytest.mark.parametrize(
    ("keeps", "told"),
    [
        (
            {"vendor_tw": ["screens"]},
            "keeps.vendor_tw: unknown vendor 'vendor_tw' - expected one of vendor_tv",
        ),
        ({"dc_east": ["screens"]}, "vendor.stock.keeps.dc_east: unknown vendor 'dc_east' - expected one of vendor_tv"),
        ({"vendor_tv": ["screen"]}, r"vendor_tv\[0\]: unknown category 'screen' .*did you mean screens"),
    ],
)
def test_what_nobody_knows_is_told_by_name(tmp_path: Path, keeps: dict[str, list[str]], told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        load(write(tmp_path, SITES, site_kinds=kinds(keeps)))


def test_a_scenario_with_a_vendor_is_checked_without_a_remark(tmp_path: Path) -> None:
    path = write(tmp_path, SITES, site_kinds=kinds({"vendor_tv": ["screens"]}))
    assert check_scenario(path).remarks == ()
