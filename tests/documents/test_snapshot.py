"""An issued report is kept as text and comes back exactly."""

import json

import pytest

from sachhon.documents.charts import report_charts
from sachhon.documents.snapshot import SnapshotUnreadable, from_json, to_json

from . import sample


@pytest.mark.parametrize("make", [sample.report, sample.draft, sample.english])
def test_a_report_survives_storage_unchanged(make):
    data = make()
    assert from_json(to_json(data)) == data


def test_a_report_with_its_own_charts_survives_too():
    from dataclasses import replace

    data = replace(sample.report(), charts=tuple(report_charts(sample.report(), "vi").values()))
    assert from_json(to_json(data)) == data


def test_a_damaged_or_newer_snapshot_says_so():
    stored = json.loads(to_json(sample.report()))
    with pytest.raises(SnapshotUnreadable, match="version 99"):
        from_json(json.dumps(stored | {"version": 99}))
    del stored["report"]["targets"]
    with pytest.raises(SnapshotUnreadable, match="damaged"):
        from_json(json.dumps(stored))
    with pytest.raises(SnapshotUnreadable):
        from_json("{")
    stored = json.loads(to_json(sample.report()))
    stored["report"]["audience"] = "everybody"
    with pytest.raises(SnapshotUnreadable):
        from_json(json.dumps(stored))
