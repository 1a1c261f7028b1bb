"""Luck that is a function of what it is for."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from sim.routing.hashed import uniforms


def test_it_is_splitmix64() -> None:
    # the published generator, step by step, from the same state
    mask = 2**64 - 1

    def mixed(z: int) -> int:
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & mask
        return z ^ (z >> 31)

    state = mixed(7 + 0x9E3779B97F4A7C15)
    expected = [(mixed(state + k * 0x9E3779B97F4A7C15 & mask) >> 11) / 2**53 for k in (1, 2, 3)]
    assert uniforms(3, 7).tolist() == expected


@pytest.mark.parametrize(("one", "other"), [((1, 2, 0), (2, 1, 0)), ((1, 2, 0), (1, 2, 1)), ((1, -2), (1, 2))])
def test_other_keys_have_other_luck(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    assert uniforms(4, *one).tolist() != uniforms(4, *other).tolist()


def test_a_longer_draw_begins_like_a_shorter_one() -> None:
    assert uniforms(9, 3, 4)[:5].tolist() == uniforms(5, 3, 4).tolist()


def test_over_many_orders_it_is_uniform_and_columns_know_nothing_of_one_another() -> None:
    luck = np.array([uniforms(3, 1, number, 0) for number in range(20_000)])
    assert (luck.min() >= 0, luck.max() < 1) == (True, True)
    assert luck.mean(axis=0) == pytest.approx(np.full(3, 0.5), abs=4.5 * np.sqrt(1 / 12 / 20_000))
    assert np.corrcoef(luck.T) == pytest.approx(np.eye(3), abs=4.5 / np.sqrt(20_000))


def test_it_is_the_same_in_another_process() -> None:
    code = "from sim.routing.hashed import uniforms; print(uniforms(3, 5, 123456789, 2).tolist())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(uniforms(3, 5, 123456789, 2).tolist())
