"""Pickers who take a unit of the wrong product, and nobody who notices before it has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.movements import Why

if TYPE_CHECKING:
    from sim.chance.tape import Tape
    from sim.scenario.load import Scenario
    from sim.world.stock.records import Records
    from sim.world.stock.walk_ins import WalkIns


class WrongPicks:
    """Mis-ships: the record of the product wanted falls, the shelf of another does.

    The luck is that of the order, its parcel and the product. At most one unit of a line is wrong.
    """

    def __init__(self, scenario: Scenario, tape: Tape, records: Records, walk_ins: WalkIns) -> None:
        self._records = records
        self._walk_ins = walk_ins
        self._sites = len(scenario.network.sites)
        self._luck = tape.hashed("wrong_picks")
        self._rates = [
            0.0 if block is None else block.error_rate("pick") * block.error_rate("ship") for block in records.blocks
        ]

    def after(self, at: float, order: int, parcel: int, sku: int, site: int, taken: int) -> None:
        """Let one of the units that were taken be of another product, if that is its luck."""
        rate = self._rates[site]
        if not rate:
            return
        chance = 1 - (1 - rate) ** taken
        luck = self._luck(order, parcel, sku)
        if luck >= chance:
            return
        self._walk_ins.catch_up(at)  # what else stands there now
        others = np.flatnonzero(self._records.on_hand[:, site])
        others = others[others != sku]
        if others.size:  # where nothing else stands, nothing else can be taken
            other = int(others[int(luck / chance * others.size)])
            self._records.move(at, sku * self._sites + site, Why.MIS_SHIPPED, 1, 0)
            self._records.move(at, other * self._sites + site, Why.MIS_SHIPPED, -1, 0)
