"""The inverse of one dense symmetric positive (semi)definite block, on one thread while the block is small.

LAPACK hands even a block of a hundred rows to all cores. On a busy machine its threads then wait for each other a
thousand times as long as the work takes. Up to `ALONE` rows the inverse is therefore taken tile by tile, each tile
so small that BLAS keeps it to the calling thread. With the pivot tile P and the rest R (block Gauss–Jordan)

    P ← P⁻¹        R_P: ← P R_P:        R ← R − R_:P R_P:

Not for sparse blocks: see `selected_inverse`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TILE = 64  # rows; products of tiles this size stay on one thread in OpenBLAS
SHORT = 96  # rows up to which OpenBLAS keeps a product with one vector to the calling thread
ALONE = 640  # rows from which more threads pay even where they wait


@dataclass(frozen=True)
class Front:
    """A dense block with its (generalised) inverse."""

    matrix: Floats
    inverse: Floats
    rank: int
    weakest: float  # least pivot over the least one allowed

    def solve(self, right: Floats) -> Floats:
        """x with matrix · x = right, refined once: variances of very different size cost the inverse digits."""
        x = _times(self.inverse, right)
        if self.rank < len(self.matrix):
            return x
        return x + _times(self.inverse, right - _times(self.matrix, x))


def invert(matrix: Floats, least: Floats) -> Front:
    """Front of a symmetric matrix; rows whose pivot does not exceed `least` follow from others and are left out."""
    n = len(matrix)
    if not n:
        return Front(matrix, matrix, 0, np.inf)
    inverse, weakest = _by_tiles(matrix, least) if n <= ALONE else _by_lapack(matrix, least)
    if inverse is not None and weakest > 1:
        return Front(matrix, inverse, n, weakest)
    return _semidefinite(matrix, least)


def _times(matrix: Floats, right: Floats) -> Floats:
    """Matrix times vector or columns; `einsum` stays on the calling thread, as BLAS does for a small vector."""
    if len(matrix) > ALONE or (right.ndim == 1 and len(matrix) <= SHORT):
        return matrix @ right
    return np.einsum("ij,j...->i...", matrix, right)


def _by_tiles(matrix: Floats, least: Floats) -> tuple[Floats | None, float]:
    n = len(matrix)
    if n <= TILE:
        return _tile(matrix, least)
    if n <= 2 * TILE:
        return _by_halves(matrix, least)
    tiles = -(-n // TILE)
    width = -(-n // tiles)
    size = tiles * width
    # filled up with ones on the diagonal, which take no part
    full, allowed = np.eye(size), np.full(size, 1e-300)
    full[:n, :n], allowed[:n] = matrix, least
    work = np.ascontiguousarray(full.reshape(tiles, width, tiles, width).swapaxes(1, 2))
    weakest = np.inf
    for k in range(tiles):
        inverse, weak = _tile(work[k, k], allowed[k * width : (k + 1) * width])
        weakest = min(weakest, weak)
        if inverse is None or weakest <= 1:
            return None, weakest
        row = inverse @ work[k]
        column = work[:, k].copy()
        row[k] = inverse
        column[k] = 0.0
        work[:, k] = 0.0
        work -= column[:, None] @ row[None]
        work[k] = row
    inverse = work.swapaxes(1, 2).reshape(size, size)[:n, :n]
    return (inverse + inverse.T) / 2, weakest


def _by_halves(matrix: Floats, least: Floats) -> tuple[Floats | None, float]:
    """The same for two tiles, with fewer calls: with W = P⁻¹ R_P: and T the inverse of what W leaves of R, the
    inverse is P⁻¹ + W T Wᵀ, −W T and T."""
    half = (len(matrix) + 1) // 2
    first, weakest = _tile(matrix[:half, :half], least[:half])
    if first is None or weakest <= 1:
        return None, weakest
    beside = matrix[:half, half:]
    w = first @ beside
    second, weak = _tile(matrix[half:, half:] - beside.T @ w, least[half:])
    if second is None:
        return None, min(weakest, weak)
    wt = w @ second
    out = np.empty_like(matrix)
    out[:half, :half] = first + wt @ w.T
    out[:half, half:] = -wt
    out[half:, :half] = -wt.T
    out[half:, half:] = second
    return out, min(weakest, weak)


def _tile(matrix: Floats, least: Floats) -> tuple[Floats | None, float]:
    """Inverse, and least pivot over the least allowed; None where the matrix is not definite."""
    from scipy.linalg.lapack import dpotrf, dtrtri  # pyright: ignore[reportAttributeAccessIssue]

    triangle, failed = dpotrf(matrix, lower=1)
    if failed:
        return None, 0.0
    half = dtrtri(triangle, lower=1)[0]
    return half.T @ half, float((triangle.diagonal() ** 2 / least).min())


def _by_lapack(matrix: Floats, least: Floats) -> tuple[Floats | None, float]:
    from scipy.linalg.lapack import dpotrf, dpotri  # pyright: ignore[reportAttributeAccessIssue]

    triangle, failed = dpotrf(matrix, lower=1)
    if failed:
        return None, 0.0
    weakest = float((triangle.diagonal() ** 2 / least).min())
    below = dpotri(triangle, lower=1)[0]
    return np.tril(below) + np.tril(below, -1).T, weakest


def _semidefinite(full: Floats, least: Floats) -> Front:
    """A generalised inverse on a largest set of independent rows (Cholesky with diagonal pivoting)."""
    from scipy.linalg.lapack import dpstrf  # pyright: ignore[reportAttributeAccessIssue]

    n = len(full)
    size = np.sqrt(np.where(least > 0, least, np.inf))  # so that the least pivot allowed is 1
    _, order, rank, _ = dpstrf(full / np.outer(size, size), lower=1, tol=1.0)
    rows = np.sort(order[:rank] - 1)
    inverse = np.zeros((n, n))
    if rank:
        block, tiny = np.ix_(rows, rows), 1e-9 * least[rows]
        found, _ = _by_tiles(full[block], tiny) if rank <= ALONE else _by_lapack(full[block], tiny)
        inverse[block] = found
    return Front(full, inverse, int(rank), 1.0)
