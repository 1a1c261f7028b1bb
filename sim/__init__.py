"""FulfillSim: a simulation and planning workbench for omnichannel fulfilment, with a real routing engine inside.

In a notebook: ``scenario = sim.load("us_electronics")``, ``comparison = sim.compare(scenario, replications=4)``,
``comparison.table()``, ``comparison.plot.forest()``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.version import VERSION

__version__ = VERSION
__all__ = ["compare", "load", "optimize"]

if TYPE_CHECKING:
    from sim.report.notebook import compare
    from sim.report.optimum.notebook import optimize
    from sim.scenario.load import load


def __dir__() -> list[str]:
    """Return what there is, so that a notebook can complete it."""
    return sorted([*globals(), *__all__])


def __getattr__(name: str) -> Any:
    """Import public names when they are first asked for, so that `import sim.routing` stays light."""
    if name == "load":
        from sim.scenario.load import load

        return load
    if name == "compare":
        from sim.report.notebook import compare

        return compare
    if name == "optimize":
        from sim.report.optimum.notebook import optimize

        return optimize
    raise AttributeError(f"module 'sim' has no attribute {name!r}")
