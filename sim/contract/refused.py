"""What an order may ask for elsewhere and cannot here: known by its usual keys, and refused by what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.errors import WireError

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_PLACE = "one 'place' an order: send one order per address"
ONE_LEVEL = "one service level an order, by 'wanted_by': send one order per level"
OWN_SKU = "the product itself: send the substitute under its own sku once the first is found short"
HELD = "'hold_until', the moment before which nothing is decided"
NOT_BEFORE = "'deliver_from', the moment before which nothing is delivered"
IN_TIME = "'wanted_by', the moment after which a delivery is late"
ONE_DATE = "one date an order, by 'hold_until' or 'deliver_from': send one order per date"
BY_PRODUCT = "units of a product: which lot or serial number is taken is chosen where it is picked"
OWN_UNIT = "a quantity in the product's own unit, a whole multiple of its unit_step"

OF_ORDERS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("places", "addresses", "ship_to"), ("several addresses", ONE_PLACE)),
    **dict.fromkeys(("services", "service_level", "service_levels"), ("several service levels", ONE_LEVEL)),
    **dict.fromkeys(("substitutes", "substitutions"), ("substitutes", OWN_SKU)),
    **dict.fromkeys(("not_before", "release_at", "release_date", "ship_after", "ship_from"), ("a release date", HELD)),
    **dict.fromkeys(("deliver_after", "delivery_date", "requested_delivery_date"), ("a delivery date", NOT_BEFORE)),
    **dict.fromkeys(("deliver_by", "due_at", "due_date"), ("a due date", IN_TIME)),
}
OF_LINES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("place", "address"), ("several addresses", ONE_PLACE)),
    **dict.fromkeys(("service", "service_level", "wanted_by", "deliver_by"), ("several service levels", ONE_LEVEL)),
    **dict.fromkeys(("hold_until", "deliver_from"), ("several dates", ONE_DATE)),
    **dict.fromkeys(("substitute", "substitutes", "alternatives"), ("substitutes", OWN_SKU)),
    **dict.fromkeys(
        ("lot", "batch", "expiry", "expires_at", "serial", "serials"), ("lots or serial numbers", BY_PRODUCT)
    ),
    **dict.fromkeys(("unit", "uom", "unit_of_measure"), ("units of measure", OWN_UNIT)),
}


def refuse(tree: Mapping[str, Any], known: Mapping[str, tuple[str, str]], where: str) -> None:
    """Refuse the first key that asks for something which is not supported.

    Raises
    ------
    WireError
        What it asks for, and what to send instead.
    """
    for key in sorted(known.keys() & tree.keys()):
        found, expected = known[key]
        raise WireError(found, f"{where}.{key}", expected)
