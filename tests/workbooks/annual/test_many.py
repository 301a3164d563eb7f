"""Many files at once: every one gets its outcome, in order, whatever the others do."""

import os
from pathlib import Path

import pytest
from tests.workbooks.annual.reports import FULL

from sachhon.workbooks.annual import many
from sachhon.workbooks.annual.many import read_many
from sachhon.workbooks.annual.mess import make_messy
from sachhon.workbooks.annual.model import AnnualReportData
from sachhon.workbooks.annual.template import write_template


@pytest.fixture
def folder(tmp_path):
    """Forty files: reports, a corrupt one, an empty one, one that is not there, another kind of mess."""
    paths = []
    for number in range(40):
        path = tmp_path / f"{number:02}.xlsx"
        content = write_template(None, facility=AnnualReportData(2025, f"Cơ sở {number}"))
        if number == 3:
            content = content[:900]
        elif number == 7:
            content = b""
        elif number == 11:
            content, _ = make_messy(write_template(FULL), "ods", 1)
        if number != 15:
            path.write_bytes(content)
        paths.append(path)
    return paths


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order_and_bad_files_do_not_stop_the_rest(folder, workers):
    outcomes = list(read_many(folder, workers))
    assert [outcome.path for outcome in outcomes] == folder
    refused = {number: each.refused.rule for number, each in enumerate(outcomes) if each.refused}
    assert refused == {
        3: "file_corrupt",
        7: "file_empty",
        15: "annual_reader_stopped",
    }
    assert outcomes[11].report is not None
    assert outcomes[11].report.data == FULL
    assert outcomes[39].report is not None
    assert outcomes[39].report.data.facility_name == "Cơ sở 39"


def test_one_process_and_two_say_the_same(folder):
    assert list(read_many(folder, 1)) == list(read_many(folder, 2))


def test_files_are_taken_up_only_as_results_are_asked_for(folder):
    taken = []

    def watched():
        for _ in range(50):
            for path in folder:
                taken.append(path)
                yield path

    results = read_many(watched(), 2)
    next(results)
    assert len(taken) <= 2 * many._BATCHES_A_WORKER * many._BATCH + many._BATCH
    results.close()


def _die_on_seven(paths, latest_year):
    if any(path.name == "07.xlsx" for path in paths):
        os._exit(9)
    return [many.ReadOutcome(path, "read") for path in paths]


def test_a_file_that_kills_its_process_is_refused_alone(monkeypatch):
    monkeypatch.setattr(many, "_read_batch", _die_on_seven)
    paths = [Path(f"{number:02}.xlsx") for number in range(70)]
    outcomes = list(read_many(paths, 2))
    assert [outcome.path for outcome in outcomes] == paths
    assert [str(each.path) for each in outcomes if each.refused] == ["07.xlsx"]
    assert all(each.sha256 == "read" for each in outcomes if not each.refused)
