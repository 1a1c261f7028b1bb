"""The wire format as JSON Schema, derived from the same annotations as `wire` itself."""

from __future__ import annotations

import types
from typing import Any, Union, get_args, get_origin, get_type_hints

from sim.contract.messages import (
    COST_PARTS,
    Decision,
    Hold,
    Later,
    Leg,
    Line,
    OnOffer,
    Order,
    Parcel,
    Plan,
    Quote,
    Revision,
)
from sim.contract.news import Claim, Receipts, Refusal, Release, StockNews, Unclaim
from sim.contract.pickup_option import PickupOption
from sim.contract.wire_fields import KINDS, MAYBE_NEVER, MAYBE_NONE, MOMENTS, MOST_LINES, NAMED, Unpicked

Schema = dict[str, Any]

_SCALARS: dict[Any, Schema] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
}
_MOMENT: Schema = {
    "description": "minutes since the network's start, or a date and time with its offset from UTC",
    "anyOf": [{"type": "number"}, {"type": "string", "format": "date-time"}],
}
_NEVER: Schema = {"description": "minutes; null: beyond the calendar", "type": ["number", "null"]}
_COLUMNS: Schema = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}}


def definitions(prefix: str) -> dict[str, Schema]:
    """Return the schema of every message by name; they refer to one another as `prefix` + name."""
    plain = (
        Line, Order, Parcel, Leg, Later, Plan, Hold, Decision, Revision, OnOffer, Quote, PickupOption, Unpicked,
    )  # fmt: skip
    found = {kind.__name__: _message(kind, prefix) for kind in plain}
    for kind, message in KINDS.items():
        if message not in (StockNews, Receipts):
            schema = _message(message, prefix)
            schema["properties"] = {"kind": {"const": kind}, **schema["properties"]}
            schema["required"] = ["kind", *schema["required"]]
            found[message.__name__] = schema
    found["Stock"] = _object(
        {
            "observed_at": {"description": "when the counts were read", **_MOMENT},
            "sites": {"type": "array", "items": {"type": "string"}, "description": "the sites that speak, each once"},
            "on_hand": {"description": "per product one count a site, in the order of `sites`", **_COLUMNS},
            "at": {"description": "per product the positions in `sites` its counts are for; all if absent", **_COLUMNS},
            "whole": {"type": "boolean", "description": "whether all cells of the sites are told; false if absent"},
            "picked": {"description": "units picked for own parcels in all so far; 0 if absent", **_COLUMNS},
        },
        ["sites", "on_hand"],
    )
    found["StockNews"] = _object(
        {"kind": {"const": "stock"}, **found["Stock"]["properties"]}, ["kind", "sites", "on_hand"]
    )
    found["Receipts"] = _object(
        {
            "kind": {"const": "receipts"},
            "observed_at": {"description": "when the picture was taken", **_MOMENT},
            "sites": {"type": "array", "items": {"type": "string"}, "description": "the sites whose picture it is"},
            "at": {"description": "per product the positions in `sites` of its receipts", **_COLUMNS},
            "units": {"description": "per product the units of each receipt", **_COLUMNS},
            "due": {"type": "object", "additionalProperties": _list(_MOMENT)},
        },
        ["kind", "observed_at", "sites"],
    )
    found["News"] = {"anyOf": [{"$ref": f"{prefix}{message.__name__}"} for message in KINDS.values()]}
    found["Error"] = _object(
        {"error": _object({key: {"type": "string"} for key in ("what", "where", "expected")}, ["what"])}, ["error"]
    )
    return found


def requests(prefix: str) -> dict[str, Schema]:
    """Return the schema of the body of every call; ``session_`` those of a session."""
    order, stock = {"$ref": f"{prefix}Order"}, {"$ref": f"{prefix}Stock"}
    news: Schema = {
        "type": "array",
        "items": {"$ref": f"{prefix}News"},
        "description": "what is new since the last call",
    }
    alone = {"now": _MOMENT, "stock": stock}
    around: dict[str, Schema] = {"radius_km": {"type": "number", "minimum": 0}, "whole": {"type": "boolean"}}
    found = {
        "route": _object({"order": order, **alone}, ["order", "now", "stock"]),
        "route_batch": _object({"orders": _list(order), **alone}, ["orders", "now", "stock"]),
        "candidates": _object({"order": order, **alone}, ["order", "now", "stock"]),
        "explain": _object({"order": order, **alone}, ["order", "now", "stock"]),
        "pickup": _object({"order": order, **alone, **around}, ["order", "now", "stock"]),
        "return": _object({"order": order, **alone}, ["order", "now", "stock"]),
        "session_observe": _object({"news": news}, ["news"]),
        "session_quote": _object({"news": news, "order": order, "now": _MOMENT}, ["order", "now"]),
        "session_route": _object({"news": news, "order": order, "now": _MOMENT}, ["order", "now"]),
        "session_available": _object({"news": news, "channel": {"type": "string"}}, []),
        "session_pickup": _object({"order": order, "now": _MOMENT, **around}, ["order", "now"]),
        "session_return": _object({"order": order, "now": _MOMENT}, ["order", "now"]),
        "session_tick": _object({"news": news, "now": _MOMENT}, ["now"]),
        "session_cancel": _object(
            {"at": _MOMENT, "order": {"type": "integer"}, "parcels": _list({"$ref": f"{prefix}Unpicked"})},
            ["at", "order"],
        ),
    }
    for verb, message in (("release", Release), ("refuse", Refusal), ("claim", Claim), ("unclaim", Unclaim)):
        found[f"session_{verb}"] = _message(message, prefix)
    return found


def answers(prefix: str) -> dict[str, Schema]:
    """Return the schema of the answer to every call."""
    plan = {"$ref": f"{prefix}Plan"}
    session: dict[str, Schema] = {
        "next_wake": {"description": "when `tick` wants to be called", "type": ["number", "null"]},
        "refused": {"description": "news that could not be", "type": "array", "items": {"type": "object"}},
    }
    decided = [{"$ref": f"{prefix}{name}"} for name in ("Decision", "Revision", "OnOffer")]
    found = {
        "route": _object({"plan": plan, "hold": {"$ref": f"{prefix}Hold"}}, []),
        "route_batch": _object({"plans": _list(plan)}, ["plans"]),
        "candidates": _object({"candidates": _list({"$ref": f"{prefix}Parcel"})}, ["candidates"]),
        "explain": _object({"explanation": {"type": "object"}, "text": {"type": "string"}}, ["explanation", "text"]),
        "pickup": _object({"options": _list({"$ref": f"{prefix}PickupOption"})}, ["options"]),
        "return": _object({"site": {"type": "string"}}, ["site"]),
        "session_quote": _object({"quote": {"$ref": f"{prefix}Quote"}, **session}, ["quote", "next_wake"]),
        "session_route": _object({"plan": plan, "hold": {"$ref": f"{prefix}Hold"}, **session}, ["next_wake"]),
        "session_available": _object(
            {"available": {"type": "object", "additionalProperties": {"type": "number"}}, **session}, ["available"]
        ),
        "session_pickup": _object(
            {"options": _list({"$ref": f"{prefix}PickupOption"}), **session}, ["options", "next_wake"]
        ),
        "session_return": _object({"site": {"type": "string"}, **session}, ["site", "next_wake"]),
        "session_tick": _object({"decisions": _list({"anyOf": decided}), **session}, ["decisions"]),
    }
    for verb in ("observe", "release", "refuse", "cancel", "claim", "unclaim"):
        found[f"session_{verb}"] = _object(session, ["next_wake"])
    return found


def request_schema(call: str) -> Schema:
    """Return the schema of one call's body as a document of its own."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, "title": call, **requests("#/$defs/")[call], "$defs": definitions("#/$defs/")}


def _object(properties: dict[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _message(kind: Any, prefix: str) -> Schema:
    hints = get_type_hints(kind)
    maybe_none = MAYBE_NONE.union([field for field, default in kind._field_defaults.items() if default == -1])
    properties = {field: _field(field, hints[field], prefix, field in maybe_none) for field in kind._fields}
    schema = _object(properties, [field for field in kind._fields if field not in kind._field_defaults])
    return {"description": (kind.__doc__ or "").partition("\n")[0], **schema}


def _named(kinds: tuple[str, ...], hint: Any, maybe_none: bool) -> Schema:
    arguments = get_args(hint)
    if len(kinds) == 2 and arguments[-1] is not Ellipsis:
        pair = [_named((kind,), int, maybe_none) for kind in kinds]
        return {"type": "array", "prefixItems": pair, "minItems": 2, "maxItems": 2}
    if arguments:
        return _list(_named(kinds, arguments[0], maybe_none))
    return {"type": ["string", "null"] if maybe_none else "string", "description": f"name of a {kinds[0]}"}


def _field(field: str, hint: Any, prefix: str, maybe_none: bool = False) -> Schema:
    origin, arguments = get_origin(hint), get_args(hint)
    if field == "cents":
        return _object({part: {"type": "number"} for part in COST_PARTS}, list(COST_PARTS))
    if field == "penalties":
        return {"type": "object", "additionalProperties": {"type": "number"}}
    if field in MOMENTS:
        return _NEVER if field in MAYBE_NEVER else _MOMENT
    if field == "deliver_quantiles":
        return _list(_NEVER)
    if field in NAMED:
        return _named(NAMED[field], hint, maybe_none)
    if field == "quantity":
        return {"type": "number", "exclusiveMinimum": 0, "description": "a whole multiple of the product's unit_step"}
    if origin is tuple:
        items = _list(_field("", arguments[0], prefix))
        return {**items, "minItems": 1, "maxItems": MOST_LINES} if field == "lines" else items
    if origin in (Union, types.UnionType):
        return {"anyOf": [_field("", next(a for a in arguments if a is not type(None)), prefix), {"type": "null"}]}
    return _SCALARS.get(hint) or {"$ref": f"{prefix}{hint.__name__}"}
