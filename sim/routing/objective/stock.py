"""Penalties and credits that follow from what is left on the shelf."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.fields import Count, Model, PositiveMinutes, Text
from sim.routing.objective.penalty import CENTS_PER_USD, Penalty, product_numbers
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.routing.objective.penalty import PenaltyInputs
    from sim.routing.offers.offers import Basket, Request

MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY


class MarkdownBlock(Model):
    """A credit for each unit of what would otherwise be marked down."""

    attribute: Text = "markdown_credit"
    """Attribute that holds the credit, USD a unit: of a site, for all it sends, and of a product; both add up."""
    above: Count = 0
    """Units on a shelf that are not overstock: the credit of a product is only for those beyond."""


class StockOutBlock(Model):
    """The margin that a site is expected to lose because a unit was sent elsewhere."""

    until_receipt: PositiveMinutes
    """How long a shelf has to last."""
    attribute: Text = "weekly_sales"
    """Attribute of a product: units that its own customers buy in a week at a site whose `walk_in_size` is 1."""


class Markdown(Penalty):
    """A credit for clearing overstock: the one amount that is negative."""

    name = "markdown"

    def __init__(self, block: MarkdownBlock, made_with: PenaltyInputs) -> None:
        of_site = np.nan_to_num(made_with.columns.number(block.attribute))
        self._of_site: NDArray[np.float64] = np.maximum(of_site, 0) * CENTS_PER_USD
        self._of_product = [usd * CENTS_PER_USD for usd in product_numbers(made_with.network, block.attribute)]
        self._most_of_site = float(self._of_site.max())
        self._above = block.above

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Credit what is sent."""
        cents: NDArray[np.float64] = -sum(basket) * self._of_site
        for sku, quantity, row in zip(request.skus, basket, request.rows, strict=True):
            if quantity and self._of_product[sku]:
                cents = cents - np.clip(row - self._above, 0, quantity) * self._of_product[sku]
        return cents

    def least(self, request: Request, basket: Basket) -> float:
        """Return the credit where every unit is overstock."""
        pairs = zip(request.skus, basket, strict=True)
        return -sum([quantity * (self._most_of_site + self._of_product[sku]) for sku, quantity in pairs])

    def floor(self, request: Request) -> float:
        """Return the credit of the whole order: no part of it has more."""
        return self.least(request, request.wanted)


class StockOut(Penalty):
    """Expected margin lost at the shelf until the next receipt, more than without this parcel.

    With Poisson demand D until then, and s units on the shelf, sales lost are E[(D - s)+] (the loss function of the
    newsvendor, as in Hadley and Whitin, 1963, section 1-9); a parcel of q units costs margin * (E[(D - s + q)+]
    - E[(D - s)+]). What is sold below cost, or never sold at the shelf, loses nothing.
    """

    name = "stock_out"

    def __init__(self, block: StockOutBlock, made_with: PenaltyInputs) -> None:
        network = made_with.network
        weeks = block.until_receipt / MINUTES_PER_WEEK
        self._weekly = [sold * weeks for sold in product_numbers(network, block.attribute)]
        self._size = np.array([site.walk_in_size for site in network.sites])
        self._margin = [max(0, product.price_cents - product.unit_cost_cents) for product in network.products]
        self._lost: dict[int, NDArray[np.float64]] = {}
        self._every = np.arange(len(self._size))

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Compare sales lost with and without."""
        cents = np.zeros(len(self._size))
        for sku, quantity, row in zip(request.skus, basket, request.rows, strict=True):
            if quantity and self._weekly[sku] and self._margin[sku]:
                lost = self._lost_sales(sku)
                most = lost.shape[1] - 1
                before = lost[self._every, np.clip(row, 0, most)]
                cents += (lost[self._every, np.clip(row - quantity, 0, most)] - before) * self._margin[sku]
        return cents

    def _lost_sales(self, sku: int) -> NDArray[np.float64]:
        """Return the sales lost at each site by units on its shelf, shape (sites, units)."""
        found = self._lost.get(sku)
        if found is None:
            means = (self._weekly[sku] * self._size).tolist()
            most = max(means)
            units = int(most + 10 * math.sqrt(most)) + 10  # beyond ten deviations nothing is lost
            found = self._lost[sku] = np.array([lost_sales(mean, units) for mean in means])
        return found


def lost_sales(mean: float, units: int) -> list[float]:
    """Return E[(D - s)+] of Poisson demand D for s = 0 to `units`, each from the one before less P(D > s).

    >>> lost_sales(0.0, 2)
    [0.0, 0.0, 0.0]
    """
    lost = [mean]
    log_mean = math.log(mean) if mean else -math.inf
    at_most = 0.0
    for s in range(units):
        at_most += math.exp(s * log_mean - mean - math.lgamma(s + 1)) if mean else 1.0 - at_most
        lost.append(max(0.0, lost[-1] - max(0.0, 1.0 - at_most)))
    return lost
