"""Why this site, why not that one, and what would have changed it: on demand, for any decision."""

from sim.routing.explain.ask import explain, routed
from sim.routing.explain.explanation import Explanation
from sim.routing.explain.words import describe

__all__ = ["Explanation", "describe", "explain", "routed"]
