"""What each order of the ledger written by hand cost all in, reckoned with a pencil."""

from __future__ import annotations

import numpy as np
import pytest

from sim.ledger.ledger import Ledger
from sim.ledger.orders import Columns, orders_of
from sim.money.order_costs import order_costs
from sim.money.site_costs import site_costs
from tests.ledger.collected import collected
from tests.ledger.hand_made import hand_made

# of the cohort's units site 0 gave four (1, 1, 2 to the orders 1, 2, 5), site 1 three (2, 1 to 2, 3) and site 2 one
BY_HAND = {
    "model": ["in-house DC", "several", "several", "in-house DC"],
    "region": ["West"] * 4,
    "third_party_cents": [0, 2 * 40 + 40, 40, 0],
    "promise_cents": [0, 0, 550, 0],
    # a licence of 60 is the house's; lease 400, onboarding 100 and equipment 80 are those of the three sites
    "fixed_cents": [115, 15 + 100 + 200 / 3, 15 + 100 / 3 + 80, 215],
    "stock_cents": [154, 154 + 22 / 3, 11 / 3 + 984.6, 308],
    "in_vain_cents": [15] * 4,  # order 4 was looked for and not found
}


def costs(ledger: Ledger) -> Columns:
    return order_costs(ledger, orders_of(ledger), site_costs(ledger))


@pytest.mark.parametrize("name", BY_HAND)
def test_an_order_bears_its_share_of_every_cost(name: str) -> None:
    found = costs(hand_made())
    assert found["order"].tolist() == [1, 2, 3, 5]
    if isinstance(BY_HAND[name][0], str):
        assert found[name].tolist() == BY_HAND[name]
    else:
        assert found[name] == pytest.approx(BY_HAND[name])


def test_the_parts_of_all_orders_add_up_to_the_cost_all_in() -> None:
    found = costs(hand_made())
    parts = ("cost", "return", "in_vain", "third_party", "promise", "fixed", "stock")
    assert sum(found[f"{part}_cents"].sum() for part in parts) == pytest.approx(6755 + 1725 + 1350 + 616 + 11 + 984.6)


def test_an_order_that_is_collected_is_of_that_model_whoever_gave_it() -> None:
    found = costs(collected())
    assert dict(zip(found["order"].tolist(), found["model"].tolist(), strict=True)) == {
        1: "pick-up", 2: "pick-up", 3: "pick-up", 5: "ship-from-store",
    }  # fmt: skip


def test_what_a_site_that_gave_nothing_costs_is_borne_by_all_orders() -> None:
    ledger, plain = hand_made(), costs(hand_made())
    ledger.picks.columns()["picked"][ledger.picks.columns()["site"] == 2] = 0
    found = costs(ledger)["fixed_cents"]
    # the equipment of site 2 is now shared by the four orders
    assert found[0] == pytest.approx(plain["fixed_cents"][0] + 80 / 4)


def test_a_run_without_orders_has_no_costs_of_orders() -> None:
    empty = Ledger(np.zeros((1, 1), np.int32), np.zeros((1, 1), np.int32), (0.0, 1.0))
    empty.products.append((0, 100, 50, 1.0))
    empty.sites.append((0, "site", "dc", 1, 0))
    assert len(costs(empty)["order"]) == 0
