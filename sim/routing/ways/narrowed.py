"""Part of an order as an order of its own: other units, another destination, or fewer sites that may give."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import Line

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from sim.routing.offers.offers import Request

ANY_NUMBER = np.int32(np.iinfo(np.int32).max)


def part_of(request: Request, wanted: Sequence[int], place: int | None = None) -> Request:
    """Return a request for some of the units, perhaps to another place."""
    kept = [i for i, quantity in enumerate(wanted) if quantity]
    part = copy(request)
    part.place = request.place if place is None else place
    part.skus = [request.skus[i] for i in kept]
    part.wanted = tuple([wanted[i] for i in kept])
    part.rows = [request.rows[i] for i in kept]
    part.rates = {}
    lines = tuple([Line(sku, quantity) for sku, quantity in zip(part.skus, part.wanted, strict=True)])
    part.order = request.order._replace(lines=lines, place=part.place)
    return part


def only_from(request: Request, sites: Collection[int] | NDArray[np.bool_]) -> Request:
    """Return the same request when other sites than some have nothing."""
    mask = sites
    if not isinstance(mask, np.ndarray):
        mask = np.zeros(len(request.rows[0]), dtype=np.bool_)
        mask[list(sites)] = True
    narrowed = copy(request)
    narrowed.rows = rows_at(mask, request.rows)
    return narrowed


def rows_at(sites: NDArray[np.bool_], rows: Sequence[NDArray[np.int32]]) -> list[NDArray[np.int32]]:
    """Return available units, by line, when other sites than some have nothing."""
    most = sites * ANY_NUMBER
    return [np.minimum(row, most) for row in rows]
