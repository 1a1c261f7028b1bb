"""Everything that is wrong with a scenario is told at once: file, tables, routing and lanes."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from sim.errors import ScenarioError
from sim.routing.config import RoutingConfig
from sim.routing.strategies.config import AnyStrategy, ByPrice
from sim.study.checks.check import check_scenario, problems_of
from tests.scenario.told import changed, line_of, told
from tests.tiny import SITE_KIND, TABLES, tiny, write

CHOICES = sorted(name for block in get_args(AnyStrategy) for name in get_args(block.model_fields["choose"].annotation))
STRATEGIES = f"one of {', '.join(CHOICES)}"
KEYS = ", ".join(sorted(RoutingConfig.model_fields))
BALANCED = ", ".join(sorted(ByPrice.model_fields))
# what stands in the file, what is written instead, what is told at the first line that is different
ROUTING = [
    ("choose: nearest", "choose: neares", f"strategies.nearest.choose: 'neares' - expected {STRATEGIES} "
     "(did you mean nearest?)"),
    ("choose: nearest", "choose: yes", f"strategies.nearest.choose: 'yes' - expected {STRATEGIES}"),
    ("      scarcity: 0.1", "      scarcity: 0.1\n      scarcety: 1", "strategies.balanced.scarcety: unknown key "
     f"'scarcety' - expected one of {BALANCED}"),
    ("      scarcity: 0.1", "      scarcety: 0.1", "strategies.balanced.scarcety: unknown key 'scarcety' - expected "
     f"one of {BALANCED} (did you mean scarcity?)"),
    ("scarcity: 0.1", "scarcity: -0.1", "strategies.balanced.scarcity: -0.1 - expected at least 0"),
    ("day_value: 1 USD", "day_value: 1", "strategies.balanced.day_value: bare number 1 - expected an amount of money "
     "with its unit, such as '4.95 USD'"),
    ("day_value: 1 USD", "day_value: -1 USD", "strategies.balanced.day_value: '-1 USD' - expected at least 0 USD"),
    ("      - dc", "      - dcs", "strategies.siloed.only[0]: 'dcs' - expected one of dc, store, third_party, vendor "
     "(did you mean dc?)"),
    ("      - dc", "      - dc\n      - third_party", "strategies.siloed.only[1]: has no block in site_kinds: "
     "'third_party' - expected one of dc, store"),
    ("max_parcels: 3", "merge: {when: split}\n  max_parcels: 3", "merge.when: 'split' - expected a block merge in "
     "the scenario, which carries it out"),
    ("max_parcels: 3", "max_parcels: 0", "max_parcels: 0 - expected at least 1"),
    ("max_parcels: 3", "max_parcels: 10000", "max_parcels: 10000 - expected at most 99"),
    ("max_parcels: 3", "most_parcels: 3", f"most_parcels: unknown key 'most_parcels' - expected one of {KEYS} "
     "(did you mean max_parcels?)"),
    ("retry_every: 2 h", "retry_every: 1 s", "backorders.retry_every: '1 s' - expected at least 10 s"),
    ("    cheapest:\n", "    ../cheap:\n", "strategies.'../cheap': '../cheap' - expected a name of at most 60 "
     'characters, none of them /\\:*?"<>|,=%'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), ROUTING)
def test_what_is_wrong_with_the_routing_is_told_at_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    line = changed(tmp_path, "scenario.yaml", old, new)
    assert told(tmp_path) == [f"scenario.yaml:{line}: routing.{message}"]


@pytest.mark.parametrize(("routing", "found"), [(None, "nothing"), ([1], "a list of 1"), ("best", "'best'")])
def test_routing_that_is_no_block_is_told(tmp_path: Path, routing: object, found: str) -> None:
    path = write(tmp_path, routing=routing)
    keys = ", ".join(RoutingConfig.model_fields)
    line = next(k for k, text in enumerate(path.read_text().splitlines(), 1) if text.startswith("routing:"))
    assert told(path) == [f"scenario.yaml:{line}: routing: {found} - expected a block with the keys {keys}"]


def test_missing_routing_is_told_once(tmp_path: Path) -> None:
    assert told(write(tmp_path, routing=...)) == ["scenario.yaml: routing: missing key - it is required"]


@pytest.mark.parametrize("only", [[], None])
def test_a_strategy_for_no_kind_of_site_is_told_and_for_all_is_right(tmp_path: Path, only: object) -> None:
    strategies = {"a": {"choose": "nearest", "only": only}}
    path = write(tmp_path, routing__strategies=strategies)
    expected = ["routing.strategies.a.only: a list of 0 - expected at least 1"] if only == [] else []
    assert [text.split(": ", 1)[1] for text in told(path)] == expected


def test_file_tables_and_routing_are_told_at_once_each_once_and_in_file_order(tmp_path: Path) -> None:
    header, east, *others = TABLES["sites.csv"]
    path = write(
        tmp_path,
        {"sites.csv": [header, [*east[:4], "north", *east[5:]], *others], "rates.csv": TABLES["rates.csv"][:1]},
        clock__start=5,
        demand__day_cv=-1,
        network__places="place.csv",
        routing__strategies__siloed={"choose": "cheap"},
        routing__max_parcels=0,
        snapshot__at="noon",
    )
    scenario, problems = problems_of(tmp_path)
    assert scenario is None
    assert [f"{Path(p.file).name}:{p.path}" for p in problems] == [
        "scenario.yaml:clock.start",
        "scenario.yaml:network.places",
        "scenario.yaml:demand.day_cv",
        "scenario.yaml:snapshot.at",
        "scenario.yaml:routing.max_parcels",
        "scenario.yaml:routing.strategies.siloed.choose",
        "sites.csv:lat",
        "rates.csv:",
    ]
    lines = [problem.line for problem in problems if problem.file == str(path)]
    assert lines == sorted(line for line in lines if line is not None)


def test_a_block_that_is_wrong_does_not_hide_the_tables_it_names(tmp_path: Path) -> None:
    header, *products = TABLES["products.csv"]
    path = write(
        tmp_path,
        {"products.csv": [header, [*products[0][:-1], "often"]]},
        network__packing_factor="much",
        carriers__services__ground__rates="rate.csv",
        carriers__services__ground__fuel="full",
    )
    assert [text.split(": ")[1] for text in told(path)] == [
        "network.packing_factor",
        "carriers.services.ground.rates",
        "carriers.services.ground.fuel",
        "popularity",
    ]


def test_a_scenario_without_problems_is_returned_with_none(tmp_path: Path) -> None:
    write(tmp_path)
    scenario, problems = problems_of(tmp_path)
    assert scenario is not None
    assert scenario.digest == tiny(tmp_path).digest
    assert problems == []


def test_wrong_routing_leaves_the_scenario_to_be_looked_at(tmp_path: Path) -> None:
    scenario, problems = problems_of(write(tmp_path, routing__max_parcels=0))
    assert scenario is not None
    assert len(problems) == 1


def test_a_missing_scenario_is_a_problem_and_no_error() -> None:
    scenario, problems = problems_of("us_electronic")
    assert scenario is None
    assert "did you mean us_electronics?" in str(problems[0])


def test_checking_raises_the_same_problems(tmp_path: Path) -> None:
    path = write(tmp_path, routing__max_parcels=0, demand__day_cv=-1)
    with pytest.raises(ScenarioError) as caught:
        check_scenario(path)
    assert list(caught.value.problems) == problems_of(path)[1]


def test_a_lane_that_is_missing_is_told_at_the_row_of_its_table(tmp_path: Path) -> None:
    kinds = {"dc": {**SITE_KIND, "reach": "100 km"}, "store": {**SITE_KIND, "reach": "500 km"}}
    assert told(write(tmp_path, site_kinds=kinds)) == [
        "sites.csv:2: dc_east: delivers nowhere - its reach is 100 km, the nearest place (021 Boston) is 415 km away",
        "sites.csv:3: dc_west: delivers nowhere - its reach is 100 km, the nearest place (941 San Francisco) is "
        "299 km away",
        "places.csv:3: 606: no site delivers there - the nearest, dc_east, is 1030 km away and reaches 100 km",
    ]


def test_the_line_of_a_lane_counts_empty_lines_too(tmp_path: Path) -> None:
    kinds = {kind: {**SITE_KIND, "reach": "500 km"} for kind in ("dc", "store")}
    write(tmp_path, site_kinds=kinds)
    places = tmp_path / "places.csv"
    places.write_text(places.read_text().replace("606,", "\n\n606,"))
    chicago = line_of(places, "606,Chicago,IL,41.84,-87.68,America/Chicago,900")
    assert told(tmp_path)[0].startswith(f"places.csv:{chicago}: 606: no site delivers there")
