"""What a scenario may say of what comes back, and what it is told when that makes no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.names.takers import stores_that_take
from tests.tiny import TABLES, tiny
from tests.world.hand_made import BOSTON, OAKLAND
from tests.world.returning import IN_STORE, block

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate": "120 %"}, "expected at most 100 %"),
        ({"grades": {}}, "expected at least 1"),
        ({"grades__B": {"share": "5 %", "then": "destroy"}}, "returns: grades: the shares add up to 105 %"),
        ({"grades__A__recovers": "5 %"}, "expected it with then: liquidate, and only there"),
        ({"grades__A__then": "liquidate"}, "expected it with then: liquidate, and only there"),
        ({"grades__A__then": "destroy", "grades__A__at": "dc_east"}, "at with then: destroy - expected restock or"),
        ({"grades__A__then": "destroy", "grades__A__takes": "1 h"}, "takes with then: destroy - expected restock or"),
        ({"grades__A__then": "resell"}, "expected one of destroy, liquidate, refurbish, restock"),
        ({"grades__A__at": "dc_eats"}, "returns.grades.A.at: unknown 'dc_eats' .*did you mean dc_east"),
        ({"categories": {"cable": {"rate": 0}}}, "did you mean cables"),
        ({"categories": {"cables": {"grades": {"A": "40 %"}}}}, "add up to 40 % - expected 100 %"),
        ({"categories": {"cables": {"grades": {"a": 1}}}}, "unknown 'a' - expected one of A"),
        ({"channels": {"app": 1}}, "returns.channels.app: unknown 'app' - the scenario has no channels"),
        ({"rate": 0.5, "channels": {"": 3}}, "expected a name"),
        ({"reasons": {"defect": {"share": "90 %"}}}, "reasons: the shares add up to 90 %"),
        ({"reasons": {"defect": {"share": 1, "grades": {"D": 1}}}}, "returns.reasons.defect.grades.D: unknown 'D'"),
        ({"by_mail__to": "dc_wst"}, "did you mean dc_west"),
        ({"by_mail__to": "router"}, "expected a block returns in the routing"),
        ({"by_mail__service": "grond"}, "did you mean ground"),
        ({"by_mail__inspection__per_hour": "20 USD"}, "per_hour without people"),
        ({"by_mail__inspection__person": 1}, "unknown key 'person' - expected one of cost_per_unit, people"),
        ({"in_store": {**IN_STORE, "not_kept": {"then": "liquidate"}}}, "recovers is what a liquidator pays"),
        ({"in_store": {**IN_STORE, "not_kept": {"then": "to_dc", "recovers": 0.5}}}, "recovers is what a liquidator"),
        ({"in_store": {**IN_STORE, "not_kept": {"then": "liquidate", "recovers": 0, "takes": "1 h"}}},
         "takes with then: liquidate - expected to_dc"),
        ({"window": "0 days"}, "at least 1 day"),
    ],
)  # fmt: skip
def test_returns_that_make_no_sense_are_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        tiny(tmp_path, returns=block(**changes))


def test_no_channel_makes_more_come_back_than_there_is(tmp_path: Path) -> None:
    returns = block(rate=0.3, categories={"audio": {"rate": 0.6}}, channels={"app": 2})
    with pytest.raises(ScenarioError, match=r"2 times 0[.]6 - expected a chance of at most 1"):
        tiny(tmp_path, returns=returns, demand__channels={"app": {"share": 1}})


def test_where_no_store_takes_returns_none_is_brought_to_one(tmp_path: Path) -> None:
    header, *sites = TABLES["sites.csv"]
    tables = {"sites.csv": [[*header, "takes_returns"], *([*row, row[2] == "dc"] for row in sites)]}
    with pytest.raises(ScenarioError, match="no store takes returns"):
        tiny(tmp_path, tables, returns=block(in_store=IN_STORE), network__site_attributes=["takes_returns"])


def test_where_there_is_no_dc_nothing_is_sent_to_it(tmp_path: Path) -> None:
    header, *sites = TABLES["sites.csv"]
    tables = {"sites.csv": [header, *sites[2:]]}
    returns = block(in_store=IN_STORE, by_mail__to="store_boston")
    with pytest.raises(ScenarioError, match="there is no DC - expected liquidate"):
        tiny(tmp_path, tables, returns=returns)


def test_without_the_attribute_every_store_takes_returns(tmp_path: Path) -> None:
    assert stores_that_take(tiny(tmp_path).network) == [BOSTON, OAKLAND]
