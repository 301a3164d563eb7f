"""The baseline of one resource: every candidate model tried, judged in words, the best of those accepted taken.

Candidates for consumption E of drivers x (output of each product, degree days …), T a temperature, m month:

    constant      E = b0
    ratio         E = b x,  b = ΣE / Σx             one driver
    regression    E = b0 + Σ b_j x_j                every subset of the drivers
    + season      … + c sin(2π m/12) + d cos(2π m/12)   (and further harmonics)
    + T           … + b T, or a change-point model 3PH, 3PC, 4P, 5P of T (`hinge`)

All are fitted to the same months, so that AICc = n ln(SSE/n) + 2k + 2k(k+1)/(n−k−1) (or BIC) compares them;
the lowest among those that pass `criteria.Settings` is chosen. A season counts as one term, judged by its
joint F. A driver of output must not lower consumption; a temperature may act either way.

Sources: ISO 50006:2014 and 2023 (baseline models, normalisation); EVO, IPMVP Option C; ASHRAE Guideline
14-2014, 1050-RP. Not here: degree days from temperatures, weights, daily or hourly profiles; a search over
many drivers finds chance relations, so give the few that an engineer expects.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from sachhon.science.intensity import hinge
from sachhon.science.intensity.collinear import MadeUp
from sachhon.science.intensity.criteria import DEFAULT, Language, Rejection, Settings
from sachhon.science.intensity.judge import judge
from sachhon.science.intensity.months import check_driver, check_months, complete
from sachhon.science.intensity.regression import CONSTANT, Fit, ols, ratio
from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


@dataclass(frozen=True)
class Model:
    """The form of a model. form : "constant", "ratio" or "regression"; temperature : its driver, used as
    `shape` ("linear", "3PH", "3PC", "4P", "5P") with change points found; harmonics : yearly waves."""

    form: str
    drivers: tuple[str, ...] = ()
    temperature: str = ""
    shape: str = ""
    points: tuple[float, ...] = ()
    harmonics: int = 0

    @property
    def needs(self) -> tuple[str, ...]:
        """The drivers that a prediction needs."""
        return self.drivers + ((self.temperature,) if self.temperature else ())

    def words(self, lang: Language = "vi") -> str:
        """The model in a few words."""
        vi = lang == "vi"
        if self.form == "constant" and not self.harmonics:
            return "mức không đổi" if vi else "a constant"
        parts = list(self.drivers)
        if self.temperature:
            at = " – ".join(f"{p:.1f}".replace(".", "," if vi else ".") for p in self.points)
            kind = "" if self.shape == "linear" else f" ({self.shape}{' ' if at else ''}{at})"
            parts.append(self.temperature + kind)
        if self.harmonics:
            parts.append("mùa" if vi else "season")
        if self.form == "ratio":
            return f"{'tỷ lệ với' if vi else 'ratio to'} {parts[0]}"
        return " + ".join([("phần cố định" if vi else "fixed part"), *parts])


@dataclass(frozen=True, eq=False)
class Candidate:
    """A model tried: its fit (None where none was possible), the criterion's value, why it was refused."""

    model: Model
    fit: Fit | None
    score: float | None
    rejections: tuple[Rejection, ...]

    @property
    def accepted(self) -> bool:
        return self.fit is not None and not self.rejections

    def words(self, lang: Language = "vi") -> str:
        """The model and what was decided of it, in a line."""
        ok, no = ("được chấp nhận", "bị loại") if lang == "vi" else ("accepted", "refused")
        why = "; ".join(one.words(lang) for one in self.rejections)
        return f"{self.model.words(lang)}: {no + ': ' + why if why else ok}"


@dataclass(frozen=True, eq=False)
class Baseline:
    """All candidates, best first, and the one chosen (None where none was accepted).

    used : (n,) True for the months that were complete; ranges : driver → (lowest, highest, mean, standard
    deviation) seen.
    """

    chosen: Candidate | None
    candidates: tuple[Candidate, ...]
    settings: Settings
    used: np.ndarray
    ranges: Mapping[str, tuple[float, float, float, float]]

    def explain(self, lang: Language = "vi") -> tuple[str, ...]:
        """One line for each model tried, the chosen one first."""
        first = "được chọn" if lang == "vi" else "chosen"
        return tuple(
            f"{c.model.words(lang)}: {first}" if c is self.chosen else c.words(lang) for c in self.candidates
        )

    def rows(self, drivers: Mapping[str, ArrayLike], month: ArrayLike | None = None) -> np.ndarray:
        """Design rows (m, p) of the chosen model for other months; `ScienceError` names what is missing."""
        if self.chosen is None or self.chosen.fit is None:
            raise ScienceError(
                "no baseline was accepted: read explain(), then add months or drivers.",
                "không có đường cơ sở nào được chấp nhận: hãy đọc explain(), rồi thêm tháng hoặc biến giải "
                "thích.",
            )
        model = self.chosen.model
        missing = [name for name in model.needs if name not in drivers]
        if missing:
            raise ScienceError(
                f"the baseline needs {', '.join(missing)} of every month; give it.",
                f"đường cơ sở cần {', '.join(missing)} của mọi tháng; hãy cho vào.",
            )
        if model.harmonics and month is None:
            raise ScienceError(
                "the baseline is seasonal: give the month (1 to 12) of every reading.",
                "đường cơ sở có mùa vụ: hãy cho tháng (1 đến 12) của mỗi số đọc.",
            )
        values = {name: check_driver(name, drivers[name]) for name in model.needs}
        lengths = {x.size for x in values.values()}
        if month is not None:
            lengths.add(np.asarray(month).size)
        if len(lengths) != 1:
            raise ScienceError(
                "every driver needs one figure a month; for a constant baseline give month.",
                "mỗi biến giải thích cần một con số mỗi tháng; với đường cơ sở không đổi hãy cho month.",
            )
        n = lengths.pop()
        block, _ = _columns(model, values, None if month is None else check_months(month), n)
        return np.column_stack([np.ones(n), block]) if self.chosen.fit.names[:1] == (CONSTANT,) else block

    def outside(self, drivers: Mapping[str, ArrayLike]) -> tuple[str, ...]:
        """Drivers of the chosen model whose mean lies outside the range seen and beyond three standard
        deviations of their mean: the baseline is then extended to where nothing was observed (SEP)."""
        found = []
        for name in self.chosen.model.needs if self.chosen else ():
            mean = float(np.mean(check_driver(name, drivers[name])))
            low, high, middle, spread = self.ranges[name]
            if not low <= mean <= high and abs(mean - middle) > 3 * spread:
                found.append(name)
        return tuple(found)


def fit_baseline(
    consumption: ArrayLike,
    drivers: Mapping[str, ArrayLike],
    *,
    temperature: str = "",
    month: ArrayLike | None = None,
    either_sign: Collection[str] = (),
    settings: Settings = DEFAULT,
) -> Baseline:
    """Try every model of `consumption` (n,), in time order, and take the best that passes.

    consumption : not below zero; drivers : name → (n,); temperature : the driver that change-point models bend
    on; month : (n,) 1 to 12, for seasonal models; either_sign : drivers that may lower consumption. Months with
    a gap (NaN) in any series are left out of all models.
    """
    y, series, months, used = complete(consumption, drivers, month)
    if temperature and temperature not in series:
        raise ScienceError(
            f"{temperature} is not among the drivers; name one of {', '.join(series)}.",
            f"{comma(temperature)} không có trong các biến giải thích; hãy nêu một trong {', '.join(series)}.",
        )
    free = {*either_sign, temperature}
    models = _models(tuple(name for name in series if name != temperature), temperature, months, settings)
    n = int(used.sum())
    if n < settings.min_observations:
        why = (Rejection("too_few", n, settings.min_observations),)
        tried = [Candidate(model, None, None, why) for model in models]
    else:
        tried = [_try(model, y, series, months, free, settings) for model in models]

    def rank(one: Candidate) -> tuple[bool, float, int]:
        """Accepted ones first, by the criterion; of several that are exact (−inf) the one with fewest parameters."""
        score = one.score if one.score is not None else np.inf
        return not one.accepted, score, one.fit.parameters if one.fit else 0

    tried.sort(key=rank)
    chosen = tried[0] if tried[0].accepted else None
    ranges = {
        name: (float(x.min()), float(x.max()), float(x.mean()), float(x.std(ddof=1)) if n > 1 else 0.0)
        for name, x in series.items()
        if n
    }
    return Baseline(chosen, tuple(tried), settings, used, ranges)


def _models(
    drivers: tuple[str, ...], temperature: str, month: np.ndarray | None, settings: Settings
) -> list[Model]:
    subsets = [c for k in range(len(drivers) + 1) for c in combinations(drivers, k)]
    shapes = ("", "linear", "3PH", "3PC", "4P", "5P") if temperature else ("",)
    waves = range((settings.harmonics if month is not None else 0) + 1)
    if len(subsets) * len(shapes) * len(waves) > settings.max_models:
        raise ScienceError(
            f"{len(drivers)} drivers make more than {settings.max_models} models; keep those that an engineer"
            " expects to matter.",
            f"{len(drivers)} biến giải thích tạo ra nhiều hơn {settings.max_models} mô hình; hãy giữ "
            "những biến mà kỹ sư cho là có ảnh hưởng.",
        )
    ratios = [Model("ratio", (name,)) for name in drivers]
    return ratios + [
        Model(
            "regression" if subset or shape else "constant",
            subset,
            temperature if shape else "",
            shape,
            (),
            w,
        )
        for subset in subsets
        for shape in shapes
        for w in waves
    ]


def _columns(
    model: Model, values: Mapping[str, np.ndarray], month: np.ndarray | None, n: int
) -> tuple[np.ndarray, tuple[tuple[str, str], ...]]:
    """Columns beside the constant, and for each its name and the term it belongs to."""
    blocks, names = [np.empty((n, 0))], []
    for name in model.drivers:
        blocks.append(values[name][:, None])
        names.append((name, name))
    if model.shape == "linear":
        blocks.append(values[model.temperature][:, None])
        names.append((model.temperature, model.temperature))
    elif model.shape and model.points:
        bent = hinge.columns(model.shape, values[model.temperature], model.points)  # type: ignore[arg-type]
        signs = {"3PH": "<", "3PC": ">"}.get(model.shape, "<>")
        ends = (model.points[0], model.points[-1])
        labels = [f"{model.temperature}{s}{ends[i]:.4g}" for i, s in enumerate(signs)]
        blocks.append(bent)
        names.extend((label, label) for label in labels)
    for k in range(1, model.harmonics + 1):
        if month is not None:
            angle = 2 * np.pi * k * month / 12
            blocks.append(np.column_stack([np.sin(angle), np.cos(angle)]))
            names.extend(((f"sin{k}", f"season{k}"), (f"cos{k}", f"season{k}")))
    return np.column_stack(blocks), tuple(names)


def _try(
    model: Model,
    y: np.ndarray,
    values: Mapping[str, np.ndarray],
    month: np.ndarray | None,
    free: Collection[str],
    settings: Settings,
) -> Candidate:
    if model.form == "ratio":
        name = model.drivers[0]
        if values[name].sum() <= 0:
            return Candidate(model, None, None, (Rejection("nothing_to_divide_by", term=name),))
        fit = ratio(values[name], y, name)
        terms = ((name, name),)
    else:
        if model.shape not in ("", "linear"):
            plain = Model(model.form, model.drivers, harmonics=model.harmonics)
            others = np.column_stack([np.ones(y.size), _columns(plain, values, month, y.size)[0]])
            t = values[model.temperature]
            points = hinge.find(model.shape, t, y, others, settings.min_side)  # type: ignore[arg-type]
            if points is None:
                return Candidate(model, None, None, (Rejection("no_change_point"),))
            model = Model(model.form, model.drivers, model.temperature, model.shape, points, model.harmonics)
        block, terms = _columns(model, values, month, y.size)
        parameters = block.shape[1] + 1 + len(model.points)
        if y.size <= parameters + 1:
            return Candidate(model, None, None, (Rejection("too_few", y.size, parameters + 2),))
        try:
            fit = ols(block, y, [name for name, _ in terms], nonlinear=len(model.points))
        except MadeUp as error:
            return Candidate(model, None, None, (Rejection("made_up", error.everywhere, term=error.term),))
    score = fit.aicc if settings.criterion == "aicc" else fit.bic
    return Candidate(model, fit, score, judge(fit, terms, free, settings))
