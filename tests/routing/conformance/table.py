"""The repository's own tables of cases, in the form in which cases are judged.

`cases.yaml` has what other engines' tests, manuals and issues say, `boundaries.yaml` the edges of the same families,
worked out by hand. In both ``sites`` are listed in order, with what is known of each; ``lines`` is SKU: quantity, or
[SKU, quantity] where two lines ask for one; ``to`` is what is known of the destination (absent = the order does not
say); ``gives`` is site: {SKU: quantity}, ``later`` the same for backorders ("anywhere" = no matter which site),
``order`` the rows of a ranking. Absent means none.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tests.routing.conformance.case import Case

if TYPE_CHECKING:
    from tests.routing.conformance.case import Raw


def cases() -> list[Case]:
    """Return every case of both tables."""
    return [Case(_long_form(entry)) for name in ("cases.yaml", "boundaries.yaml") for entry in _read(name)]


def _read(name: str) -> list[Raw]:
    entries: list[Raw] = YAML(typ="safe").load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return entries


def _long_form(entry: Raw) -> Raw:
    order = [dict(zip(("location", "sku", "qty"), row, strict=False)) for row in entry.get("order", [])]
    told = {key: value for key, value in entry.items() if key.startswith("expected_")}
    if "gives_any_of" in entry:
        told["expected_any_of"] = [_rows(plan) for plan in entry["gives_any_of"]]
    return {
        "id": entry["id"],
        "provenance": entry.get("provenance", "derived"),
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


def _lines(quantities: dict[str, Any] | list[tuple[str, Any]]) -> list[Raw]:
    pairs = quantities.items() if isinstance(quantities, dict) else quantities
    return [{"sku": sku, "qty": qty} for sku, qty in pairs]


def _rows(plan: dict[str, dict[str, Any]]) -> list[Raw]:
    return [
        {"location": None if site == "anywhere" else site, "sku": sku, "qty": qty}
        for site, basket in plan.items()
        for sku, qty in basket.items()
    ]
