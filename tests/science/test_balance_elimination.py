"""What the balance of a large network stands on: dense blocks, selected inverse, order of places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sachhon.science.balance import dense_front
from sachhon.science.balance.dense_front import invert
from sachhon.science.balance.selected_inverse import factorise
from sachhon.science.balance.sums import in_order


def definite(n, seed):
    random = np.random.default_rng(seed)
    factor = random.normal(size=(n, n))
    return factor @ factor.T + n * np.eye(n)


@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 100, 127, 128, 130, 200, dense_front.ALONE + 1])
def test_a_block_of_any_number_of_tiles_is_inverted(n):
    matrix = definite(n, n)
    front = invert(matrix, 1e-12 * matrix.diagonal())
    assert front.rank == n
    assert front.inverse == pytest.approx(np.linalg.inv(matrix), abs=1e-12)
    assert front.solve(matrix @ np.ones(n)) == pytest.approx(np.ones(n), abs=1e-10)
    # the least pivot is that of Cholesky's factor
    pivots = np.linalg.cholesky(matrix).diagonal() ** 2 / (1e-12 * matrix.diagonal())
    assert front.weakest == pytest.approx(pivots.min(), rel=1e-9)


@pytest.mark.parametrize("n", [5, 64, 100, 150])
def test_a_row_that_follows_from_others_is_left_out_and_a_consistent_right_side_still_solved(n):
    # the Laplacian of a ring: the sum of its rows is nothing
    laplacian = 2 * np.eye(n) - np.roll(np.eye(n), 1, axis=1) - np.roll(np.eye(n), -1, axis=1)
    front = invert(laplacian, 1e-12 * laplacian.diagonal())
    assert front.rank == n - 1
    right = np.random.default_rng(n).normal(size=n)
    right -= right.mean()
    assert laplacian @ front.solve(right) == pytest.approx(right, abs=1e-9)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(100, 400))
def test_the_selected_inverse_of_a_sparse_matrix_is_that_of_the_dense_one(seed, n):
    from scipy.sparse import csr_array

    random = np.random.default_rng(seed)
    i, j = random.integers(0, n, (2, 2 * n))
    i, j = i[i != j], j[i != j]
    value = -random.uniform(0.1, 2, len(i))
    full = np.zeros((n, n))
    np.add.at(full, (i, j), value)
    full += full.T
    diagonal = -full.sum(axis=1) + random.uniform(0.1, 1, n)
    np.fill_diagonal(full, diagonal)
    inverse = np.linalg.inv(full)
    factor = factorise(n, i, j, value, diagonal)
    assert factor.rank == n
    assert factor.diagonal == pytest.approx(inverse.diagonal(), rel=1e-9)
    assert factor.entries == pytest.approx(inverse[i, j], rel=1e-8)
    right = random.normal(size=(n, 3)) * (random.random((n, 3)) < 0.1)
    assert factor.solve(right) == pytest.approx(inverse @ right, abs=1e-9)
    assert factor.energy(csr_array(right)) == pytest.approx(
        np.einsum("ik,ij,jk->k", right, inverse, right), abs=1e-9
    )


@pytest.mark.parametrize("size", [50, 2**58])
def test_places_come_in_a_stable_order(size):
    at = np.random.default_rng(1).integers(0, 50, 500) * (size // 50)
    assert (in_order(at, size) == np.argsort(at, kind="stable")).all()
    assert len(in_order(at[:0], size)) == 0
