"""Some orders pass a full site; their work counts all the same, and the explanation says so."""

from __future__ import annotations

from typing import Any

import pytest

from sim.routing.explain.ask import explain, routed
from sim.routing.explain.counterfactuals import Counterfactual
from sim.routing.explain.words import describe, sentences
from sim.routing.rules.reasons import Reason
from tests.routing.capacity.shops import FAR, NEAR, engine, order, served_near, shops

VIP: dict[str, Any] = {"counts": "orders", "limit": 2, "unless": {"priority_at_least": 5, "channels": ["staff"]}}


@pytest.mark.parametrize("how", ["always", "rules"])
@pytest.mark.parametrize(("more", "passes"), [({}, False), ({"priority": 4}, False), ({"priority": 5}, True),
                                              ({"channel": "web"}, False), ({"channel": "staff"}, True)])  # fmt: skip
def test_an_order_passes_a_full_site_if_it_is_urgent_or_comes_from_such_a_channel(
    how: str, more: dict[str, Any], passes: bool
) -> None:
    rules = {"choose": "rules", "steps": [{"filters": [{"keep": "capacity", **VIP}], "rank": [{"by": "distance"}]}]}
    here = engine(strategy=rules) if how == "rules" else engine(VIP)
    assert served_near(here, 2, 60.0) == 2
    assert served_near(here, 1, 61.0, first=10, **more) == passes


def test_who_passes_takes_the_place_of_others() -> None:
    here = engine(VIP)
    assert served_near(here, 3, 60.0, priority=9) == 3
    assert served_near(here, 1, 61.0, first=10) == 0


def test_near_the_limit_it_costs_those_nothing_who_pass() -> None:
    busy = {**VIP, "start": 0, "at_limit": "10 USD", "sites": {"far": 1000}}
    here = engine(strategy={"choose": "cheapest", "objective": {"busy": busy}})
    assert served_near(here, 4, 60.0, priority=5) == 4
    assert served_near(here, 1, 60.0, first=10) == 0


def test_how_full_a_site_was_is_told_however_much_it_has_taken_on_since() -> None:
    here = engine({"counts": "units", "limit": 5}, at=shops())
    _, told = routed(here, order(1, (0, 3)), 60.0)
    assert served_near(here, 2, 60.0, (0, 1), first=2) == 2
    assert [site.full for site in told.sites] == [(), ()]  # it is full since, and was not then


def test_a_full_site_is_told_with_how_full_it_is() -> None:
    here = engine({"counts": "units", "limit": 5, "channels": ["web"]}, at=shops())
    served_near(here, 2, 60.0, (0, 2), channel="web")
    told = explain(here, order(9, (0, 3), channel="web"), 61.0)
    near = told.sites[NEAR]
    assert (near.reason, [parcel.site for parcel in told.plan.parcels]) == (Reason.AT_CAPACITY, [FAR])
    words = "4 of 5 units a day from web, 3 more asked for"
    assert [full.words() for full in near.full] == [words]
    assert f"The nearest site, near at 10 km, has taken on all it can ({words})." in sentences(told)
    assert f"has taken on all it can ({words})" in describe(told)
    assert told.as_json()["sites"][NEAR]["full"] == [
        {"limit": "units a day from web", "taken": 4.0, "carried": 0.0, "asked": 3.0, "most": 5.0, "passes": False,
         "of_rules": False}
    ]  # fmt: skip
    assert "full" not in told.as_json()["sites"][FAR]


def test_a_full_site_would_have_served_had_it_taken_on_more() -> None:
    here = engine({"counts": "units", "limit": 5})
    served_near(here, 1, 60.0, (0, 4))
    told = explain(here, order(9, (0, 3)), 61.0)
    assert Counterfactual("near", "capacity", 2.0, "units a day", "all") in told.counterfactuals  # type: ignore[arg-type]
    assert "near would have served it if it took on 2 more units a day." in sentences(told)


def test_more_stock_would_not_help_a_full_site() -> None:
    here = engine({"counts": "orders", "limit": 0, "kinds": {"dc": 9}}, {"counts": "units", "sites": {"near": 0}})
    assert [each.knob for each in explain(here, order(9), 61.0).counterfactuals] == []


def test_a_filter_s_full_site_is_told_the_same_way() -> None:
    few = {"keep": "capacity", "counts": "orders", "limit": 1, "per": "hour"}
    here = engine(strategy={"choose": "rules", "steps": [{"filters": [few], "rank": [{"by": "distance"}]}]})
    served_near(here, 1, 60.0)
    told = explain(here, order(9), 61.0)
    assert told.sites[NEAR].reason is Reason.AT_CAPACITY
    assert "The nearest site, near at 10 km, has taken on all it can (1 of 1 orders an hour)." in sentences(told)


def test_who_passes_a_full_site_is_told_so() -> None:
    here = engine(VIP)
    served_near(here, 2, 60.0)
    told = explain(here, order(9, priority=5), 61.0)
    assert "near is full (2 of 2 orders a day), but this order passes full sites." in sentences(told)
    assert told.sites[NEAR].reason is Reason.SERVES_ALL
