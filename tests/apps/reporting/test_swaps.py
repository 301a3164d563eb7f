"""Two lines whose figures were filled in crosswise are held, though each alone might have changed so."""

from decimal import Decimal

import pytest

from sachhon.apps.registry.closed_costs import ClosedCosts
from sachhon.apps.registry.models import Resource
from sachhon.apps.registry.services.records import RecordRow, write_records
from sachhon.apps.reporting.models import Finding
from sachhon.apps.reporting.queries import finding_text
from sachhon.apps.reporting.services import plausibility, workflow
from sachhon.apps.reporting.services.workflow import NotExplained
from sachhon.science.swaps import swapped

from .conftest import NOW


def mixed(works, cement, sand, water="900", diesel="250"):
    """A sent report of 2026 with four materials beside electricity; last year 1000 t cement, 700 t sand a month."""
    works.year(2025, electricity="5400", coal="13")
    rows = [
        RecordRow(2025, month, "consumption", Decimal(quantity), resource=Resource.objects.get(code=code))
        for month in range(1, 13)
        for code, quantity in (("cement", 1000), ("sand", 700), ("water", 900), ("diesel", 250))
    ]
    write_records(works.centre, works.brick, rows)
    report = works.draft(electricity="5500", coal="13.2")
    lines = {"cement": (cement, "t"), "sand": (sand, None), "water": (water, "m3"), "diesel": (diesel, "l")}
    works.save(
        report,
        "inputs",
        {
            f"new{n}": works.row(
                "consumption", code, quantity, unit=unit or Resource.objects.get(code=code).unit
            )
            for n, (code, (quantity, unit)) in enumerate(lines.items(), 5)
        },
    )
    workflow.submit(works.factory, report, now=NOW)
    return report


def swaps(report):
    return list(report.findings.filter(rule="lines_swapped"))


def test_lines_that_grew_with_the_year_are_not_swapped(works):
    assert swaps(mixed(works, "1050", "720")) == []


def test_a_line_that_changed_alone_is_not_swapped(works):
    assert swaps(mixed(works, "1440", "705")) == []


def test_cement_and_sand_filled_in_crosswise_are_held(works):
    report = mixed(works, "715", "1020")
    (doubt,) = swaps(report)
    assert doubt.level == "error"
    assert {doubt.params["item"], doubt.params["other"]} == {"Xi măng", "Cát"}
    assert "đổi chỗ cho nhau" in finding_text(doubt, "vi", ClosedCosts())[0]
    with pytest.raises(NotExplained):
        workflow.accept(works.centre, report, now=NOW)


def test_diesel_and_water_filled_in_crosswise_are_held(works):
    report = mixed(works, "1010", "705", water="255", diesel="910")
    (doubt,) = swaps(report)
    assert {doubt.line.resource.code, doubt.params["other"]} <= {
        "water",
        "diesel",
        "Nước",
        "Dầu diesel",
        "Dầu DO",
    }


def test_the_common_change_of_all_lines_is_no_swap():
    assert swapped([200, 140, 400], [100, 70, 200]) == ()
    assert swapped([144, 100, 210, 330], [100, 144, 200, 320]) == ((0, 1),)
    assert swapped([7], [9]) == ()
    assert swapped([200, 142, 90, 330], [100, 140, 91, 320]) == ()  # one doubled: no pair stands crosswise


def test_swaps_are_found_beside_one_another_and_beside_a_slip():
    last = [50_542, 71_305, 130_433, 446_922, 138_223, 38_571]
    now = [71_305, 49_458, 131_000, 44_692_200, 38_571, 138_223]
    assert swapped(now, last) == ((0, 1), (4, 5))


def test_the_rules_run_on_without_any_earlier_year(works):
    report = works.draft()
    plausibility.run(report)
    assert swaps(report) == []


def turns(report):
    return list(report.findings.filter(rule="lines_turned"))


def half(report, works, **lines):
    """The sent report with other figures in the first six months of some lines."""
    workflow.return_with_remarks(works.centre, report, "Xem lại", now=NOW)
    for code, (first, rest) in lines.items():
        months = [first] * 6 + [rest] * 6
        works.save(report, "inputs", {str(works.line(report, code).pk): {"months": months}})
    workflow.submit(works.factory, report, now=NOW)
    report.refresh_from_db()


def test_cement_and_sand_filled_in_crosswise_for_half_a_year_are_held_with_the_months(works):
    report = mixed(works, "1010", "705")
    half(report, works, cement=("705", "1010"), sand=("1010", "705"))
    assert swaps(report) == []  # of the whole year each changed by too little
    (doubt,) = turns(report)
    assert (doubt.level, doubt.params["first"], doubt.params["last"]) == ("error", 1, 6)
    message = finding_text(doubt, "vi", ClosedCosts())[0]
    assert "Từ tháng 1 đến tháng 6" in message
    assert "Xi măng" in message
    assert "Cát" in message
    with pytest.raises(NotExplained):
        workflow.accept(works.centre, report, now=NOW)


def test_three_columns_turned_in_a_ring_are_held(works):
    report = mixed(works, "705", "255", diesel="1010")  # cement: sand's, sand: diesel's, diesel: cement's
    (doubt,) = turns(report)
    assert doubt.level == "error"
    assert doubt.params["ring"].count("→") == 3


def test_a_swap_of_the_whole_year_is_told_once(works):
    report = mixed(works, "715", "1020")
    assert len(swaps(report)) == 1
    assert turns(report) == []


def test_half_a_year_of_growth_is_no_turn(works):
    report = mixed(works, "1010", "705")
    half(report, works, cement=("1300", "1010"), sand=("900", "705"))
    assert turns(report) == []


def test_the_records_of_a_year_without_a_report_are_held_too(works):
    works.year(2025)
    rows = [
        RecordRow(year, month, "consumption", Decimal(q), resource=Resource.objects.get(code=code))
        for year in (2025, 2026)
        for month in range(1, 13)
        for code, quantity, other in (("cement", 1000, 700), ("sand", 700, 1000))
        for q in [other if year == 2026 and month > 6 else quantity]
    ]
    works.year(2026)
    write_records(works.centre, works.brick, rows)
    (doubt,) = Finding.objects.filter(facility=works.brick, year=2026, rule="lines_turned")
    assert (doubt.level, doubt.params["first"], doubt.params["last"]) == ("error", 7, 12)
