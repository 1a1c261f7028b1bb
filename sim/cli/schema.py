"""`fulfillsim schema`: what a file or a call may contain, as JSON Schema."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Document(StrEnum):
    """What has a schema."""

    OPTIMIZE = "optimize"
    ROUTE = "route"
    ROUTING = "routing"
    SCENARIO = "scenario"


def schema(
    document: Annotated[Document, typer.Argument(help="What a file or call is for.")],
) -> None:
    """Print a JSON Schema: of what `optimize` is asked, the body of `route`, a routing configuration, or a scenario."""
    import json

    match document:
        case Document.OPTIMIZE:
            from sim.study.search.asked import json_schema as optimize_schema

            found = optimize_schema()
        case Document.ROUTE:
            from sim.contract.wire_schema import request_schema

            found = request_schema("route")
        case Document.ROUTING:
            from sim.routing.files import json_schema

            found = json_schema()
        case Document.SCENARIO:
            from sim.scenario.schema import json_schema as scenario_schema

            found = scenario_schema()
    typer.echo(json.dumps(found, indent=2))
