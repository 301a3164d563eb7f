"""Least squares under balances that hold products: flow × concentration, flow × transfer coefficient.

    min (x − y)ᵀ V⁻¹ (x − y)   subject to   g(x) = L x + Σ f x_i x_j + c = 0

by Gauss–Newton: at x the constraints are replaced by g + J d = 0, J the Jacobian, and the linear problem in d is
solved exactly, unmeasured x projected out (Knepper & Gorman 1980; Pai & Fisher 1988; Cencic 2016, the method of
STAN). Where it stops, x is a stationary point of the problem itself, and the covariance, the classification and the
tests are those of the problem made linear there: first order, as for any nonlinear function of readings.

Safeguards. The start is itself a least squares solution: each product with a measured factor is written
x_i y_j + e with e ~ N(0, (x_i σ_j)²), so that flows known only by concentrations (two-product formula) are found
without a guess, and every linear balance holds from there on. A step is shortened until it lowers
½ χ² + ν Σ |g| or halves Σ |g|. What nobody measures and stands in one product alone (the content of a recycle) moves so
that the product, not the factor, goes straight: a small flow that doubles would leave its balances open otherwise.
A step that would turn back most of the last one is shortened to where both vanish (secant): Gauss–Newton swings where
readings that disagree meet curved balances. Variables are counted in units of their own size: units do not matter.
What comes to no end is an error that names the balances left open; contradictions of fixed values are told apart.
Not for constraints of another form (enthalpy of steam, say): make them linear, or write them with more variables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sachhon.science.balance.closing import CLOSED, at_once, closed
from sachhon.science.balance.linear import LinearResult
from sachhon.science.balance.network import ContradictionError, Floats, Names, Readings
from sachhon.science.balance.products import System
from sachhon.science.balance.projection import MOST_STREAMS, ProjectionModel, build, in_units
from sachhon.science.balance.reduction import reduce, spread
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError

MOST_STEPS = 200
STILL = 1e-8  # a step this small, in standard uncertainties or in sizes, is the last
FINEST = 1e-6  # of a size: no reading is judged finer, for rounding would be more than `STILL` of it
NEAR = 1e-3  # steps this small are taken whole: rounding in χ² would shorten them for no reason
ARMIJO = 1e-4
SHORTEST = 1e-6
BACK = 0.5  # of the last step: going back by more is swinging
ALONG = 0.8  # of the squared length of a step that lies along the last one, from which the two are compared
SHORTEST_SWING = 0.05
STEADY = 1e-3  # of what it was: a factor that all but vanishes takes no product along


@dataclass(frozen=True)
class Solution:
    """Where Gauss–Newton stopped: the result over all variables, and how many steps it took."""

    result: LinearResult
    steps: int
    system: System
    unit: Floats

    def again(self, value: Floats) -> Floats:
        """The estimate for other readings of the same meters, started from this one; ScienceError as `reconcile`."""
        model = self.result.model
        own = _count_in(replace(model.readings, value=value), self.unit)
        # x = y − V w holds on measured variables from the start, with w = 0
        start = np.where(own.unmeasured, self.result.estimate / self.unit, own.value)
        _, x, _, _ = _walk(self.system.in_units(self.unit), own, model.names, start, np.zeros(len(value)))
        return np.where(own.fixed, value, x * self.unit)

    def place(self, own: Readings) -> tuple[Floats, Floats]:
        """x and w, with x = y − V w on what `own` (in units) measures, to start from here."""
        result = self.result
        shift = result.shift * self.unit
        adjusted = own.value - spread(own, shift)
        return np.where(own.unmeasured, result.estimate / self.unit, adjusted), shift


def reconcile(
    system: System,
    readings: Readings,
    names: Names,
    unit: Floats | None = None,
    start: Solution | None = None,
) -> Solution:
    """Solve; names.nodes are the balances, names.streams the variables, `unit` their sizes where known.

    start : a solution of the same problem with something fixed, to go downhill from once it is let go.
    """
    if len(readings.value) > MOST_STREAMS:
        raise ScienceError(
            f"{len(readings.value)} unknowns hang together, more than {MOST_STREAMS}. Split the flow-sheet, "
            "or leave out contents that nothing is asked of.",
            f"có {len(readings.value)} ẩn số dính liền nhau, nhiều hơn {MOST_STREAMS}. Hãy chia nhỏ sơ "
            "đồ, hoặc bỏ những hàm lượng không cần hỏi đến.",
        )
    unit = _units(system, readings) if unit is None else unit
    scaled = system.in_units(unit)
    own = _count_in(readings, unit)
    x, shift = _start(scaled, own) if start is None else start.place(own)
    steps, x, lift, shift = _walk(scaled, own, names, x, shift)
    model = in_units(build(_sparse(scaled.jacobian(x)), own, names), readings, unit)
    estimate = np.where(readings.fixed, readings.value, x * unit)
    moved = np.where(readings.measured, readings.value - estimate, 0.0)
    shift = shift / unit
    chi2 = max(float(moved @ shift), 0.0)
    result = LinearResult(
        estimate, model.variance, model.observable, chi2, model.degrees_of_freedom, model, lift, shift
    )
    return Solution(result, steps, system, unit)


def _units(system: System, readings: Readings) -> Floats:
    """A size for each variable: of its reading, or of those that stand in the same products or balances."""
    read = np.where(readings.unmeasured, 0.0, np.abs(readings.value))
    doubt = np.where(readings.measured, np.sqrt(readings.variance), 0.0)
    factors = np.zeros(len(read), dtype=np.int64)  # what stands right in a product is of another kind
    factors[system.right] = 1
    usual = np.ones(2)
    for kind in (0, 1):
        of = factors == kind
        some = next((size[of & (size > 0)] for size in (read, doubt) if (of & (size > 0)).any()), None)
        if some is not None:
            usual[kind] = np.median(some)
    # a rough reading tells little of the size of what it reads
    size = np.maximum(read, np.minimum(doubt, usual[factors]))
    return np.where(size > 0, size, usual[factors])


def _count_in(readings: Readings, unit: Floats) -> Readings:
    covariance = readings.covariance
    if covariance is not None:
        from scipy.sparse import diags_array

        per = diags_array(1 / unit)
        covariance = per @ covariance @ per
    return replace(
        readings, value=readings.value / unit, variance=readings.variance / unit**2, covariance=covariance
    )


def _sparse(matrix: Floats) -> Any:
    from scipy.sparse import csc_array

    return csc_array(matrix)


def _start(system: System, readings: Readings) -> tuple[Floats, Floats]:
    """x and w with x = y − V w on measured variables, from the problem with products made linear."""
    y, v = readings.value, readings.variance
    n = len(y)
    if not len(system.row):
        return y, np.zeros(n)  # needs no start
    known = ~readings.unmeasured
    i, j = system.left, system.right
    swap = (known[i] & ~known[j]) | (known[i] & known[j] & (v[i] * y[j] ** 2 < v[j] * y[i] ** 2))
    free, given = np.where(swap, j, i), np.where(swap, i, j)  # the product is x_free · y_given + e
    pairs, pair = np.unique(np.stack([free, given]), axis=1, return_inverse=True)
    pair = np.ravel(pair)
    told = known[pairs[1]] if len(pair) else np.zeros(0, dtype=bool)
    rows = len(system.constant)
    matrix = np.zeros((rows, n + pairs.shape[1]))
    matrix[:, :n] = system.linear
    np.add.at(matrix, (system.row, free), system.factor * np.where(known[given], y[given], 0.0))
    np.add.at(matrix, (system.row, n + pair), system.factor)
    size = np.where(known[pairs[0]], np.abs(y[pairs[0]]), 1.0)
    spread = size**2 * v[pairs[1]]
    wide = Readings(
        np.concatenate([y, np.zeros(len(told))]),
        np.concatenate([v, np.where(told, spread, 0.0)]),
        np.concatenate([readings.measured, told & (spread > 0)]),
        np.concatenate([readings.fixed, told & (spread == 0)]),
        None if readings.covariance is None else _widen(readings.covariance, np.where(told, spread, 0.0)),
    )
    part = reduce(matrix, wide)
    x, _, shift = part.solve(wide.value, system.constant)
    seen = np.ones(len(x), dtype=bool)
    seen[wide.unmeasured] = part.observable
    # an unmeasured factor is the product over the other one
    product = x[n:] + np.where(told, x[pairs[0]] * y[pairs[1]], 0.0)
    # a factor of a product must be something, so that the product can move
    factor = np.zeros(n, dtype=bool)
    factor[np.ravel(pairs)] = True
    out = np.where(seen[:n] | ~factor, x[:n], 1.0)
    for k in np.flatnonzero(~told & seen[n:]):
        a, b = pairs[:, k]
        if seen[a] and abs(x[a]) > 1e-9:
            out[b] = product[k] / x[a]
    return out, shift[:n]


def _widen(covariance: Any, more: Floats) -> Any:
    from scipy.sparse import block_diag, diags_array

    return block_diag([covariance, diags_array(more)], format="csr") if len(more) else covariance


def _walk(
    system: System, readings: Readings, names: Names, x: Floats, shift: Floats
) -> tuple[int, Floats, Floats, Floats]:
    """Steps, x, λ and w = Jᵀ λ where neither the balances nor the readings ask for more."""
    if not len(system.row):
        x, lift, shift, closes = at_once(system, readings)
        if not closes:
            raise _no_end(system, readings, names, x, readings.unmeasured)
        return 1, x, lift, shift
    y, hidden, measured = readings.value, readings.unmeasured, readings.measured
    sigma = np.sqrt(np.where(measured, readings.variance, 1.0))
    partner, load = system.loads(hidden)
    weight = 0.0
    last: tuple[Floats, float] | None = (
        None  # the step before, in units of what it is judged by, and its length
    )
    for step in range(1, MOST_STEPS + 1):
        g, carried = system.residual(x), system.carried(x)
        part = reduce(system.jacobian(x), readings)
        # to where the linear problem at x ends
        d, lift, new_shift = part.solve(np.where(measured, y - x, 0.0), g)
        size = np.maximum(np.abs(x), 1.0)
        judged = d / np.where(measured, np.clip(sigma, FINEST * size, size), size)
        asked = float(np.max(np.abs(judged), initial=0.0))
        if asked <= STILL and (np.abs(g) <= CLOSED * carried).all():
            return step, closed(system, x, readings, part), lift, new_shift
        open_now = part.row @ np.abs(g)
        weight = max(weight, 1.5 * float(np.max(np.abs(lift) / part.row, initial=0.0)))
        now = 0.5 * shift @ part.spread(shift) + weight * open_now
        gain = now - 0.5 * new_shift @ part.spread(new_shift)
        length = _unswung(judged, last)
        while True:
            w = shift + length * (new_shift - shift)
            trial = x + length * d
            steady = np.abs(trial[partner]) > STEADY * np.abs(x[partner])
            a, b = partner[steady], load[steady]
            product = x[a] * x[b] + length * (x[a] * d[b] + d[a] * x[b])
            trial[b] = product / trial[a]
            trial_open = part.row @ np.abs(system.residual(trial))
            merit = 0.5 * w @ part.spread(w) + weight * trial_open
            if merit <= now - ARMIJO * length * max(gain, 0.0) or trial_open <= 0.5 * open_now:
                break
            if length <= SHORTEST or asked <= NEAR:
                break
            length /= 2
        x, shift, last = trial, w, (judged, length)
    raise _no_end(system, readings, names, x, hidden)


def _unswung(step: Floats, last: tuple[Floats, float] | None) -> float:
    """Length to begin with: 1, or less where a step goes back on the last one or the last one was shortened so.

    With a step s of length l before and d = r s now, K = (1 − r)/l is the slope along s: 1/K leads where d vanishes.
    """
    if last is None:
        return 1.0
    before, length = last
    size = float(before @ before)
    r = float(step @ before) / size if size else 0.0
    along = r * r * size >= ALONG * float(step @ step)
    if not along or (r > -BACK and length == 1.0):
        return 1.0
    return min(max(length / max(1.0 - r, length), SHORTEST_SWING), 1.0)


def _no_end(system: System, readings: Readings, names: Names, x: Floats, hidden: Any) -> ScienceError:
    """What to say: fixed values against each other, or balances that stay open."""
    g = np.abs(system.residual(x)) / system.carried(x)
    plain = np.setdiff1d(np.arange(len(g)), system.row)
    if len(plain):
        # a contradiction among linear balances is told with names, in the variables' own units, by the linear solver
        unit = np.ones(len(x)) if system.unit is None else system.unit
        matrix = np.hstack([system.linear[plain] / unit, system.constant[plain, None]])
        own = _count_in(readings, 1 / unit)
        one = Readings(
            np.append(own.value, 1.0),
            np.append(own.variance, 0.0),
            np.append(own.measured, False),
            np.append(own.fixed, True),
            None if own.covariance is None else _widen(own.covariance, np.zeros(1)),
        )
        said = Names(
            *(
                part
                for lang, constant in (("en", "the constant"), ("vi", "hằng số"))
                for part in (
                    None if names.nodes is None else [names.node(int(k), lang) for k in plain],
                    [*(names.stream(k, lang) for k in range(len(x))), constant],
                )
            )
        )
        model: ProjectionModel = build(_sparse(matrix), one, said)
        try:
            model.estimate(one.value)
        except ContradictionError as error:
            return error
    worst = [int(k) for k in np.argsort(-g) if g[k] > CLOSED][:4]
    if not worst:
        return ScienceError(
            "the balances close, but the estimate does not settle: too little is measured for their products. "
            "Measure a flow or a concentration more.",
            "các cân bằng đã khép nhưng ước lượng chưa ổn định: đo quá ít so với số tích của chúng. Hãy "
            "đo thêm một lưu lượng hoặc nồng độ.",
        )
    left = ", ".join(f"{names.node(k)} ({100 * g[k]:.3g} % open)" for k in worst)
    left_vi = ", ".join(f"{names.node(k, 'vi')} (còn hở {comma(100 * g[k]):.3g} %)" for k in worst)
    return ContradictionError(
        f"no values near the readings close the balances of {left}. Check the fixed values there, give one of them "
        "an uncertainty, or measure a flow or a concentration more.",
        f"không có giá trị nào gần số đọc khép được cân bằng của {left_vi}. Hãy kiểm tra các giá trị cố "
        "định ở đó, cho một giá trị độ không đảm bảo, hoặc đo thêm một lưu lượng hay nồng độ.",
    )
