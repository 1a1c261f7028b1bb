"""What comes off the tape has the distributions that the scenario names.

Seeds are fixed, so nothing here is left to chance; a right tape with a fresh seed fails a bound less than once in a
million times.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from scipy.stats import chisquare

from sim.chance.tape import Tape
from tests.tiny import TABLES, tiny

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from sim.chance.tape import Shopper

ONE_IN_A_MILLION = 1e-6
Z = 4.9  # |z| of a standard normal exceeds it with probability 1e-6
MANY: dict[str, Any] = {"demand__shoppers_per_day": 20_000, "walk_ins__units_per_store_day": 20_000}


def shoppers(folder: Path, **changes: Any) -> list[Shopper]:
    return Tape(tiny(folder, **MANY | changes), 1, 0).shoppers(1)


def follows(observed: Mapping[Any, int], weights: Mapping[Any, float]) -> bool:
    """Return whether counts follow weights by chi-square; what has no weight must not occur at all."""
    assert set(observed) <= {key for key, weight in weights.items() if weight}
    possible = [key for key, weight in weights.items() if weight]
    total, weight = sum(observed.values()), sum(weights.values())
    expected = [total * weights[key] / weight for key in possible]
    return bool(chisquare([observed.get(key, 0) for key in possible], expected).pvalue > ONE_IN_A_MILLION)


def uniform(values: Iterable[float]) -> bool:
    return follows(Counter(int(10 * value) for value in values), dict.fromkeys(range(10), 1.0))


def test_places_are_drawn_by_their_people(tmp_path: Path) -> None:
    assert follows(Counter(s.place for s in shoppers(tmp_path)), {0: 600, 1: 900, 2: 700})


def test_lines_per_order_follow_their_shares(tmp_path: Path) -> None:
    one_unit_lines = {"demand__units_per_line": {1: 1.0}, "demand__lines_per_order": {1: 0.5, 2: 0.3, 5: 0.2}}
    # a product drawn twice becomes one line of two units, so units count the draws
    units = Counter(sum(line.quantity for line in s.lines) for s in shoppers(tmp_path, **one_unit_lines))
    assert follows(units, {1: 0.5, 2: 0.3, 5: 0.2})


def test_units_per_line_follow_their_shares(tmp_path: Path) -> None:
    one_line = {"demand__units_per_line": {1: 0.7, 3: 0.2, 12: 0.1}, "demand__lines_per_order": {1: 1.0}}
    units = Counter(line.quantity for s in shoppers(tmp_path, **one_line) for line in s.lines)
    assert follows(units, {1: 0.7, 3: 0.2, 12: 0.1})


def test_products_are_drawn_by_their_popularity(tmp_path: Path) -> None:
    rows = shoppers(tmp_path, demand__lines_per_order={1: 1.0})
    assert follows(Counter(s.lines[0].sku for s in rows), {0: 0.5, 1: 0.3, 2: 0.15, 3: 0.05})


def test_an_order_names_each_product_once(tmp_path: Path) -> None:
    rows = shoppers(tmp_path, demand__lines_per_order={5: 1.0})
    assert all(len({line.sku for line in s.lines}) == len(s.lines) for s in rows)
    assert any(len(s.lines) < 5 for s in rows)


def test_patience_and_luck_are_uniform_and_never_0_or_1(tmp_path: Path) -> None:
    rows = shoppers(tmp_path)
    assert uniform(s.patience for s in rows)
    for column in zip(*(s.luck for s in rows), strict=True):
        assert uniform(column)
        assert min(column) > 0
        assert max(column) < 1


def test_walk_in_customers_want_what_is_popular_among_what_their_store_carries(tmp_path: Path) -> None:
    # of 20,000 units a day a store sells 0.05 * 20,000 * 6 of D within its cover: less than the 6,001 asked for
    stock = {"site_kinds__store__stock__carried_from": 6001}
    wants = Tape(tiny(tmp_path, **MANY | stock), 1, 0).walk_ins(1)
    skus = Counter((wants.cells // 4).tolist())
    assert follows(skus, {0: 0.5, 1: 0.3, 2: 0.15})
    assert set((wants.cells % 4).tolist()) == {2, 3}
    assert set(wants.quantity.tolist()) == {1}


def test_walk_in_customers_come_by_their_stores_size(tmp_path: Path) -> None:
    sites = [list(row) for row in TABLES["sites.csv"]]
    sites[3][-1], sites[4][-1] = 0.5, 2
    wants = Tape(tiny(tmp_path, {"sites.csv": sites}, **MANY), 1, 0).walk_ins(1)
    count = Counter((wants.cells % 4).tolist())
    assert abs(count[2] - 10_000) < Z * 100
    assert abs(count[3] - 40_000) < Z * 200
