"""What the world carries out and what the routing decides are told apart before anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.study.checks.check import problems_of
from sim.study.experiment import routing_of
from tests.tiny import write
from tests.world.collecting import PICK_UP, with_counters

if TYPE_CHECKING:
    from pathlib import Path

TRUCK = {"cost_per_parcel": "2 USD"}
COLLECTED = {"pick_up": PICK_UP, "routing__pickup": {}}
BY_TRUCK = {"pick_up": PICK_UP, "routing__pickup": {"transfer": "missing_lines", "truck": TRUCK}, "trucks": TRUCK}
MERGED = {"merge": {}, "routing__merge": {"when": "split"}}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"pick_up": PICK_UP}, "pick_up: nothing can be collected without it - expected a block routing.pickup as well"),
    ({**COLLECTED, "routing__pickup": {"attribute": "kerb"}},
     "routing.pickup.attribute: 'kerb' - expected 'pickup', as in the block pick_up"),
    ({**COLLECTED, "pick_up": {**PICK_UP, "receive": "5 min"}}, "pick_up.receive: makes no difference - expected"),
    ({k: v for k, v in BY_TRUCK.items() if k != "trucks"}, "routing.pickup.truck: nobody drives it - expected a block"),
    ({"trucks": TRUCK}, "trucks: makes no difference - expected pick_up and routing.pickup.truck as well"),
    ({"routing__merge": {"when": "split"}}, "routing.merge.when: 'split' - expected a block merge in the scenario"),
    ({"merge": {}}, "merge: makes no difference - expected routing.merge with when: split"),
]  # fmt: skip


def scenario_file(folder: Path, changes: dict[str, Any]) -> Path:
    return write(folder, with_counters(), network__site_attributes=["pickup"], **changes)


@pytest.mark.parametrize(("changes", "told"), WRONG)
def test_one_without_the_other_is_told_by_check_and_before_a_run(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    path = scenario_file(tmp_path, changes)
    (problem,) = problems_of(path)[1]
    assert told in str(problem)
    with pytest.raises(ScenarioError) as raised:
        routing_of(load(path))
    assert told in str(raised.value)


@pytest.mark.parametrize("changes", [COLLECTED, BY_TRUCK, MERGED])
def test_both_together_are_right(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert problems_of(scenario_file(tmp_path, changes))[1] == []
