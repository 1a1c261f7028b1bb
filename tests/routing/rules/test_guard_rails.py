"""Rails learnt from defects that users of other engines reported; each must hold for every order and every rule set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.routing.rules.config import Rules
from sim.routing.rules.decide import asked, decide
from sim.routing.rules.reasons import Reason
from sim.routing.rules.situation import Situation
from tests.routing.rules.situations import named, rules, situation, situations, without_site

GREEDY = Rules.model_validate({"steps": [{}]})


@given(situations(), rules())
def test_given_and_backordered_and_unfilled_units_are_those_ordered(asked_for: Situation, by: Rules) -> None:
    answer = decide(by, asked_for)
    parts = [*answer.gives.values(), *answer.later.values(), answer.unfilled]
    assert tuple(sum(units) for units in zip(*parts, strict=True)) == asked_for.wanted


@given(situations(), rules())
def test_no_site_gives_more_of_a_product_than_it_has(asked_for: Situation, by: Rules) -> None:
    for site, basket in decide(by, asked_for).gives.items():
        for sku, (line, _) in asked_for.by_sku().items():
            given_away = sum(n for n, s in zip(basket, asked_for.skus, strict=True) if s == sku)
            assert given_away <= asked_for.available[line][site]


@given(situations(), rules())
def test_nobody_gives_a_negative_quantity_or_an_empty_share(asked_for: Situation, by: Rules) -> None:
    answer = decide(by, asked_for)
    for basket in [*answer.gives.values(), *answer.later.values()]:
        assert min(basket) >= 0
        assert any(basket)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=5), st.integers(1, 20))
def test_each_site_is_asked_for_what_is_left_and_not_for_the_whole_line(stock: list[int], wanted: int) -> None:
    answer = decide(GREEDY, situation([stock], [wanted]))
    before = [sum(stock[:k]) for k in range(len(stock))]
    expected = {k: [min(units, wanted - before[k])] for k, units in enumerate(stock) if units and wanted > before[k]}
    assert answer.gives == expected


@given(situations(), rules())
def test_a_site_that_has_nothing_changes_nothing(asked_for: Situation, by: Rules) -> None:
    for site in range(len(asked_for.columns)):
        useless = replace(
            asked_for,
            available=[np.where(np.arange(len(row)) == site, 0, row) for row in asked_for.available],
            backorderable=[np.where(np.arange(len(row)) == site, False, row) for row in asked_for.backorderable or ()],
        )
        fewer = without_site(useless, site)
        assert named(useless, decide(by, useless).gives) == named(fewer, decide(by, fewer).gives)


@given(situations(), rules())
def test_a_site_that_is_not_used_may_as_well_not_be_there(asked_for: Situation, by: Rules) -> None:
    # a threshold judges what the step found as a whole: a site whose part was too small spoils it for all
    assume(all(step.shipment_threshold is None for step in by.steps))
    answer = decide(by, asked_for)
    if answer.reason not in (Reason.WHOLE, Reason.SPLIT):
        return
    # a part that is worth too little undoes its step: then a site matters although it is not in the plan
    assume(all(step.shipment_threshold is None for step in by.steps))
    for site in set(range(len(asked_for.columns))) - answer.gives.keys() - answer.later.keys():
        fewer = without_site(asked_for, site)
        assert named(fewer, decide(by, fewer).gives) == named(asked_for, answer.gives)


@given(situations(), st.integers(1, 4))
def test_a_limit_of_n_sites_lets_n_give_and_never_more(asked_for: Situation, most: int) -> None:
    free, bound = (
        decide(Rules.model_validate({"steps": [{"max_sites": limit}]}), asked_for).gives for limit in (None, most)
    )
    assert len(bound) <= most
    assert len(free) > most or bound == free


@given(situations())
def test_missing_distances_rank_last(asked_for: Situation) -> None:
    by_distance = Rules.model_validate({"steps": [{"rank": [{"by": "distance"}]}]})
    known = [not np.isnan(asked_for.distances()[site]) for site in asked(by_distance.steps[0], asked_for)]
    assert known == sorted(known, reverse=True)


@given(st.lists(st.sampled_from([0.0, 1.0, 7.0, np.nan]), min_size=1, max_size=6))
def test_missing_sales_figures_rank_last(per_week: list[float]) -> None:
    by_cover = Rules.model_validate({"steps": [{"rank": [{"by": "weeks_of_supply"}]}]})
    shop = situation([[5] * len(per_week)], [1], per_week=[np.array(per_week)])
    known = [not np.isnan(per_week[site]) for site in asked(by_cover.steps[0], shop)]
    assert known == sorted(known, reverse=True)


@given(situations(), st.sampled_from([(), ({"by": "distance"},), ({"by": "inventory_balance"},)]))
def test_a_line_is_taken_in_the_order_of_the_ranking_and_each_site_but_the_last_gives_all(
    asked_for: Situation, rank: tuple[dict[str, str], ...]
) -> None:
    one_line = replace(asked_for, wanted=asked_for.wanted[:1], skus=asked_for.skus[:1])
    one_line.available, one_line.unit_value = asked_for.available[:1], (10.0,)
    by = Rules.model_validate({"steps": [{"rank": list(rank)}]})
    order = [site for site in asked(by.steps[0], one_line) if one_line.available[0][site] > 0]
    used = list(decide(by, one_line).gives.items())
    assert [site for site, _ in used] == order[: len(used)]
    assert all(basket[0] == one_line.available[0][site] for site, basket in used[:-1])


@given(situations())
def test_a_second_pass_proposes_only_what_has_not_been_given(asked_for: Situation) -> None:
    first = decide(GREEDY, asked_for)
    left = tuple(first.unfilled)
    restocked = replace(asked_for, wanted=left, available=[row * 0 + 99 for row in asked_for.available])
    second = decide(GREEDY, restocked)
    given_twice = [sum(units) for units in zip(*first.gives.values(), *second.gives.values(), strict=True)]
    assert tuple(given_twice) == asked_for.wanted


@given(situations())
def test_one_site_that_has_everything_beats_every_split_if_splits_come_first(asked_for: Situation) -> None:
    by = Rules.model_validate({"steps": [{"rank": [{"by": "skus_covered"}, {"by": "distance"}]}]})
    products = asked_for.by_sku().values()
    sites = range(len(asked_for.columns))
    if any(all(asked_for.available[line][site] >= n for line, n in products) for site in sites):
        assert len(decide(by, asked_for).gives) == 1


@given(situations(), rules(when_incomplete="refuse", backorder=False, steps=[{}]))
def test_a_refusal_names_every_product_that_is_short_and_no_other(asked_for: Situation, by: Rules) -> None:
    answer = decide(by, asked_for)
    short = {sku for sku, (line, n) in asked_for.by_sku().items() if np.sum(asked_for.available[line]) < n}
    assert set(answer.short) == short
    assert (answer.reason is Reason.INSUFFICIENT_STOCK) == bool(short)
    assert not (short and answer.gives)
