"""Who speaks together of stock, and when: sites whose systems have the same feed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.blocks.feeds import BatchFeed, EventFeed, Movement, PollFeed, SystemsFeed, is_reliable
from sim.world.news.line import Line, arrivals_together

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    import simpy
    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.network.network import Network
    from sim.scenario.blocks.feeds import OneFeed
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda

EVERYTHING = tuple(Movement)


@dataclass(slots=True, eq=False)
class Group:
    """Sites that speak together.

    Parameters
    ----------
    system
        Which of the sites' systems speaks; no name where there is only one.
    tells
        The movements it tells of.
    visited
        Whether what it tells of may change by walk-in customers, or by mishaps.
    latency
        The usual one, minutes.
    lines
        What becomes of the messages of each site; none where all arrive after `latency`.
    dead_since
        The moment from which a site says nothing, of those whose feed is dead.
    """

    feed: OneFeed
    sites: NDArray[np.int64]
    system: str
    tells: tuple[Movement, ...]
    visited: bool
    latency: float
    lines: dict[int, Line]
    dead_since: dict[int, float] = field(default_factory=dict)
    changed: list[int] = field(default_factory=list)
    changed_blocks: list[NDArray[np.int64]] = field(default_factory=list)
    by_event: bool = field(init=False)
    """Whether every change is told at once."""

    def __post_init__(self) -> None:
        self.by_event = isinstance(self.feed, EventFeed)

    def take_changed(self) -> NDArray[np.int64]:
        """Return the cells changed since the last call, each once."""
        few, blocks = self.changed, self.changed_blocks
        self.changed, self.changed_blocks = [], []
        if not blocks:  # the common case at a warehouse: a handful of picks
            return np.array(sorted(set(few)), dtype=np.int64)
        return np.unique(np.concatenate([*blocks, np.array(few, dtype=np.int64)]))

    def arrivals(self, at: float, site: int) -> list[float]:
        """Return when a message that a site sends at a moment arrives."""
        return self.lines[site].arrivals(at) if self.lines else [at + self.latency]

    def alive(self) -> NDArray[np.int64]:
        """Return the sites that speak."""
        return self.sites[[j not in self.dead_since for j in self.sites.tolist()]] if self.dead_since else self.sites

    def together(self, at: float, sites: NDArray[np.int64]) -> Iterator[tuple[float, list[int]]]:
        """Yield when messages that some sites send at a moment arrive, and those whose message arrives then."""
        found: dict[tuple[float, int], list[int]] = {}
        members = sites.tolist()
        messages = arrivals_together([self.lines[site] for site in members], at)
        for site, copies in zip(members, messages, strict=True):
            for copy, arrives in enumerate(copies):
                found.setdefault((arrives, copy), []).append(site)
        for (arrives, _), those in found.items():
            yield arrives, those


def groups_of(scenario: Scenario, tape: Tape | None) -> list[Group]:
    """Return who speaks together: sites with the same feed.

    Where messages may be lost or late, those of each site have luck of their own.
    """
    found: dict[tuple[OneFeed, str, str, tuple[Movement, ...], bool], list[int]] = {}
    sites = scenario.network.sites
    for j, site in enumerate(sites):
        block = scenario.site_blocks[j]
        for system, feed, tells in systems_of(block.feed):
            zone = site.time_zone if isinstance(feed, BatchFeed) else ""
            unseen = Movement.SALES in tells or Movement.CORRECTIONS in tells
            visited = unseen and (site.walk_in_size > 0 or block.records is not None)
            found.setdefault((feed, zone, system, tells, visited), []).append(j)
    groups = []
    for (feed, _, system, tells, visited), members in found.items():
        lines = {}
        if not is_reliable(feed) and tape is not None:
            source = f"messages of {system}" if system else "messages"
            lines = {j: Line(feed, tape.counted(source, sites[j].id)) for j in members}
        groups.append(Group(feed, np.array(members), system, tells, visited, feed.latency.build().mean, lines))
    return groups


def systems_of(feed: OneFeed | SystemsFeed) -> Iterator[tuple[str, OneFeed, tuple[Movement, ...]]]:
    """Yield the systems behind the feed of a site: name, own feed, and what it tells of."""
    if not isinstance(feed, SystemsFeed):
        yield "", feed, EVERYTHING
        return
    for name, system in feed.systems.items():
        yield name, system.feed, system.movements


def keep_time(env: Agenda, network: Network, group: Group, read: Callable[[Group, bool], None]) -> None:
    """Let a group's books be read whenever its feed says so: what has changed since, or the whole of it."""
    feed = group.feed
    if isinstance(feed, PollFeed):
        env.process(_every(env, feed.every, group, read, feed.snapshot == "full"))
    elif isinstance(feed, BatchFeed):
        env.process(_daily(env, network, feed, group, read))
    if feed.full_every is not None:
        env.process(_every(env, feed.full_every, group, read, True))


def _every(
    env: Agenda, minutes: float, group: Group, read: Callable[[Group, bool], None], whole: bool
) -> Generator[simpy.Event, None, None]:
    while True:
        yield env.timeout(minutes)
        read(group, whole)


def _daily(
    env: Agenda, network: Network, feed: BatchFeed, group: Group, read: Callable[[Group, bool], None]
) -> Generator[simpy.Event, None, None]:
    zone = network.sites[int(group.sites[0])].time_zone
    day = -1
    while True:
        at = network.clock.minute(day, feed.at, zone)
        day += 1
        if at > env.now:
            yield env.timeout(at - env.now)
            read(group, feed.snapshot == "full")
