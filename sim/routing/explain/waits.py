"""What was promised against goods on their way, and what there is of them: the terms of supply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from sim.contract.messages import Line
    from sim.routing.explain.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Wait:
    """Units of one product that wait at a site for goods on their way.

    There is enough when `on_hand` - `promised` - `held_back` - `sent` + what is due by `available_at` makes up `units`.

    Parameters
    ----------
    available_at, ship_at, deliver_at
        Promised minutes.
    promised
        To others: in parcels, and against the same goods.
    sent
        What this very plan takes from the site at once.
    due
        Minute and units of what should have come in by then.
    """

    site: str
    product: str
    units: int
    available_at: float
    ship_at: float
    deliver_at: float
    on_hand: int
    promised: int
    held_back: int
    sent: int
    due: tuple[tuple[float, int], ...]


def waits(of: Explanation) -> tuple[Wait, ...]:
    """Return what a plan promises against goods on their way."""
    record, plan = of.record, of.plan
    network, request = record.parts.network, record.request
    sent = {(sku, parcel.site): units for parcel in plan.parcels for sku, units in parcel.lines}
    found = []
    for (sku, units), site, later in zip(plan.backordered, plan.backordered_at, plan.backordered_dates, strict=False):
        if later is not None:
            line = request.skus.index(sku)
            due = [(at, n) for s, j, at, n in record.expected if (s, j) == (sku, site) and at <= later.available_at]
            terms = int(record.on_hand[line, site]), int(record.promised[line, site]), int(record.held[line, site])
            names = network.sites[site].id, network.products[sku].id
            found.append(Wait(*names, units, *later, *terms, sent.get((sku, site), 0), tuple(due)))
    return tuple(found)


def without_date(of: Explanation) -> list[Line]:
    """Return the lines that are kept and have no date."""
    dates = of.plan.backordered_dates or (None,) * len(of.plan.backordered)
    return [line for line, later in zip(of.plan.backordered, dates, strict=True) if later is None]


def waiting(of: Explanation) -> list[str]:
    """Say what waits where, for what, and when it should be there."""
    network = of.record.parts.network
    there = network.places[of.order.place].time_zone
    zones = {site.id: site.time_zone for site in network.sites}
    told = []
    for wait in waits(of):
        due = " and ".join(f"{units} due {day(of, at, zones[wait.site])}" for at, units in wait.due)
        terms = [(wait.on_hand, "on hand"), (wait.promised, "promised to others"), (wait.held_back, "held back"),
                 (wait.sent, "sent at once")]  # fmt: skip
        has = ", ".join(f"{n} {what}" for n, what in terms if n or what == "on hand")
        told.append(
            f"{wait.units} of {wait.product} wait at {wait.site} for goods on their way ({has}; {due}) and should be "
            f"delivered {day(of, wait.deliver_at, there)}."
        )
    return told


def day(of: Explanation, minute: float, time_zone: str) -> str:
    """Return the day of a minute in a time zone; of one that no calendar has, the minute."""
    clock = of.record.parts.network.clock
    origin = datetime.combine(clock.start, time(0), ZoneInfo(clock.time_zone)).astimezone(UTC)
    try:
        found = (origin + timedelta(minutes=minute)).astimezone(ZoneInfo(time_zone))
    except OverflowError:
        return f"minute {minute:g}"
    return f"{found:%a} {found.day} {found:%b}"
