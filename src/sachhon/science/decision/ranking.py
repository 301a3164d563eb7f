"""The weighted sum of normalised figures, in what order it puts the alternatives, and how sure that order is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sachhon.science.decision.acceptability import Acceptability, acceptability
from sachhon.science.decision.stability import Room, rooms
from sachhon.science.decision.table import Criterion, Normalisation, Out, Table, normalise
from sachhon.science.decision.topsis import closeness
from sachhon.science.uncertainty import ScienceError

SAME = 1e-9  # scores this near are told as equal


@dataclass(frozen=True)
class Settings:
    """How a comparison is made; the defaults are the range, 20,000 draws, a seed that stays."""

    normalisation: Normalisation = "range"
    draws: int = 20_000
    seed: int = 20_260_701

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """What is not as by default, in words."""
        if self.normalisation == "range":
            return ()
        return (
            "Chuẩn hoá theo tỷ lệ với giá trị tốt nhất, không theo khoảng từ kém nhất đến tốt nhất."
            if lang == "vi"
            else "Figures are shares of the best one, not placed between the worst and the best.",
        )


@dataclass(frozen=True)
class Ranking:
    """The alternatives that were ranked, in the order of the table.

    values : (m, n) normalised; parts : (m, n) weight × value; scores : (m,) 0 to 1; order : numbers, the best first;
    second_opinion : (m,) closeness by TOPSIS. `rooms` and `acceptability` are None for a single alternative.
    """

    alternatives: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    weights: np.ndarray
    values: np.ndarray
    parts: np.ndarray
    scores: np.ndarray
    order: tuple[int, ...]
    out: tuple[Out, ...]
    second_opinion: np.ndarray
    rooms: tuple[Room, ...] | None
    acceptability: Acceptability | None
    open_scales: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.alternatives[self.order[0]]

    @property
    def tied(self) -> tuple[str, ...]:
        """All that share the first place."""
        top = self.scores[self.order[0]]
        return tuple(self.alternatives[i] for i in self.order if top - self.scores[i] <= SAME)

    @property
    def critical(self) -> int | None:
        """Number of the criterion whose weight needs to move least for another to come first."""
        moves = [(r.move, k) for k, r in enumerate(self.rooms or ()) if r.move is not None]
        return min(moves)[1] if moves else None

    @property
    def agrees(self) -> bool:
        """Whether the second opinion puts one of the first first too."""
        return self.alternatives[int(np.argmax(self.second_opinion))] in self.tied

    def departures(self, lang: str = "vi") -> tuple[str, ...]:
        """What a reader should know before relying on the order; whether the second opinion `agrees` is told apart."""
        if not self.open_scales:
            return ()
        return (
            "Thang điểm lấy từ chính các phương án: thêm hoặc bớt một phương án có thể đổi thứ tự của các phương án "
            "còn lại."
            if lang == "vi"
            else "The scales are taken from the alternatives themselves: adding or leaving one out may change the "
            "order of the others.",
        )


def rank(table: Table, settings: Settings | None = None) -> Ranking:
    """Ranks what is within the hard limits; ScienceError where nothing is."""
    settings = settings or Settings()
    inside, out = table.split()
    if not inside:
        raise ScienceError(
            "no alternative is within the hard limits with all its figures.",
            "không phương án nào có đủ số liệu và nằm trong các giới hạn cứng.",
        )
    x, weights = table.figures[inside], table.weights
    values = normalise(x, table.criteria, settings.normalisation)
    parts = weights * values
    scores = parts.sum(axis=1)
    order = tuple(int(i) for i in np.argsort(-np.round(scores, 12), kind="stable"))
    several = len(inside) > 1
    return Ranking(
        tuple(table.alternatives[i] for i in inside),
        table.criteria,
        weights,
        values,
        parts,
        scores,
        order,
        out,
        closeness(x, table.criteria, weights),
        rooms(values, weights, order[0]) if several else None,
        acceptability(values, draws=settings.draws, seed=settings.seed) if several else None,
        tuple(c.code for c in table.criteria if c.low is None) if several else (),
    )
