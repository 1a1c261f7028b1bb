"""From a scenario's folder, file or name to one immutable `Scenario`; every problem is told at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import Problem, ScenarioError, gathering, in_file_order, one_of, shown
from sim.files import validate
from sim.network.calendar import WEEKDAYS, Clock, Hours
from sim.network.network import Network
from sim.network.site import Handling, Site
from sim.scenario.blocks.labour import idle_labour
from sim.scenario.blocks.pick_up import nowhere_to_collect
from sim.scenario.blocks.site_blocks import (
    blocks_of,
    never_rolled_out,
    of_no_site,
    strangely_closed,
    without_effect,
)
from sim.scenario.blocks.stock_total import shared, strange_shares
from sim.scenario.blocks.stocking import catchment
from sim.scenario.blocks.transfers import nobody_to_send_to
from sim.scenario.changes import changed, read_scenario, with_values
from sim.scenario.names.carriers import strange_carriers
from sim.scenario.names.idle import idle
from sim.scenario.names.keepers import unknown_keepers
from sim.scenario.names.limits import too_large
from sim.scenario.names.names import strange_names
from sim.scenario.names.takers import strange_returns
from sim.scenario.owners import WALK_IN, owned, parted
from sim.scenario.scenario import Scenario as Scenario
from sim.scenario.scenario import calendar_days
from sim.scenario.schema import ScenarioFile
from sim.scenario.services import days_open, services_of, with_lanes
from sim.scenario.tables import tables
from sim.scenario.tables.given import channels_of, given_orders, given_sales, open_orders
from sim.scenario.tables.linked import LinkedTables
from sim.scenario.tables.roads import roads_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.files import Row, Table, YamlFile
    from sim.scenario.schema import SiteKindBlock

FILE_NAME = "scenario.yaml"


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
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except (OSError, ValueError):  # such as a name that is too long
        is_folder, exists = False, False
    if is_folder:
        path = path / FILE_NAME
        if not path.exists():
            raise ScenarioError([Problem(str(argument), "", f"the folder has no {FILE_NAME}")])
        return path
    if exists:
        return path
    known = shipped_scenarios()
    if str(argument) in known:
        return known[str(argument)]
    expected = f"a folder, a file or the name of a shipped scenario, {one_of(argument, known)}"
    raise ScenarioError([Problem(shown(str(argument)), "", f"no such scenario - expected {expected}")])


def read(argument: str | Path) -> YamlFile:
    """Read a scenario's file with all that it extends.

    Raises
    ------
    ScenarioError
        With what is wrong in the files as YAML, or with their changes.
    """
    return read_scenario(find(argument), _find_base)


def _find_base(name: str, folder: Path) -> Path:
    """Return the file of a scenario that one in `folder` extends: a neighbour, or one that is shipped."""
    if name in shipped_scenarios():
        return shipped_scenarios()[name]
    with suppress(OSError, ValueError, RuntimeError):
        path = folder / name
        if not Path(name).is_absolute() and path.resolve().is_relative_to(folder.resolve().parent) and path.exists():
            return find(path)
    known = {
        **shipped_scenarios(),
        **{f"../{p.parent.name}": p for p in folder.resolve().parent.glob(f"*/{FILE_NAME}")},
    }
    message = f"no such scenario - expected a scenario beside this one or a shipped one, {one_of(name, known)}"
    raise ScenarioError([Problem(str(folder), "", message)])


def load(
    argument: str | Path, changes: Iterable[str] = (), values: Mapping[str, Any] | None = None, said: str = "values"
) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    argument
        A scenario's folder, its YAML file, or the name of a shipped scenario.
    changes
        Names from its block `changes:`, made one after the other.
    values
        Values by path, such as ``{"site_kinds.store.pickers": 2}``, put in the place of the scenario's own.
    said
        Where they were said, for messages.

    Raises
    ------
    ScenarioError
        With every problem found in the file and its tables.
    FulfillSimError
        If it has no such change.
    """
    source = changed(read(argument), changes)
    scenario, problems = examine(with_values(source, values, said) if values else source)
    if scenario is None:
        raise ScenarioError(problems)
    return scenario


def with_other_values(
    scenario: Scenario, values: Mapping[str, Any], said: str, lines: Mapping[str, int] | None = None
) -> Scenario:
    """Return a scenario with other values at some paths, measured over as many days.

    Parameters
    ----------
    said, lines
        Where the values were said, for messages: see `sim.scenario.changes.with_values`.

    Raises
    ------
    ScenarioError
        With every problem that they make.
    """
    other, problems = examine(with_values(scenario.source, values, said, lines))
    if other is None:
        raise ScenarioError(problems)
    days = scenario.file.clock.measure
    return other if other.file.clock.measure == days else other.with_measured_days(days)


def examine(source: YamlFile) -> tuple[Scenario | None, list[Problem]]:
    """Check a scenario's file and the tables it names, each whatever may be wrong with the other.

    Returns
    -------
    scenario, problems
        A scenario and no problems, or None and at least one.
    """
    problems: list[Problem] = []
    file = None
    with gathering(problems):
        file = validate(ScenarioFile, source)
    linked = LinkedTables(source)
    problems += linked.problems
    if file is None or problems:
        return None, in_file_order(problems)
    scenario = None
    with gathering(problems):
        scenario = _build(source, file, linked)
    if scenario is None:
        return None, in_file_order(problems)
    problems = too_large(scenario) + unknown_keepers(source, file, scenario.network)
    problems += nobody_to_send_to(source, file.transfers, scenario.network)
    problems += nowhere_to_collect(source, file.pick_up, scenario.network.sites)
    problems += strange_returns(source, file, scenario.network, scenario.channels)
    problems += idle(scenario, linked.sales)
    problems += idle_labour(source, file, scenario.channels)
    return (None, problems) if problems else (scenario, [])


def _build(source: YamlFile, file: ScenarioFile, linked: LinkedTables) -> Scenario:
    sites, places, products = (_rows(table) for table in (linked.sites, linked.places, linked.products))
    clock, closed = file.clock, file.network.closed
    goods, people = tables.products(products), tables.places(places)
    if problems := strange_names(source, file, people, goods):
        raise ScenarioError(problems)
    channels = channels_of(file.demand, linked.orders)
    blocks = blocks_of(source, file.exceptions, file.site_kinds, sites)
    problems = without_effect(source, file.disruptions, sites, blocks) + of_no_site(source, file.fixed, sites)
    problems += never_rolled_out(source, file, sites)
    problems += strange_carriers(source, file, sites, people) + strangely_closed(source, closed, sites)
    blocks = tuple(block for row, block in zip(sites, blocks, strict=True) if row["id"] not in closed)
    sites = [row for row in sites if row["id"] not in closed]
    kinds = [row["kind"] for row in sites]
    if problems := problems + strange_shares(source, file.stock_total, kinds):
        raise ScenarioError(problems)
    services = file.carriers.services.values()
    network = Network(
        Clock(clock.start, clock.time_zone),
        tuple(_site(row, block) for row, block in zip(sites, blocks, strict=True)),
        people,
        owned(goods, (*channels, WALK_IN) if file.stock == "by_channel" else ()),
        services_of(file.carriers, linked),
        file.carriers.zone_edges,
        file.network.packing_factor,
        calendar_days(clock.warm_up + clock.measure + clock.drain_limit),
        roads=roads_of(linked.roads),
    )
    if linked.lanes is not None or file.carriers.areas is not None or any(s.reach for s in services):
        network = with_lanes(network, file.carriers, linked.lanes.rows if linked.lanes else (), source)
    weights = np.array([row["popularity"] for row in products])
    skus = [row["id"] for row in products]
    ids = skus, [row["id"] for row in sites]
    opening_stock = None if linked.stock is None else tables.units(linked.stock.rows, "on_hand", *ids)
    if opening_stock is not None and file.stock_total is not None:
        opening_stock = shared(opening_stock, file.stock_total, kinds, catchment(network))
    levels = None
    if linked.levels is not None:
        point, level = (tables.units(linked.levels.rows, name, *ids, -1) for name in ("reorder_point", "order_up_to"))
        levels = point, level
    orders = sales = None
    where = {place.id: (i, place.time_zone) for i, place in enumerate(people)}
    if linked.orders is not None:
        orders = given_orders(linked.orders, network.clock, where, skus, channels)
    if linked.sales is not None:
        sales = given_sales(linked.sales.rows, clock.start, skus, [row["id"] for row in sites])
    name = source.path.parent.resolve().name if source.path.name == FILE_NAME else source.path.stem
    scenario = Scenario(
        name, source, file, network, weights / weights.sum(), blocks, linked.digests, goods, opening_stock, levels,
        orders, sales, channels,
        None if linked.receipts is None else tables.coming(linked.receipts, clock.start, *ids),
        () if linked.backlog is None else open_orders(linked.backlog, network.clock, where, skus, channels),
    )  # fmt: skip
    if opening_stock is not None and scenario.owners:
        return replace(scenario, opening_stock=parted(opening_stock, scenario.owners_parts))
    return scenario


def _rows(table: Table | None) -> list[Row]:
    assert table is not None, "a scenario without problems has its tables"
    return table.rows


def _site(row: Row, block: SiteKindBlock) -> Site:
    return Site(
        row["id"],
        row["name"],
        row["kind"],
        row["state"],
        row["lat"],
        row["lon"],
        row["time_zone"],
        Hours(tuple(block.hours.get(day) for day in WEEKDAYS)),
        block.pick_up,
        days_open(block.pick_up_days),
        block.lead,
        block.reach,
        Handling(**block.handling.model_dump()),
        row["walk_in_size"],
        tables.attributes_of(row, tables.SITES),
    )
