"""A price that the factory keeps to itself does not follow from the money of its solutions and measured savings."""

import io

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from tests.apps.assessment.flow_making import add as add_row
from tests.apps.assessment.flow_making import opened
from tests.apps.assessment.test_choosing import NOW, PERIODS, TODAY, add

from sachhon.apps.assessment.models import Verification
from sachhon.apps.assessment.queries.verified import verified_savings
from sachhon.apps.assessment.services import choosing, comparing, plan, verifying
from sachhon.apps.assessment.services.flow.editing import Edit, change
from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.apps.assessment.services.secret_prices import close_all_prices
from sachhon.apps.registry.models import Figure, Product, Record, Resource
from sachhon.documents.numbers import format_number

PRICE, TONNES = 1_943_000, 8
MONEY = "15,5"  # million a year for eight tonnes
READERS = ("department", "leader")


@pytest.fixture
def coal(catalogue):
    return Resource.objects.get(code="coal_cam_5_6")


@pytest.fixture
def works(cast, coal):
    """A kiln's coal at 1,943,000 dong a tonne by its bills, a tenth less from 2026, one solution on it, carried out."""
    bricks = Product.objects.create(facility=cast.brick, name="Gạch", unit="k_vien")
    for i in range(18):
        month = {"facility": cast.brick, "year": 2025 + i // 12, "month": i % 12 + 1}
        made = 800 + 37 * (i * 7 % 11)
        used = (4 + 0.02 * made) * (1 + 0.01 * ((i * 5 % 7) - 3) / 3) * (0.9 if i >= 12 else 1.0)
        Record.objects.create(**month, flow="output", product=bricks, quantity=made)
        Record.objects.create(
            **month,
            flow="consumption",
            resource=coal,
            quantity=round(used, 3),
            cost_vnd=round(round(used, 3) * PRICE),
        )
    assessment = opened(cast)
    expert = cast.user("expert")
    kiln = add_row(expert, assessment, "process", name="Nung")
    stream = add_row(
        expert,
        assessment,
        "stream",
        name="Than",
        target=kiln.code,
        kind="material",
        use="input",
        resource=coal.code,
    )
    option = add(
        cast, assessment, "Bọc lò", 0, 30, savings={coal.code: {"low": 6, "likely": TONNES, "high": 9}}
    )
    other = add(
        cast, assessment, "Đèn LED", 0, 20, savings={"electricity": {"likely": 9000, "price_vnd": 2000}}
    )
    choosing.decide(cast.user("centre"), assessment, None, "value", today=TODAY)
    compared = comparing.begin(expert, assessment, "Lò")
    values = {
        "criteria": {
            "c1": {"name": "Tiền", "kind": "economic", "weight": "50", "more": True, "figure": "saving"},
            "c2": {"name": "Vốn", "kind": "economic", "weight": "50", "more": False, "figure": "investment"},
        },
        "alternatives": {
            "a1": {"name": "Bọc", "option": option.number},
            "a2": {"name": "Đèn", "option": other.number},
        },
    }
    comparing.change(expert, compared, values, compared.version)
    for action in ("begin", "finish"):
        option = plan.move_option(expert, option, action, today=TODAY)
    row = verifying.plan_verification(expert, assessment, [option], PERIODS | {"resource": coal})
    row = verifying.compute(expert, row)
    row = verifying.judge(cast.user("centre"), row, verified=True, note="", version=row.version, now=NOW)
    return assessment, stream, option, row


def pages(assessment, option, row):
    of = [assessment.pk]
    return {
        "list": reverse("assessment:options", args=of),
        "option": reverse("assessment:option", args=[*of, option.number]),
        "choice": reverse("assessment:choice", args=of),
        "plan": reverse("assessment:plan_of_action", args=of),
        "comparison": reverse("assessment:comparison", args=[*of, 1]),
        "verification": reverse("assessment:verification", args=[*of, row.pk]),
    }


def report(client, assessment):
    body = client.get(f"/danh-gia/{assessment.pk}/bao-cao-chi-tiet.docx").content
    return " ".join(p.text or "" for p in Document(io.BytesIO(body)).element.body.iter(qn("w:t")))


def told(client, user, works):
    """All that this person reads of the assessment: pages, report, figures."""
    assessment, _stream, option, row = works
    client.force_login(user)
    found = {name: client.get(url).text for name, url in pages(assessment, option, row).items()}
    found["report"] = report(client, assessment)
    for code in Figure.objects.values_list("code", flat=True):
        answer = client.get(reverse("registry:figure", args=[code]))
        if answer.status_code == 200:
            found[code] = answer.text
    return found


def telling(option, row):
    """Numbers of which each tells the price together with the quantity, which is open."""
    r = option.result
    return {
        MONEY,
        "1.943.000",
        format_number(r["npv"] / 1e6, "vi", 1),
        format_number(row.result["vnd"] / 1e6, "vi", 1),
    }


def test_without_a_mark_everybody_who_may_see_the_assessment_reads_the_money(client, cast, works):
    found = told(client, cast.user("department"), works)
    assert [name for name in ("list", "option", "choice", "report") if MONEY not in found[name]] == []
    assert "1.943.000" in found[f"option:{works[2].pk}:saving"]
    assert "1.943.000" in found[f"verified:{works[3].pk}"]


@pytest.mark.parametrize("role", READERS)
def test_with_the_mark_no_page_report_or_figure_tells_what_the_price_follows_from(client, cast, works, role):
    _assessment, stream, option, row = works
    keep_secret(cast.user("factory"), stream, price=True, quantity=False)
    found = told(client, cast.user(role), works)
    numbers = telling(option, row)
    leaks = {name: [n for n in numbers if n in text] for name, text in found.items()}
    assert {name: words for name, words in leaks.items() if words} == {}
    assert f"verified:{row.pk}" in found  # quantity and interval are no secret
    assert not [code for code in found if code.startswith("closed:")]
    assert [name for name in ("option", "choice", "report") if "tự giữ" not in found[name]] == []
    assert 'notice-info">' in found["choice"]  # told, and no mistake of anybody
    assert "notice-error" not in found["choice"]
    assert found["list"].count(">bảo mật<") == 3  # saving, payback, value: closed, not missing
    assert "18,0" in found["list"]  # the lamps' money is told: their price is no secret
    (offer,) = verified_savings(cast.user(role), cast.brick, 2026)
    assert offer.saving_vnd is None
    assert offer.savings


def test_those_who_work_with_the_factory_read_on_and_open_the_figures(client, cast, works):
    _assessment, stream, option, row = works
    keep_secret(cast.user("factory"), stream, price=True, quantity=False)
    for role in ("factory", "expert", "centre"):
        found = told(client, cast.user(role), works)
        assert [name for name in ("list", "choice", "report") if MONEY not in found[name]] == [], role
        code = f"closed:option:{option.pk}:saving"
        assert reverse("registry:figure", args=[code]) in found["option"], role
        assert "1.943.000" in found[code], role
    (offer,) = verified_savings(cast.user("centre"), cast.brick, 2026)
    assert offer.saving_vnd == row.result["vnd"]


def test_a_mark_taken_away_or_a_stream_of_another_resource_opens_the_money_again(client, cast, works):
    assessment, stream, option, _row = works
    factory, expert = cast.user("factory"), cast.user("expert")
    keep_secret(factory, stream, price=True, quantity=False)
    stream.refresh_from_db()
    change(expert, assessment, [Edit("stream", {"resource": "electricity"}, stream.pk, stream.version)])
    assert Figure.objects.filter(code=f"option:{option.pk}:saving").exists()
    stream.refresh_from_db()
    change(expert, assessment, [Edit("stream", {"resource": "coal_cam_5_6"}, stream.pk, stream.version)])
    assert not Figure.objects.filter(code=f"option:{option.pk}:saving").exists()
    keep_secret(factory, stream, price=False, quantity=False)
    assert MONEY in told(client, cast.user("department"), works)["option"]
    assert not Verification.objects.filter(result__secret_price=True).exists()


def test_a_mark_from_before_closes_the_money_when_the_site_is_brought_up_to_date(client, cast, works):
    assessment, stream, option, _row = works
    type(stream).objects.filter(pk=stream.pk).update(price_secret=True)
    old = {k: v for k, v in option.result.items() if k not in ("secret_price", "tax", "depreciation_years")}
    type(option).objects.filter(pk=option.pk).update(result=old)  # as appraised by an older version
    close_all_prices()
    assert Figure.objects.filter(code=f"closed:option:{option.pk}:saving").exists()
    assert not Figure.objects.filter(code=f"option:{option.pk}:saving").exists()
    client.force_login(cast.user("department"))
    assert MONEY not in client.get(reverse("assessment:option", args=[assessment.pk, option.number])).text
