"""Claims and joint decisions over the service's verbs."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from sim.contract.wire_values import dumps, loads
from sim.errors import RoutingError
from sim.routing.config import RoutingConfig
from sim.routing.service.deployment import Deployment, Limits
from sim.routing.service.sessions import Session
from sim.routing.service.stateless import Stateless
from sim.scenario.load import Scenario
from tests.serving import post, serving

STRATEGIES: dict[str, dict[str, Any]] = {
    "asks": {"choose": "cheapest", "claims": {"candidates": 4, "timeout": "10 min"}},
    "batch": {"choose": "batch", "window": "10 min"},
}
STOCK = {"sites": ["dc_east", "dc_west", "store_boston", "store_oakland"], "on_hand": {"C": [0, 1, 1, 1]}}


def order(number: int, place: str = "021") -> dict[str, Any]:
    return {"id": number, "placed_at": 0, "place": place, "lines": [{"sku": "C", "quantity": 1}]}


def deployment(scenario: Scenario, strategy: str) -> Deployment:
    config = RoutingConfig.model_validate({"max_parcels": 2, "strategies": STRATEGIES})
    return Deployment(scenario.network, config, strategy, Limits())


@pytest.fixture
def session(scenario: Scenario) -> Session:
    here = deployment(scenario, "asks")
    session = Session(here, here.engine())
    session.call("observe", dumps({"news": [{"kind": "stock", "observed_at": 0, **STOCK}]}))
    return session


def told(session: Session, verb: str, **body: Any) -> dict[str, Any]:
    answer: dict[str, Any] = loads(session.call(verb, dumps(body)))
    return answer


def test_an_order_is_offered_claimed_and_decided(session: Session) -> None:
    answer = told(session, "route", order=order(1), now=0)
    assert sorted(answer["hold"]["offered_to"]) == ["dc_west", "store_boston", "store_oakland"]
    assert told(session, "unclaim", at=1, order=1, site="store_boston") == {"next_wake": 10}
    assert told(session, "claim", at=2, order=1, site="store_oakland") == {"next_wake": 2}
    [decision] = told(session, "tick", now=2)["decisions"]
    assert [parcel["site"] for parcel in decision["plan"]["parcels"]] == ["store_oakland"]
    assert decision["plan"]["reason"] == "claimed"


def test_of_many_who_claim_at_the_same_time_one_has_it(session: Session) -> None:
    sites = told(session, "route", order=order(1), now=0)["hold"]["offered_to"]
    won, lost = list[str](), list[str]()

    def claim(site: str) -> None:
        try:
            told(session, "claim", at=1, order=1, site=site)
            won.append(site)
        except RoutingError as error:
            lost.append(str(error))

    callers = [threading.Thread(target=claim, args=(site,)) for site in sites]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert (len(won), len(lost)) == (1, 2)
    assert all("has been claimed before" in text for text in lost)


def test_a_claim_that_comes_too_late_is_refused_by_name_over_http(scenario: Scenario) -> None:
    with serving(deployment(scenario, "asks")) as url:
        session = f"{url}/sessions/{loads(post(f'{url}/sessions', {})[1])['session']}"
        status, answer = post(f"{session}/claim", {"at": 1, "order": 7, "site": "dc_west"})
    assert status == 409
    assert loads(answer)["error"]["what"] == "order 7 is not on offer to dc_west, or no longer"


def test_a_batch_that_carries_its_stock_is_decided_jointly(scenario: Scenario) -> None:
    # first come, first served would give Boston's monitor to Chicago
    here = deployment(scenario, "batch")
    stateless = Stateless(here, here.engine())
    stock = {"sites": STOCK["sites"], "on_hand": {"C": [0, 1, 1, 0]}}
    body = dumps({"orders": [order(1, "606"), order(2)], "now": 600, "stock": stock})
    for _ in range(2):  # and nothing is remembered
        plans = loads(stateless.call("route_batch", body))["plans"]
        assert [[parcel["site"] for parcel in plan["parcels"]] for plan in plans] == [["dc_west"], ["store_boston"]]
