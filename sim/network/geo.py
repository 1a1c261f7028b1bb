"""Distances on the sphere, and the carriers' zones that follow from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG


def great_circle_km(
    lat_a: NDArray[np.float64],
    lon_a: NDArray[np.float64],
    lat_b: NDArray[np.float64],
    lon_b: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the great-circle distance from every point A to every point B (haversine formula).

    Parameters
    ----------
    lat_a, lon_a, lat_b, lon_b
        Degrees; A has shape (n,), B has shape (m,).

    Returns
    -------
    ndarray of shape (n, m), km
    """
    phi_a, phi_b = np.radians(lat_a)[:, None], np.radians(lat_b)[None, :]
    half_phi = (phi_b - phi_a) / 2
    half_lambda = (np.radians(lon_b)[None, :] - np.radians(lon_a)[:, None]) / 2
    h = np.sin(half_phi) ** 2 + np.cos(phi_a) * np.cos(phi_b) * np.sin(half_lambda) ** 2
    distance: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(h, 1.0)))
    return distance


def zones(distance_km: NDArray[np.float64], upper_edges_km: Sequence[float]) -> NDArray[np.uint8]:
    """Return the carrier zone (1, 2, ...) of each distance: zone k ends at ``upper_edges_km[k - 1]`` inclusive."""
    return (np.searchsorted(np.asarray(upper_edges_km), distance_km, side="left") + 1).astype(np.uint8)
