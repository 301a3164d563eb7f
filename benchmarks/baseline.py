"""Baselines and decompositions against statsmodels and a plain loop, in one run.

    python benchmarks/baseline.py            1,000 fits, 10,000 decompositions
    python benchmarks/baseline.py --quick    a tenth

fit          one regression with all figures a baseline is judged by (24 months, two drivers), and its
             prediction variance; statsmodels does the same figures, without the related residuals
candidates   every model of two outputs, a temperature and a season (24 months)
lmdi         many decompositions as one batch, against the same formula in a loop over them

Sides are run in turn and the best of each is taken; both must come to the same figures.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
from timing import fastest

from sachhon.science.intensity import fit_baseline, lmdi
from sachhon.science.intensity.prediction import predicted_total
from sachhon.science.intensity.regression import ols


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    scale = 10 if parser.parse_args().quick else 1
    one_fit(1000 // scale)
    candidates()
    decompositions(10_000 // scale)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return 0


def one_fit(count: int) -> None:
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.outliers_influence import variance_inflation_factor
    from statsmodels.stats.stattools import durbin_watson

    x, y, row = data()
    wide = np.column_stack([np.ones(24), x])

    def ours() -> float:
        fit = ols(x, y, ["a", "b"])
        _ = (fit.p_values, fit.f, fit.adjusted_r2, fit.vif, fit.durbin_watson, fit.aicc, fit.bic)
        return predicted_total(fit, row, correlated=False)[0].standard_uncertainty

    def theirs() -> float:
        fit = OLS(y, wide).fit()
        _ = (fit.pvalues, fit.fvalue, fit.f_pvalue, fit.rsquared_adj, fit.aic, fit.bic)
        _ = [variance_inflation_factor(wide, i) for i in (1, 2)], durbin_watson(fit.resid)
        return float(fit.get_prediction(row).se_obs[0])

    assert np.isclose(ours(), theirs())
    mine, peer = fastest(ours, theirs, count)
    print(f"fit         {1e6 * mine:8.0f} µs   statsmodels {1e6 * peer:8.0f} µs   {peer / mine:6.1f} times")


def candidates() -> None:
    x, y, _ = data()
    month = np.arange(24) % 12 + 1
    degrees = 24 + 6 * np.sin(month / 2)
    started = time.perf_counter()
    tried = fit_baseline(
        y, {"a": x[:, 0], "b": x[:, 1], "T": degrees}, temperature="T", month=month
    ).candidates
    seconds = time.perf_counter() - started
    print(
        f"candidates  {1e3 * seconds:8.0f} ms   {len(tried)} models, {1e3 * seconds / len(tried):.1f} ms each"
    )


def decompositions(count: int) -> None:
    x = np.random.default_rng(1).uniform(0.5, 2, (2, count, 20, 3))

    def batch() -> np.ndarray:
        return lmdi(x[0], x[1])

    def loop() -> np.ndarray:
        out = np.empty((count, 3))
        for i in range(count):
            v0, v1 = x[0, i].prod(axis=1), x[1, i].prod(axis=1)
            weight = (v1 - v0) / np.log(v1 / v0)
            out[i] = (weight[:, None] * np.log(x[1, i] / x[0, i])).sum(axis=0)
        return out

    assert np.allclose(batch(), loop())
    mine, peer = fastest(batch, loop, 1)
    print(f"lmdi        {1e3 * mine:8.1f} ms   loop        {1e3 * peer:8.1f} ms   {peer / mine:6.1f} times")


def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    x = rng.uniform(50, 150, (24, 2))
    return x, 100 + x @ [2.0, 3.0] + rng.normal(0, 10, 24), np.array([[1.0, 100.0, 90.0]])


if __name__ == "__main__":
    raise SystemExit(main())
