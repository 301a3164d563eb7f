"""The demo's made-up detailed assessment: only where the records show a saving, once, all the way to the library."""

import datetime

import pytest
from django.utils import timezone

from sachhon.apps.assessment.documents import detailed as report
from sachhon.apps.assessment.models import Assessment, Option, OptionState, VerificationState
from sachhon.apps.assessment.queries.verified import verified_savings
from sachhon.apps.assessment.services.verification_rules import hindrances
from sachhon.apps.guidance import queries
from sachhon.apps.registry.models import Facility, Product, Quality, Record
from sachhon.demo import detailed
from sachhon.documents.paper_xlsx import paper_tables


@pytest.fixture
def accounts(cast):
    return {name: cast.user(name) for name in ("centre", "expert")}


def bills(facility, electricity, factor):
    """Twelve months of 2021, and of 2025 with `factor` of the electricity for the same output."""
    bricks = Product.objects.create(facility=facility, name="Gạch", unit="k_vien")
    for i in range(24):
        month = {"facility": facility, "year": 2021 + 4 * (i // 12), "month": i % 12 + 1}
        made = 800 + 37 * (i * 7 % 11)
        used = (10_000 + 40 * made) * (1 + 0.01 * ((i * 5 % 7) - 3) / 3) * (factor if i >= 12 else 1)
        Record.objects.create(**month, flow="output", product=bricks, quantity=made)
        Record.objects.create(
            **month, flow="consumption", resource=electricity, quantity=used, cost_vnd=round(used * 2000)
        )


def test_it_is_made_where_electricity_was_saved_and_stands_in_every_part(cast, accounts):
    bills(cast.quarry, cast.electricity, 0.8)
    idle = Facility.objects.create(
        code="LS-0009",
        name="Gạch Không Đổi",
        enterprise=cast.brick_enterprise,
        trade=cast.brick.trade,
        area=cast.brick.area,
        province_code="20",
    )
    bills(idle, cast.electricity, 1.0)
    bills(cast.brick, cast.electricity, 0.85)
    case = detailed.detailed_case()
    works = [cast.quarry, idle, cast.brick]
    made = detailed.load(case, works, accounts, 2021, 2025)
    assert made is not None
    assert made.facility == cast.brick  # not a quarry, and not brickworks that saved nothing
    assert not idle.assessments.exists()
    assert made.comparisons.get().chosen
    treatment = made.treatments.get().result
    assert len(treatment["after"]["alternatives"]) == 3
    assert treatment["now"]["limits"]["bui_tong"] == pytest.approx(200 * 1 * 1.2)
    tables = paper_tables(report.paper(accounts["centre"], made, "en"))
    assert [
        (t.code, row) for t in tables for row in t.rows if t.code in ("plan", "changes") and "" in row
    ] == []  # nothing known is said by a dash
    units = {c.unit for t in tables for c in t.columns if "million" in c.unit}
    assert units == {"million VND"}
    spoken = " ".join(str(cell) for t in tables for row in t.rows for cell in row)
    assert ("SO₂" in spoken, "SO2" in spoken) == (True, False)
    told = queries.cases_of(case["option"], "20")
    assert [round(float(c.likely)) for c in told] == [15]
    again = detailed.load(case, works, accounts, 2021, 2025)
    assert (again, Assessment.objects.count()) == (made, 1)


def test_where_nothing_was_saved_nothing_is_made(cast, accounts):
    bills(cast.brick, cast.electricity, 0.98)
    assert detailed.load(detailed.detailed_case(), [cast.brick], accounts, 2021, 2025) is None
    assert (Assessment.objects.count(), Option.objects.count()) == (0, 0)


def test_the_saving_stands_verified_by_the_rules_where_the_last_months_of_the_year_are_estimated(
    cast, accounts
):
    bills(cast.brick, cast.electricity, 0.85)
    guessed = Record.objects.filter(facility=cast.brick, year=2025, month__gte=11)
    guessed.update(quality=Quality.ESTIMATED)
    made = detailed.load(detailed.detailed_case(), [cast.brick], accounts, 2021, 2025)
    assert made is not None
    row = made.verifications.get()
    assert (row.state, row.report_to) == (
        VerificationState.VERIFIED,
        datetime.date(2025, 10, 31),
    )  # what was read, no more
    assert hindrances(row, timezone.localdate()) == []
    (saving,) = verified_savings(accounts["centre"], cast.brick, 2025)
    assert saving.proven
    assert not saving.outdated
    assert row.options.get().state == OptionState.VERIFIED
