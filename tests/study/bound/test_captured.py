"""The share of the gap by arithmetic, what is undefined, and what is kept."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import t

from sim.errors import FulfillSimError
from sim.study.bound import runs
from sim.study.bound.captured import CANCELLED, AgainstBound
from sim.study.bound.clairvoyant import Bound
from sim.study.bound.runs import Wanted, bounds
from sim.study.compare import compare
from sim.study.experiment import design
from sim.study.kpis.catalogue import SETTLED, Sums
from sim.study.runs.kept import ArmRun, Kept
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

ORDERS = 100
MYOPIC, CLEVER, LEAST = [1500.0, 1600, 1450, 1550], [1450.0, 1540, 1420, 1480], [1380.0, 1470, 1350, 1400]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    changes: dict[str, Any] = {
        "replenishment": "none",
        "storefront__share_who_wait": "100 %",
        "clock__measure": "1 day",
    }
    stock = {f"site_kinds__{kind}__stock__days_of_cover": 0.5 for kind in ("dc", "store")}
    return tiny(tmp_path_factory.mktemp("frozen"), **changes, **stock)


def against(scenario: Scenario, *usd: list[float], least: list[float], myopic: str = "cheapest") -> AgainstBound:
    experiment = design(scenario, ["cheapest", "nearest"], len(least), 1)

    def run(paid: float) -> ArmRun:
        return ArmRun(
            Sums({SETTLED.name: (paid, float(ORDERS)), CANCELLED: (0.0, float(ORDERS))}, {}, 0), ORDERS, 0.0, {}
        )

    replications = [dict(zip(experiment.arms, map(run, paid), strict=True)) for paid in zip(*usd, strict=True)]
    found = [{"base": Bound(each * 100, each * 100 + 50, ORDERS, 10, "Lagrangian")} for each in least]
    return AgainstBound(experiment, replications, found, Wanted(myopic))


def test_the_share_and_its_interval_are_those_of_the_delta_method(frozen: Scenario) -> None:
    found = against(frozen, MYOPIC, CLEVER, least=LEAST).captured("nearest").share
    saved, gap = np.subtract(MYOPIC, CLEVER), np.subtract(MYOPIC, LEAST)
    share = saved.sum() / gap.sum()
    spread = (saved - share * gap).std(ddof=1) / gap.mean() / math.sqrt(4)
    half = t.ppf(0.975, 3) * spread
    assert (found.mean, found.low, found.high) == pytest.approx((share, share - half, share + half))


def test_the_myopic_takes_nothing_and_the_bound_stands_below_both(frozen: Scenario) -> None:
    one = against(frozen, MYOPIC, CLEVER, least=LEAST)
    assert one.captured("cheapest").share.mean == 0
    assert one.captured("cheapest").above.mean == pytest.approx(np.subtract(MYOPIC, LEAST).mean() / ORDERS)
    told = one.as_json()["variants"]["base"]
    assert told["own_gap"] == pytest.approx(4 * 50 / (100 * sum(LEAST) + 4 * 50))
    assert told["exact"] == 0


def test_no_share_is_told_where_the_gap_is_not_surely_above_nothing(frozen: Scenario) -> None:
    close = [least + more for least, more in zip(LEAST, (0, 90, 0, 2), strict=True)]
    one = against(frozen, close, MYOPIC, least=LEAST)
    assert math.isnan(one.captured("nearest").share.mean)
    assert one.as_json()["variants"]["base"]["strategies"]["nearest"]["share"] == dict.fromkeys(("mean", "low", "high"))
    assert math.isnan(against(frozen, MYOPIC[:1], CLEVER[:1], least=LEAST[:1]).captured("nearest").share.mean)


def test_a_bound_that_somebody_beats_by_a_cent_is_none(frozen: Scenario) -> None:
    with pytest.raises(FulfillSimError, match="replication 2: nearest served 100 orders"):
        against(frozen, MYOPIC, [*CLEVER[:2], LEAST[2] - 0.01, CLEVER[3]], least=LEAST)


def test_the_myopic_strategy_is_run_as_well_and_workers_do_not_matter(frozen: Scenario) -> None:
    one, two = (
        compare(frozen, ["nearest", "dc_first"], replications=2, workers=workers, bound=Wanted("fewest_parcels"))
        for workers in (1, 2)
    )
    assert one.arms == ("nearest", "dc_first", "fewest_parcels")
    assert one.bounds == two.bounds
    assert one.as_json("")["bound"] == two.as_json("")["bound"]
    assert one.as_json("")["bound"]["myopic"] == "fewest_parcels"
    assert "bound" not in compare(frozen, ["nearest"], replications=1, workers=1).as_json("")


def test_a_bound_is_found_once_and_kept_whatever_the_news_are(
    frozen: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Kept(tmp_path)
    feed = frozen.source.path.parent
    experiment = design(frozen, ["cheapest"], 2, 1)
    first = bounds(experiment, 1, kept, range(2))
    monkeypatch.setattr(runs, "bound_of", lambda *_: pytest.fail("it is kept"))
    assert bounds(experiment, 1, kept, range(2)) == first
    from sim.scenario.load import load

    stale = load(feed, values={"site_kinds.store.feed": "nightly"})
    assert bounds(design(stale, ["nearest"], 2, 1), 1, kept, range(2)) == first
