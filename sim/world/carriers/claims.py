"""Parcels that never arrive, or arrive spoilt: the shopper gets his money, or the goods once more.

He tells us what does not reach him, and that contact costs something. Between sites nobody has to: people there see
what comes spoilt when it comes, and miss what does not come as long after it should have as he would.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.laws import LEAST_LUCK
from sim.ledger.fates import Arrival, Cancelled
from sim.units import round_cents
from sim.world.orders.open_order import in_all

if TYPE_CHECKING:
    from sim.chance.tape import Tape
    from sim.contract.messages import Line
    from sim.ledger.ledger import Ledger
    from sim.scenario.blocks.carrier_luck import LostBlock
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.carriers.shipment import Shipment
    from sim.world.orders.fulfilment import Fulfilment
    from sim.world.orders.open_order import OpenOrder


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
        self._luck = tape.counted("parcel_mishap")
        self._rounds: Counter[int] = Counter()  # how often goods of an order went out once more
        self._noticed_after = block.noticed_after.build()
        self._block = block
        self._fulfilment = fulfilment
        self._ledger = ledger

    def arrival(self, shipment: Shipment, service: int) -> Arrival:
        """Return what becomes of a parcel."""
        lost, either = self._shares[service]
        luck = self._luck_of(shipment, 0)
        return Arrival.LOST if luck < lost else Arrival.DAMAGED if luck < either else Arrival.SOUND

    def settle(self, shipment: Shipment, arrival: Arrival, due_at: float) -> float:
        """Book what follows, and see to it that the goods go out again if they do.

        Parameters
        ----------
        due_at
            When it arrives, or would have.

        Returns
        -------
        float
            When it is known.
        """
        block, open_order = self._block, shipment.open_order
        at, contact = due_at, 0
        if arrival is Arrival.LOST or not shipment.between:
            at += self._noticed_after.quantile(max(self._luck_of(shipment, 1), LEAST_LUCK))
        if not shipment.between:
            contact = round_cents(block.contact)
        again = block.then == "reship"
        for number, lines in shipment.contents:
            units = sum([line.quantity for line in lines])
            goods = sum([line.quantity * self._products[line.sku].unit_cost_cents for line in lines])
            price = sum([line.quantity * self._products[line.sku].price_cents for line in lines])
            row = (
                number, open_order.order.id, at, arrival, units, units if again else 0, contact, goods,
                round_cents(block.insured * goods), 0 if again else price,
            )  # fmt: skip
            self._ledger.claims.append(row)
            contact = 0  # he calls once, whatever was in it
        if again:
            lines = tuple([line for _, lines in shipment.contents for line in lines if line.quantity])
            self._rounds[open_order.order.id] += 1
            # so that the order stays open until they are on their way once more
            open_order.open_units += sum([line.quantity for line in lines])
            self._env.later(at - self._env.now, self._again, open_order, in_all(lines))
        return at

    def _luck_of(self, shipment: Shipment, draw: int) -> float:
        order, attempts = shipment.open_order.order.id, shipment.open_order.attempts
        return self._luck(order, shipment.luck, attempts, self._rounds.get(order, 0), draw)

    def _again(self, open_order: OpenOrder, lines: tuple[Line, ...]) -> None:
        now = self._env.now
        if open_order.called_off:
            self._fulfilment.cancel(open_order, lines, now, Cancelled.BY_SHOPPER)
            return
        order = open_order.order._replace(lines=lines, refused_by=open_order.refused_by)
        self._fulfilment.route(open_order, order, now, backorder=True)
