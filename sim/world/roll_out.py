"""Tells the router which sites send online orders yet, or no longer: until then it takes their shelves for empty."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sim.contract.news import Closed
from sim.scenario.blocks.roll_out import Spans, merged, not_in

if TYPE_CHECKING:
    from collections.abc import Callable

    import simpy

    from sim.contract.router import Router
    from sim.scenario.load import Scenario


def tell(env: simpy.Environment, scenario: Scenario, router: Router, announced: Spans) -> None:
    """Tell it now, and set the alarms of all that is to come.

    Parameters
    ----------
    announced
        When sites are closed for other reasons that the router is told as well, by site: the later of two pieces of
        news is believed, so both are told together.
    """
    block = scenario.file.roll_out
    if block is None or block.sends is None:
        return
    for j, spans in block.sends.spans(scenario.network.sites, scenario.file.clock.start).items():
        off, closed = not_in(spans), announced.get(j, [])
        together = merged([*off, *closed])
        for start in sorted({start for start, _ in [*off, *closed]}):
            until = next(end for begin, end in together if begin <= start < end)
            news = partial(router.observe, Closed(start, j, until))
            if start <= env.now:
                news()
            else:
                _at(env, start, news)


def _at(env: simpy.Environment, moment: float, do: Callable[[], None]) -> None:
    env.timeout(moment - env.now).callbacks.append(lambda _: do())
