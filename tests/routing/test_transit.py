"""By when a parcel is delivered with a given probability: arithmetic on the stated lateness of its service."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from pydantic import ValidationError

from sim.contract.messages import Line, Order, Parcel
from sim.contract.wire import Wire
from sim.contract.wire_values import dumps, loads
from sim.errors import RoutingError
from sim.network.calendar import Clock
from sim.network.network import Network
from sim.network.site import Place
from sim.routing.config import RoutingConfig
from sim.routing.transit import LateBlock
from sim.units import MINUTES_PER_DAY
from tests.networks import WEEKDAYS_ONLY, network, service, site
from tests.routing.engines import STRATEGIES, engine
from tests.routing.ruled import heard

DAY = MINUTES_PER_DAY
AT_20 = 20 * 60.0
LATE: dict[str, Any] = {"share": "6 %", "extra_days": {1: "60 %", 2: "30 %", 5: "10 %"}}


def asked(*quantiles: str, late: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a block `transit:`."""
    return {"quantiles": list(quantiles), "late": {"ground": LATE} if late is None else late}


def the_parcel(here: Network, now: float = 60.0, **routing: Any) -> Parcel:
    """Return the parcel of one order of one unit that the first site has."""
    router = heard(engine(here, **routing), 9, here)
    (parcel,) = router.route(Order(1, now, 0, (Line(0, 1),)), now).parcels  # type: ignore[union-attr]
    return parcel


@pytest.mark.parametrize(
    ("chance", "days"),
    [
        (0.5, 0),
        (0.94, 0),  # just so many are on time
        (0.95, 1),  # 94 % + 6 % x 60 % = 97.6 %
        (0.976, 1),
        (0.98, 2),  # 97.6 % + 6 % x 30 % = 99.4 %
        (0.994, 2),
        (0.999, 5),
    ],
)
def test_a_quantile_is_the_fewest_extra_days_that_are_enough(chance: float, days: int) -> None:
    assert LateBlock.model_validate(LATE).extra(chance) == days


def test_a_parcel_tells_the_quantiles_asked_for() -> None:
    parcel = the_parcel(network([site()]), transit=asked("50 %", "95 %", "99 %"))
    assert parcel.deliver_at == DAY + AT_20
    assert parcel.deliver_quantiles == (DAY + AT_20, 2 * DAY + AT_20, 3 * DAY + AT_20)


def test_nothing_is_told_if_nothing_is_asked() -> None:
    assert the_parcel(network([site()])).deliver_quantiles == ()


def test_a_service_that_is_not_named_is_never_late() -> None:
    parcel = the_parcel(network([site()]), transit=asked("50 %", "99.9 %", late={}))
    assert parcel.deliver_quantiles == (DAY + AT_20, DAY + AT_20)


def test_extra_days_are_working_days_of_the_carrier() -> None:
    here = network([site()], services=[service(works=WEEKDAYS_ONLY)])
    parcel = the_parcel(here, now=3 * DAY + 60.0, transit=asked("50 %", "95 %"))  # Thursday
    assert parcel.deliver_quantiles == (4 * DAY + AT_20, 7 * DAY + AT_20)  # Friday; Monday


def test_a_day_in_which_clocks_change_ends_at_eight_all_the_same() -> None:
    clock = Clock(date(2026, 3, 6), "America/New_York")  # clocks go forward on Sunday the 8th
    place = Place("home", "", "", 0.0, 0.0, "America/New_York", 1)
    here = network([site(time_zone="America/New_York")], clock=clock, places=(place,))
    parcel = the_parcel(here, transit=asked("50 %", "95 %"))
    assert parcel.deliver_quantiles == (DAY + AT_20, 2 * DAY + AT_20 - 60)


def test_quantiles_survive_the_wire_by_name_and_null() -> None:
    wire = Wire(network([site(id="a")], services=[service()]))
    parcel = Parcel(0, (), 0, 1.0, 2.0, (0.0,) * 5, deliver_quantiles=(2.0, float("inf")))
    plain = wire.plain(parcel)
    assert plain["deliver_quantiles"] == [2.0, None]
    assert "deliver_quantiles" not in wire.plain(parcel._replace(deliver_quantiles=()))
    assert loads(dumps(plain)) == plain


@pytest.mark.parametrize(("chance", "whole"), [(None, [0]), ("94 %", [0]), ("95 %", [])])
def test_a_filter_may_ask_for_a_delivery_in_time_with_some_probability(chance: str | None, whole: list[int]) -> None:
    keep = {"keep": "promised_within", "days": 1, **({} if chance is None else {"chance": chance})}
    rules = {"r": {"choose": "rules", "steps": [{"filters": [keep]}]}}
    here = network([site()])
    router = heard(engine(here, "r", strategies=rules, transit=asked("50 %")), 9, here)
    plan = router.route(Order(1, 60.0, 0, (Line(0, 1),)), 60.0)
    assert [parcel.site for parcel in plan.parcels] == whole  # type: ignore[union-attr]


def test_the_probability_is_that_of_the_service_each_site_would_use() -> None:
    services = [service([[500, 900, 900]], id="ground"), service([[600, 700, 700]], id="air", business_days=(1, 1, 1))]
    keep = {"keep": "promised_within", "days": 1, "chance": "95 %"}
    rules = {"r": {"choose": "rules", "steps": [{"filters": [keep]}]}}
    near_and_far = network([site(), site(200.0)], services=services)
    router = heard(engine(near_and_far, "r", strategies=rules, transit=asked("50 %")), 9, near_and_far)
    plan = router.route(Order(1, 60.0, 0, (Line(0, 1),)), 60.0)
    assert [(p.site, p.service) for p in plan.parcels] == [(1, 1)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (asked("95 %", "50 %"), "quantiles: 0.95, 0.5 - expected ascending ones"),
        (asked("100 %"), "'100 %' - expected at most 99.9 %"),
        (asked("50 %", late={"ground": {"share": "5 %", "extra_days": {1: "50 %"}}}), "the shares add up to 50 %"),
    ],
)
def test_what_cannot_be_is_refused(block: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        RoutingConfig.model_validate({"max_parcels": 1, "strategies": STRATEGIES, "transit": block})


def test_a_chance_without_a_law_is_refused() -> None:
    keep = {"keep": "any_of", "of": [{"keep": "promised_within", "days": 1, "chance": "95 %"}]}
    rules = {"r": {"choose": "rules", "steps": [{"filters": [keep]}]}}
    with pytest.raises(
        ValidationError, match=r"strategies.r: promised_within with a chance - expected a block transit"
    ):
        RoutingConfig.model_validate({"max_parcels": 1, "strategies": rules})


@pytest.mark.parametrize(
    ("late", "message"),
    [
        ({"grond": LATE}, r"transit.late: 'grond' - expected one of ground \(did you mean ground\?\)"),
        (
            {"ground": {"share": "1 %", "extra_days": {29: "100 %"}}},
            "transit.late.ground: 32 working days with those published - expected at most 31",
        ),
    ],
)
def test_what_the_network_does_not_have_is_refused_by_name(late: dict[str, Any], message: str) -> None:
    with pytest.raises(RoutingError, match=message):
        engine(network([site(pick_up_at=time(18))]), transit=asked("50 %", late=late))
