"""Where decisions move supply or shoppers there is no bound: the field is named, and what would freeze it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.study.bound.freeze import load_frozen
from sim.study.bound.reacts import reactions, refuse_if_it_reacts
from tests.tiny import TREE, tiny, write

if TYPE_CHECKING:
    from pathlib import Path

STILL: dict[str, Any] = {"replenishment": "forecast", "storefront__share_who_wait": "100 %"}
TRANSFERS = {
    "between": ["dc", "store"],
    "review_every": "1 day",
    "surplus_over": 2,
    "shortage_under": 1.5,
    "lead": "1 day",
}
CARTS = {"minutes": "40 min", "bought": "70 %"}
CALLED_OFF = {"called_off": {"share": "5 %", "after": "1 h"}}
CASES: dict[str, tuple[dict[str, Any], Any]] = {
    "replenishment": ({"replenishment": "rules"}, "forecast"),
    "storefront.share_who_wait": ({"storefront__share_who_wait": "99 %"}, "100 %"),
    "storefront.abandonment": ({"storefront__abandonment": {1: 0, 9: 0.5}}, None),
    "storefront.response": ({"storefront__response": {1: 1.2, 3: 1}}, None),
    "storefront.carts": ({"storefront__carts": CARTS}, None),
    "transfers": ({"transfers": TRANSFERS}, None),
    "order_messages": ({"order_messages": CALLED_OFF}, None),
    "site_kinds.store.stock.supplied_by": ({"site_kinds__store__stock__supplied_by": "dc"}, "trucks"),
}


def test_nothing_reacts_where_supply_is_by_forecast_and_everybody_waits(tmp_path: Path) -> None:
    assert reactions(tiny(tmp_path, **STILL)) == []
    refuse_if_it_reacts(tiny(tmp_path / "none", **{**STILL, "replenishment": "none"}))


@pytest.mark.parametrize("path", CASES)
def test_what_reacts_is_named_and_can_be_frozen(tmp_path: Path, path: str) -> None:
    changes, frozen = CASES[path]
    file = write(tmp_path, **{**STILL, **changes})
    scenario, values = load_frozen(file, freeze=False)
    assert values == {}
    assert [(each.path, each.frozen) for each in reactions(scenario)] == [(path, frozen)]
    with pytest.raises(ScenarioError) as refused:
        refuse_if_it_reacts(scenario)
    assert f"{path}: no bound exists: " in str(refused.value)
    assert str(file) in str(refused.value)
    told = f"no {path}" if frozen is None else f"{path}: {frozen}"
    assert f"expected {told}, or --frozen" in str(refused.value)
    still, values = load_frozen(file)
    assert values == {path: frozen}
    assert reactions(still) == []


def test_everything_that_reacts_is_told_at_once_and_of_which_variant(tmp_path: Path) -> None:
    scenario = tiny(tmp_path, storefront__abandonment={1: 0, 9: 0.5})
    with pytest.raises(ScenarioError) as refused:
        refuse_if_it_reacts(scenario, "nightly")
    lines = str(refused.value).splitlines()
    assert len(lines) == 3
    assert all("nightly: no bound exists" in line for line in lines)


def test_one_site_that_differs_from_its_kind_counts_too(tmp_path: Path) -> None:
    stock = {**TREE["site_kinds"]["store"]["stock"], "supplied_by": "dc"}
    exception = {"where": {"sites": ["store_boston"]}, "set": {"stock": stock}}
    (found,) = reactions(tiny(tmp_path, **STILL, exceptions=[exception]))
    assert (found.path, found.can_be_frozen) == ("exceptions", False)
    assert "store_boston" in found.says


def test_a_forecast_cannot_be_reviewed_from_sale_to_sale(tmp_path: Path) -> None:
    stock = {"site_kinds__store__stock__review": "continuous", "site_kinds__store__stock__review_every": ...}
    with pytest.raises(ScenarioError, match=r"replenishment: forecast beside stock\.review: continuous"):
        tiny(tmp_path, **STILL, **stock)
