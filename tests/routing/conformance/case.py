"""A case as its file tells it, turned into what the engine's rules look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.network.geo import great_circle_km
from sim.routing.belief.availability import promisable
from sim.routing.quantities import SkuBook, common_step, from_units, to_units
from sim.routing.rules.columns import Columns
from sim.routing.rules.situation import UNLIMITED, Situation
from sim.units import KM_PER_MILE

if TYPE_CHECKING:
    from decimal import Decimal

    from numpy.typing import NDArray

    from sim.routing.quantities import SkuMatch

Raw = dict[str, Any]
_HOLDS = ("allocated", "reserved", "pickup_reserved")


@dataclass(frozen=True)
class Case:
    """One case, read-only.

    Parameters
    ----------
    raw
        The case as its file has it.
    """

    raw: Raw

    @property
    def params(self) -> Raw:
        params: Raw = self.raw.get("params") or {}
        return params

    @property
    def locations(self) -> list[Raw]:
        locations: list[Raw] = self.raw.get("locations") or []
        return locations

    @property
    def destination(self) -> Raw | None:
        destination: Raw | None = self.raw["order"].get("destination")
        return destination

    @cached_property
    def lines(self) -> list[tuple[str, int]]:
        """SKU as the order spells it, and units still to be routed, line by line."""
        shipped = {sku: self.units(qty) for sku, qty in (self.params.get("already_shipped") or {}).items()}
        lines = []
        for line in self.raw["order"].get("lines", []):
            asked = self.units(line["qty"])
            done = min(asked, shipped.get(line["sku"], 0))
            shipped[line["sku"]] = shipped.get(line["sku"], 0) - done
            lines.append((line["sku"], asked - done))
        return lines

    @cached_property
    def step(self) -> Decimal:
        """The unit step of every quantity of the case."""
        amounts = [line["qty"] for line in self.raw["order"].get("lines", [])]
        for location in self.locations:
            for name in ("stock", *_HOLDS):
                amounts += (location.get(name) or {}).values()
            amounts.append(location.get("safety_stock") or 0)
        for name in ("already_shipped", "on_hand", "backordered"):
            given = self.params.get(name)
            amounts += given.values() if isinstance(given, dict) else []
        return common_step(amounts)

    def units(self, amount: float) -> int:
        return to_units(amount, self.step, self.raw["id"])

    def amount(self, units: int) -> float:
        return float(from_units(units, self.step))

    @cached_property
    def book(self) -> SkuBook:
        """Products in the order's spelling; spellings that mean the same product are one."""
        match: SkuMatch = self.params.get("sku_match") or "exact"
        fold = {(sku.casefold() if match == "case_insensitive" else sku): sku for sku, _ in reversed(self.lines)}
        return SkuBook({sku: k for k, sku in enumerate(fold.values())}, match)

    @cached_property
    def records(self) -> list[dict[int, str]]:
        """By location, the products it keeps a usable record of, as it spells them."""
        found = []
        for location in self.locations:
            flagged = {self.book.find(sku) for sku in location.get("out_of_stock_flag") or ()}
            known = {self.book.find(sku): sku for sku in location.get("stock") or {}}
            known = {index: sku for index, sku in known.items() if index not in flagged}
            found.append({index: sku for index, sku in known.items() if index is not None})
        return found

    def available(self, location: int, spelling: str) -> int:
        """Units of a product that a location may promise."""
        at = self.locations[location]
        same = partial(self._same, spelling)
        if any(map(same, at.get("untracked") or ())):
            return UNLIMITED
        holds = {hold: sum(self.units(n) for sku, n in (at.get(hold) or {}).items() if same(sku)) for hold in _HOLDS}
        safety = self._signed_units(at.get("safety_stock") or 0)
        if self.raw["strategy"] == "availability" and self.params.get("oversell") is False:
            safety = max(safety, 0)  # a negative threshold then lets nothing be sold beyond stock
        return int(promisable(self.units(at["stock"][spelling]), safety_stock=safety, **holds))

    def _same(self, spelling: str, other: str) -> bool:
        """Whether two spellings mean one product."""
        return spelling == other or self.book.find(spelling) == self.book.find(other) is not None

    def _signed_units(self, amount: float) -> int:
        return self.units(amount) if amount >= 0 else -self.units(-amount)

    @cached_property
    def columns(self) -> Columns:
        shown = [{k: v for k, v in at.items() if isinstance(v, str | int | float | bool)} for at in self.locations]
        for attributes in shown:
            if attributes.get("serves_destination") is False:
                attributes["enabled"] = False
        return Columns(tuple(str(at["id"]) for at in self.locations), shown)

    @cached_property
    def distance_km(self) -> NDArray[np.float64]:
        """Distance of each location: as given, else along the great circle, else unknown."""
        there = self.destination or {}
        km = []
        for at in self.locations:
            if at.get("distance_km") is not None:
                km.append(float(at["distance_km"]))
            elif at.get("distance_miles") is not None:
                km.append(at["distance_miles"] * KM_PER_MILE)
            else:
                points = [
                    np.array([np.nan if p.get(k) is None else p[k]], float) for p in (at, there) for k in ("lat", "lon")
                ]
                km.append(float(great_circle_km(points[0], points[1], points[2], points[3])[0, 0]))
        return np.array(km, dtype=np.float64)

    @cached_property
    def situation(self) -> Situation:
        """The whole case as the rules see it."""
        skus = tuple(self.book.index(sku) for sku, _ in self.lines)
        sites = range(len(self.locations))

        def rows(cell: Any, kind: type) -> list[NDArray[Any]]:
            return [np.array([cell(site, sku) for site in sites], dtype=kind) for sku in skus]

        values = self.params.get("value") or {}
        preferred = self.params.get("preferred_location")
        pinned = self.params.get("pinned") or {}
        place_of = {site: k for k, site in enumerate(self.columns.ids)}
        refused = [at.get("rejected_days_ago") for at in self.locations]
        spelt = [sku for sku, _ in self.lines]
        return Situation(
            self.columns,
            tuple(units for _, units in self.lines),
            skus,
            rows(
                lambda site, sku: self.available(site, self.records[site][sku]) if sku in self.records[site] else 0, int
            ),
            distance_km=self.distance_km,
            destination={k: v for k, v in (self.destination or {}).items() if not isinstance(v, dict | list)},
            recorded=rows(lambda site, sku: sku in self.records[site], bool),
            backorderable=rows(
                lambda site, sku: sku in self.records[site] and bool(self.locations[site].get("backorderable")), bool
            ),
            on_hand=rows(
                lambda site, sku: (
                    self.units(self.locations[site]["stock"][self.records[site][sku]])
                    if sku in self.records[site]
                    else 0
                ),
                int,
            ),
            order_value=self._order_value(),
            # the worth of one step, since quantities are counted in steps
            unit_value=tuple(float(values.get(sku, 0)) * float(self.step) for sku in spelt),
            groups=tuple(
                tuple(k for k, sku in enumerate(spelt) if sku in group) for group in self.params.get("groups") or ()
            ),
            preferred=-1 if preferred is None else place_of.get(str(preferred), -1),
            pinned=tuple(place_of.get(str(pinned.get(sku)), -2 if sku in pinned else -1) for sku in spelt),
            rejects=int(self.params.get("reject_count") or self.raw["order"].get("reject_count") or 0),
            days_since_refusal=np.array([np.nan if days is None else days for days in refused], dtype=np.float64),
            per_week=rows(lambda site, sku: self._velocity(site, sku), float),
        )

    def _order_value(self) -> float:
        """Worth of the order as stated, else of its lines; a case that tells neither switches its rule off."""
        stated, values = self.params.get("order_value"), self.params.get("value")
        if stated is not None:
            return float(stated)
        if values is None:
            return float("inf")
        return sum(float(values.get(sku, 0)) * self.amount(units) for sku, units in self.lines)

    def _velocity(self, site: int, sku: int) -> float:
        sold = self.locations[site].get("velocity_per_week") or {}
        spelling = self.records[site].get(sku, "")
        return np.nan if sold.get(spelling) is None else float(sold[spelling]) / float(self.step)
