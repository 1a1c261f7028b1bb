"""Shoppers who take another product of a category when what they want is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.contract.messages import Line

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

Taken = tuple[tuple[int, Line], ...]


class Substitutes:
    """What may stand for what: other products of its category, of the same owner, the popular ones more often."""

    def __init__(self, scenario: Scenario) -> None:
        owners = len(scenario.owners) or 1
        self._share = scenario.file.storefront.substitution
        self._weight = [float(w) for w in scenario.popularity for _ in range(owners)]
        self._shelf: list[list[int]] = []
        alike: dict[tuple[str, int], list[int]] = {}
        for sku, product in enumerate(scenario.network.products):
            shelf = alike.setdefault((product.category, sku % owners), [])
            shelf.append(sku)
            self._shelf.append(shelf)

    def look(
        self, lines: tuple[Line, ...], shown: list[int], held: list[int] | None, u: float
    ) -> tuple[tuple[Line, ...], int, Taken, bool]:
        """Return what a shopper orders, units not shown, what he took for them, and whether all is shown now.

        Parameters
        ----------
        u
            Uniform by which he takes another product, and which.
        """
        left = {sku: shown[sku] - (0 if held is None else held[sku]) for line in lines for sku in self._shelf[line.sku]}
        order: dict[int, int] = {}
        looked, taken, all_shown = 0, [], True
        for sku, quantity in lines:
            chosen = sku
            if left[sku] < quantity:
                looked += quantity
                wanted = {line.sku for line in lines}
                others = [
                    s for s in self._shelf[sku] if s not in wanted and left[s] >= quantity and self._weight[s] > 0
                ]
                if u < self._share and others:
                    chosen = self._drawn(others, u / self._share)
                    taken.append((sku, Line(chosen, quantity)))
                else:
                    all_shown = False
            left[chosen] -= quantity
            order[chosen] = order.get(chosen, 0) + quantity
        return tuple([Line(sku, quantity) for sku, quantity in order.items()]), looked, tuple(taken), all_shown

    def _drawn(self, among: list[int], u: float) -> int:
        point = u * sum([self._weight[sku] for sku in among])
        for sku in among:
            point -= self._weight[sku]
            if point < 0:
                return sku
        return among[-1]
