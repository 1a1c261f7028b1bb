"""How each service of the carriers kept its word, in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ledger.fates import Arrival
from sim.study.kpis.database import with_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.kpis.cohort import Cohort

_LOST = f"arrival = {int(Arrival.LOST)}"
# Title of a column, and what it is: numbers of parcels, shares of them, or means over them.
COLUMNS: dict[str, str] = {
    "parcels": "count(*)",
    "on time, %": f"100 * avg((late_days <= 0 AND NOT {_LOST})::INT)",
    "in trouble, %": "100 * avg(in_trouble)",
    "of these on time, %": f"100 * avg((late_days <= 0 AND NOT {_LOST})::INT) FILTER (in_trouble = 1)",
    "waited for room, %": "100 * avg((waited > 0)::INT)",
    "lost, %": f"100 * avg(({_LOST})::INT)",
    "spoilt, %": f"100 * avg((arrival = {int(Arrival.DAMAGED)})::INT)",
    "km": "avg(km)",
    "kg CO2": "avg(co2_kg)",
}


def by_service(cohort: Cohort, services: Sequence[str]) -> dict[str, tuple[float | None, ...]]:
    """Return the `COLUMNS` by service, over the parcels of the measured orders; empty where no carrier is watched."""
    with with_tables({"trips": cohort.trips}) as connection:
        query = f"SELECT service, {', '.join(COLUMNS.values())} FROM trips GROUP BY service ORDER BY service"
        rows = connection.execute(query).fetchall()
    return {services[service]: tuple(values) for service, *values in rows}
