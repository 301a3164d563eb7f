"""Toàn tỉnh: how the province stands, from the figures as last computed; nothing is computed when a page is read."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sachhon.apps.people.access import allow
from sachhon.apps.people.downloads import fields_of, rows_download
from sachhon.apps.people.focus import current_province, current_year
from sachhon.apps.programme.models import TargetResult
from sachhon.apps.programme.queries import standings_url
from sachhon.apps.programme.services.targets import code_of
from sachhon.apps.reporting.models import ProvinceReport, ProvinceRollup
from sachhon.apps.reporting.province_map import SHOWN, commune_map
from sachhon.apps.reporting.province_tables import (
    TABLES,
    Section,
    page_charts,
    page_table,
    table_of,
    tables_of,
)
from sachhon.apps.reporting.queries.lists import BEHIND, ReportFilter
from sachhon.apps.reporting.services import province as services
from sachhon.apps.reporting.services.province.reading import rollup_data
from sachhon.apps.reporting.services.province.refreshing import STEPS
from sachhon.apps.reporting.views.lists import list_context

SECTIONS = (
    Section("tiet-kiem", gettext_lazy("Savings"), ("savings", "solutions", "savings-all"), ("savings",)),
    Section("nganh", gettext_lazy("Trades"), ("by-sector", "sector-targets"), ("sectors",)),
    Section("dia-ban", gettext_lazy("Communes"), ("by-area",)),
    Section("quy-mo", gettext_lazy("Sizes"), ("by-size",)),
    Section("tieu-thu", gettext_lazy("Consumption"), ("consumption",), ("consumption",)),
    Section("nop-bao-cao", gettext_lazy("Who has reported"), ("reporting",), behind=True),
    Section("kien-nghi", gettext_lazy("Difficulties and requests"), ("difficulties", "requests")),
)
STEP_WORDS = (
    gettext_lazy("Judging the facilities"),
    gettext_lazy("Publishing the facts"),
    gettext_lazy("Rolling up"),
    gettext_lazy("Targets"),
    gettext_lazy("Writing the figures"),
    gettext_lazy("Done"),
)


@require_GET
@allow("reporting.province.view")
def overview(request):
    """The four targets, savings by state, reports in time, and what hinders."""
    context = frame(request)
    data = context["data"]
    if data is not None:
        rows = (
            TargetResult.objects.visible_to(request.user)
            .filter(province_code=context["province"], year=context["year"])
            .defer("members")
        )
        by_code = {(r.target_code, r.basis): r for r in rows}
        names = {t.figure_code: t for t in data.targets}
        context |= {
            "targets": [
                {"row": names[code], "result": result, "others": [], "unknown_url": _unknown_url(result)}
                for result in by_code.values()
                if result.headline and (code := _figure_code(result)) in names
            ],
            "charts": page_charts(data, context["lang"], ("targets",)),
            "map": commune_map(data, context["province"], request.GET.get("map", ""), context["lang"]),
            "map_choices": SHOWN,
            "voices": [*data.difficulties[:3], *data.requests[:3]],
            "reports": ProvinceReport.objects.visible_to(request.user).filter(
                province_code=context["province"], year=context["year"], state=ProvinceReport.State.ISSUED
            ),
        }
        for one in context["targets"]:
            target = one["result"].target_code
            one["others"] = [
                names[_figure_code(r)]
                for r in by_code.values()
                if r.target_code == target and not r.headline and _figure_code(r) in names
            ]
    return render(request, "reporting/province.html", context)


@require_GET
@allow("reporting.province.view")
def section(request, section: str):
    """One part in full: tables that can be sorted and taken away, with their charts."""
    found = next((s for s in SECTIONS if s.slug == section), None)
    if found is None:
        raise Http404(section)
    context = frame(request) | {"section": found}
    data = context["data"]
    if data is not None:
        sort, lang = request.GET.get("sort", ""), context["lang"]
        context |= {
            "tables": [page_table(t, lang, sort) for t in tables_of(data, found.tables, lang)],
            "charts": page_charts(data, lang, found.charts),
        }
    if found.behind and request.user.may("reporting.report.view"):
        wanted = ReportFilter.from_params(request.GET)
        wanted = replace(wanted, timing=BEHIND, province=context["province"])
        context |= list_context(request, wanted, context["year"])
        context["filters"] = [one for one in context["filters"] if one["name"] != "timing"]
    return render(request, "reporting/province_section.html", context)


@require_GET
@allow("reporting.province.view")
def export(request, code: str, kind: str):
    """One table as .xlsx or .csv."""
    context = frame(request)
    if code not in TABLES or context["data"] is None:
        raise Http404(code)
    try:
        table = table_of(context["data"], code, context["lang"])
    except KeyError:
        raise Http404(code) from None
    return rows_download(
        kind,
        f"{code}-{context['year']}",
        table.title,
        fields_of(table.columns),
        table.rows,
        total=table.total,
        notes=[table.note] if table.note else [],
    )


@require_POST
@allow("reporting.province.view")
def recompute(request):
    """Asks for the figures to be computed anew; the page shows how far the work is."""
    province = _province(request)
    if province:
        services.ask_refresh(request.user, province, current_year(request))
    return redirect("reporting:province")


@require_GET
@allow("reporting.province.view")
def progress(request):
    """How far the computation is; when it is over, the page is asked for again."""
    rollup = _rollup(request)
    if rollup is None or not _is_working(rollup):
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    return render(request, "reporting/province_progress.html", _progress(rollup))


def frame(request) -> dict:
    """What every page of the province shows: year, province, figures, when they were computed."""
    rollup = _rollup(request)
    lang = "en" if get_language() == "en" else "vi"
    data = rollup_data(rollup, lang) if rollup is not None and rollup.data_vi else None
    context = {
        "province": _province(request),
        "year": current_year(request),
        "today": localdate(),
        "lang": lang,
        "rollup": rollup,
        "data": data,
        "sections": SECTIONS,
        "may_issue": request.user.may("reporting.province.issue"),
    }
    return context | (_progress(rollup) if rollup is not None and _is_working(rollup) else {})


def _province(request) -> str:
    """The province looked at; who sees the whole country and has chosen none sees the only one with figures."""
    chosen = current_province(request)
    if chosen:
        return chosen
    known = ProvinceRollup.objects.visible_to(request.user).order_by("province_code")
    return known.values_list("province_code", flat=True).first() or ""


def _rollup(request) -> ProvinceRollup | None:
    rows = ProvinceRollup.objects.visible_to(request.user)
    return rows.filter(province_code=_province(request), year=current_year(request)).first()


def _is_working(rollup: ProvinceRollup) -> bool:
    return rollup.state == ProvinceRollup.State.RUNNING or rollup.queued


def _progress(rollup: ProvinceRollup) -> dict:
    running = rollup.state == ProvinceRollup.State.RUNNING
    return {
        "working": True,
        "done": rollup.step if running else 0,
        "steps": len(STEPS),
        "label": STEP_WORDS[rollup.step] if running else _("Waiting for the worker"),
    }


def _unknown_url(result: TargetResult) -> str:
    """The facilities a target counts and knows nothing of."""
    return standings_url(result.target_code, result.year, "unknown")


def _figure_code(result: TargetResult) -> str:
    basis = "" if result.headline else result.basis
    return code_of(result.target_code, result.province_code, result.year, basis)
