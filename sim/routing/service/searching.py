"""The search for a place to collect, as a call asks for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.contract.wire_values import read_float, short
from sim.errors import WireError
from sim.routing.pickup import pickup_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.contract.messages import Order
    from sim.contract.wire import Wire
    from sim.routing.engine import Engine

LIMITS = ("radius_km", "whole")


def read_limits(tree: Mapping[str, Any]) -> tuple[float, bool]:
    """Return how far to look, and whether only for the whole order.

    Raises
    ------
    WireError
        If one of them is wrong.
    """
    radius_km = read_float(tree["radius_km"], "radius_km") if "radius_km" in tree else math.inf
    if radius_km < 0:
        raise WireError(f"{radius_km:g}", "radius_km", "at least 0")
    whole = tree.get("whole", False)
    if not isinstance(whole, bool):
        raise WireError(short(whole), "whole", "true or false")
    return radius_km, whole


def options(engine: Engine, wire: Wire, order: Order, now: float, limits: tuple[float, bool]) -> list[dict[str, Any]]:
    """Return where an order could be collected, as what JSON knows."""
    return [wire.plain(option) for option in pickup_options(engine, order, now, *limits)]
