"""A router thinks parcels over whose pick has not begun: they leave their queue, and others are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Line, Order, Plan, Revision
from sim.contract.news import TooLate
from sim.errors import RoutingError
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.world.simulate import simulate
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, HandMadeTape, ObedientRouter, all_from, at, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

NINE = at(0, 9)


class RevisingRouter(ObedientRouter):
    """Sends everything from the eastern warehouse, and moves order 2 to the Boston store at a given minute."""

    def __init__(self, when: float, units: int = 1) -> None:
        super().__init__(all_from(DC_EAST))
        self._when: float | None = when
        sent = all_from(DC_EAST)(Order(2, NINE, 0, (Line(CABLE, 1),)))
        instead = sent.parcels[0]._replace(site=BOSTON, lines=(Line(CABLE, units),), deliver_at=at(9, 20))
        self.revision = Revision(2, sent.parcels, Plan((instead,)))

    def next_wake(self) -> float | None:
        """Be woken once."""
        return self._when

    def tick(self, now: float) -> list[Revision]:  # type: ignore[override]
        """Revise."""
        self._when = None
        return [self.revision]


def run(folder: Path, router: RevisingRouter, **changes: Any) -> Ledger:
    """Let four orders of one line come at nine to one picker, who takes 4 minutes for each from 9:01 on."""
    scenario = stocked(folder, {(CABLE, DC_EAST): 9, (CABLE, BOSTON): 9}, site_kinds__dc__pickers=1, **changes)
    tape = HandMadeTape(scenario, [shopper(number, NINE, {CABLE: 1}) for number in (1, 2, 3, 4)])
    ledger = simulate(scenario, tape, router)
    audit(ledger)
    return ledger


def picked(ledger: Ledger) -> dict[int, tuple[int, float]]:
    """Return site and minute after nine of each order's pick."""
    picks = ledger.picks.columns()
    rows = zip(picks["order"].tolist(), picks["site"].tolist(), picks["at"].tolist(), strict=True)
    return {order: (site, minute - NINE) for order, site, minute in rows}


def test_a_parcel_withdrawn_leaves_the_queue_and_those_behind_it_move_up(tmp_path: Path) -> None:
    ledger = run(tmp_path, RevisingRouter(at(0, 9, 2)))
    assert picked(ledger) == {1: (DC_EAST, 5), 2: (BOSTON, 7), 3: (DC_EAST, 9), 4: (DC_EAST, 13)}


@pytest.mark.parametrize(("minute", "accepted"), [(3.5, 1), (4, 1), (4.5, 0), (30, 0)])
def test_a_revision_is_in_time_if_the_site_hears_of_it_before_the_pick_begins(
    tmp_path: Path, minute: float, accepted: int
) -> None:
    # the pick begins at 9:05 and a message takes a minute
    router = RevisingRouter(at(0, 9, minute))
    ledger = run(tmp_path, router)
    assert ledger.revisions.columns()["accepted"].tolist() == [accepted]
    assert (picked(ledger)[2][0] == BOSTON) is bool(accepted)


def test_the_router_is_told_if_it_is_too_late_and_nothing_has_changed(tmp_path: Path) -> None:
    router = RevisingRouter(at(0, 9, 7))
    ledger = run(tmp_path, router)
    assert [news for news in router.told if isinstance(news, TooLate)] == [TooLate(at(0, 9, 7), router.revision)]
    assert picked(ledger) == {1: (DC_EAST, 5), 2: (DC_EAST, 9), 3: (DC_EAST, 13), 4: (DC_EAST, 17)}
    assert len(ledger.decisions.columns()["order"]) == 4


def test_while_a_site_is_closed_no_pick_begins(tmp_path: Path) -> None:
    three_minutes_a_day = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "09:00-09:03")
    ledger = run(tmp_path, RevisingRouter(at(0, 23)), site_kinds__dc__hours=three_minutes_a_day)
    assert picked(ledger)[2] == (BOSTON, at(0, 23, 5) - NINE)
    # 2 of the 4 minutes of order 1 are left for the morning; order 3 has one there and three on the next day
    assert picked(ledger)[1] == (DC_EAST, at(1, 9, 2) - NINE)
    assert picked(ledger)[3] == (DC_EAST, at(2, 9, 3) - NINE)


def test_the_shopper_was_told_what_was_decided_first(tmp_path: Path) -> None:
    ledger = run(tmp_path, RevisingRouter(at(0, 9, 2)))
    decisions, orders = ledger.decisions.columns(), orders_of(ledger)
    row = decisions["withdrawn"] == 1
    assert decisions["order"][row].tolist() == [2]
    assert decisions["deliver_at"][row].tolist() == [at(9, 20)]
    assert orders["promised_delivery"].tolist() == [0, 0, 0, 0]
    assert orders["revisions"].tolist() == [0, 1, 0, 0]
    assert orders["reroutes"].tolist() == [0, 0, 0, 0]


def test_a_promise_that_was_withdrawn_is_none(tmp_path: Path) -> None:
    ledger = run(tmp_path, RevisingRouter(at(0, 9, 2)))
    assert ledger.decisions.columns()["promised"].tolist() == [1, 1, 1, 1, 0]  # the last is the revision
    assert orders_of(ledger)["units_promised"].tolist() == [1, 1, 1, 1]


def test_a_revision_of_other_units_than_were_withdrawn_is_an_error_of_the_router(tmp_path: Path) -> None:
    with pytest.raises(RoutingError, match="order 2"):
        run(tmp_path, RevisingRouter(at(0, 9, 2), units=2))


def test_what_was_never_sent_cannot_be_withdrawn(tmp_path: Path) -> None:
    router = RevisingRouter(at(0, 9, 2))
    [sent] = router.revision.withdrawn
    router.revision = router.revision._replace(withdrawn=(sent, sent))
    assert run(tmp_path, router).revisions.columns()["accepted"].tolist() == [0]
