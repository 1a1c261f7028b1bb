"""From a scenario's folder, file or name to one immutable `Scenario`; every problem is told at once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from sim.errors import Problem, ScenarioError, expected_one_of
from sim.files import YamlFile, read_yaml, validate
from sim.network.calendar import WEEKDAYS, Clock, Hours
from sim.network.carrier import Service
from sim.network.geo import great_circle_km
from sim.network.network import Network
from sim.network.site import Handling, Site, SiteKind
from sim.scenario import tables
from sim.scenario.schema import ScenarioFile, SiteKindBlock
from sim.scenario.stocking import StockPlan, plan_stock, walk_in_rates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.typing import NDArray

T = TypeVar("T")

FILE_NAME = "scenario.yaml"
# A site farther than this from every place people live at is a typing error, not a network.
FARTHEST_FROM_PEOPLE_KM = 1500.0
# Calendars are laid out this long before the start and after the drain limit: late parcels still need days.
CALENDAR_MARGIN_DAYS = 45


@dataclass(frozen=True)
class Scenario:
    """A checked scenario: what everyone knows (`network`) and what only nature knows (`file`).

    Parameters
    ----------
    name
        The folder's name.
    routing
        The raw block `routing:`, and `source` to tell where it stands.
    popularity
        Share of demand of each product, shape (products,), sums to 1.
    opening_stock
        Units on hand at the start, shape (products, sites); None where they are drawn.
    """

    name: str
    source: YamlFile
    file: ScenarioFile
    network: Network
    popularity: NDArray[np.float64]
    table_digests: dict[str, str]
    opening_stock: NDArray[np.int32] | None = None

    @property
    def routing(self) -> Any:
        """The raw block `routing:`."""
        return self.file.routing

    @cached_property
    def stock_plan(self) -> StockPlan:
        """Reorder points and order-up-to levels."""
        return plan_stock(self.file, self.network, self.popularity)

    @cached_property
    def walk_in_rates(self) -> NDArray[np.float64]:
        """Mean walk-in units a day by site."""
        return walk_in_rates(self.file, self.network)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that was read: two scenarios with the same digest are the same."""
        text = json.dumps([self.resolved(), self.table_digests], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def resolved(self) -> dict[str, Any]:
        """Return the scenario as plain values with every default filled in (minutes, cents, km)."""
        return self.file.model_dump(mode="json")

    def with_measured_days(self, days: int) -> Scenario:
        """Return the same scenario measured over another number of days."""
        clock = self.file.clock.model_copy(update={"measure": days})
        network = replace(self.network, days=_calendar_days(clock.warm_up + days + clock.drain_limit))
        return replace(self, file=self.file.model_copy(update={"clock": clock}), network=network)


def _calendar_days(run_days: int) -> tuple[int, int]:
    return -CALENDAR_MARGIN_DAYS, run_days + CALENDAR_MARGIN_DAYS


def shipped_scenarios() -> dict[str, Path]:
    """Return the scenarios that come with the tool, by name."""
    package = Path(__file__).parents[1]
    for folder in (package / "shipped", package.parent / "scenarios"):
        if folder.is_dir():
            return {file.parent.name: file for file in sorted(folder.glob(f"*/{FILE_NAME}"))}
    return {}


def find(argument: str | Path) -> Path:
    """Return the YAML file meant by a folder, a file, or the name of a shipped scenario.

    Raises
    ------
    ScenarioError
        If there is no such thing; the message lists the names that are known.
    """
    path = Path(argument)
    if path.is_dir():
        path = path / FILE_NAME
        if not path.exists():
            raise ScenarioError([Problem(str(argument), "", f"the folder has no {FILE_NAME}")])
        return path
    if path.exists():
        return path
    known = shipped_scenarios()
    if str(argument) in known:
        return known[str(argument)]
    names = expected_one_of(str(argument), known) if known else repr(str(argument))
    raise ScenarioError([Problem("", "", f"no such file, folder or shipped scenario: {names}")])


def load(argument: str | Path) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    argument
        A scenario's folder, its YAML file, or the name of a shipped scenario.

    Raises
    ------
    ScenarioError
        With every problem found in the file and its tables.
    """
    path = find(argument)
    source = read_yaml(path)
    file = validate(ScenarioFile, source)
    reader = _Reader(source, file, path.parent.resolve())
    return reader.scenario(path.parent.resolve().name)


class _Reader:
    """Reads what a scenario file points to, and gathers what is wrong with it."""

    def __init__(self, source: YamlFile, file: ScenarioFile, folder: Path) -> None:
        self._source = source
        self._file = file
        self._folder = folder
        self._problems: list[Problem] = []
        self._digests: dict[str, str] = {}

    def scenario(self, name: str) -> Scenario:
        file = self._file
        sites = self._table(("network", "sites"), file.network.sites, tables.SITE_COLUMNS)
        places = self._table(("network", "places"), file.network.places, tables.PLACE_COLUMNS)
        products = self._table(("network", "products"), file.network.products, tables.PRODUCT_COLUMNS)
        services = self._services()
        try:
            ZoneInfo(file.clock.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            found = f"{file.clock.time_zone!r} - expected an IANA time zone such as America/New_York"
            self._problems.append(self._source.problem(("clock", "time_zone"), found))
        for kind, block in file.site_kinds.items():
            if all(span is None for span in block.hours.values()):
                key = ("site_kinds", kind.value, "hours")
                self._problems.append(self._source.problem(key, "closed all week - expected at least one open day"))
        if sites and places:
            self._check_sites(sites, places)
        if products:
            self._check_products(products)
        opening_stock = self._opening_stock(products, sites) if products and sites else None
        if self._problems or not (sites and places and products):
            raise ScenarioError(self._problems)
        return self._build(name, sites, places, products, services, opening_stock)

    def _path(self, key: tuple[str | int, ...], text: str) -> Path | None:
        path = (self._folder / text).resolve()
        if not path.is_relative_to(self._folder):
            found = f"{text!r} leads out of the scenario's folder - expected a file inside it"
            self._problems.append(self._source.problem(key, found))
            return None
        if not path.is_file():
            near = expected_one_of(text, (p.name for p in self._folder.glob("*.csv")))
            self._problems.append(self._source.problem(key, f"no such file: {near}"))
            return None
        self._digests[text] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._source.path.parent / text

    def _read(self, key: tuple[str | int, ...], text: str, reader: Callable[[Path], T]) -> T | None:
        path = self._path(key, text)
        if path is None:
            return None
        try:
            return reader(path)
        except ScenarioError as error:
            self._problems += error.problems
            return None

    def _table(
        self, key: tuple[str | int, ...], text: str, columns: dict[str, Callable[[str], object]]
    ) -> tables.Table | None:
        return self._read(key, text, lambda path: tables.read_checked(path, columns))

    def _opening_stock(self, products: tables.Table, sites: tables.Table) -> NDArray[np.int32] | None:
        text = self._file.opening_stock
        if text is None:
            return None
        skus, site_ids = ([row["id"] for row in table.rows] for table in (products, sites))
        return self._read(("opening_stock",), text, lambda path: tables.read_stock(path, skus, site_ids))

    def _services(self) -> tuple[Service, ...]:
        carriers = self._file.carriers
        zones = len(carriers.zone_edges) + 1
        services = []
        for name, block in carriers.services.items():
            key = ("carriers", "services", name)
            if len(block.business_days) != zones:
                found = f"{len(block.business_days)} entries - expected {zones}, one per zone"
                self._problems.append(self._source.problem((*key, "business_days"), found))
            rates = self._read((*key, "rates"), block.rates, lambda path: tables.read_rates(path, zones))
            if rates is None:
                continue
            max_lb, list_cents = rates
            services.append(
                Service(
                    name,
                    max_lb,
                    list_cents,
                    block.discount,
                    block.surcharge,
                    block.fuel,
                    block.dim_divisor,
                    block.dim_from_cubic_inch,
                    block.business_days,
                    _days_open(block.works, block.closed_on),
                    in_packages=False,
                )
            )
        heaviest = max((service.max_lb[-1] for service in services), default=0.0)
        # what no service takes as one parcel goes as several with whoever takes the heaviest
        return tuple(replace(service, in_packages=service.max_lb[-1] == heaviest) for service in services)

    def _check_sites(self, sites: tables.Table, places: tables.Table) -> None:
        rows = sites.rows
        for row in rows:
            if row["kind"] not in self._file.site_kinds:
                known = expected_one_of(row["kind"].value, (kind.value for kind in self._file.site_kinds))
                self._problems.append(sites.problem(row, "kind", f"has no block in site_kinds: {known}"))
        away = great_circle_km(*_coordinates(rows), *_coordinates(places.rows)).min(axis=1)
        self._problems += [
            sites.problem(row, "lat", f"{row['id']} lies outside its network: {km:.0f} km from the nearest place")
            for row, km in zip(rows, away, strict=True)
            if km > FARTHEST_FROM_PEOPLE_KM
        ]
        if not any(row["population"] for row in places.rows):
            self._problems.append(places.problem(places.rows[0], "population", "nobody lives anywhere"))

    def _check_products(self, products: tables.Table) -> None:
        if not any(row["popularity"] for row in products.rows):
            self._problems.append(products.problem(products.rows[0], "popularity", "nothing is ever wanted"))

    def _build(
        self,
        name: str,
        sites: tables.Table,
        places: tables.Table,
        products: tables.Table,
        services: tuple[Service, ...],
        opening_stock: NDArray[np.int32] | None,
    ) -> Scenario:
        clock = self._file.clock
        network = Network(
            Clock(clock.start, clock.time_zone),
            tuple(self._site(row, self._file.site_kinds[row["kind"]]) for row in sites.rows),
            tables.places(places.rows),
            tables.products(products.rows),
            services,
            self._file.carriers.zone_edges,
            self._file.network.packing_factor,
            _calendar_days(clock.warm_up + clock.measure + clock.drain_limit),
        )
        weights = np.array([row["popularity"] for row in products.rows])
        popularity = weights / weights.sum()
        return Scenario(name, self._source, self._file, network, popularity, self._digests, opening_stock)

    @staticmethod
    def _site(row: dict[str, Any], block: SiteKindBlock) -> Site:
        return Site(
            row["id"],
            row["name"],
            SiteKind(row["kind"]),
            row["state"],
            row["lat"],
            row["lon"],
            row["time_zone"],
            Hours(tuple(block.hours.get(day) for day in WEEKDAYS)),
            block.pick_up,
            _days_open(block.pick_up_days),
            block.lead,
            block.reach,
            Handling(**block.handling.model_dump()),
            row["walk_in_size"],
        )


def _days_open(days: Sequence[str], closed_on: Sequence[date] = ()) -> Hours:
    from datetime import time

    whole_day = (time(0), time.max)
    return Hours(tuple(whole_day if day in days else None for day in WEEKDAYS), frozenset(closed_on))


def _coordinates(rows: list[dict[str, Any]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([row["lat"] for row in rows]), np.array([row["lon"] for row in rows])
