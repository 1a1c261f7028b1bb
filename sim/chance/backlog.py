"""Orders that are open when a run begins, as rows of the tape before its first minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.replay import Replay
from sim.chance.shopper import PER_DAY
from sim.scenario.tables.given import OLDEST_DAYS

if TYPE_CHECKING:
    from sim.chance.shopper import Shopper
    from sim.chance.streams import Stream
    from sim.scenario.load import Scenario

BEFORE_ALL = OLDEST_DAYS + 1
"""Days by which their numbers lie before those of the same day's shoppers: some are born on the eve of the start."""


def backlog_of(scenario: Scenario, stream: Stream) -> list[Shopper]:
    """Return who waits, the oldest first."""
    replay = Replay(scenario, scenario.backlog, stream)
    rows = [row for day in range(-OLDEST_DAYS, 0) for row in replay.on(day)]
    return [row._replace(id=row.id - BEFORE_ALL * PER_DAY) for row in rows]
