"""Reading the library: the list, an item and its versions, a trade at a glance."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sachhon.apps.guidance import case_pages, pages, queries, words
from sachhon.apps.guidance import content as contents
from sachhon.apps.guidance.diff import differences
from sachhon.apps.guidance.models import OPEN_STATES, Kind, LibraryItem, State
from sachhon.apps.guidance.services import library
from sachhon.apps.people.access import allow, get_visible
from sachhon.apps.people.chips import chip
from sachhon.apps.people.columns import ListColumn, columns_of
from sachhon.reference import knowledge, source_in

PER_PAGE = 50
COLUMNS = (
    ListColumn("name", gettext_lazy("Name"), sort="name", fixed=True),
    ListColumn("kind", gettext_lazy("Kind"), sort="kind"),
    ListColumn("system", gettext_lazy("System or trade")),
    ListColumn("group", gettext_lazy("Option group"), usual=False),
    ListColumn("resources", gettext_lazy("Resources")),
    ListColumn("state", gettext_lazy("State"), sort="state"),
)
PAGE_OF = {
    Kind.OPTION: "guidance/option.html",
    Kind.CHECKLIST: "guidance/checklist.html",
    Kind.BENCHMARK: "guidance/benchmarks.html",
    Kind.CASE: "guidance/case.html",
}


@require_GET
@allow("guidance.library.view")
def home(request):
    """The library: trades on top, then everything, filtered as the address says."""
    wanted = wanted_of(request)
    page = Paginator(pages.item_list(request.user, wanted), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(item) for item in page.object_list],
        "q": wanted.q,
        "columns": columns_of(request, "library", COLUMNS),
        "trades": words.trade_choices(),
        "filters": _filters(request.user, wanted),
        "edits": request.user.may("guidance.library.edit"),
    }
    return render(request, "guidance/home.html", context)


@require_GET
@allow("guidance.library.view")
def item(request, kind: str, code: str):
    """One option, checklist or set of benchmarks: the version in force, or the one that ?so= asks for."""
    found = the_item(request, kind, code)
    number = request.GET.get("so", "")
    version = pages.the_version(request.user, found, int(number) if number.isdigit() else None)
    if version is None:
        raise Http404(number)
    versions = pages.versions_of(request.user, found)
    context = {
        "item": found,
        "shown": version,
        "versions": versions,
        "others": [v for v in versions if v.number != version.number],
        "steps": library.possible(request.user, version),
        "edits": request.user.may("guidance.library.edit"),
        # who writes a case works with its factory
        "unnamed": kind == Kind.CASE and not request.user.may("guidance.library.edit"),
        "open": next((v for v in versions if v.state in OPEN_STATES), None),
        "system_name": words.word("system", found.system),
    }
    shown = _content_of(found.kind, version, request.user)
    return render(request, PAGE_OF[Kind(kind)], context | shown)


@require_GET
@allow("guidance.library.view")
def compare(request, kind: str, code: str, old: int, new: int):
    """What differs between two versions."""
    found = the_item(request, kind, code)
    pair = [pages.the_version(request.user, found, number) for number in (old, new)]
    if None in pair:
        raise Http404(f"{old} {new}")
    changes = list(differences(found.kind, pair[0].content, pair[1].content))
    context = {"item": found, "old": pair[0], "new": pair[1], "changes": changes}
    return render(request, "guidance/compare.html", context)


@require_GET
@allow("guidance.library.view")
def trade(request, trade: str):
    """A trade at a glance: its checklist, its benchmarks with a chart, its options."""
    if trade not in knowledge.library_trades():
        raise Http404(trade)
    found = knowledge.library_trades()[trade]
    own = queries.benchmarks_for(trade)
    options = queries.options_for(trade)
    context = {
        "trade": found,
        "name": found.name(words.lang()),
        "checklist": LibraryItem.objects.visible_to(request.user)
        .filter(kind=Kind.CHECKLIST, trade=trade)
        .first(),
        "asked": len(queries.checklist_for(trade, general=False)),
        "charts": pages.charts(own),
        "rows": pages.benchmark_rows(own),
        "own_options": [o for o in options if o.system in found.systems],
        "utilities": [(code, words.word("system", code)) for code in found.utilities],
    }
    return render(request, "guidance/trade.html", context)


def wanted_of(request) -> pages.Wanted:
    """The filters of the address."""
    names = ("q", "kind", "trade", "group", "resource", "state", "sort")
    return pages.Wanted(**{name: request.GET.get(name, "")[:100] for name in names})


def the_item(request, kind: str, code: str) -> LibraryItem:
    """The item, if the person may see it; else as if it were not there."""
    return get_visible(LibraryItem.objects, request.user, kind=kind, code=code)


def _content_of(kind: str, version, user) -> dict:
    if kind == Kind.OPTION:
        return pages.option_page(version) | case_pages.beside(version.item.code, user.province_code)
    if kind == Kind.CASE:
        return case_pages.case_page(version)
    if kind == Kind.CHECKLIST:
        questions = contents.checklist_of(version.content, version.number).questions
        return {
            "sections": pages.checklist_sections(questions), "count": len(questions),
            "points_to": pages.used_by(version), "source": source_in(questions[0].source, words.lang()),
        }  # fmt: skip
    rows = contents.benchmarks_of(version.content, version.number)
    return {"rows": pages.benchmark_rows(rows), "charts": pages.charts(rows)}


def _row(item: LibraryItem) -> dict:
    place = words.word("system", item.system) if item.system else words.word("trade", item.trade)
    if item.kind == Kind.CASE and not place:
        place = _("Industry")  # too few facilities share the trade
    touched = [words.word("resource", code) for code in item.resources.split(";") if code]
    return {
        "item": item, "place": place or _("Every trade"), "group": words.word("group", item.group),
        "resources": ", ".join(touched),
    }  # fmt: skip


def _filters(user, wanted: pages.Wanted) -> list[dict]:
    found = [
        chip("kind", _("Kind"), wanted.kind, Kind.choices),
        chip("trade", _("Trade"), wanted.trade, words.trade_choices()),
        chip("group", _("Option group"), wanted.group, words.group_choices()),
        chip("resource", _("Resource"), wanted.resource, words.resource_choices()),
    ]
    if user.may("guidance.library.edit"):
        states = [*State.choices, ("conflict", _("Newer data file waits"))]
        found.append(chip("state", _("State"), wanted.state, states))
    return found
