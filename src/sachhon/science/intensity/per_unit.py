"""Specific consumption, and the saving per unit of product against a baseline period.

For products p with outputs q and baseline ("reference") intensities e_p0 of a resource:

    E*  = Σ_p e_p0 · q_p1          consumption the baseline would have needed for the report year's products
    saving = E* − E_1              E_1: what was consumed;  negative: consumption per unit rose
    relative = saving / E*

With one product this is the plain change of specific consumption: relative = 1 − (E_1/q_1) / (E_0/q_0).
The reference-weighted output makes a mix of products one number (a Laspeyres volume index times E_0), so a
shift to lighter products is not mistaken for a saving. Where only the facility's total consumption is
known, the e_p0 come from `sachhon.science.allotment`; the result's `method` names the way taken.

Uncertainty is propagated to first order (JCGM 100:2008, 5.1.2) from the relative standard uncertainties of
consumption and outputs, taken as independent of each other:

    u²(E*) = Σ_p (e_p q_p1)² (u²(E_p0) + u²(q_p0) + u²(q_p1))         intensities metered by product
    u²(relative) = (E_1/E*)² (u_rel²(E*) + u_rel²(E_1))

Source: ISO 50006:2014, 4.3 and annex D (energy performance indicator with several products); the index is
the "quantity index with base period weights" of the UN's International Recommendations for the Index of
Industrial Production 2010, 5.2. Not here: regression baselines with drivers, decomposition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.allotment import Allotment, AllotmentSettings, Method, Months, allot
from sachhon.science.numeric import finite, floats, number, with_floats
from sachhon.science.phrases import comma, vi
from sachhon.science.uncertainty import Measured, ScienceError


class SavingState(StrEnum):
    """Whether a saving could be computed, and if not, what is missing."""

    COMPUTED = "computed"
    MISSING_CONSUMPTION = "missing_consumption"
    MISSING_OUTPUT = "missing_output"
    NO_OUTPUT = "no_output"
    NO_BASELINE = "no_baseline"
    NO_REFERENCE = "no_reference"
    NEW_PRODUCTS_NOT_SEPARABLE = "new_products_not_separable"


@dataclass(frozen=True)
class Period:
    """One facility, one resource, one period (baseline year or report year).

    outputs : product → output in that product's unit; None is unknown, an absent product was not made.
    consumption : total of the resource in its unit; None when unknown, or to take the sum of `by_product`.
    by_product : product → consumption, where it is metered by product.
    consumption_uncertainty, output_uncertainty : relative standard uncertainty, 0.02 is 2 %.
    months : monthly outputs and consumption, for allotting a total by regression (baseline only).
    """

    outputs: Mapping[str, float | None]
    consumption: float | None = None
    by_product: Mapping[str, float | None] | None = None
    consumption_uncertainty: float = 0.0
    output_uncertainty: float = 0.0
    months: Months | None = None

    def __post_init__(self) -> None:
        with_floats(
            self, "outputs", "by_product", "consumption", "consumption_uncertainty", "output_uncertainty"
        )


@dataclass(frozen=True)
class SavingPerUnit:
    """The saving of one resource per unit of product; see the module for the formula.

    Where `state` is not `computed`, expected, saving and relative are None. `coverage` is the share of the
    report year's consumption that the figure speaks of, below 1 when `excluded` (new) products were left
    out. `allotment` tells how the reference was found.
    """

    state: SavingState
    method: Method | None = None
    reference_intensities: Mapping[str, float] = field(default_factory=dict)
    expected: float | None = None
    actual: float | None = None
    saving: float | None = None
    relative: float | None = None
    saving_uncertainty: float | None = None
    relative_uncertainty: float | None = None
    coverage: float | None = None
    excluded: tuple[str, ...] = ()
    allotment: Allotment | None = None

    @property
    def relative_measured(self) -> Measured | None:
        """The relative saving with its standard uncertainty, None where not computed."""
        if self.relative is None or self.relative_uncertainty is None:
            return None
        return Measured(self.relative, self.relative_uncertainty)


@dataclass(frozen=True)
class ReferenceOutput:
    """Expected consumption E* of the products with a reference, and the products left out of it."""

    expected: float
    excluded: tuple[str, ...]


@overload
def specific_consumption(consumption: float, output: float) -> float | None: ...
@overload
def specific_consumption(consumption: ArrayLike, output: ArrayLike) -> np.ma.MaskedArray | float | None: ...
def specific_consumption(consumption: ArrayLike, output: ArrayLike) -> np.ma.MaskedArray | float | None:
    """Consumption per unit of product, e = E / q.

    consumption, output : scalars, or arrays that broadcast. Scalars give a float, None where undefined;
    arrays give a masked array. Undefined: no output, a missing (NaN) value, a negative value.
    """
    e, q = np.broadcast_arrays(
        floats(consumption, "consumption", "mức tiêu thụ", gaps=True),
        floats(output, "output", "sản lượng", gaps=True),
    )
    defined = np.isfinite(e) & np.isfinite(q) & (e >= 0) & (q > 0)
    values = np.divide(e, q, out=np.zeros(e.shape), where=defined)
    if values.ndim == 0:
        return float(values) if defined else None
    return np.ma.MaskedArray(values, mask=~defined)


def reference_weighted_output(
    outputs: Mapping[str, float], reference_intensities: Mapping[str, float]
) -> ReferenceOutput:
    """E* = Σ_p e_p0 · q_p1 over the products that have a reference intensity.

    outputs : product → output; reference_intensities : product → consumption per unit of output.
    """
    covered = [product for product in outputs if product in reference_intensities]
    excluded = tuple(sorted(p for p, q in outputs.items() if p not in reference_intensities and q > 0))
    return ReferenceOutput(sum(reference_intensities[p] * outputs[p] for p in covered), excluded)


def saving_per_unit(
    baseline: Period,
    report: Period,
    *,
    norms: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
    settings: AllotmentSettings | None = None,
) -> SavingPerUnit:
    """Saving of one resource per unit of product, report period against baseline.

    The reference intensities are taken in this order: one product (plain ratio); metered by product; given
    `norms` (relative or absolute consumption per unit, scaled to the baseline's total); regression over the
    baseline's months, if it passes its checks; declared `weights` (for example tonnes per piece).

    Raises `ScienceError` for negative or infinite figures. Everything else is told in the result's `state`.
    """
    for period, en, called in ((baseline, "the baseline", "kỳ gốc"), (report, "the report", "kỳ báo cáo")):
        for name in ("consumption_uncertainty", "output_uncertainty"):
            _check_doubt(getattr(period, name), f"{name} of {en}", f"{name} của {called}")
    q0, q1 = _clean(baseline.outputs, "output"), _clean(report.outputs, "output")
    by0 = _clean(baseline.by_product or {}, "consumption")
    by1 = _clean(report.by_product or {}, "consumption")
    e0, e1 = _total(baseline, by0), _total(report, by1)
    if e0 is None or e1 is None:
        return SavingPerUnit(SavingState.MISSING_CONSUMPTION)
    if any(value is None for value in (*q0.values(), *q1.values())):
        return SavingPerUnit(SavingState.MISSING_OUTPUT, actual=e1)
    made0 = {product: q for product, q in q0.items() if q}
    made1 = {product: q for product, q in q1.items() if q}
    if not made1:
        return SavingPerUnit(SavingState.NO_OUTPUT, actual=e1)
    if not made0 or e0 == 0:
        return SavingPerUnit(SavingState.NO_BASELINE, actual=e1)

    metered = {p: value for p in made0 if (value := by0.get(p)) is not None}
    shared = [p for p in made1 if p in metered]
    both_metered = bool(shared) and all(by1.get(p) is not None for p in shared)
    allotment = allot(
        made0,
        e0,
        metered=metered,
        keep_metered_totals=both_metered,
        months=baseline.months,
        norms=norms,
        weights=weights,
        needed=tuple(made1),
        settings=settings,
    )
    if allotment is None:
        return SavingPerUnit(SavingState.NO_REFERENCE, actual=e1)
    reference = reference_weighted_output(made1, allotment.intensities)
    draft = SavingPerUnit(
        SavingState.NEW_PRODUCTS_NOT_SEPARABLE,
        allotment.method,
        allotment.intensities,
        actual=e1,
        excluded=reference.excluded,
        allotment=allotment,
    )
    if reference.expected == 0:
        return replace(draft, state=SavingState.NO_BASELINE)
    if allotment.method is Method.BY_PRODUCT and both_metered:
        covered = sum(by1[p] or 0.0 for p in shared)
    else:
        covered = _without_excluded(e1, made1, by1, reference.excluded, weights)
    if covered is None:
        return draft
    u_expected = allotment.expected_uncertainty(
        made0, made1, baseline.consumption_uncertainty, baseline.output_uncertainty, report.output_uncertainty
    )
    u_actual = covered * report.consumption_uncertainty
    ratio = covered / reference.expected
    return replace(
        draft,
        state=SavingState.COMPUTED,
        expected=reference.expected,
        actual=covered,
        saving=reference.expected - covered,
        relative=1 - ratio,
        saving_uncertainty=float(np.hypot(u_expected, u_actual)),
        relative_uncertainty=float(np.hypot(ratio * u_expected, u_actual)) / reference.expected,
        coverage=covered / e1 if e1 else 1.0,
    )


def _without_excluded(
    total: float,
    outputs: Mapping[str, float],
    by_product: Mapping[str, float | None],
    excluded: tuple[str, ...],
    weights: Mapping[str, float] | None,
) -> float | None:
    """The report year's consumption less that of the excluded products, None where it cannot be told."""
    own = [by_product.get(p) for p in excluded]
    if all(value is not None for value in own):
        return max(total - sum(value for value in own if value is not None), 0.0)
    if weights and set(weights) >= set(outputs):
        weighted = {p: weights[p] * q for p, q in outputs.items()}
        whole = sum(weighted.values())
        return total * (1 - sum(weighted[p] for p in excluded) / whole) if whole else None
    return None


def _clean(figures: Mapping[str, float | None], what: str) -> dict[str, float | None]:
    return {product: _checked(value, f"{what} of {product}") for product, value in figures.items()}


def _total(period: Period, by_product: Mapping[str, float | None]) -> float | None:
    if period.consumption is not None:
        return _checked(period.consumption, "consumption")
    values = [value for value in by_product.values() if value is not None]
    return sum(values) if values and len(values) == len(by_product) else None


def _check_doubt(uncertainty: float, en: str, called: str) -> None:
    if not (finite(uncertainty) and uncertainty >= 0):
        raise ScienceError(
            f"{en} is {uncertainty}; give a relative standard uncertainty, 0.05 for 5 %, 0 if exact.",
            f"{called} là {comma(uncertainty)}; hãy cho độ không đảm bảo chuẩn tương đối, 0,05 cho 5 %, 0 nếu chính "
            "xác.",
        )


def _checked(value: float | None, what: str) -> float | None:
    """A float, None for missing (None or NaN); a negative or infinite one is refused."""
    if value is None:
        return None
    figure = number(value, what, vi(what))
    if np.isnan(figure):
        return None
    if figure < 0 or np.isinf(figure):
        raise ScienceError(
            f"{what} is {value}; a quantity is finite and not negative. Correct the record.",
            f"{vi(what)} là {comma(value)}; một lượng phải hữu hạn và không âm. Hãy sửa bản ghi.",
        )
    return figure
