"""What all orders of a run can be served from: a pure function of the tape, or there is no bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.chance.forecast_orders import sent_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.scenario.load import Scenario


def supply_of(scenario: Scenario, tape: Tape) -> NDArray[np.int64]:
    """Return the units that are on each shelf at the start or received there before the run ends at the latest.

    Goods are counted on the day they would come if nothing delayed them.

    Returns
    -------
    ndarray
        Shape (products, sites).
    """
    clock, opening = scenario.file.clock, tape.opening
    units = opening.on_hand.astype(np.int64)
    if scenario.file.replenishment == "none":
        return units
    days = clock.warm_up + clock.measure + clock.drain_limit
    here = opening.arrives < days
    np.add.at(units.reshape(-1), opening.cells[here], opening.units[here])
    for day, site, sent in sent_for(scenario, opening, days):
        skus = np.flatnonzero(sent)
        if skus.size:
            in_time = skus[day + tape.supply.lead_days(site, day)[skus] < days]
            units[in_time, site] += sent[in_time]
    return units
