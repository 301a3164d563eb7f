"""A verdict against a benchmark: all energy as a sum of carriers, per raw material where it says so, own trade."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse
from tests.apps.assessment.test_quick_result import compare, computed, row
from tests.apps.assessment.test_quick_sync import sent, take

from sachhon.apps.assessment.queries.quick_compared import compared
from sachhon.apps.assessment.queries.quick_figures import figures
from sachhon.apps.assessment.queries.quick_result import shown
from sachhon.apps.assessment.services import quick_figures
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.guidance.content import benchmarks_of as kept_rows
from sachhon.apps.guidance.queries import benchmarks_of, options_for
from sachhon.apps.registry.models import Figure, Product, Record, Resource, Sector, Trade


@pytest.fixture
def brewery(walk, cast):
    """A year of a brewery: 1,000 hl a month, 11.25 kWh and 5 kg of firewood a hl, 6 hl of water a hl."""
    facility = walk.assessment.facility
    facility.trade = Trade.objects.get(code="drink")
    facility.sector = Sector.objects.filter(code="1103").first()
    facility.save()
    walk.beer = Product.objects.create(facility=facility, name="Bia hơi", unit="hl")
    uses = {"electricity": 11_250, "firewood": Decimal(5), "water_tap": 600}
    for month in range(1, 13):
        at = {"facility": facility, "year": 2025, "month": month}
        Record.objects.create(**at, flow="output", product=walk.beer, quantity=1000)
        for code, quantity in uses.items():
            thing = Resource.objects.get(code=code)
            Record.objects.create(
                **at, flow="consumption", resource=thing, quantity=quantity, cost_vnd=1_000_000
            )
    walk.assessment.refresh_from_db()
    walk.sheet.refresh_from_db()
    return walk


def test_all_energy_is_electricity_and_fuel_together(brewery):
    found = figures(brewery.sheet)
    firewood = next(line for line in found.uses["fuel"].lines if line.thing.code == "firewood")
    heat = 60 * float(firewood.factor.value) * 41_868  # MJ of a year of firewood
    told = compared(found, row("bench_122"))
    assert float(told.value) == pytest.approx((135_000 * 3.6 + heat) / 12_000)
    assert {line.thing.code for line in told.lines} == {"electricity", "firewood"}
    # each alone is never held against a norm of both
    assert float(compared(found, row("bench_130")).value) == pytest.approx(11.25)
    assert float(compared(found, row("bench_129")).value) == pytest.approx(heat / 12_000)


def test_all_energy_is_not_told_while_a_carrier_is_unknown_and_a_typed_zero_says_there_is_none(brewery):
    Record.objects.filter(resource__code="firewood").delete()
    assert compared(figures(brewery.sheet), row("bench_122")) is None
    coal = Resource.objects.get(code="coal_cam_5_6")
    quick_figures.set_figures(
        brewery.centre,
        brewery.assessment,
        version=brewery.sheet.version,
        typed=[quick_figures.Typed(coal, Decimal(0))],
        benchmarks={},
    )
    brewery.sheet.refresh_from_db()
    assert float(compared(figures(brewery.sheet), row("bench_122")).value) == pytest.approx(40.5)


def test_a_norm_of_all_energy_is_offered_and_judged_once_by_itself(brewery, client):
    client.force_login(brewery.centre)
    page = client.get(reverse("assessment:quick_figures", args=[brewery.assessment.pk]))
    choices = {
        kind: [code for code, _name in page.context["form"].fields[f"benchmark-{kind}"].choices]
        for kind in ("electricity", "fuel", "energy", "water")
    }
    assert "bench_122" in choices["energy"]
    assert not any("bench_122" in choices[kind] for kind in ("electricity", "fuel", "water"))
    assert "bench_126" in choices["water"]
    assert "bench_132" not in choices["water"]  # waste water of breweries is no norm of their water use
    with pytest.raises(AssessmentError):
        compare(brewery, electricity="bench_122")
    compare(brewery, energy="bench_122")
    kept = computed(brewery)
    energy = kept.content["energy"]
    assert energy["level"] == "good"
    assert next(u for u in kept.content["uses"] if u["kind"] == "electricity")["level"] == ""
    told = shown(brewery.centre, brewery.assessment, brewery.sheet, kept, "vi").energy
    assert "Điện" in told.remark
    assert "Củi" in told.remark
    figure = Figure.objects.get(code=f"quick:{brewery.assessment.pk}:specific:energy")
    assert figure.records["count"] == 36
    said = client.get(reverse("assessment:quick_result", args=[brewery.assessment.pk])).content.decode()
    assert "Tổng năng lượng" in said


def test_an_energy_norm_pinned_for_electricity_before_gives_no_verdict_on_it(brewery):
    old = {k: v for k, v in row("bench_122").items() if k not in ("counts", "per", "products")}
    brewery.sheet.benchmarks = {"electricity": old}
    brewery.sheet.save()
    power = next(u for u in computed(brewery).content["uses"] if u["kind"] == "electricity")
    assert (power["compared"], power["level"]) == (None, "")


def test_a_row_per_tonne_of_raw_material_divides_by_raw_material(brewery):
    milk = Resource.objects.create(code="raw_milk", name_vi="Sữa tươi", unit="t", kind="raw_material")
    facility = brewery.assessment.facility
    for month in range(1, 13):
        Record.objects.create(
            facility=facility, year=2025, month=month, flow="consumption", resource=milk, quantity=80
        )
    told = compared(figures(brewery.sheet), row("bench_143"))
    assert (told.per, told.per_unit) == (960, "t")
    assert {line.thing.code for line in told.per_lines} == {"raw_milk"}
    whole = compared(figures(brewery.sheet), row("bench_122"))
    assert float(told.value) == pytest.approx(float(whole.value) * 12_000 / 3600 / 960)


def test_a_product_of_another_name_does_not_count_into_a_row_of_one_product(brewery):
    brewery.beer.name = "Rượu men lá"
    brewery.beer.save()
    assert compared(figures(brewery.sheet), row("bench_130")) is None
    assert compared(figures(brewery.sheet), row("bench_138")) is not None


@pytest.mark.parametrize(
    ("trade", "vsic", "systems"),
    [
        ("tea", "1076", {"tea"}),
        ("drink", "1103", {"beer"}),
        ("drink", "1101", {"rice_spirits"}),
        ("drink", "", {"beer", "soft_drink", "rice_spirits"}),
        ("food", "1050", {"dairy"}),
        ("food", "1071", set()),
        ("mineral_powder", "2399", {"mineral_powder", "lime"}),
    ],
)
def test_a_facility_is_offered_the_rows_of_its_own_trade(catalogue, trade, vsic, systems):
    facility = SimpleNamespace(
        trade=SimpleNamespace(code=trade), sector=SimpleNamespace(code=vsic) if vsic else None
    )
    offered = benchmarks_of(facility)
    assert {b.system for b in offered} == systems
    assert all(b.counts for b in offered)


def test_a_version_of_the_library_from_before_takes_what_it_counts_from_the_file():
    old = {k: v for k, v in row("bench_122").items() if k not in ("counts", "per", "products", "version")}
    edited = old | {"code": "OWN-01"}
    taken, own = kept_rows({"rows": [old, edited]}, 3)
    assert (taken.counts, taken.per) == (("all_electricity", "all_fuels"), "product")
    assert own.counts == ()


def test_a_tea_factory_is_advised_nothing_of_breweries_and_no_option_saves_more_than_its_resource(brewery):
    facility = brewery.assessment.facility
    take(brewery.centre, brewery.assessment, [sent(q["code"], "no") for q in brewery.sheet.questions])
    for vsic, trade in (("1076", "tea"), ("1103", "drink")):
        facility.trade, facility.sector = (
            Trade.objects.get(code=trade),
            Sector.objects.filter(code=vsic).first(),
        )
        facility.save()
        codes = {o.code for o in options_for("food_drink", facility=facility)}
        assert ("FDB-05" in codes) == (trade == "drink")  # spent grain of breweries
    brewery.assessment.refresh_from_db()
    brewery.sheet.refresh_from_db()
    compare(brewery, electricity="bench_130")
    content = computed(brewery).content
    whole = {u["kind"]: u["potential"]["vnd"] for u in content["uses"] if u["potential"]}
    told = [(kind, vnd) for o in content["options"] for kind, vnd in o["by_kind"].items() if kind in whole]
    assert told
    assert all(vnd[0] <= whole[kind][0] + 1 and vnd[1] <= whole[kind][1] + 1 for kind, vnd in told)


def test_output_a_thousand_times_its_record_is_asked_about_before_it_is_kept(brewery, client):
    client.force_login(brewery.centre)
    address = reverse("assessment:quick_figures", args=[brewery.assessment.pk])
    field = f"p{brewery.beer.pk}-quantity"
    asked = client.post(address, {"version": brewery.sheet.version, field: "12.000.000"})
    assert asked.status_code == 200
    assert field in asked.context["form"].errors
    assert 'name="sure"' in asked.content.decode()
    assert not brewery.sheet.typed.exists()
    assert client.post(address, {"version": brewery.sheet.version, field: "11.800"}).status_code == 302
    sure = {"version": brewery.sheet.version + 1, field: "12.000.000", "sure": "on"}
    assert client.post(address, sure).status_code == 302
    assert brewery.sheet.typed.get().quantity == 12_000_000
