"""What a scenario's world carries out against what its routing decides: one without the other is a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import RoutingError
from sim.routing.distances import GreatCircle, with_distances
from sim.routing.strategies.config import ByRules
from sim.study.checks.routing_names import strange_routing_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.errors import Problem
    from sim.files import Key
    from sim.routing.config import RoutingConfig
    from sim.scenario.load import Scenario


def disagreements(scenario: Scenario, config: RoutingConfig) -> list[Problem]:
    """Tell every way to fulfil that is in the blocks of the world and not in the block `routing:`, or the reverse.

    Names in the block `routing:` that nothing in the scenario has are told as well.
    """
    return [scenario.source.problem(key, message) for key, message in _found(scenario, config)]


def _found(scenario: Scenario, config: RoutingConfig) -> Iterator[tuple[Key, str]]:
    file, pickup = scenario.file, config.pickup
    truck = None if pickup is None else pickup.truck
    if file.pick_up is not None:
        if pickup is None:
            yield ("pick_up",), "nothing can be collected without it - expected a block routing.pickup as well"
        elif pickup.attribute != file.pick_up.attribute:
            expected = f"expected {file.pick_up.attribute!r}, as in the block pick_up"
            yield ("routing", "pickup", "attribute"), f"{pickup.attribute!r} - {expected}"
        elif pickup.transfer == "never" and file.pick_up.receive:
            yield (
                ("pick_up", "receive"),
                "makes no difference - expected routing.pickup.transfer: missing_lines, or such",
            )
        if truck is not None and file.trucks is None:
            yield ("routing", "pickup", "truck"), "nobody drives it - expected a block trucks in the scenario as well"
    if file.trucks is not None and (truck is None or file.pick_up is None):
        yield ("trucks",), "makes no difference - expected pick_up and routing.pickup.truck as well"
    split = config.merge is not None and config.merge.when == "split"
    if split and file.merge is None:
        yield ("routing", "merge", "when"), "'split' - expected a block merge in the scenario, which carries it out"
    if file.merge is not None and not split:
        yield ("merge",), "makes no difference - expected routing.merge with when: split"
    yield from _distances(scenario, config)
    yield from strange_routing_names(scenario, config)


def _distances(scenario: Scenario, config: RoutingConfig) -> Iterator[tuple[Key, str]]:
    try:
        with_distances(scenario.network, config.distance)
    except RoutingError as error:
        yield ("routing", "distance"), str(error)
    rules = [s for s in config.strategies.values() if isinstance(s, ByRules)]
    timed = any(rank.by == "drive_time" for by in rules for step in by.steps for rank in (*step.rank, *step.weigh))
    ours = config.distance is None or isinstance(config.distance, GreatCircle)
    if timed and scenario.network.drive_min is None:
        yield ("routing", "strategies"), "a rank by drive_time - expected network.roads with a column minutes"
    if scenario.network.roads is not None and ours and not timed:
        expected = "expected routing.distance with measure: road, or a rank by drive_time"
        yield ("network", "roads"), f"makes no difference - {expected}"
