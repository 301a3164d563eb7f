"""Where the layout puts processes."""

import pytest

from sachhon.apps.assessment.models import Process, Stream
from sachhon.apps.assessment.services.flow.arranging import places


@pytest.mark.parametrize(("count", "rows"), [(5, 1), (60, 3)])
def test_a_long_chain_is_laid_out_in_rows_about_as_wide_as_a_screen(count, rows):
    chain = [Process(pk=n, code=f"P{n}", name=f"P{n}") for n in range(1, count + 1)]
    streams = [Stream(source_id=n, target_id=n + 1) for n in range(1, count)]
    streams += [Stream(source_id=n, target_id=None) for n in range(1, count + 1) for _ in range(2)]
    found = places(chain, streams)
    assert len(found) == count
    heights = sorted({y for _x, y in found.values()})
    assert len(heights) >= rows
    wide = max(x for x, _y in found.values()) - min(x for x, _y in found.values())
    tall = heights[-1] - heights[0] + 250
    if count > 5:
        assert wide / tall < 3
    assert len(set(found.values())) == count
