"""Why an order of a batch is served as it is: what it would have got alone, who else wanted that, and at what price."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import RoutingError
from sim.routing.joint.priority import before_each_priority
from sim.routing.joint.scarcity import ScarceChoice
from sim.routing.joint.worth import Worth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.network.network import Network
    from sim.routing.joint.engine import JointEngine
    from sim.routing.joint.entry import Offer
    from sim.routing.joint.together import Batch, Table


@dataclass(frozen=True, slots=True)
class Contested:
    """Units of which the batch wants more than there are.

    Parameters
    ----------
    channel
        Whose share of the shelf it is; empty if it is the whole shelf.
    units
        How many there are to give.
    price_cents
        What one more would have saved: the dual of the linear programme. Where there are priorities, that of the most
        urgent orders it would have helped, who choose from what the more urgent leave.
    wanted_by
        Orders that would have taken some of them, had each been alone.
    given_to
        Orders that do.
    """

    product: str
    site: str
    channel: str
    units: int
    price_cents: float
    wanted_by: tuple[int, ...]
    given_to: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """One order of a joint decision.

    Parameters
    ----------
    alone, decided
        Units by site and product: what the order would have got alone, and what it gets.
    alone_cents, decided_cents
        What the strategy minimises, of both; units not served at their price.
    contested
        What it would have had alone or has now, and others want too.
    """

    order: int
    orders: int
    alone: dict[str, dict[str, int]]
    alone_cents: float
    decided: dict[str, dict[str, int]]
    decided_cents: float
    contested: tuple[Contested, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)

    def describe(self) -> str:
        """Return it as text."""
        lines = [f"order {self.order}, one of {self.orders} decided together"]
        if self.decided == self.alone:
            lines.append(f"  gets what it would have got alone: {_units(self.decided)}")
        else:
            more = (self.decided_cents - self.alone_cents) / 100
            lines.append(f"  alone    {_units(self.alone)}")
            lines.append(f"  decided  {_units(self.decided)}: dearer by {more:.2f} for it, cheaper for all together")
        for unit in self.contested:
            share = f" (share of {unit.channel})" if unit.channel else ""
            lines.append(
                f"  {unit.units} of {unit.product} at {unit.site}{share}: wanted by {_numbers(unit.wanted_by)},"
                f" given to {_numbers(unit.given_to)}; one more would have saved {unit.price_cents / 100:.2f}"
            )
        return "\n".join(lines)


def why(engine: JointEngine, network: Network, batch: Batch, now: float, order: int) -> tuple[Why, ...]:
    """Explain an order of a batch: once, or twice if what was sent of it and what is still open are both decided.

    Raises
    ------
    RoutingError
        If the order is not in the batch.
    """
    table, solved = engine.solve(batch, now)
    asked = [k for k, entry in enumerate(table.entries) if entry.request.order.id == order]
    if not asked:
        raise RoutingError(f"order {order} is not in this batch of {len(table.entries)}")
    explain = _Explainer(network, table, solved.offers)
    return tuple(explain.entry(k) for k in asked)


class _Explainer:
    """A batch, solved once for the prices of what is scarce."""

    def __init__(self, network: Network, table: Table, offers: tuple[Offer, ...]) -> None:
        self._network = network
        self._entries = table.entries
        self._decided = offers
        choices = [entry.choose(None, {}) for entry in table.entries]
        self._alone = [choice.offer for choice in choices]
        exact = [k for k, entry in enumerate(table.entries) if entry.exact]
        self._choice = ScarceChoice([table.entries[k] for k in exact], table.stock, [choices[k] for k in exact])
        self._prices = dict.fromkeys(self._choice.cells, 0.0)
        for entries, left in before_each_priority(table.entries, offers, table.stock):
            worth = Worth(entries, left)
            self._prices = {cell: price or worth.of(cell) for cell, price in self._prices.items()}

    def entry(self, k: int) -> Why:
        """Explain one of the orders."""
        entry, alone, decided = self._entries[k], self._alone[k], self._decided[k]
        mine = {(sku, site) for offer in (alone, decided) for sku, site, _ in entry.units(offer)}
        contested = [
            self._contested(number)
            for number, cell in enumerate(self._choice.cells)
            if (cell.sku, cell.site) in mine and cell.pool in (None, entry.pool)
        ]
        return Why(
            entry.request.order.id, len(self._entries), self._named(k, alone), entry.score(alone),
            self._named(k, decided), entry.score(decided), tuple([c for c in contested if len(c.wanted_by) > 1]),
        )  # fmt: skip

    def _contested(self, number: int) -> Contested:
        cell = self._choice.cells[number]
        return Contested(
            self._network.products[cell.sku].id, self._network.sites[cell.site].id, cell.pool or "",
            int(self._choice.stock[number]), self._prices[cell],
            self._takers(number, self._alone), self._takers(number, self._decided),
        )  # fmt: skip

    def _takers(self, number: int, offers: Iterable[Offer]) -> tuple[int, ...]:
        pool, *cell = self._choice.cells[number]
        members = [
            entry.request.order.id
            for entry, offer in zip(self._entries, offers, strict=True)
            if pool in (None, entry.pool) and any([[sku, site] == cell for sku, site, _ in entry.units(offer)])
        ]
        return tuple(dict.fromkeys(members))

    def _named(self, k: int, offer: Offer) -> dict[str, dict[str, int]]:
        named: dict[str, dict[str, int]] = {}
        for sku, site, quantity in self._entries[k].units(offer):
            named.setdefault(self._network.sites[site].id, {})[self._network.products[sku].id] = quantity
        return named


def _units(offer: dict[str, dict[str, int]]) -> str:
    parts = [", ".join(f"{n} {name}" for name, n in lines.items()) + f" from {site}" for site, lines in offer.items()]
    return "; ".join(parts) or "nothing"


def _numbers(orders: tuple[int, ...]) -> str:
    return ", ".join(map(str, orders)) or "nobody"
