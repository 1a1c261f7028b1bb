"""The network as a graph: sites, places, and the lanes on which parcels go from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    import networkx as nx

    from sim.network.network import Network
    from sim.network.site import SiteKind


def lane_graph(network: Network) -> nx.DiGraph:
    """Return the directed graph of all lanes.

    Returns
    -------
    networkx.DiGraph
        Nodes ``("site", j)`` with `name`, `kind` and ``("place", i)`` with `name`, `population`; an edge from a site to
        each place it delivers to, with `distance_km` and the carrier `zone`.
    """
    import networkx as nx

    graph = nx.DiGraph()
    for j, site in enumerate(network.sites):
        graph.add_node(("site", j), name=site.name, kind=site.kind.value, lat=site.lat, lon=site.lon)
    for i, place in enumerate(network.places):
        graph.add_node(("place", i), name=place.name, population=place.population, lat=place.lat, lon=place.lon)
    to, start = np.nonzero(network.zone)
    km, zone = network.distance_km[to, start].tolist(), network.zone[to, start].tolist()
    graph.add_edges_from(
        (("site", j), ("place", i), {"distance_km": d, "zone": z})
        for i, j, d, z in zip(to.tolist(), start.tolist(), km, zone, strict=True)
    )
    return graph


def unreached_places(graph: nx.DiGraph, kinds: Collection[SiteKind] | None = None) -> list[int]:
    """Return the inhabited places to which no site, or none of some kinds, delivers."""
    allowed = None if kinds is None else {kind.value for kind in kinds}
    reached = {
        place for site, place in graph.edges if allowed is None or graph.nodes[site]["kind"] in allowed
    }  # fmt: skip
    return [
        node[1]
        for node, facts in graph.nodes(data=True)
        if node[0] == "place" and facts["population"] and node not in reached
    ]


def orphan_sites(graph: nx.DiGraph) -> list[int]:
    """Return the sites that deliver nowhere."""
    return [node[1] for node in graph if node[0] == "site" and graph.out_degree(node) == 0]


def nearest_lanes(graph: nx.DiGraph) -> nx.DiGraph:
    """Return the graph thinned to each place's shortest lane from every kind of site: what a drawing can show."""
    thin = graph.copy()
    thin.remove_edges_from(list(graph.edges))
    for place in (node for node in graph if node[0] == "place"):
        best: dict[str, tuple[float, tuple[str, int]]] = {}
        for site, _, lane in graph.in_edges(place, data=True):
            kind = graph.nodes[site]["kind"]
            best[kind] = min(best.get(kind, (np.inf, site)), (lane["distance_km"], site))
        for _, site in best.values():
            thin.add_edge(site, place, **graph.edges[site, place])
    return thin
