"""Records that drift from their shelves, through whole worlds, against closed forms.

Each product of one store is an independent trial; a band of four standard deviations is left to luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.special import ive
from scipy.stats import erlang

from sim.ledger.movements import Why
from sim.study.kpis.catalogue import BY_NAME, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from tests.theory.drifting import EVERY_DAY, count_every, spec_b, unsold
from tests.theory.one_site import run

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger

PRODUCTS = 3000
SHRINK, CYCLE = 0.02, 90


def near(share: float, truth: float, trials: int = PRODUCTS) -> bool:
    """Return whether a share of independent trials lies where a binomial law puts it."""
    return bool(abs(share - truth) <= 4 * np.sqrt(truth * (1 - truth) / trials))


def losses(ledger: Ledger, product: int) -> NDArray[np.float64]:
    """Return the days on which units of a product were lost."""
    moved = ledger.movements.columns()
    days: NDArray[np.float64] = moved["at"][(moved["why"] == Why.LOST) & (moved["cell"] == product)] / 1440
    return days


@pytest.fixture(scope="module")
def shrinking(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Return a cycle of ninety days in which nothing is seen of the units that get lost, and its count."""
    return run(
        unsold(
            tmp_path_factory.mktemp("shrink"), PRODUCTS, 30, CYCLE, {"shrink": {"per_product_day": SHRINK}},
            site_kinds__store__counting=count_every(CYCLE), snapshot__at="12:00",
        )
    )  # fmt: skip


# printed values, six digits
def test_at_the_count_so_many_records_are_wrong_as_a_poisson_law_says(shrinking: Ledger) -> None:
    counts = shrinking.counts.columns()
    assert counts["products"].tolist() == [PRODUCTS]
    assert near(counts["wrong"][0] / PRODUCTS, 0.834701)


def test_at_the_count_records_are_wrong_by_what_is_lost_in_a_cycle(shrinking: Ledger) -> None:
    # the variance of a Poisson law is its mean, 1.8
    assert abs(shrinking.counts.columns()["wrong_units"][0] / PRODUCTS - 1.8) < 4 * np.sqrt(1.8 / PRODUCTS)


def test_averaged_over_a_cycle_so_many_records_are_wrong(shrinking: Ledger) -> None:
    right, pairs = sums_of(cohort_of(shrinking)).pairs["record_accuracy"]
    assert pairs == PRODUCTS * CYCLE
    # a product's record is wrong from its first loss on: the variance over products is below 1/8
    assert abs((1 - right / pairs) - 0.536277) < 4 * np.sqrt(1 / 8 / PRODUCTS)


def test_averaged_over_a_cycle_records_are_wrong_by_half_of_what_is_lost_in_it(shrinking: Ledger) -> None:
    wrong = shrinking.snapshots.columns()["wrong_units"][:CYCLE].sum() / CYCLE / PRODUCTS
    # the time average of a Poisson process has variance sP/3
    assert abs(wrong - 0.9) < 4 * np.sqrt(1.8 / 3 / PRODUCTS)


def test_after_the_count_every_record_is_right(shrinking: Ledger) -> None:
    snapshots = shrinking.snapshots.columns()
    after = snapshots["at"] > CYCLE * 1440
    assert snapshots["record_equal"][after][0] > 0.97 * PRODUCTS  # half a day of losses later
    before = snapshots["at"] < CYCLE * 1440
    assert snapshots["record_equal"][before][-1] < 0.2 * PRODUCTS


@pytest.fixture(scope="module")
def freezing(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Return a base stock of twelve that gets lost unit by unit while the record stays where it is."""
    records = {"shrink": {"per_product_day": 0.04}}
    return run(unsold(tmp_path_factory.mktemp("freeze"), 2000, 12, 800, records))


@pytest.mark.parametrize(("day", "frozen"), [(180, 0.062906), (365, 0.787305)])
def test_so_many_shelves_are_empty_by_a_day_while_their_records_stand_still(
    freezing: Ledger, day: int, frozen: float
) -> None:
    snapshot = freezing.snapshots.columns()
    moved = freezing.movements.columns()
    gone = np.bincount(moved["cell"][moved["at"] < day * 1440], minlength=2000)
    assert near((gone == 12).mean(), frozen, 2000)
    assert (freezing.records["closing"] == 12).all()
    assert snapshot["shelf_units"][day] + snapshot["phantom_units"][day] == 12 * 2000


def test_a_base_stock_freezes_after_three_hundred_days(freezing: Ledger) -> None:
    law = erlang(12, scale=1 / 0.04)
    assert (law.mean(), law.std()) == (pytest.approx(300), pytest.approx(86.60254))
    last = [losses(freezing, product)[-1] for product in range(500) if len(losses(freezing, product)) == 12]
    assert len(last) >= 498  # all but those to come after 800 days
    assert abs(np.mean(last) - 300) < 4 * 86.60254 / np.sqrt(500)
    assert abs(np.std(last) - 86.60254) < 4 * 86.60254 / np.sqrt(2 * 500) * 1.1  # the law is a little skew


def test_a_base_stock_that_is_replaced_sale_by_sale_freezes_as_fast_and_then_sells_nothing(tmp_path: Path) -> None:
    # the demand rate does not matter: a unit in ten days of each product, replaced at once
    products, days = 300, 365
    stock = {
        "online_share": 0, "days_of_cover": 110, "safety_factor": 0, "order_days": 10, "carried_from": 0,
        "policy": "order_up_to", "review": "continuous", "supply_lead": "0 min",
    }  # fmt: skip
    walk_ins = {"units_per_store_day": products / 10, "day_cv": 0, "weekday": EVERY_DAY, "hours": [1] * 24}
    records = {"shrink": {"per_product_day": 0.04}}
    scenario = unsold(
        tmp_path, products, 12, days, records, walk_ins=walk_ins, replenishment="rules",
        site_kinds__store__stock=stock,
    )  # fmt: skip
    assert (scenario.stock_plan.order_up_to == 12).all()
    ledger = run(scenario)
    moved, sales = ledger.movements.columns(), ledger.walk_ins.columns()
    early = moved["at"] < days * 1440
    gone = np.bincount(moved["cell"][early], minlength=products)
    assert near((gone == 12).mean(), 0.787305, products)
    frozen_at = np.array([losses(ledger, k)[11] * 1440 if gone[k] == 12 else np.inf for k in range(products)])
    after = sales["at"] > frozen_at[sales["cell"]]
    assert sales["wanted"][after].sum() > 100
    assert sales["sold"][after].sum() == 0
    assert sales["sold"][~after].sum() > 0.99 * sales["wanted"][~after].sum()
    assert (ledger.records["closing"] == 12).all()


def test_bookings_up_and_down_leave_so_many_records_right_as_a_skellam_law_says(tmp_path: Path) -> None:
    records = {"miskeyed": {"per_product_day": 0.04}}
    changes = {"site_kinds__store__counting": count_every(CYCLE)}
    ledger = run(unsold(tmp_path, PRODUCTS, 30, CYCLE, records, **changes))
    # up and down 0.02 a day each: P = e^(-2aP) I0(2aP)
    assert near(1 - ledger.counts.columns()["wrong"][0] / PRODUCTS, float(ive(0, 2 * 0.02 * CYCLE)))
    moved = ledger.movements.columns()
    keyed = (moved["why"] == Why.MISKEYED) & (moved["at"] < CYCLE * 1440)
    error = np.bincount(moved["cell"][keyed], moved["record"][keyed], PRODUCTS)
    # the variance is 2aP = 3.6; that of a sample variance is about 2 var^2 / n
    assert abs(error.var() - 3.6) < 4 * 3.6 * np.sqrt((2 + 1 / 3.6) / PRODUCTS)


def test_half_of_single_units_are_left_after_a_half_life(tmp_path: Path) -> None:
    # each unit on the shelf has a chance of its own: 8 e^(-0.05 t)
    days = 14
    ledger = run(unsold(tmp_path, 2000, 8, days, {"shrink": {"per_unit_day": "5 %"}}))
    moved = ledger.movements.columns()
    left = 8 - np.bincount(moved["cell"][moved["at"] < days * 1440], minlength=2000)
    share = np.exp(-0.05 * days)
    assert abs(left.mean() - 8 * share) < 4 * np.sqrt(8 * share * (1 - share) / 2000)
    assert abs(left.var() - 8 * share * (1 - share)) < 0.25  # binomial: units go independently


# of four thousand years of another simulation, by reorder point: share of sales that are lost, and share of evenings on
# which the shelf is empty
LOSSES = (0.0, 0.05, 0.1, 0.2, 0.24)  # units a day
YEARS = {
    28: ((0.0118, 0.053), (0.1086, 0.189), (0.2792, 0.349), (0.6237, 0.661), (0.6866, 0.717)),
    30: ((0.0047, 0.028), (0.0872, 0.162), (0.2384, 0.309), (0.5971, 0.635), (0.6633, 0.695)),
    34: ((0.0004, 0.004), (0.0509, 0.109), (0.1722, 0.239), (0.5412, 0.580), (0.6186, 0.651)),
}


@pytest.mark.parametrize("theta", LOSSES)
@pytest.mark.parametrize("reorder_point", YEARS)
def test_a_store_that_orders_by_its_record_loses_sales_kang_gershwin_style(
    tmp_path: Path, reorder_point: int, theta: float
) -> None:
    ledger = run(spec_b(tmp_path, reorder_point, theta, 2500, snapshot__at="23:45"))
    sums = sums_of(cohort_of(ledger))
    lost, empty = (estimate(BY_NAME[name], [sums]).value for name in ("lost_units_walk_in", "stock_out_rate"))
    assert (lost, empty) == pytest.approx(YEARS[reorder_point][LOSSES.index(theta)], abs=0.003)


def test_the_oftener_a_store_is_counted_the_fewer_sales_it_loses(tmp_path: Path) -> None:
    curve = []
    for k, days in enumerate((365, 60)):
        scenario = spec_b(tmp_path / str(k), 30, 0.2, 100, site_kinds__store__counting=count_every(days))
        wanted, sold = (cohort_of(run(scenario)).walk_ins[name].sum() for name in ("wanted", "sold"))
        curve.append(1 - sold / wanted)
    assert curve[0] > 5 * curve[1] > 0
    assert curve[0] == pytest.approx(0.5971, abs=0.03)  # counted when the year is over
