"""The service as an ASGI application: paths to verbs, errors to JSON, and its own description (OpenAPI)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route

from sim.contract.wire_schema import answers, definitions, requests
from sim.contract.wire_values import as_object, dumps, loads, short
from sim.errors import RoutingError, WireError, one_of
from sim.network.file import digest
from sim.routing.service.gate import LOOPBACK, Gate
from sim.routing.service.sessions import Sessions, TooManySessionsError, UnknownSessionError
from sim.routing.service.stateless import Stateless
from sim.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.routing.engine import Engine
    from sim.routing.service.deployment import Deployment

# Bodies above this are read and answered beside the loop, so that small calls do not wait for them.
LARGE_BODY = 200_000
SESSION_VERBS = {
    "observe": "Hear news: stock, receipts on their way, refusals, releases, cancellations.",
    "quote": "Hear news, and say what an order would be promised now; nothing is reserved.",
    "route": "Hear news, decide how to serve an order, and reserve what is promised; or hold it until a `tick`.",
    "available": "Return the units of each product that could be promised now.",
    "tick": "Decide on orders held and lines kept, revise parcels not picked; to be called at `next_wake`.",
    "release": "Take back a promise that is no longer wanted.",
    "refuse": "Hear that a site could not give what was promised from it.",
    "claim": "Hear that a site wants an order that is on offer to it: the first to say so has it.",
    "unclaim": "Hear that a site does not want an order that is on offer to it.",
    "cancel": "Forget what is kept of an order, and release the parcels named.",
    "pickup": "Return where an order could be collected: the pick-up sites around its place, nearest first.",
    "return": "Return the site that goods should go back to; `order` holds what comes back, and from where.",
}
STATELESS_VERBS = {
    "route": "Decide how to serve one order from the stock in the call.",
    "route_batch": "Decide about many orders from the stock in the call: one after the other, or jointly by `batch`.",
    "candidates": "Return the parcel that each site could send of an order: most units first, then the cheapest.",
    "explain": "Say why an order would be served as it would, site by site, and what would change it.",
    "pickup": "Return where an order could be collected: the pick-up sites around its place, nearest first.",
    "return": "Return the site that goods should go back to; `order` holds what comes back, and from where.",
}


def create_app(
    deployment: Deployment,
    *,
    token: str | None = None,
    hosts: frozenset[str] | None = LOOPBACK,
    prepare: Callable[[Engine, str], None] | None = None,
) -> FastAPI:
    """Return the service.

    Parameters
    ----------
    token, hosts
        See `Gate`.
    prepare
        Called with every engine of the service and a name for it before it is used: a decision log attaches itself so.
    """
    app = FastAPI(
        title="FulfillSim order routing",
        version=VERSION,
        description="Sites, places, products and services are called by their names in the network.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    # batches and explanations have engines of their own, so that single orders do not wait for them
    alone = {verb: _stateless(deployment, prepare, verb) for verb in ("route", "route_batch", "explain")}
    alone |= dict.fromkeys(("candidates", "pickup", "return"), alone["route"])
    health = {
        "status": "ok",
        "version": VERSION,
        "configuration": deployment.version,
        "network": digest(deployment.network),
        "strategy": deployment.strategy,
    }

    @app.get("/health", summary="Say that the service is there, and what it decides by.")
    async def _health() -> dict[str, str]:
        return health

    _take_sessions(app, Sessions(deployment, prepare))
    for verb, summary in STATELESS_VERBS.items():
        app.post(f"/{verb}", summary=summary, **_described(verb))(_stateless_call(alone[verb], verb))

    _answer_errors(app)
    app.openapi = _openapi(app.openapi)  # type: ignore[method-assign]
    app.add_middleware(Gate, limits=deployment.limits, token=token, hosts=hosts)
    return app


def _take_sessions(app: FastAPI, sessions: Sessions) -> None:
    @app.post("/sessions", status_code=201, summary="Open a session: an engine that has heard nothing yet.")
    async def _open(request: Request) -> dict[str, str]:
        body = await request.body()
        if body and (asked := as_object(loads(body), "body")):
            key = next(iter(asked))
            raise WireError(f"unknown key {short(key)}", key, "an empty object: a session is opened by itself")
        return {"session": await run_in_threadpool(sessions.open)}

    @app.delete("/sessions/{name}", status_code=204, summary="Close a session.")
    async def _close(name: str) -> Response:
        await run_in_threadpool(sessions.close, name)
        return Response(status_code=204)

    for verb, summary in SESSION_VERBS.items():
        app.post(f"/sessions/{{name}}/{verb}", summary=summary, **_described(f"session_{verb}"))(
            _session_call(sessions, verb)
        )


STATUS: dict[type[RoutingError], int] = {WireError: 422, UnknownSessionError: 404, TooManySessionsError: 429}


def _answer_errors(app: FastAPI) -> None:
    """Answer whatever goes wrong as JSON that names the place, what was found and what was expected."""

    @app.exception_handler(RoutingError)
    async def _refused(_: Request, error: RoutingError) -> Response:
        plain = error if isinstance(error, WireError) else WireError(str(error))
        status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 409)
        return _json({"error": plain.plain()}, 400 if plain.where == "body" else status)

    @app.exception_handler(HTTPException)
    async def _no_such_path(request: Request, error: HTTPException) -> Response:
        allowed = (error.headers or {}).get("Allow")
        paths = {route.path for route in app.routes if isinstance(route, Route)}
        expected = f"method {allowed}" if allowed else one_of(request.url.path, paths)
        found = WireError(error.detail, f"{request.method} {request.url.path[:200]}", expected)
        return _json({"error": found.plain()}, error.status_code, error.headers)

    @app.exception_handler(Exception)
    async def _failed(_: Request, error: Exception) -> Response:
        return _json({"error": WireError("the service failed at this call; it is in its log").plain()}, 500)


def _stateless(deployment: Deployment, prepare: Callable[[Engine, str], None] | None, name: str) -> Stateless:
    engine = deployment.guarded_engine()
    if prepare is not None:
        prepare(engine, name)
    return Stateless(deployment, engine)


def _session_call(sessions: Sessions, verb: str) -> Callable[..., Any]:
    async def call(name: str, request: Request) -> Response:
        body, key = await request.body(), request.headers.get("idempotency-key")
        session = sessions[name]
        if len(body) > LARGE_BODY:
            return _raw(await run_in_threadpool(session.call, verb, body, key))
        return _raw(session.call(verb, body, key))

    call.__name__ = f"session_{verb}"
    return call


def _stateless_call(stateless: Stateless, verb: str) -> Callable[..., Any]:
    async def call(request: Request) -> Response:
        body = await request.body()
        if verb == "route_batch" or len(body) > LARGE_BODY:
            return _raw(await run_in_threadpool(stateless.call, verb, body))
        return _raw(stateless.call(verb, body))

    call.__name__ = verb
    return call


def _raw(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _json(value: dict[str, Any], status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(dumps(value), status, headers, media_type="application/json")


def _described(call: str) -> dict[str, Any]:
    """Return what OpenAPI should say of a call whose body is read by our own wire format."""
    prefix = "#/components/schemas/"
    refusals = {
        "400": "not JSON", "404": "unknown session", "409": "cannot be", "422": "refused by name",
    }  # fmt: skip
    error = {"application/json": {"schema": {"$ref": f"{prefix}Error"}}}
    responses: dict[str, Any] = {status: {"description": text, "content": error} for status, text in refusals.items()}
    content = {"application/json": {"schema": answers(prefix)[call]}}
    responses["200"] = {"description": "decided", "content": content}
    body = {"required": True, "content": {"application/json": {"schema": requests(prefix)[call]}}}
    return {"openapi_extra": {"requestBody": body, "responses": responses}}


def _openapi(generated: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    def openapi() -> dict[str, Any]:
        document = generated()
        document.setdefault("components", {}).setdefault("schemas", {}).update(definitions("#/components/schemas/"))
        return document

    return openapi
