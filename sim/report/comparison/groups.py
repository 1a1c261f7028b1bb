"""Which KPIs a table shows, under which heads.

Some only have a value where something is switched on or happens: records that can drift, messages that can be late,
walk-in customers, backorders. They are shown where one of the arms has it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Heads = dict[str, str]
"""KPIs with short heads."""
Group = tuple[str, Heads]
"""The title of a table, and its columns."""

GROUPS: tuple[Group, ...] = (
    (
        "Cost and fill",
        {
            "cost_per_order": "USD an\norder",
            "cost_per_order_placed": "with lost\nmargin",
            "order_fill_rate": "orders\nfilled, %",
            "line_fill_rate": "lines\nfilled, %",
            "unit_fill_rate": "units\nfilled, %",
        },
    ),
    (
        "Delivery",
        {
            "delivery_hours_mean": "hours,\nmean",
            "delivery_hours_p50": "hours,\nmedian",
            "delivery_hours_p95": "hours,\np95",
            "on_time_ship_rate": "shipped on\ntime, %",
            "on_time_delivery_rate": "delivered on\ntime, %",
        },
    ),
    (
        "Splits and broken promises",
        {
            "split_rate": "orders\nsplit, %",
            "split_rate_multi_unit": "of 2+ units\nsplit, %",
            "cancel_rate": "orders\ncancelled, %",
            "oversell_rate": "units\noversold, %",
            "reroutes_per_order": "re-routes\nan order",
        },
    ),
    (
        "Stock",
        {
            "turned_away_rate": "shoppers\nturned away, %",
            "inventory_accuracy": "inventory accuracy\n(router's view), %",
            "walk_in_fill_rate": "walk-in units\nserved, %",
            "end_stock_value_per_order": "stock change,\nUSD an order",
        },
    ),
)
RECORDS: Group = (
    "Records and counts",
    {
        "record_accuracy": "inventory accuracy\n(sites' records), %",
        "record_accuracy_within": "records right\nwithin tolerance, %",
        "unit_accuracy": "units\nright, %",
        "phantom_rate": "phantom\nunits, %",
        "view_accuracy": "router's view\nright, %",
        "shrink_per_order": "shrink,\nUSD an order",
        "mis_ship_rate": "units\nmis-shipped, %",
        "count_cost_per_order": "counting,\nUSD an order",
    },
)
WHERE_SWITCHED_ON: tuple[Group, ...] = (
    (
        "Shelves and sales lost",
        {
            "stock_out_rate": "shelves\nempty, %",
            "short_pick_rate": "parcels picked\nshort, %",
            "lost_units_online": "units lost\nonline, %",
            "lost_units_walk_in": "over the\ncounter, %",
            "missed_walk_in_margin_per_order": "margin missed\nthere, USD\nan order",
            "backorder_days": "backorders'\nage, days",
            "days_of_supply": "days of\nsupply",
            "turns": "turns\na year",
        },
    ),
    RECORDS,
    (
        "Returns",
        {
            "return_rate": "units\nreturned, %",
            "return_in_store_rate": "of them to\na store, %",
            "refund_days": "days to\nrefund",
            "resale_rate": "on sale\nagain, %",
            "resale_days": "days to\nresale",
            "return_cost_per_order": "cost,\nUSD an order",
        },
    ),
    (
        "By whom",
        {
            "mix_dc": "units from\nDCs, %",
            "mix_third_party": "third\nparties, %",
            "mix_store": "stores,\nsent, %",
            "mix_vendor": "vendors, %",
            "mix_pick_up": "to be\ncollected, %",
            "km_per_parcel": "km a\nparcel",
            "merged_rate": "orders\nmerged, %",
            "decline_rate": "parcels\ndeclined, %",
        },
    ),
    (
        "Carriers",
        {
            "carrier_on_time_rate": "parcels\non time, %",
            "late_in_trouble_rate": "in trouble\nlate, %",
            "late_otherwise_rate": "others\nlate, %",
            "no_room_rate": "waited for\nroom, %",
            "lost_rate": "parcels\nlost, %",
            "claims_per_order": "claims,\nUSD an order",
            "co2_kg_per_parcel": "CO2, kg\na parcel",
        },
    ),
    (
        "Pick-up",
        {
            "pick_up_rate": "orders to be\ncollected, %",
            "ready_hours_mean": "hours to\nready, mean",
            "ready_on_time_rate": "ready on\ntime, %",
            "no_show_rate": "no-shows, %",
            "extra_sales_per_pick_up": "extra sales,\nUSD each",
            "pick_up_per_order": "staff time,\nUSD an order",
        },
    ),
    (
        "People with shifts",
        {
            "labour_cost_per_order": "wages,\nUSD an order",
            "labour_use": "of paid time\nworked, %",
            "overtime_hours": "overtime,\nh a day",
            "pick_wait_hours": "h until\na pick begins",
            "backlog_age_hours": "oldest\nof a day, h",
            "walk_in_wait_min": "customers\nwait, min",
            "walk_ins_left_rate": "customers\nleave, %",
        },
    ),
    (
        "Orders on their way",
        {
            "called_off_rate": "orders called\noff, %",
            "moved_rate": "orders sent\nelsewhere, %",
            "label_failures_per_parcel": "failed label\ncalls a parcel",
        },
    ),
    (
        "Shoppers and sellers",
        {
            "abandon_rate": "left at the\npromise, %",
            "cart_abandon_rate": "carts\ngiven up, %",
            "substitution_rate": "units\nsubstituted, %",
            "seller_cancel_rate_worst": "seller's worst\n7 days, %",
            "seller_days_in_breach": "days beyond\nhis limit, %",
        },
    ),
)


_PARTS_OF_A_WHOLE = frozenset(name for _, heads in WHERE_SWITCHED_ON for name in heads if name.startswith("mix_"))
"""Of these nothing is said where no arm has any: the others add up without it."""
_OF_THE_VIEW = "inventory_accuracy"


def groups_of(values: Callable[[str], list[float]]) -> tuple[Group, ...]:
    """Return the tables to show.

    Parameters
    ----------
    values
        ``values(kpi)``, one from each arm; NaN is nothing.
    """

    def known(name: str) -> bool:
        return not all(map(math.isnan, values(name)))

    def says(name: str) -> bool:
        return known(name) and (name not in _PARTS_OF_A_WHOLE or any(map(abs, values(name))))

    # where records can drift in some of the arms, `inventory_accuracy` would be two things in one column
    drifts = known("record_accuracy")
    usual = [
        (title, {n: head for n, head in heads.items() if not (drifts and n == _OF_THE_VIEW)}) for title, heads in GROUPS
    ]
    found = [(title, {n: head for n, head in heads.items() if says(n)}) for title, heads in WHERE_SWITCHED_ON]
    return (*usual, *((title, heads) for title, heads in found if heads))
