"""Money that tells a price which a factory keeps to itself is in no sum of fewer than five factories."""

import datetime

import pytest
from tests.apps.assessment.flow_making import add
from tests.apps.reporting.test_province import YEAR, Small

from sachhon.apps.assessment.models import Kind
from sachhon.apps.assessment.services import opening
from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.apps.registry.models import Figure
from sachhon.apps.reporting.models import ProvinceRollup
from sachhon.apps.reporting.services.province.closing_prices import Sums, close_prices, close_sums, prices_of
from sachhon.apps.reporting.services.province.counted import Member
from sachhon.apps.reporting.services.province.reading import rollup_data
from sachhon.documents.report_tables import breakdown_table, savings_table, solutions_table
from sachhon.warehouse.rollup.savings import SavingSum

PRICES = {(1, "coal")}


def saving(vnd, resource=None, group=None, state="reported"):
    return SavingSum(state, resource, group, None, None, vnd, None, None, 0, 0, 0)


def each(resource, facilities, state="reported"):
    return [(facility, state, resource) for facility in facilities]


def closed(sums):
    return {s.resource_code or s.group for s in sums if s.closed}


def by_resource(valued, *, totals=()):
    sums = [saving(50, "coal"), saving(70, "diesel"), saving(900, "electricity")]
    return close_prices(sums, valued, PRICES, lambda _facility, resource: resource, totals=totals)


def test_a_small_sum_with_a_secret_price_is_closed_and_the_smallest_beside_it_where_the_total_is_told():
    valued = [*each("coal", range(1, 5)), *each("diesel", range(2, 9)), *each("electricity", range(1, 9))]
    assert closed(by_resource(valued)) == {"coal"}
    told = by_resource(valued, totals=["reported"])
    assert closed(told) == {"coal", "diesel"}
    assert [s.vnd for s in told] == [None, None, 900]
    assert closed(by_resource([*valued, (5, "reported", "coal")], totals=["reported"])) == set()
    assert closed(by_resource(each("diesel", [1]))) == set()  # another resource of the same factory
    other_state = [(1, "verified", "coal"), *each("coal", range(2, 9))]
    assert closed(by_resource(other_state)) == set()


def member(key, applying):
    return Member(key, "brick" if key < 3 else "wood", "a", "small", False, applying, True)


def test_the_total_less_those_who_apply_it_does_not_tell_the_price_of_the_rest():
    sums = Sums(
        (), (saving(90),), (saving(80),), {"trade": (saving(30, group="brick"), saving(60, group="wood"))}
    )
    valued = each("coal", range(1, 9))
    found = close_sums(sums, valued, PRICES, [member(n, n > 1) for n in range(1, 9)])
    assert [s.closed for s in (*found.totals, *found.of_applying)] == [False, True]
    assert closed(found.cuts["trade"]) == {"brick", "wood"}
    many = close_sums(sums, valued, PRICES, [member(n, True) for n in range(1, 9)])
    assert [s.closed for s in (*many.totals, *many.of_applying)] == [False, False]
    assert close_sums(sums, valued, (), []) is sums


@pytest.fixture
def small(cast, settings, tmp_path):
    settings.HOME, settings.MEDIA_ROOT = tmp_path / "home", tmp_path / "media"
    return Small(cast)


@pytest.fixture
def stream(cast, small):
    """The electricity of the first factory, which buys it in one of its assessments."""
    assessment = opening.open_assessment(
        cast.user("centre"), small.facilities[0], Kind.DETAILED,
        data_from=datetime.date(2025, 1, 1), data_to=datetime.date(2025, 12, 31),
    )  # fmt: skip
    user = cast.user("centre")
    kiln = add(user, assessment, "process", name="Nung")
    return add(
        user, assessment, "stream", name="Điện", target=kiln.code, kind="energy", use="input",
        resource="electricity",
    )  # fmt: skip


def data_of(small):
    small.refresh()
    return rollup_data(ProvinceRollup.objects.get(province_code="20", year=YEAR), "vi")


def money_of_figures():
    """All amounts of money that the figures of the province's savings and solutions tell."""
    figures = Figure.objects.filter(
        code__regex=r"^province:.*:(saving|saving_of_applying|solutions|solutions_of_year)(:|$)"
    )
    terms = [
        t["value"] for f in figures for t in f.terms if t["unit"] == "VND" and t["value"] not in (None, "")
    ]
    return terms + [f.value for f in figures if f.unit == "VND" and f.value is not None]


def test_report_pages_figures_and_downloads_tell_no_money_of_two_factories_one_of_which_keeps_its_price(
    cast, small, stream
):
    before = data_of(small)
    assert [r.vnd for r in before.savings if r.state == "reported"] != [None]
    assert money_of_figures()
    assert "giữ kín" not in savings_table(before, "vi").note
    rollup = ProvinceRollup.objects.get(province_code="20", year=YEAR)
    assert rollup.changed_at is None
    keep_secret(cast.user("centre"), stream, price=True, quantity=False)
    assert ProvinceRollup.objects.get(pk=rollup.pk).changed_at is not None  # what is shown is computed anew
    assert prices_of("20") == {(small.facilities[0].pk, "electricity")}
    data = data_of(small)
    assert [r.vnd for r in (*data.savings, *data.saving_totals)] == [None] * len(
        (*data.savings, *data.saving_totals)
    )
    assert [r.quantity for r in data.savings] == [
        r.quantity for r in before.savings
    ]  # what was saved stays told
    assert [r.toe for r in data.savings] == [r.toe for r in before.savings]
    assert (data.solutions.total.saving_vnd, data.solutions.of_year.saving_vnd) == (None, None)
    closed_rows = {}
    for cut in data.breakdowns:
        closed_rows[cut.kind] = [r.name for r in (*cut.rows, cut.total) if r.reported_saving.closed]
        assert not [r for r in cut.rows if r.reported_saving.closed and r.reported_saving.vnd]
        assert "giữ kín" in breakdown_table(cut, "vi").note
    assert (
        len(closed_rows["sector"]) == len(closed_rows["area"]) == 2
    )  # the row of that factory, and the total
    assert closed_rows["size"] == ["Lớn", cut.total.name]  # the other factory, of another size, tells its own
    assert "giữ kín" in savings_table(data, "vi").note
    assert "giữ kín" in solutions_table(data, "vi").note
    assert money_of_figures() == []
