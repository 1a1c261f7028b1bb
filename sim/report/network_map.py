"""The network drawn as a map: people, sites, and each place's nearest warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.report.style import GRID, INK, KIND_COLOURS, KIND_NAMES, QUIET, new_figure
from sim.scenario.graph import lane_graph, nearest_lanes

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.network.network import Network

_SIZES = {"dc": 90, "third_party": 70, "vendor": 50, "store": 9}


def albers(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project degrees to a plane of equal area (Albers' conic; Snyder, Map Projections, USGS 1395, eq. 14-1 to 14-6).

    The standard parallels lie a sixth of the range of latitudes inside it, the central meridian in the middle.
    """
    low, high = np.radians(lat.min()), np.radians(lat.max())
    first, second = low + (high - low) / 6, high - (high - low) / 6
    n = (np.sin(first) + np.sin(second)) / 2 or 1e-6
    c = np.cos(first) ** 2 + 2 * n * np.sin(first)
    centre = np.radians((lon.min() + lon.max()) / 2)
    rho = np.sqrt(np.maximum(c - 2 * n * np.sin(np.radians(lat)), 0)) / n
    theta = n * (np.radians(lon) - centre)
    return rho * np.sin(theta), -rho * np.cos(theta)


def network_figure(network: Network) -> Figure:
    """Draw a network."""
    import networkx as nx

    graph = lane_graph(network)
    nodes = list(graph)
    x, y = albers(
        np.array([graph.nodes[node]["lat"] for node in nodes]), np.array([graph.nodes[node]["lon"] for node in nodes])
    )
    at = dict(zip(nodes, zip(x.tolist(), y.tolist(), strict=True), strict=True))
    figure = new_figure(9.5, 6.2)
    axes = figure.subplots()
    kinds = {site.kind.value for site in network.sites}
    own = "dc" if "dc" in kinds else next(iter(sorted(kinds)))
    lanes = [(a, b) for a, b in nearest_lanes(graph).edges if graph.nodes[a]["kind"] == own]
    nx.draw_networkx_edges(graph, at, lanes, ax=axes, arrows=False, edge_color=GRID, width=0.5)
    places = [node for node in nodes if node[0] == "place"]
    people = np.array([graph.nodes[node]["population"] for node in places], dtype=float)
    sizes = 60 * people / max(people.max(), 1)
    nx.draw_networkx_nodes(graph, at, places, node_size=sizes, node_color=QUIET, alpha=0.35, linewidths=0, ax=axes)
    for kind in sorted(kinds, key=lambda kind: -_SIZES[kind]):  # what is small lies on what is large
        sites = [node for node in nodes if node[0] == "site" and graph.nodes[node]["kind"] == kind]
        shape = "o" if kind == "store" else "s"
        nx.draw_networkx_nodes(
            graph, at, sites, node_size=_SIZES[kind], node_color=KIND_COLOURS[kind], node_shape=shape,
            edgecolors="white", linewidths=0.6, ax=axes, label=f"{KIND_NAMES[kind]} ({len(sites)})",
        )  # fmt: skip
        for node in sites if kind != "store" else ():
            name = graph.nodes[node]["name"].split(" (")[0]
            axes.annotate(name, at[node], (0, 7), textcoords="offset points", fontsize=7, color=INK, ha="center")
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.legend(loc="lower left", fontsize=8, frameon=False)
    axes.set_title(
        f"{len(network.sites)} sites, {len(places)} places people order from (grey, by population), and the lanes from "
        f"the nearest {KIND_NAMES[own]}",
        fontsize=9, loc="left", color=INK,
    )  # fmt: skip
    return figure
