"""Parcels that never arrive, or arrive spoilt: the shopper tells us, and gets his money or the goods once more."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.laws import LEAST_LUCK
from sim.ledger.fates import Arrival, Cancelled
from sim.units import round_cents

if TYPE_CHECKING:
    from sim.chance.tape import Tape
    from sim.contract.messages import Line
    from sim.ledger.ledger import Ledger
    from sim.scenario.carrier_luck import LostBlock
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.fulfilment import Fulfilment
    from sim.world.open_order import OpenOrder
    from sim.world.queues import Job


class Claims:
    """Decides by a parcel's luck whether it arrives sound, and settles what does not."""

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        tape: Tape,
        block: LostBlock,
        fulfilment: Fulfilment,
        ledger: Ledger,
    ) -> None:
        self._env = env
        self._products = scenario.network.products
        self._shares = [(s.lost, s.lost + s.damaged) for s in scenario.file.carriers.services.values()]
        self._luck = tape.hashed("parcel_mishap")
        self._rounds: Counter[int] = Counter()  # how often goods of an order went out once more
        self._noticed_after = block.noticed_after.build()
        self._block = block
        self._fulfilment = fulfilment
        self._ledger = ledger

    def arrival(self, job: Job, service: int) -> Arrival:
        """Return what becomes of a parcel."""
        lost, either = self._shares[service]
        luck = self._luck_of(job, 0)
        return Arrival.LOST if luck < lost else Arrival.DAMAGED if luck < either else Arrival.SOUND

    def settle(self, job: Job, number: int, arrival: Arrival, due_at: float, lines: tuple[Line, ...]) -> None:
        """Book what follows, and see to it that the goods go out again if they do.

        Parameters
        ----------
        due_at
            When it arrives, or would have.
        lines
            What was in it.
        """
        open_order = job.open_order
        lines = tuple([line for line in lines if line.quantity])
        units = sum([line.quantity for line in lines])
        at = due_at + self._noticed_after.quantile(max(self._luck_of(job, 1), LEAST_LUCK))
        goods = sum([line.quantity * self._products[line.sku].unit_cost_cents for line in lines])
        price = sum([line.quantity * self._products[line.sku].price_cents for line in lines])
        again = units if self._block.then == "reship" else 0
        row = (
            number, open_order.order.id, at, arrival, units, again, round_cents(self._block.contact), goods,
            round_cents(self._block.insured * goods), 0 if again else price,
        )  # fmt: skip
        self._ledger.claims.append(row)
        if again:
            self._rounds[open_order.order.id] += 1
            open_order.open_units += units  # so that the order stays open until they are on their way once more
            self._env.later(at - self._env.now, self._again, open_order, lines)

    def _luck_of(self, job: Job, draw: int) -> float:
        order, attempts = job.open_order.order.id, job.open_order.attempts
        return self._luck(order, job.luck, attempts, self._rounds.get(order, 0), draw)

    def _again(self, open_order: OpenOrder, lines: tuple[Line, ...]) -> None:
        now = self._env.now
        if open_order.called_off:
            self._fulfilment.cancel(open_order, lines, now, Cancelled.BY_SHOPPER)
            return
        order = open_order.order._replace(lines=lines, refused_by=open_order.refused_by)
        self._fulfilment.route(open_order, order, now, backorder=True)
