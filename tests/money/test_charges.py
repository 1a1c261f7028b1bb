"""Fixed costs, a third party's contract, contacts and penalties, each reckoned by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.errors import ScenarioError
from sim.ledger.accounts import Account
from sim.ledger.orders import orders_of
from sim.money.charges import charge
from sim.study.checks.check import check_scenario
from sim.world.simulate import simulate
from tests import tiny
from tests.world.hand_made import (
    CABLE,
    DC_EAST,
    DC_WEST,
    MONITOR,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    give_up,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger
    from tests.world.hand_made import Shopper

MONTH = 365 / 12


def charged(
    folder: Path, shoppers: tuple[Shopper, ...] = (), router: ObedientRouter | None = None, strategy: str = "cheapest",
    days: int = 3, on_hand: dict[tuple[int, int], int] | None = None, **changes: Any,
) -> Ledger:  # fmt: skip
    """Return the ledger of a tiny world with everything charged."""
    on_hand = on_hand or {(CABLE, DC_EAST): 100, (MONITOR, DC_WEST): 10}
    scenario = stocked(folder, on_hand, clock__measure=f"{days} days", **changes)
    ledger = simulate(scenario, HandMadeTape(scenario, shoppers), router or ObedientRouter(all_from(DC_EAST)))
    charge(ledger, scenario, orders_of(ledger), strategy)
    return ledger


def cents(ledger: Ledger, account: Account) -> list[int]:
    charges = ledger.charges.columns()
    return charges["cents"][charges["account"] == account].tolist()


def test_what_is_paid_by_the_month_falls_on_days_and_adds_up_to_the_cent(tmp_path: Path) -> None:
    ledger = charged(tmp_path, days=30, fixed={"hall": {"account": "lease", "per_month": "100 USD"}})
    found = cents(ledger, Account.LEASE)
    assert len(found) == 30
    assert set(found) <= {328, 329}
    assert sum(found) == round(10_000 * 30 / MONTH)


def test_what_is_paid_once_is_spread_over_its_days_and_not_beyond(tmp_path: Path) -> None:
    block = {"account": "equipment", "once": "10 USD", "over": "3 days", "where": {"kinds": ["store"]}}
    ledger = charged(tmp_path, days=5, fixed={"benches": block})
    by_site = ledger.charges.columns()
    assert [sum(by_site["cents"][by_site["site"] == j]) for j in range(4)] == [0, 0, 1000, 1000]
    assert by_site["cents"][by_site["site"] == 2].tolist() == [333, 334, 333, 0, 0]


@pytest.mark.parametrize(("strategy", "paid"), [("cheapest", 3), ("nearest", 0)])
def test_what_only_one_strategy_needs_only_it_pays(tmp_path: Path, strategy: str, paid: int) -> None:
    fixed = {"software": {"account": "licences", "per_month": "50 USD", "strategies": ["cheapest"]}}
    assert len(cents(charged(tmp_path, strategy=strategy, fixed=fixed), Account.LICENCES)) == paid


def test_storage_is_paid_for_the_volume_that_stands_there_at_midnight(tmp_path: Path) -> None:
    # a monitor's box of 60 x 40 x 15 cm is 0.036 cubic metres; one of ten leaves on the second day
    buyer = shopper(1, at(1, 9), {MONITOR: 1})
    ledger = charged(
        tmp_path, (buyer,), ObedientRouter(all_from(DC_WEST)), on_hand={(MONITOR, DC_WEST): 10},
        site_kinds__dc__contract={"storage": "100 USD"},
    )  # fmt: skip
    rows = ledger.charges.columns()
    west = rows["site"] == DC_WEST
    assert rows["quantity"][west] == pytest.approx([0.36, 0.36, 0.324])
    assert sum(cents(ledger, Account.STORAGE)) == round((0.36 + 0.36 + 0.324) * 10_000 / MONTH)


def test_parcels_above_the_agreed_volume_of_a_day_cost_more_and_no_others(tmp_path: Path) -> None:
    buyers = tuple(shopper(k, at(k // 5, 9, k), {CABLE: 1}) for k in range(8))  # five on one day, three on the next
    ledger = charged(tmp_path, buyers, site_kinds__dc__contract={"parcels_a_day": 3, "above": "0.75 USD"})
    assert cents(ledger, Account.PEAK_FEES) == [75, 75]
    assert ledger.charges.columns()["order"].tolist() == [3, 4]


def test_late_orders_cost_their_share_of_contacts_and_their_penalty(tmp_path: Path) -> None:
    def too_soon(order: Any) -> Any:  # promised for the minute after
        plan = all_from(DC_EAST)(order)
        return plan._replace(parcels=tuple(p._replace(deliver_at=order.placed_at + 1) for p in plan.parcels))

    buyers = (shopper(1, at(0, 9), {CABLE: 1}), shopper(2, at(0, 10), {CABLE: 1}))
    prompt = ObedientRouter(
        too_soon, lambda order: all_from(DC_EAST)(order)._replace(parcels=_by_next_week(all_from(DC_EAST)(order)))
    )
    ledger = charged(
        tmp_path, buyers, prompt, contacts={"of_late": "40 %", "cost": "5.50 USD"}, penalties={"late": "3 USD"}
    )
    assert cents(ledger, Account.CONTACTS) == [220]
    assert cents(ledger, Account.PENALTIES) == [300]
    assert ledger.charges.columns()["order"].tolist() == [1, 1]


def _by_next_week(plan: Any) -> Any:
    return tuple(p._replace(deliver_at=at(7, 0)) for p in plan.parcels)


def test_a_cancelled_order_is_not_late_and_pays_for_being_cancelled(tmp_path: Path) -> None:
    ledger = charged(
        tmp_path, (shopper(1, at(0, 9), {CABLE: 1}),), ObedientRouter(give_up),
        contacts={"of_late": "40 %", "of_cancelled": "50 %", "cost": "5.50 USD"},
        penalties={"late": "3 USD", "cancelled": "5 USD"},
    )  # fmt: skip
    assert cents(ledger, Account.CONTACTS) == [275]
    assert cents(ledger, Account.PENALTIES) == [500]


def test_where_no_block_asks_for_it_nothing_is_charged(tmp_path: Path) -> None:
    assert not len(charged(tmp_path, (shopper(1, at(0, 9), {CABLE: 1}),)).charges.columns()["at"])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"fixed": {"a": {"account": "lease"}}}, "expected one of per_month, once"),
        ({"fixed": {"a": {"account": "lease", "once": "1 USD"}}}, "expected over beside once"),
        ({"fixed": {"a": {"account": "lease", "per_month": "0 USD"}}}, "costs nothing"),
        ({"fixed": {"a": {"account": "rent", "per_month": "1 USD"}}}, "expected one of equipment, lease"),
        (
            {"fixed": {"a": {"account": "lease", "per_month": "1 USD", "where": {"states": ["NJ"]}}}},
            "no site has it",
        ),
        (
            {"fixed": {"a": {"account": "lease", "per_month": "1 USD", "strategies": ["cheapst"]}}},
            "did you mean cheapest?",
        ),
        ({"contacts": {"cost": "5 USD"}}, "nobody ever writes"),
        ({"penalties": {"late": "0 USD"}}, "costs nothing"),
        ({"site_kinds__dc__contract": {"above": "1 USD"}}, "expected both or none of parcels_a_day, above"),
        ({"site_kinds__dc__contract": {}}, "costs nothing"),
    ],
)
def test_a_block_that_makes_no_difference_or_no_sense_is_refused(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(ScenarioError) as error:
        check_scenario(tiny.write(tmp_path / "tiny", **changes))
    assert told in str(error.value)


def test_amounts_are_rounded_as_they_accumulate_so_that_no_cent_is_lost(tmp_path: Path) -> None:
    ledger = charged(tmp_path, days=12, fixed={"a": {"account": "licences", "once": "0.10 USD", "over": "12 days"}})
    found = np.array(cents(ledger, Account.LICENCES))
    assert found.sum() == 10
    assert found.max() == 1
