"""What a factory keeps to itself stays out of the province's sums of fewer than five factories."""

import datetime

import pytest
from tests.apps.reporting.test_province import YEAR, Small

from sachhon.apps.assessment.models import Kind, Option
from sachhon.apps.assessment.services import opening
from sachhon.apps.assessment.services import options as services
from sachhon.apps.registry.models import Figure
from sachhon.apps.reporting.models import ProvinceRollup, ReportSolution
from sachhon.apps.reporting.services.province.closing import Secret, close_cut, close_solutions, secrets_of
from sachhon.apps.reporting.services.province.counted import SolutionCount
from sachhon.apps.reporting.services.province.reading import rollup_data
from sachhon.documents.report_tables import solutions_table
from sachhon.warehouse.rollup.savings import SavingSum

GROUP = "equipment_modification"


def count(group, facilities, saving):
    return SolutionCount(group, facilities, facilities, saving and 3 * saving, saving)


def test_a_small_group_is_closed_and_one_more_that_the_total_would_give_it_away_by():
    counts = [
        count("a", 2, 50),
        count("b", 6, 900),
        count("c", 7, 80),
        count("d", 0, None),
        count(None, 15, 1030),
    ]
    closed = close_solutions(counts, [Secret(1, "a", 2026)])
    assert {c.group for c in closed if c.closed} == {"a", "c"}  # c has the least money of the others
    assert [(c.saving_vnd, c.investment_vnd) for c in closed if c.closed] == [(None, None)] * 2
    assert [c.solutions for c in closed] == [c.solutions for c in counts]  # counts stay


def test_a_sum_of_five_factories_hides_one_and_a_small_total_is_closed_itself():
    counts = [count("a", 5, 50), count("b", 1, 9), count(None, 6, 59)]
    assert close_solutions(counts, [Secret(1, "a", 2026)]) == tuple(counts)
    assert close_solutions(counts, []) == tuple(counts)
    few = close_solutions([count("a", 1, 50), count("b", 3, 9), count(None, 4, 59)], [Secret(1, "a", 2026)])
    assert {c.group for c in few if c.closed} == {"a", None}


def saving(group, state, facilities, vnd):
    return SavingSum(state, None, group, None, None, vnd, None, None, facilities, 0, 0)


def test_a_cut_is_closed_by_state_where_the_factory_is_counted():
    sums = [
        saving("brick", "verified", 2, 50), saving("quarry", "verified", 9, 800), saving("wood", "verified", 6, 70),
        saving("brick", "reported", 8, 20), saving("quarry", "reported", 1, 4),
    ]  # fmt: skip
    left = close_cut(sums, {"brick"})
    assert {(s.group, s.state) for s in left} == {
        ("quarry", "verified"), ("brick", "reported"), ("quarry", "reported"),
    }  # fmt: skip
    assert close_cut(sums, set()) == tuple(sums)


@pytest.fixture
def small(cast, settings, tmp_path):
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    return Small(cast)


@pytest.fixture
def secret(cast, small) -> Option:
    """The solution of the first factory's report came from an option that the factory keeps to itself."""
    assessment = opening.open_assessment(
        cast.user("centre"), small.facilities[0], Kind.DETAILED,
        data_from=datetime.date(2025, 1, 1), data_to=datetime.date(2025, 12, 31),
    )  # fmt: skip
    option = services.add_option(
        cast.user("centre"), assessment, {"name": "Men bí mật", "group": GROUP, "confidential": True}
    )
    ReportSolution.objects.filter(report=small.reports[1]).update(
        origins={
            "verified": [f"option:{option.pk}:{YEAR}", "Trúc", f"{YEAR}-01-01/{YEAR}-12-31"],
            "verified.option": ["detailed", option.code, str(assessment.pk)],
        }
    )
    return option


def test_the_money_of_four_factories_is_left_out_of_report_and_figures_while_one_keeps_a_secret(
    small, secret
):
    assert [(s.facility, s.group) for s in secrets_of("20", YEAR)] == [(small.facilities[0].pk, GROUP)]
    small.refresh()
    data = rollup_data(ProvinceRollup.objects.get(province_code="20", year=YEAR), "vi")
    row = next(r for r in data.solutions.rows if r.code == GROUP)
    assert (row.facilities, row.solutions, row.investment_vnd, row.saving_vnd) == (4, 4, None, None)
    assert data.solutions.total.saving_vnd is None  # of the same four
    assert "giữ kín" in solutions_table(data, "vi").note
    figure = Figure.objects.filter(code__contains=f"solutions:{GROUP}").order_by("-pk").first()
    assert not [t for t in figure.terms if str(t["value"]) in ("80000000", "20000000")]
    trades = next(b for b in data.breakdowns if b.kind == "sector")
    assert all(r.estimated.vnd is None for r in trades.rows if r.facilities == 5)


def test_without_a_secret_the_same_sums_are_told(small, secret):
    Option.objects.filter(pk=secret.pk).update(confidential=False)
    small.refresh()
    data = rollup_data(ProvinceRollup.objects.get(province_code="20", year=YEAR), "vi")
    row = next(r for r in data.solutions.rows if r.code == GROUP)
    assert (row.investment_vnd, row.saving_vnd) == (80_000_000, 20_000_000)
    assert "giữ kín" not in solutions_table(data, "vi").note
    trades = next(b for b in data.breakdowns if b.kind == "sector")
    assert any(r.estimated.vnd for r in trades.rows)
