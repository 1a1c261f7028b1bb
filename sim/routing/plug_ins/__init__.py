"""What other people's packages add to the engine: strategies, filters, ranks, penalties, rates and distances.

A package says in its ``pyproject.toml``

    [project.entry-points."fulfillsim.strategies"]
    take_turns = "their_package:TAKE_TURNS"

and a routing file then says ``choose: take_turns``: it names what is installed and can name nothing else, so reading a
file never runs code of its choosing. Entry points are looked up only when a name is not one of ours.

| group | named by | in a routing file | leads to |
|---|---|---|---|
| `fulfillsim.strategies` | `choose` | a strategy | a `sim.routing.plug_ins.PlugIn` |
| `fulfillsim.filters` | `keep` | `filters` of a step | a subclass of `sim.routing.rules.filter.Filter` |
| `fulfillsim.ranks` | `by` | `rank`, `weigh` of a step | a subclass of `sim.routing.rules.ranks.RankBy` |
| `fulfillsim.penalties` | `penalty` | `objective.others` | a subclass of `sim.routing.objective.others.PenaltyBlock` |
| `fulfillsim.rates` | `rate` | `rates`, by service | a subclass of `sim.routing.service_rates.RateBlock` |
| `fulfillsim.distances` | `measure` | `distance` | a subclass of `sim.routing.distances.DistanceBlock` |

A subclass names itself by the field's type, ``Literal["<the entry point's name>"]``; its other fields are its settings.
"""

from sim.routing.plug_ins.strategies import Costs, Dates, PlugIn, Surroundings

__all__ = ["Costs", "Dates", "PlugIn", "Surroundings"]
