"""What a site may promise of a product: one formula, each term by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Units = NDArray[np.integer] | int


def promisable(
    on_hand: Units,
    *,
    allocated: Units = 0,
    reserved: Units = 0,
    pickup_reserved: Units = 0,
    safety_stock: Units = 0,
) -> NDArray[np.int64]:
    """Return the units that may be promised, never below 0.

    An order's own reservation and an expired one hold nothing back, so they are no terms here.

    Parameters
    ----------
    allocated
        Promised to orders that are not shipped yet.
    reserved
        Held by other carts.
    pickup_reserved
        Promised to orders that are collected at the site.
    safety_stock
        Ring-fenced; negative lets so many units be sold beyond stock.

    >>> int(promisable(10, allocated=2, pickup_reserved=1, safety_stock=3)), int(promisable(3, safety_stock=-5))
    (4, 8)
    """
    open_units = np.asarray(on_hand, dtype=np.int64) - allocated - reserved - pickup_reserved - safety_stock
    promisable_units: NDArray[np.int64] = np.maximum(open_units, 0)
    return promisable_units
