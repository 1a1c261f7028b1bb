"""Random ways to fulfil in the worlds of `random_worlds`: people with shifts, carriers in trouble, counters, merges."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.laws.random_worlds import worlds
from tests.tiny import TREE
from tests.world.collecting import PICK_UP, with_counters

GROUND: dict[str, Any] = TREE["carriers"]["services"]["ground"]
AT_COUNTERS = with_counters(("store_boston", "store_oakland"))

_SHIFTS = st.sampled_from([
    {"day": {"hours": "08:00-18:00", "people": 2, "breaks": ["12:00-12:30"]}},
    {"night": {"hours": "22:00-06:00", "people": 1, "breaks": ["23:45-00:15", "02:00-02:30"]}},
    {
        "early": {"hours": "06:00-14:00", "people": 1},
        "late": {"days": ["mon", "sat"], "hours": "14:00-22:00", "people": 3},
    },
])  # fmt: skip


def _some(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=optional)


def _labour(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    optional = _some(
        overtime=st.just({"backlog": "30 min", "at_most": "3 h"}),
        queue=st.just("due_time"),
        waves=st.just(["09:00", "23:00"]),
        batch=st.just({"walk": "5 min", "orders": 3}),
        packing=st.just({"stations": 1}),
        rework=st.just("20 %"),
        declines_beyond=st.sampled_from([0, 3]),
        pause=st.sampled_from(["0 min", "2 h"]),
        closed_on=st.just(["2026-02-03", "2026-03-08"]),
        **more,
    )
    return st.tuples(_SHIFTS, optional).map(lambda both: {"per_hour": "19.37 USD", "shifts": both[0], **both[1]})


_LATE = {"share": "50 %", "extra_days": {1: "60 %", 4: "40 %"}}
_TROUBLE = _some(
    lost=st.sampled_from(["2 %", "30 %"]),
    damaged=st.just("10 %"),
    spells=st.just([{"per_year": 90, "lasts": "1 day", "late": _LATE}]),
    capacity=st.sampled_from([{"per_site": 3}, {"in_all": 20}]),
    co2_per_tonne_km=st.just("100 g"),
)
_CLAIMS = st.sampled_from(["refund", "reship"]).map(
    lambda then: {"noticed_after": "1 day", "contact": "5.15 USD", "then": then, "insured": "33 %"}
)
_RETURNS = {
    "rate": "30 %", "after": {"law": "uniform", "low": "1 h", "high": "1 day"},
    "grades": {
        "A": {"share": "60 %", "then": "restock"}, "C": {"share": "40 %", "then": "liquidate", "recovers": 0.333},
    },
    "by_mail": {"to": "dc_east", "service": "ground", "inspection": {"takes": "20 min"}},
    "in_store": {"share": "60 %", "to_shelf": "2 h", "not_kept": {"then": "to_dc", "cost": "1 USD", "takes": "2 h"}},
}  # fmt: skip
_OTHERS: dict[str, st.SearchStrategy[Any]] = {
    "returns": st.sampled_from([None, _RETURNS]),
    "contacts": st.sampled_from([None, {"of_late": "33 %", "of_cancelled": "50 %", "cost": "5.55 USD"}]),
    "penalties": st.sampled_from([None, {"cancelled": "1 USD", "late": "0.77 USD"}]),
    "carrying": st.sampled_from([None, {"holding": "20 %", "obsolescence": "7 %"}]),
    "trucks": st.just({"cost_per_parcel": "2 USD", "late": {"share": "20 %", "extra_days": {1: "100 %"}}}),
    "merge": st.just({"time": "30 min", "cost_per_parcel": "0.20 USD"}),
    "routing__merge": st.just({"at": ["dc"], "when": "split"}),
    "routing__pickup": st.just({"transfer": "missing_lines", "truck": {"cost_per_parcel": "2 USD"}}),
    "pick_up": st.just({**PICK_UP, "share": "40 %", "added": "20 %", "no_show": "20 %", "receive": "20 min"}),
    "network__site_attributes": st.just(["pickup"]),
}


@st.composite
def worlds_of_every_way(draw: st.DrawFn) -> dict[str, Any]:
    """Return changes of the tiny scenario with `AT_COUNTERS` for its sites, in which any way may be on."""
    changes = draw(worlds(stock="unified"))
    customers = st.sampled_from([
        {"takes": "20 min", "wait_per_minute": "0.13 USD"},
        {"takes": "40 min", "leaves_beyond": 0, "leaving": "1.11 USD"},
    ])  # fmt: skip
    for kind, more in (("dc", {}), ("store", {"walk_ins": customers})):
        labour = draw(st.none() | _labour(**more))
        if labour is not None:
            changes |= {f"site_kinds__{kind}__pickers": ..., f"site_kinds__{kind}__labour": labour}
    trouble = draw(_TROUBLE)
    changes["carriers__services"] = {"ground": GROUND | trouble}
    if trouble.keys() & {"lost", "damaged"}:
        changes["carriers__claims"] = draw(_CLAIMS)
    others = {name: draw(values) for name, values in _OTHERS.items()}
    return changes | {name: value for name, value in others.items() if value is not None}
