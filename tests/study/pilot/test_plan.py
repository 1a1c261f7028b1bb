"""The plan's file: the template is one, and what is wrong is told at its line."""

import pytest

from sim.errors import ScenarioError
from sim.study.pilot.plan import Plan, read_plan, template


def test_the_template_is_a_plan(tmp_path):
    path = tmp_path / "pilot.yaml"
    path.write_text(template())
    assert read_plan(path).begins == "sends"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "begins: sends",
            "begins: send",
            r"pilot.yaml:2: begins: 'send' - expected one of.*mean sends",
        ),
        ("outcome: cost_per_order", "outcome: cost_per_ordr", "cost_per_ordr.*mean cost_per_order"),
        ("waves:", "wawes:", r"unknown key 'wawes'.*did you mean waves"),
        ("alpha: 5 %", "alpha: 60 %", "alpha: 60% - expected more than 0 % and less than 50 %"),
        ("treated: [4, 8, 16, 32]", "treated: [8, 4]", r"pilot.yaml:\d+: stores.treated: \[8, 4\] - expected numbers"),
        ("after: [2, 3]", "after: [3, 3]", r"weeks.after: \[3, 3\] - expected numbers that rise"),
        ("per_store: 2500 USD", "per_store: 2500", "cost.per_store: bare number 2500 - expected an amount"),
        ("together: store", "together: region", "stores.together: 'region' - expected one of state, store"),
    ],
)
def test_a_wrong_plan_is_told_with_what_was_expected(tmp_path, old, new, told):
    path = tmp_path / "pilot.yaml"
    assert old in template()
    path.write_text(template().replace(old, new))
    with pytest.raises(ScenarioError, match=told):
        read_plan(path)


def test_cost_is_of_stores_and_weeks():
    cost = {"once": "10 USD", "per_store": "3 USD", "per_store_week": "2 USD", "per_week": "5 USD"}
    plan = Plan.model_validate({"begins": "sends", "cost": cost})
    assert plan.cost.of(4, 6) == 100 * (10 + 4 * (3 + 6 * 2) + 6 * 5)
