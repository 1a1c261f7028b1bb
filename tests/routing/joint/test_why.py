"""What a joint decision meant for one of its orders, on an example that is easily worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.contract.messages import Line, Order
from sim.errors import RoutingError
from sim.routing.joint.engine import JointEngine
from sim.routing.joint.together import Batch
from sim.routing.joint.why import Why, why
from tests.routing.joint.test_engine import BOSTON, BOSTON_STORE, CHICAGO, MONITOR, NINE, WEST, Told, order
from tests.tiny import tiny

BATCH = Batch((order(1, CHICAGO, sku=MONITOR), order(2, BOSTON, sku=MONITOR)))


def explained(folder: Path, number: int, batch: Batch = BATCH) -> Why:
    told = Told(folder, {(MONITOR, BOSTON_STORE): 1, (MONITOR, WEST): 1})
    assert isinstance(told.engine, JointEngine)
    [found] = why(told.engine, tiny(folder).network, batch, NINE, number)
    return found


def cents(folder: Path, place: int, site: int) -> float:
    """Return the cost of a monitor that comes from the only site that has one."""
    [parcel] = Told(folder, {(MONITOR, site): 1}, window="0 min").send(order(1, place, sku=MONITOR), NINE).parcels
    return sum(parcel.cents)


def test_who_gives_way_is_told_what_it_would_have_got_alone_and_what_that_costs(tmp_path: Path) -> None:
    found = explained(tmp_path, 1)
    assert (found.alone, found.decided) == ({"store_boston": {"C": 1}}, {"dc_west": {"C": 1}})
    assert found.alone_cents == pytest.approx(cents(tmp_path, CHICAGO, BOSTON_STORE))
    assert found.decided_cents == pytest.approx(cents(tmp_path, CHICAGO, WEST))


def test_the_contested_unit_names_its_rivals_and_a_price_at_which_one_of_them_gives_way(tmp_path: Path) -> None:
    [unit] = explained(tmp_path, 2).contested
    assert (unit.product, unit.site, unit.units, unit.channel) == ("C", "store_boston", 1, "")
    assert (unit.wanted_by, unit.given_to) == ((1, 2), (2,))
    loses, gains = (cents(tmp_path, place, WEST) - cents(tmp_path, place, BOSTON_STORE) for place in (CHICAGO, BOSTON))
    assert loses - 1e-6 <= unit.price_cents <= gains + 1e-6
    assert unit.price_cents > 0


@pytest.mark.parametrize("urgent", [1, 2])
def test_the_price_is_what_one_more_would_save_those_who_choose_after_the_urgent(tmp_path: Path, urgent: int) -> None:
    orders = tuple([one._replace(priority=int(one.id == urgent)) for one in BATCH.orders])
    found = explained(tmp_path, urgent, Batch(orders))
    [unit] = found.contested
    assert (unit.wanted_by, unit.given_to) == ((1, 2), (urgent,))
    place = BOSTON if urgent == 1 else CHICAGO  # where the other lives, who makes do with the west
    saved = cents(tmp_path, place, WEST) - cents(tmp_path, place, BOSTON_STORE)
    assert unit.price_cents == pytest.approx(saved, abs=1e-4)


def test_it_is_told_in_words_and_as_plain_values(tmp_path: Path) -> None:
    found = explained(tmp_path, 1)
    text = found.describe()
    assert text.startswith("order 1, one of 2 decided together\n  alone    1 C from store_boston\n")
    assert "1 of C at store_boston: wanted by 1, 2, given to 2; one more would have saved" in text
    assert found.as_json()["contested"][0]["wanted_by"] == (1, 2)


def test_an_order_without_rivals_gets_what_it_would_have_got_alone(tmp_path: Path) -> None:
    found = explained(tmp_path, 7, Batch((Order(7, NINE, BOSTON, (Line(MONITOR, 1),)),)))
    assert (found.decided, found.contested) == (found.alone, ())
    assert "gets what it would have got alone: 1 C from store_boston" in found.describe()


def test_an_order_of_another_batch_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RoutingError, match="order 9 is not in this batch of 2"):
        explained(tmp_path, 9)
