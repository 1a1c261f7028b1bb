"""The command `fulfillsim`: a file per verb, no logic. Imports are late, so that ``--help`` is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

import typer

from sim.cli.audit import audit
from sim.cli.benchmark import benchmark
from sim.cli.check import check
from sim.cli.compare import compare
from sim.cli.diff import diff
from sim.cli.diff_routing import diff_routing
from sim.cli.examples import EXAMPLES
from sim.cli.explain import explain
from sim.cli.export_network import export_network
from sim.cli.gate import gate
from sim.cli.lint import lint
from sim.cli.new import new
from sim.cli.optimize import optimize
from sim.cli.pilot import pilot, pilot_read
from sim.cli.power import power
from sim.cli.replay import replay
from sim.cli.report import report
from sim.cli.results import results
from sim.cli.route import route
from sim.cli.run import run
from sim.cli.save_state import save_state
from sim.cli.schema import schema
from sim.cli.sensitivity import sensitivity
from sim.cli.serve import serve
from sim.cli.shadow import shadow
from sim.cli.stale import stale
from sim.cli.sweep import sweep
from sim.cli.uncertainty import uncertainty
from sim.cli.warm_up import warm_up

LAST = "Hold it to account"
PANELS: dict[str, tuple[Callable[..., None], ...]] = {
    "Compare and search": (compare, run, sweep, optimize, stale, sensitivity, uncertainty, report),
    "Change the engine safely": (gate, diff, explain, shadow, lint, diff_routing),
    "Plan a pilot": (pilot, pilot_read, power),
    "Make a scenario": (new, check, warm_up, save_state, schema),
    "The engine as a service": (export_network, serve, route, replay),
    LAST: (audit,),
}
"""The verbs by what they are for."""

app = typer.Typer(
    help="Simulate a fulfilment network with the real order-routing engine inside, and compare strategies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _panel, _verbs in PANELS.items():
    for _verb in _verbs:
        _name = _verb.__name__.replace("_", "-")
        _shown = "\n\n".join(("Examples:", *(f"fulfillsim {example}" for example in EXAMPLES[_name])))
        app.command(_name, rich_help_panel=_panel, epilog=_shown)(_verb)
app.add_typer(benchmark, name="benchmark", rich_help_panel=LAST)
app.add_typer(results, name="results", rich_help_panel=LAST)


@app.callback(invoke_without_command=True)
def _version(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        from sim import __version__

        typer.echo(f"fulfillsim {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command; what is refused, and what cannot be read or written, ends with exit code 2 and no traceback."""
    from sim.errors import FulfillSimError

    try:
        app()
    except FulfillSimError as error:
        _refuse(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        _refuse(f"{error.filename}: cannot be read or written ({error.strerror})")


def _refuse(told: str) -> NoReturn:
    from rich.console import Console

    from sim.report.say import say

    say(Console(stderr=True), told)
    sys.exit(2)
