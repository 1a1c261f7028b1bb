"""The examiner's books of what a router decides in its own time: lines kept, orders held or on offer, second thoughts.

A part of `Examination`, in a file of its own.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sim.contract.messages import Hold, Line, OnOffer, Plan, Revision
from sim.contract.news import Claim, TooLate, Unclaim

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.contract.examination import Examination
    from sim.contract.messages import Decision, Order, Parcel


class Holding:
    """What a router has said it would decide later, by order."""

    def __init__(self, exam: Examination) -> None:
        self._exam = exam
        self._kept: dict[int, Counter[int]] = {}
        self._held: dict[int, tuple[Order, float]] = {}
        self._offers: dict[int, tuple[int, ...]] = {}
        self._claimed: dict[int, int] = {}
        self._orders: dict[int, Order] = {}
        self._sent = Counter[tuple[int, "Parcel"]]()
        self._late: list[Revision] = []

    def plan_of(self, order: Order, answer: Any, call: str) -> Plan:
        """Return what a router answers as a plan; an order that is held is one of which all is kept."""
        self._orders[order.id] = order
        if not isinstance(answer, Hold):
            plan: Plan = answer
            self._look(order, plan, call)
            return plan
        self._hold(order, answer.until, answer.offered_to, call)
        return Plan((), backordered=order.lines)

    def keep(self, order: Order, lines: Iterable[Line]) -> None:
        """Note that lines of an order will be decided later."""
        kept = self._kept.setdefault(order.id, Counter())
        for sku, quantity in lines:
            kept[sku] += quantity

    def drop(self, number: int) -> None:
        """Note that the host no longer wants what was kept of an order."""
        self._kept.pop(number, None)

    def hear(self, answers: Iterable[Decision | Revision | OnOffer], call: str) -> bool:
        """Note what a router decides of its own; return whether it is about what it may decide about."""
        revisions = [answer for answer in answers if isinstance(answer, Revision)]
        if not all([self._withdrawn(revision, call) for revision in revisions]):  # one may need what another sets free
            return False
        known = all([self._known(answer, call) for answer in answers])
        for revision in reversed(self._late):
            self._undo(revision)
        self._late.clear()
        return known

    def overdue(self, now: float) -> None:
        """Look for orders that should have been decided by now."""
        for number, (_, until) in self._held.items():
            if until < now:
                self._exam._break("held", f"order {number} was held until {until:g} and is not decided at {now:g}")

    def claim(self, luck: float) -> None:
        """Let a site claim an order that is on offer to it, or say no."""
        if not self._offers:
            return
        number, sites = next(iter(self._offers.items()))
        site = sites[int(luck * 100) % len(sites)]
        del self._offers[number]
        if luck < 0.6:
            self._claimed[number] = site
            self._exam._observe(Claim(self._exam.now, number, site))
            return
        self._exam._observe(Unclaim(self._exam.now, number, site))
        if len(sites) > 1:
            self._offers[number] = tuple([other for other in sites if other != site])

    def _known(self, answer: Decision | Revision | OnOffer, call: str) -> bool:
        if isinstance(answer, Revision):
            self._revised(answer, call)
            return True
        if not isinstance(answer, OnOffer):
            return self._decided(*answer, call)
        held = self._held.get(answer.order)
        if held is None:
            self._exam._break("offered", f"{call}: order {answer.order} is on offer, but not held")
        else:
            self._hold(held[0], answer.until, answer.offered_to, call)
        return True

    def _hold(self, order: Order, until: float, offered_to: tuple[int, ...], call: str) -> None:
        if until < self._exam.now:
            self._exam._break("held", f"{call}: held until {until:g} - expected {self._exam.now:g} or later")
        self._held[order.id] = order, until
        self._offers.pop(order.id, None)
        unable = [site for site in offered_to if not self._can_serve(order, site)]
        if unable:
            self._exam._break("offered", f"{call}: offered to sites {unable}, which could not serve all of it")
        elif offered_to:
            self._offers[order.id] = offered_to

    def _can_serve(self, order: Order, site: int) -> bool:
        exam = self._exam
        if not 0 <= site < exam._sites or site in order.refused_by or not exam._network.zone[order.place][site]:
            return False
        free = exam._told[:, site] - exam._open[:, site]
        return all(free[sku] >= quantity for sku, quantity in _units(order.lines).items())

    def _decided(self, order: Order, plan: Plan, call: str) -> bool:
        kept = self._kept.get(order.id, Counter())
        if any(quantity > kept[sku] for sku, quantity in order.lines):
            self._exam._break("kept", f"{call}: decides {order} - expected no more than it kept: {dict(kept)}")
            return False
        self._look(order, plan, call)
        self._held.pop(order.id, None)
        self._offers.pop(order.id, None)
        site = self._claimed.pop(order.id, None)
        # what it could no longer serve, because less was heard of its stock since, is anybody's
        if site is not None and [p.site for p in plan.parcels] != [site] and self._can_serve(order, site):
            self._exam._break("claimed", f"{call}: order {order.id} was claimed by site {site}, which could serve it")
        for sku, quantity in order.lines:
            kept[sku] -= quantity
        for sku, quantity in plan.backordered:
            kept[sku] += quantity
        return True

    def _withdrawn(self, revision: Revision, call: str) -> bool:
        """Take back what a revision withdraws."""
        exam = self._exam
        withdrawn = Counter((revision.order, parcel) for parcel in revision.withdrawn)
        if withdrawn - self._sent or _units_in(revision.withdrawn) != _units_in(revision.plan.parcels):
            expected = "expected to withdraw parcels that it sent, and to send the same units"
            exam._break("kept", f"{call}: {revision} - {expected}")
            return False
        for parcel in revision.withdrawn:
            for sku, quantity in parcel.lines:
                exam._open[sku, parcel.site] -= quantity
        self._sent -= withdrawn
        return True

    def _revised(self, revision: Revision, call: str) -> None:
        """Look at what replaces it; if a parcel of it is picked, that holds only until the turn is over."""
        exam = self._exam
        units = _units_in(revision.withdrawn)
        lines = tuple([Line(sku, quantity) for sku, quantity in sorted(units.items())])
        before = list(exam._jobs)
        self._look(self._orders[revision.order]._replace(lines=lines), revision.plan, call)
        for parcel in revision.withdrawn:
            job = next((job for job in exam._jobs if (job[0].id, job[1]) == (revision.order, parcel)), None)
            if job is None:
                exam._jobs[:] = before
                self._late.append(revision)
                return
            exam._jobs.remove(job)

    def _undo(self, revision: Revision) -> None:
        """Tell the router that a revision came too late: all is as it was before."""
        exam = self._exam
        for parcels, sign in ((revision.plan.parcels, -1), (revision.withdrawn, 1)):
            for parcel in parcels:
                for sku, quantity in parcel.lines:
                    exam._open[sku, parcel.site] += sign * quantity
        self._sent -= Counter((revision.order, parcel) for parcel in revision.plan.parcels)
        self._sent += Counter((revision.order, parcel) for parcel in revision.withdrawn)
        exam._observe(TooLate(exam.now, revision))

    def _look(self, order: Order, plan: Plan, call: str) -> None:
        self._exam._check_plan(order, plan, call)
        self._sent.update((order.id, parcel) for parcel in plan.parcels)


def _units(lines: Iterable[Line]) -> Counter[int]:
    units = Counter[int]()
    for sku, quantity in lines:
        units[sku] += quantity
    return units


def _units_in(parcels: Iterable[Parcel]) -> Counter[int]:
    return _units([line for parcel in parcels for line in parcel.lines])
