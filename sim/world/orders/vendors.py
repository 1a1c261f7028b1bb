"""What is different where goods are not ours, or where somebody may say no."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.contract.messages import Parcel
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario


class Declines:
    """Sites that say no to a parcel when they get to it; the luck is that of the order at this site."""

    def __init__(self, scenario: Scenario, tape: Tape, ledger: Ledger) -> None:
        self._share = [block.declines for block in scenario.site_blocks]
        self._luck = tape.hashed("declines")
        self._ledger = ledger

    def says_no(self, order: int, parcel: Parcel, now: float) -> bool:
        """Return whether the site of a parcel declines it, and book it."""
        site = parcel.site
        if not self._share[site] or self._luck(order, site) >= self._share[site]:
            return False
        units = sum([quantity for _, quantity in parcel.lines])
        self._ledger.declines.append((order, now, site, units))
        return True


class Purchases:
    """Units bought from vendors the moment they are picked for an order of ours."""

    def __init__(self, scenario: Scenario, ledger: Ledger) -> None:
        self._factor = [None if b.drop_ship is None else b.drop_ship.price for b in scenario.site_blocks]
        self._products = scenario.network.products
        self._ledger = ledger

    def bought(self, at: float, order: int, site: int, sku: int, units: int) -> None:
        """Book units that a site has given, if it is a vendor's."""
        factor = self._factor[site]
        if factor is not None:
            product = self._products[sku]
            cents = round(product.unit_cost_cents * factor * units)
            self._ledger.purchases.append((order, at, site, sku, units, cents, product.price_cents * units))


class FileErrors:
    """Counts that vendors' files tell wrongly: the luck of the product, the vendor and the day."""

    def __init__(self, scenario: Scenario, tape: Tape) -> None:
        errors = [None if b.drop_ship is None else b.drop_ship.file_errors for b in scenario.site_blocks]
        self._share = np.array([0.0 if each is None else each.share for each in errors])
        self._most = np.array([1 if each is None else each.units for each in errors])
        self._luck = tape.hashed("file_errors")

    def told(self, at: float, cells: NDArray[np.int64], counts: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return what the files say where these counts are right."""
        site = cells % len(self._share)
        luck = self._luck.many(cells.astype(np.uint64), np.full(len(cells), int(at // 1440), dtype=np.uint64))
        share, most = self._share[site], self._most[site]
        wrong = luck < share
        # what is left of the uniform once it is known to be below the share: one of -most..-1, 1..most
        size = np.floor(luck / np.where(wrong, share, 1.0) * 2 * most).astype(np.int64)
        error = np.where(size < most, size - most, size - most + 1)
        told: NDArray[np.int32] = np.maximum(counts + np.where(wrong, error, 0), 0).astype(np.int32)
        return told
