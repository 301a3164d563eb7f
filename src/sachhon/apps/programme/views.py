"""Plan, targets and rules in words, and how every facility stands with the reason for it."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sachhon import reference
from sachhon.apps.people.access import allow
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of
from sachhon.apps.people.downloads import fields_of, rows_download
from sachhon.apps.people.focus import current_province, current_year
from sachhon.apps.programme.models import SectorResult, TargetResult
from sachhon.apps.programme.queries import QUESTION_WORDS, answers, standing_list, target_choices
from sachhon.apps.programme.services import sectors
from sachhon.apps.programme.services.targets import code_of, target_text
from sachhon.apps.programme.words import denominator_text
from sachhon.apps.registry.models.facility import TriState
from sachhon.documents.shapes import Column

PER_PAGE = 50
COLUMNS = (
    ListColumn("name", gettext_lazy("Facility"), sort="name", fixed=True),
    ListColumn("trade", gettext_lazy("Trade"), sort="trade", usual=False),
    ListColumn("area", gettext_lazy("Commune"), sort="area", usual=False),
    *(ListColumn(question, words, sort=question) for question, words in QUESTION_WORDS.items()),
)


@require_GET
@allow("programme.target.view")
def plan_and_targets(request):
    """The plan in force, its targets, who is counted and how a facility is judged, each with its source."""
    year, lang = current_year(request), _lang()
    province = current_province(request) or request.user.province_code
    context = {"year": year, "lang": lang, "plan": None, "plans": reference.plans()}
    try:
        plan = reference.plan_in_force(province, year)
    except reference.FactNotFound:
        return render(request, "programme/targets.html", context)
    results = {
        r.target_code: r
        for r in TargetResult.objects.visible_to(request.user)
        .filter(province_code=province, year=year, headline=True)
        .defer("members")
    }
    rows = []
    for target in reference.targets(plan.code):
        rule, result = reference.judging_rule(target.judging_rule), results.get(target.code)
        rows.append(
            {
                "target": target,
                "name": target.name(lang),
                "value": target_text(target),
                "denominator": denominator_text(target, year, lang),
                "rule": rule,
                "rule_text": rule.text(lang),
                "sure": target.confidence == "found",
                "confidence": reference.confidence_label(target.confidence, lang),
                "result": result,
                "figure": code_of(target.code, province, year) if result else "",
            }
        )
    context["sectors"] = _sectors(request.user, province, year, lang)
    confidence = reference.confidence_label(plan.confidence, lang)
    context |= {"plan": plan, "plan_name": plan.name(lang), "plan_confidence": confidence, "rows": rows}
    context["plans"] = [
        {"plan": p, "name": p.name(lang), "confidence": reference.confidence_label(p.confidence, lang)}
        for p in sorted(reference.plans(), key=lambda p: (-p.year_from, p.code))
    ]
    return render(request, "programme/targets.html", context)


def _sectors(user, province: str, year: int, lang: str) -> dict | None:
    """The country's target for sectors with how each sector stands; None where its plan has none."""
    known = sectors.national(year)
    if known is None:
        return None
    plan, target, listed = known
    rows = SectorResult.objects.visible_to(user).filter(province_code=province, year=year)
    results = {r.sector: r for r in rows if r.target_code == target.code}
    return {
        "plan": plan,
        "plan_name": plan.name(lang),
        "target": target,
        "name": target.name(lang),
        "value": target_text(target),
        "denominator": denominator_text(target, year, lang),
        "rule_text": reference.judging_rule(target.judging_rule).text(lang),
        "confidence": reference.confidence_label(target.confidence, lang),
        "vsic_confidence": reference.confidence_label(listed[0].vsic_confidence, lang),
        "rows": [
            {
                "sector": sector,
                "name": sector.name(lang),
                "result": results.get(sector.code),
                "figure": sectors.code_of(target.code, sector.code, province, year),
            }
            for sector in listed
        ],
    }


@require_GET
@allow("programme.target.view")
def standings(request):
    """Every facility's three answers with the reason; by question and answer as the links of a target ask."""
    wanted, year = _wanted(request), current_year(request)
    rows = standing_list(request.user, year, current_province(request), **wanted)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(s, answers(s, _lang())) for s in page.object_list],
        "q": wanted["q"],
        "year": year,
        "columns": columns_of(request, "standings", COLUMNS),
        "filters": [
            chip(
                "target",
                _("Target"),
                wanted["target"],
                target_choices(request.user, year, current_province(request), _lang()),
            ),
            chip("question", _("Question"), wanted["question"], list(QUESTION_WORDS.items())),
            chip("answer", _("Answer"), wanted["answer"], TriState.choices),
        ],
    }
    return render(request, "programme/standings.html", context)


@require_GET
@allow("programme.target.view")
def export(request, kind: str):
    """The filtered standings as .xlsx or .csv."""
    year, lang = current_year(request), _lang()
    columns = [Column(_("Code")), Column(_("Facility"), width=3), Column(_("Trade"), width=2)]
    for words in QUESTION_WORDS.values():
        columns += [Column(str(words), width=1.5), Column(_("Reason"), width=4)]
    rows = (
        [
            s.facility.code, s.facility.name, s.facility.trade.name,
            *(cell for a in answers(s, lang) for cell in (a.state_label, a.reason)),
        ]
        for s in standing_list(request.user, year, current_province(request), **_wanted(request))
    )  # fmt: skip
    fields, title = fields_of(columns), _("Standing of the facilities")
    return rows_download(kind, f"tinh-trang-co-so-{year}", title, fields, rows)


def _wanted(request) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:100] for name in ("q", "question", "answer", "target", "sort")}


def _lang():
    return "en" if get_language() == "en" else "vi"
