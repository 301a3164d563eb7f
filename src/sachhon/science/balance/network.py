"""Read what a caller gives (matrix, readings, variances) and tell what each stream is.

A stream is *fixed* where its variance is 0, *unmeasured* where its reading is NaN or its variance infinite,
and *measured* otherwise. A matrix whose columns hold at most one +1 and one −1 is a plain network: every
stream runs from a node, or from outside, to a node, or outside. All else (conversion factors, transfer
coefficients, correlated readings) is a general system.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sachhon.science.numeric import floats
from sachhon.science.uncertainty import ScienceError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Names:
    """What to call nodes and streams in messages; numbers count from 0, as the arrays do.

    nodes_vi, streams_vi : the same in Vietnamese, where the names are made of words.
    """

    nodes: Sequence[str] | None = None
    streams: Sequence[str] | None = None
    nodes_vi: Sequence[str] | None = None
    streams_vi: Sequence[str] | None = None

    def fitting(self, shape: tuple[int, int]) -> Names:
        """The same, for a matrix of (nodes, streams); `ScienceError` unless each has a name, where names are given."""
        pairs = ((self.nodes, "nodes", "nút"), (self.streams, "streams", "dòng"))
        for (given, what, what_vi), count in zip(pairs, shape, strict=True):
            if given is not None and len(given) != count:
                raise ScienceError(
                    f"`{what}` holds {len(given)} names, but A has {count} {what}; give one name for each, or none.",
                    f"`{what}` có {len(given)} tên mà A có {count} {what_vi}; hãy cho đủ tên, mỗi cái một tên, hoặc "
                    "đừng cho tên nào.",
                )
        return self

    def node(self, at: int, lang: str = "en") -> str:
        given = self.nodes_vi if lang == "vi" and self.nodes_vi is not None else self.nodes
        return f"{'nút' if lang == 'vi' else 'node'} {at}" if given is None else str(given[at])

    def stream(self, at: int, lang: str = "en") -> str:
        given = self.streams_vi if lang == "vi" and self.streams_vi is not None else self.streams
        return f"{'dòng' if lang == 'vi' else 'stream'} {at}" if given is None else str(given[at])

    def list_streams(self, at: Sequence[int] | Ints, most: int = 6, lang: str = "en") -> str:
        return _few([self.stream(int(k), lang) for k in at[:most]], len(at) - most, lang)

    def list_nodes(self, at: Sequence[int] | Ints, most: int = 6, lang: str = "en") -> str:
        return _few([self.node(int(k), lang) for k in at[:most]], len(at) - most, lang)


def _few(shown: Sequence[str], more: int, lang: str) -> str:
    rest = f" và {more} nữa" if lang == "vi" else f" and {more} more"
    return ", ".join(shown) + (rest if more > 0 else "")


@dataclass(frozen=True)
class Readings:
    """Readings with their variances: `value` is 0 where nothing was measured, `variance` 0 there and if fixed."""

    value: Floats
    variance: Floats
    measured: Bools
    fixed: Bools
    covariance: Any = None  # sparse (n, n) over measured streams, None where readings are independent

    @property
    def unmeasured(self) -> Bools:
        return ~(self.measured | self.fixed)


@dataclass(frozen=True)
class Network:
    """Streams as arrows: `tail` and `head` are node numbers, `nodes` standing for outside."""

    nodes: int
    tail: Ints
    head: Ints


class ContradictionError(ScienceError):
    """Constraints that no set of flows can meet, whatever the measured streams say."""


def read_matrix(A: ArrayLike | Any) -> Any:
    """A as a sparse CSC array without stored zeros, or the error that tells what is wrong with it."""
    from scipy.sparse import csc_array, issparse

    if issparse(A):
        # as it is where it can be: never written to, and to build it anew costs as much as to read it
        matrix = A if isinstance(A, csc_array) and A.dtype == np.float64 else csc_array(A, dtype=float)
    else:
        dense = floats(A, "A", "A")
        if dense.ndim != 2:
            raise ScienceError(
                f"A has {dense.ndim} dimensions; it needs two: nodes × streams.",
                f"A có {dense.ndim} chiều; cần hai chiều: nút × dòng.",
            )
        # by hand: the constructor's checks cost more than a small reconciliation
        columns, rows = np.nonzero(dense.T)
        pointer = np.zeros(dense.shape[1] + 1, dtype=np.int64)
        np.cumsum(np.bincount(columns, minlength=dense.shape[1]), out=pointer[1:])
        matrix = csc_array((dense[rows, columns], rows, pointer), shape=dense.shape)
    if not np.isfinite(matrix.data).all():
        raise ScienceError(
            "A holds a value that is not finite; each entry is +1 in, −1 out, or a factor.",
            "A có giá trị không hữu hạn; mỗi ô là +1 khi vào, −1 khi ra, hoặc một hệ số.",
        )
    if matrix.nnz and not matrix.has_canonical_format:
        matrix = matrix.copy()
        matrix.sum_duplicates()
    if not matrix.data.all():
        matrix = matrix.copy()
        matrix.eliminate_zeros()
    return matrix


def read_network(matrix: Any) -> Network | None:
    """The arrows of a matrix of +1 and −1, or None where a column is anything else."""
    nodes, streams = matrix.shape
    rows, sign = matrix.indices, matrix.data
    count = np.diff(matrix.indptr)
    if len(rows) != np.count_nonzero(np.abs(sign) == 1) or count.max(initial=0) > 2:
        return None
    # the tails of all streams, then their heads
    ends = np.full(2 * streams, nodes, dtype=np.int64)
    ends[np.arange(streams).repeat(count) + streams * (sign > 0)] = rows
    if np.count_nonzero(ends < nodes) < len(rows):  # two of one sign
        return None
    return Network(nodes, ends[:streams], ends[streams:])


def read_readings(streams: int, measured: ArrayLike, variance: ArrayLike | Any, names: Names) -> Readings:
    """Check readings and variances; a matrix of variances may be dense or sparse."""
    from scipy.sparse import issparse

    y = floats(measured, "measured", "số đọc (measured)", gaps=True)
    if y.shape != (streams,):
        raise ScienceError(
            f"measured has shape {y.shape}; A has {streams} streams, one reading (or NaN) each.",
            f"measured có dạng {y.shape}; A có {streams} dòng, mỗi dòng một số đọc (hoặc NaN).",
        )
    if (np.abs(y) == np.inf).any():
        at = int(np.flatnonzero(np.isinf(y))[0])
        raise ScienceError(
            f"the reading of {names.stream(at)} is infinite; use NaN where nothing was measured.",
            f"số đọc của {names.stream(at, lang='vi')} là vô hạn; chỗ không đo hãy dùng NaN.",
        )
    missing = np.isnan(y)
    covariance = None
    if issparse(variance) or np.ndim(variance) == 2:
        v, covariance = _read_covariance(streams, variance, missing, names)
    else:
        v = np.array(floats(variance, "variance", "phương sai (variance)"))
        v = np.full(streams, float(v)) if v.ndim == 0 else v
        if v.shape != (streams,):
            raise ScienceError(
                f"variance has shape {v.shape}; it needs one for each of {streams} streams.",
                f"variance có dạng {v.shape}; cần một giá trị cho mỗi dòng trong {streams} dòng.",
            )
    missing |= v == np.inf
    bad = ~(missing | (v >= 0))
    if bad.any():
        raise ScienceError(
            f"the variance of {names.list_streams(np.flatnonzero(bad))} is negative or not a number; give the "
            "square of the standard uncertainty, 0 for a fixed stream.",
            f"phương sai của {names.list_streams(np.flatnonzero(bad), lang='vi')} âm hoặc không phải là "
            "số; hãy cho bình phương của độ không đảm bảo chuẩn, 0 cho dòng cố định.",
        )
    if missing.any():
        y, v = np.where(missing, 0.0, y), np.where(missing, 0.0, v)
    still = v == 0
    return Readings(y, v, ~(missing | still), still & ~missing, covariance)


def _read_covariance(streams: int, variance: Any, missing: Bools, names: Names) -> tuple[Floats, Any]:
    from scipy.sparse import csr_array, diags_array, issparse

    full = csr_array(
        variance if issparse(variance) else floats(variance, "variance", "phương sai (variance)"), dtype=float
    )
    if full.shape != (streams, streams):
        raise ScienceError(
            f"variance has shape {full.shape}; a full one needs ({streams}, {streams}).",
            f"variance có dạng {full.shape}; ma trận đầy đủ cần ({streams}, {streams}).",
        )
    v: Floats = np.asarray(full.diagonal(), dtype=np.float64)
    known = ~missing & np.isfinite(v)
    mask = diags_array(np.where(known, 1.0, 0.0))
    finite = full.copy()
    finite.data = np.nan_to_num(finite.data, nan=np.nan, posinf=0.0)
    inner = csr_array(mask @ finite @ mask)
    inner.eliminate_zeros()
    if not np.isfinite(inner.data).all():
        raise ScienceError(
            "variance holds a value that is not a number; leave unmeasured streams' rows at 0.",
            "variance có giá trị không phải là số; hàng của dòng không đo hãy để 0.",
        )
    skew = abs(inner - inner.T)
    if skew.nnz and skew.max() > 1e-9 * abs(inner).max():
        raise ScienceError(
            "variance is not symmetric; a covariance matrix equals its own transpose.",
            "variance không đối xứng; ma trận hiệp phương sai bằng chuyển vị của chính nó.",
        )
    if inner.nnz == np.count_nonzero(inner.diagonal()):
        return v, None
    _check_positive(inner, names)
    return v, inner


def _check_positive(inner: Any, names: Names) -> None:
    """Covariances must be those of some readings: no combination of them with a negative variance."""
    from scipy.sparse.csgraph import connected_components

    parts, part = connected_components(inner, directed=False)
    for p in np.flatnonzero(np.bincount(part, minlength=parts) > 1):
        streams = np.flatnonzero(part == p)
        block = inner[streams][:, streams].toarray()
        size = np.sqrt(np.maximum(block.diagonal(), 0))
        if (size == 0).any() or np.linalg.eigvalsh(block / np.outer(size, size))[0] < -1e-9:
            raise ScienceError(
                f"the covariances of {names.list_streams(streams)} belong to no readings (a combination of them "
                "would have a negative variance); check that each |covariance| ≤ √(variance · variance).",
                f"hiệp phương sai của {names.list_streams(streams, lang='vi')} không thể là của số đọc nào "
                "(có tổ hợp sẽ có phương sai âm); hãy kiểm tra từng |hiệp phương sai| ≤ √(phương sai · "
                "phương sai).",
            )
