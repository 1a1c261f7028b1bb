"""The repository's own table of cases, in the form in which cases are judged.

In `cases.yaml`: ``sites`` are listed in order, with what is known of each; ``lines`` is SKU: quantity; ``to`` is what
is known of the destination (absent = the order does not say); ``gives`` is site: {SKU: quantity}, ``later`` the same
for backorders ("anywhere" = no matter which site), ``order`` the rows of a ranking. Absent means none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.routing.conformance.case import Case

if TYPE_CHECKING:
    from tests.routing.conformance.case import Raw


def cases() -> list[Case]:
    """Return every case of the table."""
    path = Path(__file__).with_name("cases.yaml")
    return [Case(_long_form(entry)) for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8"))]


def _long_form(entry: Raw) -> Raw:
    order = [dict(zip(("location", "sku", "qty"), row, strict=False)) for row in entry.get("order", [])]
    told = {key: value for key, value in entry.items() if key.startswith("expected_")}
    if "gives_any_of" in entry:
        told["expected_any_of"] = [_rows(plan) for plan in entry["gives_any_of"]]
    return {
        "id": entry["id"],
        "provenance": entry["provenance"],
        "kind": entry.get("kind", "allocation"),
        "assert": entry.get("assert", "exact"),
        "strategy": entry["strategy"],
        "params": entry.get("params", {}),
        "locations": [{"id": name, "stock": {}, **site} for name, site in entry.get("sites", {}).items()],
        "order": {"destination": entry.get("to"), "lines": _lines(entry.get("lines", {}))},
        "expected": order or _rows(entry.get("gives", {})),
        "backordered": _rows(entry.get("later", {})),
        "unfilled": _lines(entry.get("unfilled", {})),
        **told,
    }


def _lines(quantities: dict[str, Any]) -> list[Raw]:
    return [{"sku": sku, "qty": qty} for sku, qty in quantities.items()]


def _rows(plan: dict[str, dict[str, Any]]) -> list[Raw]:
    return [
        {"location": None if site == "anywhere" else site, "sku": sku, "qty": qty}
        for site, basket in plan.items()
        for sku, qty in basket.items()
    ]
