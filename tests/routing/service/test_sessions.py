"""Whoever calls, however often, at the same time: a session promises no unit twice."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.wire_values import dumps, loads
from sim.errors import RoutingError, WireError
from sim.routing.service.sessions import Session, Sessions, TooManySessionsError, UnknownSessionError
from tests.serving import deployment_of, post, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario.load import Scenario

CALLERS = 8


def order(number: int, quantity: int = 1) -> dict[str, Any]:
    return {"id": number, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": quantity}]}


def stock(units: int) -> dict[str, Any]:
    return {"kind": "stock", "observed_at": 0, "sites": ["dc_east"], "on_hand": {"A": [units]}}


def promised(answer: bytes) -> int:
    return sum(line["quantity"] for parcel in loads(answer)["plan"]["parcels"] for line in parcel["lines"])


@pytest.fixture
def session(scenario: Scenario) -> Session:
    """A session that has heard of ten cables."""
    deployment = deployment_of(scenario)
    session = Session(deployment, deployment.engine())
    session.call("observe", dumps({"news": [stock(10)]}))
    return session


def told(session: Session, verb: str, **body: Any) -> dict[str, Any]:
    answer: dict[str, Any] = loads(session.call(verb, dumps(body)))
    return answer


def test_the_same_key_gets_the_same_plan_and_reserves_once(session: Session) -> None:
    body = dumps({"order": order(1, 4), "now": 0})
    assert session.call("route", body, "key") == session.call("route", body, "key")
    assert told(session, "available")["available"]["A"] == 6


def test_a_key_is_good_for_one_call_only(session: Session) -> None:
    session.call("route", dumps({"order": order(1), "now": 0}), "key")
    with pytest.raises(WireError, match="this key came with another call before"):
        session.call("route", dumps({"order": order(2), "now": 0}), "key")


def test_old_keys_are_forgotten_in_turn(scenario: Scenario) -> None:
    deployment = deployment_of(scenario, remembered_answers=2)
    session = Session(deployment, deployment.engine())
    for key in ("a", "b", "c"):
        session.call("route", dumps({"order": order(1), "now": 0}), key)
    session.call("route", dumps({"order": order(2), "now": 0}), "a")  # not refused: nobody remembers it


def test_a_refused_call_has_changed_nothing(session: Session) -> None:
    wrong = {**order(1), "place": "nowhere"}
    with pytest.raises(WireError, match=r"order.place: unknown place 'nowhere'"):
        session.call("route", dumps({"news": [stock(99)], "order": wrong, "now": 0}))
    assert told(session, "available")["available"]["A"] == 10


def test_a_clock_that_lags_does_not_turn_time_back(session: Session) -> None:
    told(session, "route", order=order(1), now=3000)
    plan = told(session, "route", order=order(2), now=2000)["plan"]
    assert plan["parcels"][0]["ship_at"] >= 3000


def test_a_release_makes_units_available_again(session: Session) -> None:
    told(session, "route", order=order(1, 4), now=0)
    told(session, "release", at=1, order=1, site="dc_east", sku="A", quantity=3)
    assert told(session, "available")["available"]["A"] == 9


def test_what_is_not_promised_cannot_be_released(session: Session) -> None:
    with pytest.raises(RoutingError, match="1 units released where only 0 are promised"):
        session.call("release", dumps({"at": 1, "order": 1, "site": "dc_east", "sku": "A", "quantity": 1}))


def test_a_refusal_empties_the_shelf(session: Session) -> None:
    told(session, "route", order=order(1, 4), now=0)
    told(session, "refuse", at=1, order=1, site="dc_east", sku="A", quantity=4)
    assert told(session, "available")["available"]["A"] == 0


def test_cancelling_forgets_what_is_kept_and_releases_what_is_named(session: Session) -> None:
    assert told(session, "route", order=order(1, 12), now=0)["next_wake"] == 120
    parcels = [{"site": "dc_east", "lines": [{"sku": "A", "quantity": 10}]}]
    assert told(session, "cancel", at=1, order=1, parcels=parcels) == {"next_wake": None}
    assert told(session, "available")["available"]["A"] == 10


def test_a_release_that_cannot_be_is_told_beside_what_has_happened(session: Session) -> None:
    release = {"kind": "release", "at": 1, "order": 1, "site": "dc_east", "sku": "A", "quantity": 1}
    answer = told(session, "observe", news=[release, stock(20)])
    assert [refused["where"] for refused in answer["refused"]] == ["news[0]"]
    assert told(session, "available")["available"]["A"] == 20


def at_once(work: Callable[[int], None]) -> None:
    """Let all callers do their work at the same time."""
    start = threading.Barrier(CALLERS)

    def run(caller: int) -> None:
        start.wait()
        work(caller)

    threads = [threading.Thread(target=run, args=(caller,)) for caller in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_callers_at_the_same_time_are_never_promised_more_than_there_is(scenario: Scenario) -> None:
    units, answers = 100, list[int]()
    with serving(deployment_of(scenario)) as url:
        name = loads(post(f"{url}/sessions", {})[1])["session"]
        post(f"{url}/sessions/{name}/observe", {"news": [stock(units)]})

        def work(caller: int) -> None:
            for number in range(20):
                body = {"order": order(caller * 100 + number), "now": 0}
                status, answer = post(f"{url}/sessions/{name}/route", body)
                assert status == 200
                answers.append(promised(answer))

        at_once(work)
    assert len(answers) == CALLERS * 20
    assert sum(answers) == units


def test_threads_in_one_process_are_never_promised_more_than_there_is(session: Session) -> None:
    answers = list[int]()

    def work(caller: int) -> None:
        for number in range(10):
            answers.append(promised(session.call("route", dumps({"order": order(caller * 100 + number), "now": 0}))))

    at_once(work)
    assert sum(answers) == 10


def test_the_same_key_at_the_same_time_reserves_once(session: Session) -> None:
    body, answers = dumps({"order": order(1, 4), "now": 0}), set[bytes]()
    at_once(lambda _: answers.add(session.call("route", body, "key")))
    assert len(answers) == 1
    assert told(session, "available")["available"]["A"] == 6


def test_a_closed_session_is_unknown(scenario: Scenario) -> None:
    sessions = Sessions(deployment_of(scenario))
    name = sessions.open()
    sessions.close(name)
    with pytest.raises(UnknownSessionError):
        sessions[name]


def test_only_so_many_sessions_are_open(scenario: Scenario) -> None:
    sessions = Sessions(deployment_of(scenario, sessions=2))
    sessions.open(), sessions.open()
    with pytest.raises(TooManySessionsError, match="2 sessions are open - close one first"):
        sessions.open()


def test_a_session_nobody_calls_makes_room_for_a_new_one(scenario: Scenario) -> None:
    sessions = Sessions(deployment_of(scenario, sessions=2, session_idle="1 h"))
    left, used = sessions.open(), sessions.open()
    sessions[left].called_at -= 3601
    new = sessions.open()
    with pytest.raises(UnknownSessionError):
        sessions[left]
    assert sessions[used] is not sessions[new]
