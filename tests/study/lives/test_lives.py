"""One order's life, and two runs' different decisions, on tiny worlds made, kept and made again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.errors import FulfillSimError
from sim.report.life import told_of
from sim.report.runs.single import run_single
from sim.study.experiment import design
from sim.study.lives.differing import differing
from sim.study.lives.rerun import decisions_again, made
from sim.study.runs.run_folder import read_table
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

SEED = 3


def kept(scenario: Scenario, folder: Path, strategy: str, root: Path, seed: int = SEED) -> Path:
    return run_single(design(scenario, [strategy], 1, seed), 0, root, False, None, (str(folder), ()))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


@pytest.fixture(scope="module")
def runs(world: Path) -> dict[str, Path]:
    # few units and news twice a day, so that some are sold twice
    slow = {"site_kinds__store__feed": {"kind": "poll", "every": "12 h"}, "demand__shoppers_per_day": 120}
    scenario = tiny(world / "tiny", **slow)
    return {name: kept(scenario, world / "tiny", name, world / name) for name in ("nearest", "cheapest")}


def refused(run: Path) -> int:
    """Return an order that came back from a site."""
    decisions = read_table(run, "decisions")
    return int(decisions["order"][decisions["attempt"] > 0][0])


def test_a_life_is_told_in_order_of_time_and_costs_what_its_parcels_cost(runs: dict[str, Path]) -> None:
    run = runs["nearest"]
    order = refused(run)
    told, _ = told_of(run, order)
    moments = [event.at for event in told.life.events]
    assert moments == sorted(moments)
    assert told.life.events[0].says.startswith("ordered ")
    assert any("not on the shelf" in event.says for event in told.life.events)
    parcels = read_table(run, "parcels")
    mine = parcels["order"] == order
    assert sum(told.life.cost.values()) == sum(
        int(parcels[f"{part}_cents"][mine].sum()) for part in ("picking", "packing", "packaging", "label", "fees")
    )
    # each decision is explained, on what was believed then
    decisions = read_table(run, "decisions")
    assert [each.at for each in told.reasons] == decisions["at"][decisions["order"] == order].tolist()
    assert all(each.says[0].startswith(f"Order {order}") for each in told.reasons)


def test_what_was_believed_stands_beside_what_was_there(runs: dict[str, Path]) -> None:
    run = runs["nearest"]
    order = refused(run)
    told, _ = told_of(run, order)
    parcels, picks = read_table(run, "parcels"), read_table(run, "picks")
    (first, *_) = parcels["parcel"][(parcels["order"] == order) & (parcels["attempt"] == 0)]
    short = (picks["parcel"] == first) & (picks["picked"] < picks["asked"])
    shelf = next(row for row in told.reasons[0].shelves if row.chosen)
    assert shelf.believed >= picks["asked"][short].min()  # else it would not have been asked
    # nothing has come in between: what the pick did not find had gone before it
    again, _ = decisions_again(made(run), ())
    received = again.receipts.columns()["at"]
    decided, picked = told.reasons[0].at, float(parcels["picked_at"][parcels["parcel"] == first][0])
    assert not ((received > decided) & (received <= picked)).any()
    assert shelf.on_shelf < shelf.believed


def test_a_late_order_says_at_whose_hands(runs: dict[str, Path]) -> None:
    run = runs["cheapest"]
    orders = read_table(run, "orders")
    late = orders["delivered_at"] > orders["promised_delivery"] + 1
    in_time = orders["delivered_at"] <= orders["promised_delivery"]
    assert late.any()
    assert in_time.any()
    told, _ = told_of(run, int(orders["order"][late][0]))
    assert told.late.startswith("Late by ")
    assert told_of(run, int(orders["order"][in_time][0]))[0].late == ""


def test_runs_that_decided_alike_do_not_differ(runs: dict[str, Path], world: Path) -> None:
    run = made(runs["nearest"])
    found = differing(run, run)
    assert found.cases == ()
    assert found.only == (0, 0)
    assert found.orders == len(np.unique(read_table(run.folder, "decisions")["order"]))


def test_every_order_decided_differently_is_found_with_a_cause(runs: dict[str, Path]) -> None:
    found = differing(made(runs["nearest"]), made(runs["cheapest"]))
    first: list[dict[int, set[tuple[int, ...]]]] = []
    for run in runs.values():
        parcels, picks = read_table(run, "parcels"), read_table(run, "picks")
        asked: dict[int, set[tuple[int, ...]]] = {}
        for k in np.flatnonzero(parcels["attempt"][picks["parcel"]] == 0).tolist():
            parcel = picks["parcel"][k]
            row = (picks["site"][k], picks["sku"][k], picks["asked"][k], parcels["service"][parcel])
            asked.setdefault(int(picks["order"][k]), set()).add(row)
        first.append(asked)
    both = first[0].keys() & first[1].keys()
    assert {case.order for case in found.cases} >= {order for order in both if first[0][order] != first[1][order]}
    assert sum(group.orders for group in found.groups) == len(found.cases) > 0
    causes = {case.cause.split(":")[0] for case in found.cases}
    assert causes <= {"rule", "cost", "stock news", "refusals", "another moment", "what the rule remembers"}
    assert causes & {"rule", "cost"}
    (shown, one, other), *_ = found.side_by_side
    assert shown == found.cases[0]
    assert one.says != other.says


def test_runs_on_other_tapes_are_not_compared(runs: dict[str, Path], world: Path) -> None:
    scenario = tiny(world / "other")
    for strategy, seed, said in (("nearest", SEED + 1, "seed 3 and 4"), ("nearest", SEED, "site_kinds, demand differ")):
        run = kept(scenario, world / "other", strategy, world / f"{seed}", seed)
        with pytest.raises(FulfillSimError, match=said):
            differing(made(runs["nearest"]), made(run))


def test_a_run_is_not_explained_by_another_world_or_program(tmp_path: Path) -> None:
    scenario = tiny(tmp_path / "tiny")
    run = kept(scenario, tmp_path / "tiny", "nearest", tmp_path / "out")
    manifest = json.loads((run / "manifest.json").read_text())
    with pytest.raises(FulfillSimError, match="order 7: nobody placed it"):
        told_of(run, 7)
    manifest["strategy"] = "cheapest"  # as if the program had changed what `nearest` decides
    (run / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(FulfillSimError, match="another program made it than this one"):
        decisions_again(made(run), ())
    tiny(tmp_path / "tiny", demand__shoppers_per_day=61)
    with pytest.raises(FulfillSimError, match="is not what it was then"):
        made(run)
    manifest["asked"]["router"] = "http://127.0.0.1:1"
    (run / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(FulfillSimError, match="decided by the service at"):
        made(run)
    with pytest.raises(FulfillSimError, match="expected a folder that `fulfillsim run` wrote"):
        made(tmp_path / "nowhere")
