"""Parcels with what they are compared by: when their order was placed, and by which model it was fulfilled."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.fates import Goes

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns


class Model(IntEnum):
    """Whose hands fulfil; the names of the first four are those of the kinds of sites."""

    DC = 0
    THIRD_PARTY = 1
    STORE = 2
    VENDOR = 3
    PICK_UP = 4
    """Whatever site gives it: the shopper comes for it."""


def parcels_of(ledger: Ledger) -> Columns:
    """Return the parcels of a run with `ordered_at` and `model` (-1 where the ledger does not say what a site is)."""
    parcels, shoppers = dict(ledger.parcels.columns()), ledger.shoppers.columns()
    sorter = np.argsort(shoppers["order"])
    row = sorter[np.searchsorted(shoppers["order"][sorter], parcels["order"])] if len(sorter) else parcels["order"]
    of_site = np.array([Model[kind.upper()] for kind in ledger.sites.columns()["kind"].tolist()], dtype=np.int8)
    model = of_site[parcels["site"]] if of_site.size else np.full(len(parcels["site"]), -1, dtype=np.int8)
    model = np.where(parcels["goes"] == Goes.TO_COUNTER, np.int8(Model.PICK_UP), model)
    return parcels | {"ordered_at": shoppers["at"][row], "model": model}
