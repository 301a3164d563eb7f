"""Variance of totals by the with-stratum spread of the sampled units' totals, for many domains at once.

    var = Σ_h (1 − n_h/N_h) n_h/(n_h − 1) Σ_p (t_hp − t̄_h)²,       t_hp = Σ_{i in p} w_i z_i

A domain touches few PSUs: of each (PSU, domain) pair present the total is kept, the n_h − k_hd absent ones
are zeros, so memory and time go with the rows, not with PSUs × domains. Two passes (mean first, then
squares) keep the digits where totals are large against their spread.
"""

from __future__ import annotations

import numpy as np

from sachhon.science.survey.frame import Frame
from sachhon.science.survey.settings import SinglePsu
from sachhon.science.uncertainty import ScienceError


def variance(
    frame: Frame, values: np.ndarray, domain: np.ndarray, domains: int, single_psu: SinglePsu
) -> np.ndarray:
    """Variance of Σ values in each domain; values (n,) already weighted, domain (n,) index or −1 for none.

    Returns (domains,).
    """
    pair_psu, pair_domain, totals = pair_totals(frame, values, domain, domains)
    stratum_of, sampled, unsampled = _strata(frame, single_psu)
    strata = sampled.size
    cell = stratum_of[pair_psu] * domains + pair_domain
    count = np.bincount(cell, minlength=strata * domains)
    mean = np.bincount(cell, totals, strata * domains) / np.repeat(sampled, domains)
    lonely = (sampled == 1) & (unsampled > 0)
    if single_psu == "adjust" and lonely.any():
        grand = np.bincount(pair_domain, totals, domains) / frame.psu_stratum.size
        mean = np.where(np.repeat(lonely, domains), np.tile(grand, strata), mean)
    squares = np.bincount(cell, np.square(totals - mean[cell]), strata * domains)
    squares += (np.repeat(sampled, domains) - count) * np.square(mean)
    factor = unsampled * sampled / np.maximum(sampled - 1, 1)
    by_stratum = factor[:, None] * squares.reshape(strata, domains)
    if lonely.any():
        if single_psu == "error":
            _refuse(frame)
        if single_psu == "average":
            return by_stratum[~lonely].sum(axis=0) * (strata / np.count_nonzero(~lonely))
    return by_stratum.sum(axis=0)


def pair_totals(
    frame: Frame, values: np.ndarray, domain: np.ndarray, domains: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """PSU, domain and total of each (PSU, domain) pair that holds a row."""
    rows = np.flatnonzero(domain >= 0)
    psu, index, values = frame.psu[rows], domain[rows], values[rows]
    if frame.psu_stratum.size == frame.size:  # every row is its own PSU
        return psu, index, values
    key = psu * domains + index
    if frame.psu_stratum.size * domains <= 8 * frame.size + 1000:
        present = np.flatnonzero(np.bincount(key, minlength=1))
        totals = np.bincount(key, values)[present] if key.size else values
    else:
        present, place = np.unique(key, return_inverse=True)
        totals = np.bincount(place, values, present.size)
    return present // domains, present % domains, totals


def degrees(frame: Frame, domain: np.ndarray, domains: int) -> np.ndarray:
    """PSUs less strata among those that hold a row of the domain, at least 1; (domains,)."""
    psu, index, _ = pair_totals(frame, np.zeros(frame.size), domain, domains)
    strata = frame.sampled.size
    cells = np.bincount(frame.psu_stratum[psu] * domains + index, minlength=strata * domains)
    occupied = (cells.reshape(strata, domains) > 0).sum(axis=0)
    return np.maximum(np.bincount(index, minlength=domains) - occupied, 1)


def _strata(frame: Frame, single_psu: SinglePsu) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stratum of each PSU, sampled and unsampled share of each stratum, thin ones collapsed if so set."""
    if single_psu != "pool" or not frame.lonely.any():
        return frame.psu_stratum, frame.sampled, frame.unsampled
    group = collapse(frame.lonely)
    groups = int(group.max()) + 1
    sampled = np.bincount(group, frame.sampled, groups).astype(int)
    population = np.bincount(group, frame.population, groups)
    if ((sampled == 1) & (population > 1)).any():
        _refuse(frame)
    return group[frame.psu_stratum], sampled, 1 - sampled / population


def collapse(lonely: np.ndarray) -> np.ndarray:
    """Group of each stratum: a lonely one is with the stratum after it, the last one with the stratum before it."""
    closes = ~lonely[:-1]
    if lonely[-1]:
        closes[-1:] = False
    return np.concatenate([[0], np.cumsum(closes)])


def _refuse(frame: Frame) -> None:
    names = [str(frame.labels[h]) for h in np.flatnonzero(frame.lonely)]
    shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    raise ScienceError(
        f"only one unit (cluster) was drawn in: {shown}; its variance cannot be told. Merge it with a like "
        'stratum, or set Settings(single_psu="pool"), "average", "adjust" or "certainty".',
        f"chỉ có một đơn vị (cụm) được rút ở: {shown}; không biết được phương sai của nó. Hãy gộp với "
        'một tầng giống nó, hoặc đặt Settings(single_psu="pool"), "average", "adjust" hoặc '
        '"certainty".',
    )
