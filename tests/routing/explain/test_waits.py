"""What waits for goods on their way is told with its date, and with what there is of them."""

from __future__ import annotations

from sim.routing.explain.ask import explain
from sim.routing.explain.waits import Wait, waits
from sim.routing.explain.words import sentences
from tests.routing.supply import AT_18, AT_20, DAY, an_engine, count, expect, order


def test_a_dated_line_is_told_with_the_terms_of_its_supply() -> None:
    router = an_engine(ring_fences=[{"units": 1}])
    count(router, 3, 0.0)
    expect(router, (0, 0, 2.0, 4), (0, 0, 3.0, 5), (0, 0, 9.0, 50))
    router.route(order(1, 1), 1.0)  # one of the two that may be had
    router.route(order(2, 5), 1.0)  # the other, and the four that come first
    told = explain(router, order(3, 4), 2.0)
    terms = {"on_hand": 3, "promised": 6, "held_back": 1, "sent": 0}
    [wait] = waits(told)
    assert wait == Wait(
        "dc_10", "", 4, 3 * DAY, 3 * DAY + AT_18, 4 * DAY + AT_20, **terms, due=((2 * DAY, 4), (3 * DAY, 5))
    )
    assert wait.on_hand - wait.promised - wait.held_back - wait.sent + sum(n for _, n in wait.due) >= wait.units
    assert (
        "4 of  wait at dc_10 for goods on their way (3 on hand, 6 promised to others, 1 held back; 4 due Wed 4 Feb and "
        "5 due Thu 5 Feb) and should be delivered Fri 6 Feb."
    ) in sentences(told)
    assert told.as_json()["waits"][0]["due"] == [[2 * DAY, 4], [3 * DAY, 5]]


def test_what_is_sent_at_once_is_not_counted_twice() -> None:
    router = an_engine()
    count(router, 2, 0.0)
    expect(router, (0, 0, 2.0, 4))
    told = explain(router, order(1, 5), 1.0)
    [wait] = waits(told)
    assert (wait.units, wait.sent, wait.on_hand, wait.due) == (3, 2, 2, ((2 * DAY, 4),))
    assert not any("waits for stock" in sentence for sentence in sentences(told))


def test_a_line_without_a_date_waits_for_stock_as_before() -> None:
    router = an_engine()
    told = explain(router, order(1, 2), 1.0)
    assert (waits(told), "waits" in told.as_json()) == ((), False)
    assert any("2 of  of order 1 waits for stock" in sentence for sentence in sentences(told))
