"""The command `fulfillsim`: a file per verb, no logic. Imports are late, so that ``--help`` is quick."""

from __future__ import annotations

import sys

import typer

from sim.cli.audit import audit
from sim.cli.benchmark import benchmark
from sim.cli.check import check
from sim.cli.compare import compare
from sim.cli.diff import diff
from sim.cli.diff_routing import diff_routing
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

app = typer.Typer(
    help="Simulate a fulfilment network with the real order-routing engine inside, and compare strategies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(compare)
app.command()(run)
app.command()(sweep)
app.command()(optimize)
app.command()(stale)
app.command()(gate)
app.command()(sensitivity)
app.command()(uncertainty)
app.command()(pilot)
app.command("pilot-read")(pilot_read)
app.command()(power)
app.command()(report)
app.command("warm-up")(warm_up)
app.command("save-state")(save_state)
app.command()(explain)
app.command()(diff)
app.command()(audit)
app.command()(check)
app.command()(new)
app.command()(export_network)
app.command()(serve)
app.command()(route)
app.command()(replay)
app.command()(shadow)
app.command()(schema)
app.command()(lint)
app.command()(diff_routing)
app.add_typer(benchmark, name="benchmark")
app.add_typer(results, name="results")


@app.callback(invoke_without_command=True)
def _version(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        from sim import __version__

        typer.echo(f"fulfillsim {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command; errors of our own family end with exit code 2 and no traceback."""
    from sim.errors import FulfillSimError

    try:
        app()
    except FulfillSimError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
