"""The checks of a fitted baseline, each giving a refusal with what was seen and the limit.

Terms of several columns (a season) are judged together, F = bᵀ C⁻¹ b / k, with the p that the asked |t|
stands for. Not here: the limits and the words (`criteria`), the choice among models (`baseline`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from sachhon.science.intensity.criteria import Rejection, Settings
from sachhon.science.intensity.regression import CONSTANT, Fit


def judge(
    fit: Fit, terms: Sequence[tuple[str, str]], free: Collection[str], settings: Settings
) -> tuple[Rejection, ...]:
    """Every reason against a fit; empty when it passes. terms : (column, term) without the constant;
    free : terms that may lower consumption."""
    return (
        *_whole(fit, bool(terms), settings),
        *_significance(fit, terms, settings),
        *_physics(fit, terms, free),
        *_independence(fit, dict(terms), settings),
    )


def _whole(fit: Fit, has_terms: bool, settings: Settings) -> Iterator[Rejection]:
    if settings.min_r2 is not None and has_terms and fit.r2 < settings.min_r2:
        yield Rejection("low_r2", fit.r2, settings.min_r2)
    if not fit.observed.any():
        yield Rejection("nothing_used")
    elif settings.max_cv_rmse is not None and fit.cv_rmse > settings.max_cv_rmse:
        yield Rejection("high_cv_rmse", fit.cv_rmse, settings.max_cv_rmse)
    if settings.max_nmbe is not None and fit.observed.any() and abs(fit.nmbe) > settings.max_nmbe:
        yield Rejection("biased", fit.nmbe, settings.max_nmbe)
    if settings.max_f_p is not None and fit.f is not None and fit.f[1] > settings.max_f_p:
        yield Rejection("weak_model", fit.f[1], settings.max_f_p)


def _significance(fit: Fit, terms: Sequence[tuple[str, str]], settings: Settings) -> Iterator[Rejection]:
    from scipy.special import fdtrc, stdtr

    p_of: dict[str, float] = {}
    for term in dict.fromkeys(term for _, term in terms):
        at = [fit.names.index(column) for column, of in terms if of == term]
        if len(at) == 1:
            p_of[term] = float(fit.p_values[at[0]])
            seen = abs(float(fit.t[at[0]]))
        else:
            b, c = fit.coefficients[at], fit.covariance[np.ix_(at, at)]
            exact = float("inf") if fit.t[at].any() else 0.0
            f = float(b @ np.linalg.pinv(c) @ b) / len(at) if fit.sse else exact
            p_of[term] = float(fdtrc(len(at), fit.dof, f)) if np.isfinite(f) else 0.0
            seen = float(np.sqrt(f))
        if settings.min_t is not None and p_of[term] > 2 * float(stdtr(fit.dof, -settings.min_t)):
            yield Rejection("low_t", seen, settings.min_t, term)
        if settings.max_p is not None and p_of[term] > settings.max_p:
            yield Rejection("high_p", p_of[term], settings.max_p, term)
    if settings.max_best_p is not None and p_of and min(p_of.values()) > settings.max_best_p:
        yield Rejection("no_strong_driver", min(p_of.values()), settings.max_best_p)


def _physics(fit: Fit, terms: Sequence[tuple[str, str]], free: Collection[str]) -> Iterator[Rejection]:
    for column, term in terms:
        b = float(fit.coefficients[fit.names.index(column)])
        bent = any(sign in column for sign in "<>")
        if column == term and term not in free and not bent and b < 0:
            yield Rejection("wrong_sign", b, 0.0, term)
    # only a plain line is read at zero of its drivers; with a temperature zero means nothing
    if CONSTANT in fit.names and terms and not any(term in free or term != column for column, term in terms):
        base, t = float(fit.coefficients[0]), float(fit.t[0])
        if base < 0 and t < -2:
            yield Rejection("negative_base", base, 0.0)


def _independence(fit: Fit, term_of: Mapping[str, str], settings: Settings) -> Iterator[Rejection]:
    if settings.max_vif is not None:
        worst: dict[str, float] = {}
        for name, vif in zip(fit.names, fit.vif, strict=True):
            term = term_of.get(name, name)
            worst[term] = max(float(vif), worst.get(term, 0.0))
        for term, vif in worst.items():
            if vif > settings.max_vif:
                yield Rejection("collinear", vif, settings.max_vif, term)
    if fit.effective_n <= fit.parameters:
        yield Rejection("few_effective", fit.effective_n, fit.parameters)
