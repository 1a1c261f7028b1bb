"""Whether an answer is what a case asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.routing.conformance.answer import Result, Row
    from tests.routing.conformance.case import Case, Raw

Totals = dict[Any, float]
ORDERED = ("ranking", "pickup_search", "rule_selection")


def faults(case: Case, result: Result) -> list[str]:
    """Return what is wrong with an answer; empty if it passes."""
    raw, how = case.raw, case.raw["assert"]
    checks: list[tuple[str, object, object]] = []
    if how not in ("objective", "packages") or raw.get("expected"):
        checks += _rows(raw, how, result)
    for key, wanted in raw.items():
        if key.startswith("expected_") and key != "expected_any_of":
            checks.append((key, _told(key, result, wanted, how), _rounded(wanted)))
    if raw.get("expected_error") is None and result.error is not None:
        checks.append(("error", result.error, None))
    return [f"{name}: found {found!r}, expected {wanted!r}" for name, found, wanted in checks if found != wanted]


def _rows(raw: Raw, how: str, result: Result) -> list[tuple[str, object, object]]:
    expected = _read(raw.get("expected"))
    if raw["kind"] in ORDERED and how != "tie_allowed":
        return [("expected", result.expected, expected)]
    if how == "packages":
        return [("expected", _by_sku(result.expected), _by_sku(expected))]
    later, left = _read(raw.get("backordered")), _read(raw.get("unfilled"))
    checks: list[tuple[str, object, object]] = [("unfilled", _by_sku(result.unfilled), _by_sku(left))]
    if how == "totals":
        checks += [
            ("expected", _by_sku(result.expected), _by_sku(expected)),
            ("backordered", _by_sku(result.backordered), _by_sku(later)),
        ]
        return checks
    found = _by_place(result.expected)
    allowed = [_by_place(_read(rows)) for rows in raw["expected_any_of"]] if how == "any_of" else [_by_place(expected)]
    checks.append(("expected", found, found if found in allowed else allowed[0]))
    anywhere = any(location is None for location, _, _ in later)
    sums = _by_sku if anywhere else _by_place
    checks.append(("backordered", sums(result.backordered), sums(later)))
    return checks


def _told(key: str, result: Result, wanted: Any, how: str) -> object:
    match key:
        case "expected_error":
            return result.error
        case "expected_queue":
            return result.queue
        case "expected_status":
            return result.status
        case "expected_packages":
            return len(result.package_qty)
        case "expected_package_qty":
            return result.package_qty
        case "expected_value" if isinstance(wanted, dict):
            return {name: round(result.value.get(name, float("nan")), 2) for name in wanted}
        case _ if "short" in key or "sku" in key:
            return sorted(result.short) if wanted == sorted(wanted) else result.short
        case _:
            return f"no answer to {key}"


def _rounded(wanted: Any) -> object:
    return {name: round(value, 2) for name, value in wanted.items()} if isinstance(wanted, dict) else wanted


def _read(rows: Iterable[Raw] | None) -> list[Row]:
    places = [(row, row.get("location")) for row in rows or ()]
    return [(None if at is None else str(at), row.get("sku"), row.get("qty")) for row, at in places]


def _by_place(rows: Iterable[Row]) -> Totals:
    return _sums(((location, sku), quantity) for location, sku, quantity in rows)


def _by_sku(rows: Iterable[Row]) -> Totals:
    return _sums((sku, quantity) for _, sku, quantity in rows)


def _sums(cells: Iterable[tuple[Any, float | None]]) -> Totals:
    """Add up; rows of no quantity at all are counted, rows of zero units are left out."""
    total: Totals = {}
    for key, quantity in cells:
        total[key] = total.get(key, 0) + (1 if quantity is None else quantity)
    return {key: round(value, 9) for key, value in total.items() if value}
