"""One store whose records drift, and many equal products in it, each of them an independent trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.theory.one_site import one_site

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

NOBODY_ONLINE: dict[str, Any] = {
    "demand__shoppers_per_day": 1e-9, "storefront__published_every": "1 day",
    "site_kinds__store__feed": {"kind": "batch", "at": "02:00"}, "clock__drain_limit": "1 day",
}  # fmt: skip
EVERY_DAY = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1)
BY_DAY = dict.fromkeys(EVERY_DAY, "06:00-23:00")


def count_every(days: int, **changes: Any) -> dict[str, Any]:
    """Return a block `counting:` with a full count every so many days, at midnight."""
    return {"at": "00:00", "full": {"every": f"{days} days"}, "per_product": "1 min", "per_hour": "18 USD"} | changes


def unsold(folder: Path, products: int, units: int, days: int, records: dict[str, Any], **changes: Any) -> Scenario:
    """Return a store where nobody buys and nothing comes in, measured over some days."""
    own = {"clock__measure": f"{days} days", "site_kinds__store__records": records}
    return one_site(folder, products, units, "store", **NOBODY_ONLINE | {"walk_ins": ...} | own | changes)


def spec_b(
    folder: Path, reorder_point: int, theta: float, products: int, quantity: int = 50, lead: int = 3, days: int = 365,
    **changes: Any,
) -> Scenario:  # fmt: skip
    """Return a year of a store with (Q, R) replenishment by its records, Kang-Gershwin style.

    A day goes: receipts; Poisson(theta) units of each product disappear; round(N(10, 2^2)) are wanted, and what is not
    there is lost; an order for the quantity is sent if the record's position is at or below `reorder_point`, to arrive
    in the morning `lead` days after. Shelf and record start at a quantity above the reorder point.
    """
    stock = {
        "online_share": 0, "days_of_cover": reorder_point / 10, "safety_factor": 0, "order_days": quantity / 10,
        "carried_from": 0, "review_every": "1 day", "supply_lead": f"{lead - 1} days", "policy": "fixed_quantity",
    }  # fmt: skip
    walk_ins = {
        "units_per_store_day": 10 * products, "day_cv": 0, "weekday": EVERY_DAY, "hours": [1] * 24,
        "totals": {"law": "normal", "cv": 0.2, "at": "23:30"},
    }  # fmt: skip
    own = {
        "clock__measure": f"{days} days", "replenishment": "rules", "site_kinds__store__stock": stock,
        "walk_ins": walk_ins, "site_kinds__store__hours": BY_DAY,
        "site_kinds__store__records": {"theft": {"per_product_day": theta}} if theta else {},
    }  # fmt: skip
    return one_site(folder, products, reorder_point + quantity, "store", **NOBODY_ONLINE | own | changes)
