"""The visitors' book: everybody who came to the storefront, and what they ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ledger.fates import Fate

if TYPE_CHECKING:
    from sim.chance.tape import Shopper
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.storefront.storefront import Visit


class Visitors:
    """Writes shoppers into the ledger."""

    def __init__(self, scenario: Scenario, ledger: Ledger) -> None:
        products = scenario.network.products
        self._price = [p.price_cents for p in products]
        self._margin = [p.price_cents - p.unit_cost_cents for p in products]
        self._ledger = ledger

    def write(self, shopper: Shopper, visit: Visit, carted: bool) -> None:
        """Write down a shopper, and what he orders if he does."""
        fate, channel, lines, looked, taken, quoted, _ = visit
        number, at, ledger = shopper.id, shopper.at, self._ledger
        units = value = margin = 0
        for sku, quantity in lines:
            units += quantity
            value += quantity * self._price[sku]
            margin += quantity * self._margin[sku]
        substituted = sum([line.quantity for _, line in taken]) if taken else 0
        ledger.shoppers.append(
            (
                number, at, shopper.place, len(lines), units, fate, value, margin, channel, carted, quoted, looked,
                substituted,
            )
        )  # fmt: skip
        if fate is Fate.ORDERED:
            for sku, quantity in lines:
                ledger.order_lines.append((number, sku, quantity))
            for wanted, (sku, quantity) in taken:
                ledger.substitutions.append((number, at, wanted, sku, quantity))
