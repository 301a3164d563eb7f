"""The sample as numbers: stratum, sampled unit (PSU), weight and population of every row, checked once.

A PSU is what was drawn: a row, or with clusters a whole cluster. Cluster labels are read within their
stratum, so "1" of stratum A and "1" of stratum B are two clusters. `population` counts PSUs.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.numeric import floats, number, refuse_masked
from sachhon.science.phrases import comma, vi
from sachhon.science.uncertainty import ScienceError

Population = Mapping[Any, float] | ArrayLike | float | None


@dataclass(frozen=True)
class Frame:
    """n rows in P PSUs of H strata.

    stratum (n,) and psu (n,): indices of each row; psu_stratum (P,): stratum of each PSU;
    sampled (H,): PSUs drawn; population (H,): PSUs there are, inf where unknown; weight (n,).
    """

    stratum: np.ndarray
    psu: np.ndarray
    psu_stratum: np.ndarray
    sampled: np.ndarray
    population: np.ndarray
    weight: np.ndarray
    labels: tuple[Hashable, ...]
    weights_known: bool

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.weight.size

    @property
    def unsampled(self) -> np.ndarray:
        """1 − n_h/N_h of each stratum: the finite population correction."""
        return 1 - self.sampled / self.population

    @property
    def lonely(self) -> np.ndarray:
        """Strata of which one PSU of several was drawn."""
        return (self.sampled == 1) & (self.unsampled > 0)


def build(
    rows: int, strata: ArrayLike | None, clusters: ArrayLike | None, weights: ArrayLike | None, population
) -> Frame:
    """Check and number everything; `rows` is the number of rows."""
    labels, stratum = _strata(strata, rows)
    psu, psu_stratum = _clusters(clusters, stratum, rows)
    sampled = np.bincount(psu_stratum, minlength=len(labels))
    sizes = _population(population, labels, stratum, sampled)
    if weights is not None:
        weight = floats(weights, "weights", "trọng số (weights)")
        if weight.shape != (rows,) or not (np.isfinite(weight).all() and (weight >= 0).all()):
            raise ScienceError(
                "weights must be one finite number, not negative, for each row.",
                "weights phải là một số hữu hạn, không âm, cho mỗi hàng.",
            )
        if not weight.any():
            raise ScienceError(
                "all weights are zero; give the units that each row stands for.",
                "mọi trọng số đều bằng 0; hãy cho số đơn vị mà mỗi hàng đại diện.",
            )
    elif np.isfinite(sizes).all():
        weight = (sizes / sampled)[stratum]
    else:
        weight = np.ones(rows)
    known = weights is not None or bool(np.isfinite(sizes).all())
    return Frame(stratum, psu, psu_stratum, sampled, sizes, weight, labels, known)


def encode(values: ArrayLike, what: str, rows: int) -> tuple[tuple[Hashable, ...], np.ndarray]:
    """Labels in order and the index of each row; mixed labels are ordered by how they are written."""
    if np.ma.isMaskedArray(values):
        refuse_masked(values, what, what)
        values = np.ma.getdata(values)
    array = values if isinstance(values, np.ndarray) else np.asarray(values, dtype=_dtype(values))
    if array.shape != (rows,):
        raise ScienceError(
            f"{what} must be one label for each of the {rows} rows, not {array.shape}.",
            f"{what} phải có một nhãn cho mỗi hàng trong {rows} hàng, không phải dạng {array.shape}.",
        )
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise ScienceError(
            f"{what} has rows without a label (nan); give each its label or leave the row out.",
            f"{what} có hàng không có nhãn (nan); hãy cho mỗi hàng một nhãn hoặc bỏ hàng ấy ra.",
        )
    if array.dtype.kind != "O":
        unique, index = np.unique(array, return_inverse=True)
        return tuple(unique.tolist()), index
    listed = array.tolist()
    if any(value is None or value != value for value in listed):
        raise ScienceError(
            f"{what} has rows without a label; give each its label or leave the row out.",
            f"{what} có hàng không có nhãn; hãy cho mỗi hàng một nhãn hoặc bỏ hàng ấy ra.",
        )
    ordered = sorted(set(listed), key=lambda value: (str(type(value)), value))
    number = {value: i for i, value in enumerate(ordered)}
    return tuple(ordered), np.fromiter((number[value] for value in listed), dtype=np.intp, count=rows)


def _dtype(values: ArrayLike) -> type | None:
    # numpy would turn [1, "a"] into strings and (1, 2) labels into a matrix
    listed = list(values) if isinstance(values, list | tuple) else None
    if listed is not None and (len({type(v) for v in listed}) > 1 or isinstance(listed[0], tuple)):
        return object
    return None


def _strata(strata: ArrayLike | None, rows: int) -> tuple[tuple[Hashable, ...], np.ndarray]:
    if strata is None:
        return (None,), np.zeros(rows, dtype=np.intp)
    return encode(strata, "strata", rows)


def _clusters(clusters: ArrayLike | None, stratum: np.ndarray, rows: int) -> tuple[np.ndarray, np.ndarray]:
    if clusters is None:
        return np.arange(rows), stratum
    labels, cluster = encode(clusters, "clusters", rows)
    pairs, psu = np.unique(stratum * len(labels) + cluster, return_inverse=True)
    return psu, pairs // len(labels)


def _population(
    population: Population, labels: tuple[Hashable, ...], stratum: np.ndarray, sampled: np.ndarray
) -> np.ndarray:
    strata = len(labels)
    if population is None:
        return np.full(strata, np.inf)
    if isinstance(population, Mapping):
        named = {
            label: number(size, f"population of stratum {label!r}", f"population của tầng {label!r}")
            for label, size in population.items()
        }
        sizes = _by_label(named, labels)
    else:
        given = floats(population, "population", "tổng thể (population)")
        if given.ndim == 0:
            if strata > 1:
                raise ScienceError(
                    "one population for several strata does not say how many each holds; "
                    "give a mapping stratum → N, or N of its stratum for each row.",
                    "một population cho nhiều tầng không cho biết mỗi tầng có bao nhiêu; hãy cho ánh xạ tầng → "
                    "N, hoặc N của tầng cho mỗi hàng.",
                )
            sizes = np.full(1, float(given))
        elif given.shape == stratum.shape:
            sizes = np.zeros(strata)
            sizes[stratum] = given
            uneven = sizes[stratum] != given
            if uneven.any():
                raise ScienceError(
                    f"rows of stratum {labels[stratum[int(np.argmax(uneven))]]!r} name different populations.",
                    f"các hàng của tầng {labels[stratum[int(np.argmax(uneven))]]!r} nêu những tổng thể khác nhau.",
                )
        else:
            raise ScienceError(
                "population must be a number, a mapping stratum → N or one number for each row.",
                "population phải là một số, một ánh xạ tầng → N hoặc mỗi hàng một số.",
            )
    for label, n, size in zip(labels, sampled, sizes, strict=True):
        if not size >= n:
            named = "the sample" if label is None else f"stratum {label!r}"
            raise ScienceError(
                f"{named} has {n} sampled units (clusters) of a population of {size:g}: "
                "a population is at least its sample; count clusters where clusters were drawn.",
                f"{vi(named)} có {n} đơn vị (cụm) được chọn trên tổng thể {comma(size):g}: tổng thể ít nhất phải bằng "
                "mẫu; rút theo cụm thì hãy đếm cụm.",
            )
    return sizes


def _by_label(population: Mapping[Any, float], labels: tuple[Hashable, ...]) -> np.ndarray:
    if labels == (None,):
        if len(population) != 1:
            raise ScienceError(
                "population names strata but the design has none; give strata.",
                "population nêu các tầng nhưng thiết kế không có tầng; hãy cho strata.",
            )
        return np.array([float(next(iter(population.values())))])
    missing = [label for label in labels if label not in population]
    if missing:
        raise ScienceError(
            f"population has no size for stratum {missing[0]!r}.",
            f"population không có cỡ của tầng {missing[0]!r}.",
        )
    empty = [label for label, size in population.items() if size > 0 and label not in set(labels)]
    if empty:
        raise ScienceError(
            f"no row lies in stratum {empty[0]!r} of {population[empty[0]]:g}; "
            "merge it with a like stratum, or leave it out of the population the figure speaks of.",
            f"không hàng nào nằm trong tầng {empty[0]!r} có {comma(population[empty[0]]):g} đơn vị; hãy gộp với "
            "một tầng giống nó, hoặc bỏ khỏi tổng thể mà con số nói đến.",
        )
    return np.array([float(population[label]) for label in labels])
