"""What the office and second thoughts of shoppers do to orders: holds, cancellations, other addresses, late messages.

An order that the router holds, or that the office holds, is dealt with as soon as it is decided upon. A parcel whose
pick has begun when its site hears of it stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.order_luck import OrderLuck
from sim.contract.news import Cancellation, Release
from sim.ledger.fates import Cancelled, Change
from sim.scenario.blocks.laws import ConstantLaw
from sim.world.carriers.labels import Labels
from sim.world.orders.open_order import in_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.chance.tape import Tape
    from sim.contract.messages import Line
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.orders.fulfilment import Fulfilment
    from sim.world.orders.open_order import OpenOrder
    from sim.world.sites.queues import Job


class Office:
    """Stands between the shoppers, the router and the sites.

    Attributes
    ----------
    labels
        The carrier's label service; None where it never fails.
    """

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        tape: Tape,
        router: Router,
        fulfilment: Fulfilment,
        ledger: Ledger,
    ) -> None:
        block = scenario.file.order_messages
        self._env = env
        self._router = router
        self._fulfilment = fulfilment
        self._queues = fulfilment.queues
        self._ledger = ledger
        self._luck = OrderLuck(tape, scenario.network.places)
        hold = None if block is None else block.hold
        labels = None if block is None else block.labels
        self.labels = None if labels is None else Labels(labels, self._luck, ledger)
        self._hold = None if hold is None else (hold.share, hold.takes.build(), hold.before == "routing")
        self._thoughts = [] if block is None else [
            (name, thoughts.share, thoughts.after.build(), change)
            for name, thoughts, change in (
                ("called_off", block.called_off, self._call_off), ("moved", block.moved, self._move)
            )
            if thoughts is not None
        ]  # fmt: skip
        self._promises_anew = block is not None and block.moved is not None and block.moved.promise == "anew"
        self._to_site = [each.message_delay.build() for each in scenario.site_blocks]
        self._from_site = [(each.confirm_delay or each.message_delay).build() for each in scenario.site_blocks]

    def take_in(self, open_order: OpenOrder) -> None:
        """Give a new order to the router, now or after a hold, and see what its shopper will think of it."""
        order, now = open_order.order, self._env.now
        for name, share, after, change in self._thoughts:
            if self._luck.share(name, order.id) < share:
                self._later(self._luck.minutes(name, after, order.id), open_order, change)
        if self._hold is not None and self._luck.share("hold", order.id) < self._hold[0]:
            minutes = self._luck.minutes("hold", self._hold[1], order.id)
            if self._hold[2]:
                open_order.in_office = True
                self._later(minutes, open_order, self._let_go)
                return
            open_order.released_at = now + minutes
        self._fulfilment.route(open_order, order, now)

    def send(self, job: Job, number: int) -> None:
        """Send a parcel's message to its site, which hears of it when the message arrives."""
        order, now = job.open_order, self._env.now
        minutes = self._luck.minutes("to_site", self._to_site[job.parcel.site], order.order.id, number)
        job.reached_at = max(now, order.released_at) + minutes
        self._queues.coming(job)
        self._env.later(job.reached_at - now, self._reached, job)

    def confirm_delay(self, job: Job) -> float:
        """Return how long a site's answer about a parcel takes."""
        law = self._from_site[job.parcel.site]
        return self._luck.minutes("from_site", law, job.open_order.order.id, job.luck)

    def decided(self, open_order: OpenOrder) -> None:
        """Do now what had to wait for a decision."""
        waiting, open_order.waiting_changes = open_order.waiting_changes, ()
        for change in waiting:
            change(open_order)

    def _later(self, minutes: float, open_order: OpenOrder, do: Callable[[OpenOrder], None]) -> None:
        self._env.later(minutes, self._unless_over, open_order, do)

    def _unless_over(self, open_order: OpenOrder, do: Callable[[OpenOrder], None]) -> None:
        if open_order.open_units:
            do(open_order)

    def _let_go(self, open_order: OpenOrder) -> None:
        open_order.in_office = False
        self._fulfilment.route(open_order, open_order.order, self._env.now)

    def _reached(self, job: Job) -> None:
        if not job.gone:
            self._fulfilment.join(job)

    def _call_off(self, open_order: OpenOrder) -> None:
        """Cancel all of an order that is not being picked."""
        if self._fulfilment.is_held(open_order.order):
            open_order.waiting_changes += (self._call_off,)
            return
        open_order.called_off = True
        promised, kept = self._withdraw(open_order)
        lines = open_order.order.lines if open_order.in_office else in_all(promised + kept)
        units = sum([quantity for _, quantity in promised])
        self._note(open_order, Change.CALLED_OFF, bool(lines), units)
        if lines:
            self._fulfilment.cancel(open_order, lines, self._env.now, Cancelled.BY_SHOPPER)

    def _move(self, open_order: OpenOrder) -> None:
        """Send an order to another address, if nothing of it is being picked."""
        if self._fulfilment.is_held(open_order.order):
            open_order.waiting_changes += (self._move,)
            return
        order, now = open_order.order, self._env.now
        place = self._luck.place(order.id, order.place)
        whole = sum([quantity for _, quantity in order.lines])
        waiting = sum([q for job in self._queues.not_begun(open_order, now) for _, q in job.parcel.lines])
        waiting += sum([quantity for _, quantity in open_order.kept])
        if not open_order.in_office and waiting < whole:
            self._note(open_order, Change.MOVED, False, 0)
            return
        promised, _ = self._withdraw(open_order)
        self._note(open_order, Change.MOVED, True, sum([quantity for _, quantity in promised]))
        open_order.order = order._replace(place=place)
        open_order.promised_anew = self._promises_anew
        if not open_order.in_office:
            self._fulfilment.route(open_order, open_order.order, now)

    def _withdraw(self, open_order: OpenOrder) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
        """Take back what is not being picked; return the lines taken from sites and from what the router keeps."""
        now, number = self._env.now, open_order.order.id
        open_units = self._fulfilment.open_units
        jobs = self._queues.not_begun(open_order, now)
        self._fulfilment.moved_up(self._queues.take_out(jobs, now))
        if self._fulfilment.merging is not None:
            self._fulfilment.merging.drop(jobs)
        promised: tuple[Line, ...] = ()
        for job in jobs:
            promised += job.parcel.lines
            if open_units is not None:
                open_units.over(job.parcel.site, job.parcel.lines)
            for sku, quantity in job.parcel.lines:
                self._router.observe(Release(now, number, job.parcel.site, sku, quantity))
        kept, open_order.kept = open_order.kept, ()
        if kept:
            if open_units is not None:
                open_units.kept(kept, -1)
            self._router.observe(Cancellation(now, number))
        return promised, kept

    def _note(self, open_order: OpenOrder, what: Change, done: bool, units: int) -> None:
        self._ledger.changes.append((open_order.order.id, self._env.now, what, done, units))


def order_messages_matter(scenario: Scenario) -> bool:
    """Return whether any order is held or changed, or any message of one is late by a law."""
    return scenario.file.order_messages is not None or any(
        block.confirm_delay is not None or not isinstance(block.message_delay, ConstantLaw)
        for block in scenario.site_blocks
    )
