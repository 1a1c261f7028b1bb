"""From a routing configuration to the engine it describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.routing.belief.pools import held_from_channels
from sim.routing.belief.ring_fences import safety_stock
from sim.routing.capacity.capacities import Capacities
from sim.routing.capacity.usage import Usage
from sim.routing.cost import ParcelCosts
from sim.routing.distances import with_distances
from sim.routing.engine import Engine
from sim.routing.joint.batch import Limits
from sim.routing.joint.engine import JointEngine, JointRule
from sim.routing.joint.standing import Terms
from sim.routing.objective.penalty import Counters, PenaltyInputs
from sim.routing.objective.priced import Priced, Steering
from sim.routing.offers.filters import of_kind
from sim.routing.plug_ins.installed import plug_in_of
from sim.routing.plug_ins.strategies import Surroundings
from sim.routing.priced_engine import PlannedEngine, PricedEngine, Pricing
from sim.routing.prices.marginal import MarginalPricer, MarginalRule
from sim.routing.prices.planner import Planner, PlanRule
from sim.routing.prices.pricer import Pricer, PricingRule
from sim.routing.prices.reserve import ReservePricer, ReserveRule
from sim.routing.promise import Promises
from sim.routing.returns import Returns
from sim.routing.service_rates import with_rates
from sim.routing.strategies.balanced import Balanced
from sim.routing.strategies.bid_price import BidPrice
from sim.routing.strategies.by_rules import ByRules as RuleStrategy
from sim.routing.strategies.by_rules import site_columns
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.config import (
    STRATEGIES,
    ByBatch,
    ByBidPrice,
    ByLpRounding,
    ByMarginalValue,
    ByPrice,
    ByPrimalDual,
    ByReserve,
    ByRule,
    ByRules,
)
from sim.routing.strategies.dc_first import DcFirst
from sim.routing.strategies.fewest_parcels import FewestParcels
from sim.routing.strategies.least_score import LeastScore
from sim.routing.strategies.lp_rounding import LpRounding
from sim.routing.strategies.marginal_value import MarginalValue
from sim.routing.strategies.nearest import Nearest
from sim.routing.strategies.primal_dual import FullShelves, PrimalDual
from sim.routing.transit import Lateness
from sim.routing.waiting.claims import ClaimRule, claiming
from sim.routing.waiting.held import holding
from sim.routing.ways.offered import build_ways
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.capacity.limit import CapacityLimit
    from sim.routing.config import RoutingConfig
    from sim.routing.objective.config import ObjectiveBlock
    from sim.routing.offers.offers import Objective
    from sim.routing.strategies.config import StrategyConfig
    from sim.routing.strategies.strategy import Strategy


def build_engine(config: RoutingConfig, strategy: str, network: Network) -> Engine:
    """Return a fresh engine that follows one of a configuration's strategies.

    Raises
    ------
    KeyError
        If the configuration has no such strategy.
    RoutingError
        If it names what the network does not have.
    """
    chosen = config.strategies[strategy]
    for k, fence in enumerate(config.ring_fences):
        fence.check(network, f"ring_fences[{k}]")
    network = with_rates(network, config.rates)
    network, ways = build_ways(network, site_columns(network), config.splits, config.pickup, config.merge)
    network = with_distances(network, config.distance)
    may_serve = of_kind(network, chosen.only)
    promises = Promises(network, None if config.transit is None else Lateness(config.transit, network))
    day_value = chosen.day_value if isinstance(chosen, ByPrice | ByBatch) else 0.0
    costs = ParcelCosts(network, may_serve, day_value)
    if config.returns is not None:
        ways.returns = Returns(config.returns, network, costs, promises, of_kind(network, None))
    made = _Made(network, costs, promises, may_serve, config.max_parcels)
    objective, pricer = _objective_of(chosen, made)
    steering = _steering(config, chosen, network, objective, costs, promises)
    objective = steering.objective or objective
    decider, planner = _decider_of(chosen, made, objective, steering)
    terms = None
    if isinstance(chosen, ByBatch):
        terms = Terms(
            objective, costs, promises, config.max_parcels, day_value, chosen.revise_for, chosen.unserved,
            chosen.keep_promise,
        )  # fmt: skip
    kind, more = _kind_of(chosen, pricer, planner, terms)
    return kind(
        network,
        decider,
        costs=costs,
        promises=promises,
        may_serve=may_serve,
        safety_stock=safety_stock(config.safety_stock, config.ring_fences, network),
        held_from=held_from_channels(config.safety_stock, config.ring_fences, config.pools, config.channels, network),
        backorders=None if config.backorders is None else config.backorders.policy(),
        ways=ways,
        confirm_within=config.confirm_within,
        name=strategy,
        fingerprint=config.version(),
        steering=steering,
        **more,
    )


class _Made(NamedTuple):
    """What every strategy is made with."""

    network: Network
    costs: ParcelCosts
    promises: Promises
    may_serve: NDArray[np.bool_]
    max_parcels: int


def _objective_of(chosen: StrategyConfig, made: _Made) -> tuple[Objective, Pricing | None]:
    """Return what a strategy minimises, and what prices it looks up."""
    network, costs, promises, may_serve, max_parcels = made
    objective: Objective
    pricer: Pricing | None = None
    match chosen:
        case ByBidPrice():
            pricer = solved = Pricer(network, costs, may_serve, _pricing_rule(chosen, max_parcels))
            objective = BidPrice(costs, solved.prices)
        case ByMarginalValue():
            pricer = estimated = MarginalPricer(network, costs, may_serve, _marginal_rule(chosen))
            objective = MarginalValue(costs, estimated.worth)
        case ByReserve():
            pricer = kept = ReservePricer(network, _reserve_rule(chosen))
            objective = MarginalValue(costs, kept.worth)
        case ByPrimalDual():
            pricer = shelves = FullShelves(len(network.products), len(network.sites))
            objective = PrimalDual(costs, shelves.full, chosen.worth)
        case ByPrice() | ByBatch() if chosen.day_value or chosen.scarcity:
            objective = Balanced(costs, network, promises, chosen.day_value, chosen.scarcity)
        case ByRule(choose="fewest_parcels"):
            objective = FewestParcels(costs)
        case ByRule(choose="dc_first"):
            objective = DcFirst(costs, network)
        case _:
            objective = Cheapest(costs)
    return objective, pricer


def _decider_of(
    chosen: StrategyConfig, made: _Made, objective: Objective, steering: Steering
) -> tuple[Strategy | RuleStrategy, Planner | None]:
    """Return what chooses among offers, and the plan it follows."""
    network, costs, promises, may_serve, max_parcels = made
    planner: Planner | None = None
    decider: Strategy | RuleStrategy
    match chosen:
        case ByRules():
            decider = RuleStrategy(
                chosen, network, costs=costs, promises=promises, may_serve=may_serve, steering=steering
            )
        case ByRule(choose="nearest"):
            decider = Nearest(network, may_serve)
        case ByLpRounding():
            planner = Planner(network, costs, may_serve, _plan_rule(chosen))
            decider = LpRounding(planner, objective, max_parcels, chosen.method, chosen.seed)
        case _ if (plugged := plug_in_of(STRATEGIES, chosen)) is not None:
            decider = plugged.strategy(chosen, Surroundings(*made))
        case _:
            decider = LeastScore(objective, max_parcels, steering.open_price)
    return decider, planner


def _kind_of(
    chosen: StrategyConfig, pricer: Pricing | None, planner: Planner | None, terms: Terms | None
) -> tuple[type[Engine], dict[str, Any]]:
    """Return the kind of engine that a strategy asks for, and what only that kind is made with."""
    kind: type[Engine] = Engine
    more: dict[str, Any] = {}
    if pricer is not None:
        kind, more = PricedEngine, {"foresight": pricer}
    elif planner is not None:
        kind, more = PlannedEngine, {"foresight": planner}
    elif isinstance(chosen, ByBatch):
        rule = JointRule(chosen.window, chosen.past_cut_off, chosen.reevaluate_every or 0.0, Limits(gap=chosen.gap))
        kind, more = JointEngine, {"terms": terms, "rule": rule}
    if chosen.claims is not None:
        kind, more = claiming(kind), more | {"claims": ClaimRule(*chosen.claims.model_dump().values())}
    return holding(kind), more


def _steering(
    config: RoutingConfig,
    chosen: StrategyConfig,
    network: Network,
    base: Objective,
    costs: ParcelCosts,
    promises: Promises,
) -> Steering:
    """Return what a strategy's block `objective:` and its limits come to."""
    columns = site_columns(network)
    block: ObjectiveBlock | None = getattr(chosen, "objective", None)
    rules = chosen if isinstance(chosen, ByRules) else None
    of_rules = [] if rules is None else rules.capacity_limits()
    busy = [] if block is None or block.busy is None else [block.busy]
    limits: list[CapacityLimit] = [*config.capacity, *of_rules, *busy]
    for limit in limits:
        limit.check(columns)
    looked_at = bool(limits) or (rules is not None and rules.looks_at_counters())
    usage = Usage(network, columns, limits, looked_at)
    counters = Counters(usage, len(network.sites))
    asked = Capacities(config.capacity, of_rules, usage, columns) if config.capacity or of_rules else None
    remembers = counters if rules is not None or config.capacity or (block is not None and block.counts) else None
    if block is None:
        return Steering(None, None, remembers, asked)
    penalties = block.penalties(PenaltyInputs(network, columns, costs, promises, counters))
    open_price = block.open_price(network, config.backorders is not None)
    return Steering(Priced(base, penalties), open_price, remembers, asked)


def _pricing_rule(chosen: ByBidPrice, max_parcels: int) -> PricingRule:
    return PricingRule(
        chosen.horizon / MINUTES_PER_DAY,
        chosen.resolve_every,
        chosen.memory / MINUTES_PER_DAY,
        chosen.smoothing,
        chosen.max_rounds,
        max_parcels,
        chosen.lost_unit,
        chosen.seed,
    )


def _plan_rule(chosen: ByLpRounding) -> PlanRule:
    return PlanRule(
        chosen.horizon / MINUTES_PER_DAY, chosen.resolve_every, chosen.memory / MINUTES_PER_DAY, chosen.lost_unit
    )


def _marginal_rule(chosen: ByMarginalValue) -> MarginalRule:
    return MarginalRule(
        chosen.until_receipt / MINUTES_PER_DAY,
        chosen.resolve_every,
        chosen.memory / MINUTES_PER_DAY,
        chosen.weight,
        chosen.lost_unit,
    )


def _reserve_rule(chosen: ByReserve) -> ReserveRule:
    return ReserveRule(
        chosen.until_receipt / MINUTES_PER_DAY,
        chosen.resolve_every,
        chosen.memory / MINUTES_PER_DAY,
        chosen.weight,
    )
