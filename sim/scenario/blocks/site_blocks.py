"""How each site works: the block of its kind, with every exception made that it meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError, expected_one_of
from sim.files import validate
from sim.scenario.blocks.disruptions import FeedDead, LabourShort, Miscount, SnowDay
from sim.scenario.blocks.feeds import SystemsFeed
from sim.scenario.changes import outer_first, placed
from sim.scenario.schema import SiteKindBlock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.files import Row, YamlFile
    from sim.network.site import SiteKind
    from sim.scenario.blocks.costs import FixedCost
    from sim.scenario.blocks.disruptions import AnyDisruption
    from sim.scenario.blocks.exceptions import SiteException, Where
    from sim.scenario.schema import ScenarioFile


def blocks_of(
    source: YamlFile,
    exceptions: Sequence[SiteException],
    kinds: Mapping[SiteKind, SiteKindBlock],
    sites: Sequence[Row],
) -> tuple[SiteKindBlock, ...]:
    """Return each site's block: that of its kind with every exception made.

    Raises
    ------
    ScenarioError
        If an exception is wrong, or names what no site has.
    """
    problems = [
        problem
        for k, each in enumerate(exceptions)
        for problem in strange(source, ("exceptions", k), each.where, sites)
    ]
    made: dict[tuple[SiteKind, tuple[int, ...]], SiteKindBlock] = {}
    for site in sites if not problems else ():
        kind: SiteKind = site["kind"]
        those = tuple(k for k, each in enumerate(exceptions) if each.where.holds(site))
        if (kind, those) not in made:
            made[kind, those] = _made(source, exceptions, kinds[kind], kind, those, problems)
    if problems:
        raise ScenarioError(problems)
    return tuple(
        made[site["kind"], tuple(k for k, each in enumerate(exceptions) if each.where.holds(site))] for site in sites
    )


def _made(
    source: YamlFile,
    exceptions: Sequence[SiteException],
    usual: SiteKindBlock,
    kind: SiteKind,
    those: tuple[int, ...],
    problems: list[Problem],
) -> SiteKindBlock:
    if not those:
        return usual
    file = source
    try:
        for k in those:
            for path in outer_first(exceptions[k].set):
                stands = ("exceptions", k, "set", path)
                file = placed(file, f"site_kinds.{kind.value}.{path}", source.at(stands), source, stands)
        return validate(SiteKindBlock, file, ("site_kinds", kind.value))
    except ScenarioError as error:
        problems += error.problems
        return usual


def strange(
    source: YamlFile, stands: tuple[str | int, ...], where: Where, sites: Sequence[Row], key: str = "where"
) -> list[Problem]:
    """Tell every name that no site has: an exception that is never made is a mistake.

    Parameters
    ----------
    stands
        Where the block with `where` stands in the file.
    key
        What `where` is called there.
    """
    columns = (("kinds", "kind", where.kinds), ("states", "state", where.states), ("sites", "id", where.sites))
    found = []
    for names, column, named in columns:
        known = list(dict.fromkeys(str(site[column]) for site in sites))
        for i, name in enumerate(named or ()):
            if name not in known:
                message = f"no site has it: {expected_one_of(str(name), known)}"
                found.append(source.problem((*stands, key, names, i), message))
    if not found and not any(where.holds(site) for site in sites):
        found.append(source.problem((*stands, key), "no site meets all of it - expected at least one"))
    return found


def strangely_closed(source: YamlFile, closed: Sequence[str], sites: Sequence[Row]) -> list[Problem]:
    """Tell every site that is closed and not there; and if none is left."""
    known = [str(row["id"]) for row in sites]
    stands = ("network", "closed")
    found = [
        source.problem((*stands, k), f"unknown site {expected_one_of(name, known)}")
        for k, name in enumerate(closed)
        if name not in known
    ]
    if not set(known) - set(closed):
        found.append(source.problem(stands, f"all {len(known)} sites are closed - expected at least one open"))
    return found


def of_no_site(source: YamlFile, fixed: Mapping[str, FixedCost], sites: Sequence[Row]) -> list[Problem]:
    """Tell every fixed cost that no site has."""
    return [
        problem
        for name, cost in fixed.items()
        if cost.where is not None
        for problem in strange(source, ("fixed", name), cost.where, sites)
    ]


def never_rolled_out(source: YamlFile, file: ScenarioFile, sites: Sequence[Row]) -> list[Problem]:
    """Tell of sites that there are none of, and of a counter that the scenario does not have."""
    block = file.roll_out
    if block is None:
        return []
    problems = []
    for name, started in (("sends", block.sends), ("collects", block.collects)):
        if started is not None:
            problems += strange(source, ("roll_out", name), started.of, sites, "of")
            for k, each in enumerate(started.on):
                problems += strange(source, ("roll_out", name, "on", k), each.where, sites)
    if block.collects is not None and file.pick_up is None:
        message = "nobody ever collects - expected a block `pick_up` in the scenario"
        problems.append(source.problem(("roll_out", "collects"), message))
    return problems


def without_effect(
    source: YamlFile, disruptions: Sequence[AnyDisruption], sites: Sequence[Row], blocks: Sequence[SiteKindBlock]
) -> list[Problem]:
    """Tell every disruption that can hit no site, or none that keeps records to be counted wrong."""
    found = []
    for k, each in enumerate(disruptions):
        if isinstance(each, SnowDay):  # it names states, see `carrier_names`
            continue
        problems = strange(source, ("disruptions", k), each.where, sites)
        hit = [block for row, block in zip(sites, blocks, strict=True) if each.where.holds(row)]
        if not problems and isinstance(each, Miscount) and all(block.records is None for block in hit):
            message = "these sites' records are their shelves - expected a block `records` at one of them"
            problems.append(source.problem(("disruptions", k, "kind"), message))
        if not problems and isinstance(each, LabourShort) and all(block.labour is None for block in hit):
            message = "nobody has shifts at these sites - expected a block `labour` at one of them"
            problems.append(source.problem(("disruptions", k, "kind"), message))
        if not problems and isinstance(each, FeedDead) and each.system:
            names = sorted({name for block in hit for name in _systems(block)})
            if each.system not in names:
                expected = expected_one_of(each.system, names) if names else "a feed of kind systems at one of them"
                message = f"no such system speaks for these sites: {expected}"
                problems.append(source.problem(("disruptions", k, "system"), message))
        found += problems
    return found


def _systems(block: SiteKindBlock) -> tuple[str, ...]:
    return tuple(block.feed.systems) if isinstance(block.feed, SystemsFeed) else ()
