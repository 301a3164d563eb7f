"""How many units one simple sample needs.

    n₀ = z² S²/d²,   n = n₀/(1 + n₀/N);      for a share S² = p(1 − p) and n = n₀/(1 + (n₀ − 1)/N)

(Cochran, Sampling Techniques, 3rd ed., 4.4 and 4.6), times the design effect, over the share that will answer. Not
here: strata, see `survey.allocation`.
"""

from __future__ import annotations

import numpy as np

from sachhon.science.phrases import comma
from sachhon.science.uncertainty import ScienceError


def sample_size(
    margin: float,
    *,
    share: float | None = None,
    deviation: float | None = None,
    population: float = np.inf,
    level: float = 0.95,
    design_effect: float = 1.0,
    response: float = 1.0,
) -> int:
    """Units of one simple sample to ask, so that the interval at `level` is ± `margin`.

    For a share give the share expected (0.5 is the safest), for a mean the deviation of one unit.
    """
    from scipy.special import ndtri

    if (share is None) == (deviation is None):
        raise ScienceError(
            "give the share expected, or the deviation of one unit.",
            "hãy cho tỷ lệ dự kiến, hoặc độ lệch của một đơn vị.",
        )
    if not (margin > 0 and 0 < level < 1 and 0 < response <= 1 and design_effect > 0 and population >= 1):
        raise ScienceError(
            "margin, design effect and population must be above zero, level and response from 0 to 1.",
            "sai số biên, hệ số thiết kế và tổng thể phải lớn hơn 0, mức tin cậy và tỷ lệ trả lời từ 0 "
            "đến 1.",
        )
    z = float(ndtri(0.5 + level / 2))
    if share is not None:
        if not 0 <= share <= 1:
            raise ScienceError(
                f"share {share} is outside 0 to 1; give 50 % as 0.5.",
                f"tỷ lệ {comma(share)} nằm ngoài 0 đến 1; 50 % hãy viết 0.5.",
            )
        first = z * z * share * (1 - share) / margin**2 * design_effect
        needed = first / (1 + max(first - 1, 0.0) / population)
    else:
        assert deviation is not None
        first = (z * deviation / margin) ** 2 * design_effect
        needed = first / (1 + first / population)
    return int(min(np.ceil(np.ceil(needed - 1e-9) / response - 1e-9), population))
