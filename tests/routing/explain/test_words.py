"""What a planner reads: exact sentences for small cases."""

from __future__ import annotations

import json
from io import StringIO

from rich.console import Console

from sim.contract.messages import Order
from sim.report.explanation import show
from sim.routing.explain import Explanation, describe, explain
from sim.routing.explain.words import sentences
from tests.networks import dearer, network, site
from tests.routing.explain.test_reasons import ONE, TWO, engine
from tests.routing.explain.worlds import NOW, STRATEGIES, order, world

CHEAP = {"choose": "cheapest"}


def told(stock: list[list[int]], asked: Order, strategy: dict[str, object] = CHEAP, far: float = 200.0) -> Explanation:
    """Explain an order to a near site with dear hands and a far one with free ones."""
    sites = [site(10.0, id="near", handling=dearer(150)), site(far, id="far")]
    goods = network(sites).products
    named = tuple(type(p)("AB"[k], "", "", p.weight_kg, p.volume_cm3, 1000, 600) for k, p in enumerate(goods))
    return explain(engine(network(sites, named), strategy, stock), asked, NOW)


def test_the_decision_is_told_with_price_day_and_age_of_the_news() -> None:
    assert sentences(told([[0, 1], [0, 1]], TWO))[0] == (
        "Order 1 (1 of A and 1 of B) is served from far with 1 of A and 1 of B by ground for 6.00 USD, "
        "delivered Wed 4 Feb; the news of the stock there was 960 min old."
    )


def test_the_nearest_site_lacks_something() -> None:
    assert sentences(told([[1, 1], [0, 1]], TWO))[1] == "The nearest site, near at 10 km, lacks 1 of B."


def test_the_nearest_site_would_cost_more_part_by_part() -> None:
    assert sentences(told([[1, 1], [1, 1]], TWO))[1] == (
        "The nearest site, near at 10 km, would cost 0.50 USD more (packing +1.50, label -1.00)."
    )


def test_a_site_that_would_deliver_sooner_is_told_with_its_price() -> None:
    assert "near could deliver 1 day earlier, at 0.50 USD more (packing +1.50, label -1.00); it costs more." in (
        sentences(told([[1, 1], [1, 1]], TWO))
    )


def test_the_cost_that_would_have_won_is_told() -> None:
    # equal costs go to the site listed first, so the very difference is enough
    assert sentences(told([[1, 1], [1, 1]], TWO))[-1] == "near would have served it if its cost were 0.50 USD lower."


def test_a_split_for_want_of_a_site_with_everything_says_what_each_lacks() -> None:
    assert sentences(told([[1, 0], [0, 1]], TWO))[2] == (
        "It is split because no site that may serve it has everything: near lacks 1 of B; far lacks 1 of A."
    )


def test_what_nobody_has_is_given_up_and_says_so() -> None:
    assert sentences(told([[0, 0], [1, 1]], TWO))[1] == (
        "1 of A of order 1 is given up: no more of it could be had from sites that may serve it."
    )


def test_an_age_of_news_is_told_as_a_limit() -> None:
    strategy = {
        "choose": "rules", "doubt": {"half_life": "8 h"}, "when_incomplete": "place_nothing",
        "steps": [{"filters": [{"keep": "sure_stock", "at_least": 0.5}], "rank": [{"by": "distance"}]}],
    }  # fmt: skip
    lines = sentences(told([[1, 0], [1, 0]], ONE, strategy))
    assert "near would have served it if the news of its stock were 480 min old or less." in lines


def test_markdown_has_a_row_for_each_site() -> None:
    lines = describe(told([[0, 1], [0, 1]], TWO)).splitlines()
    assert lines[-2:] == [
        "| far | chosen | serves the whole order | 1/1 A, 1/1 B | 960 min | 200 | 6.00 | Wed 4 Feb |",
        "| near | refused | has none of it | 0/1 A, 0/1 B | 960 min | 10 | 6.50 | Tue 3 Feb |",
    ]


def test_the_terminal_shows_the_sentences_and_the_table() -> None:
    console = Console(width=140, record=True, file=StringIO())
    show(console, told([[0, 1], [0, 1]], TWO))
    text = console.export_text()
    assert "Order 1 (1 of A and 1 of B) is served from far" in text
    assert "serves the whole order" in text


def test_the_machine_form_survives_json_for_every_strategy() -> None:
    for strategy in STRATEGIES:
        plain = explain(world(2, strategy).engine(), order(2), NOW).as_json()
        assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_every_strategy_can_be_described() -> None:
    for strategy in STRATEGIES:
        for seed in range(8):
            text = describe(explain(world(seed, strategy).engine(), order(seed), NOW, "reasons"))
            assert text.startswith("- ")
