"""What stands behind a derived figure, put in words: for the panel, the footnote and ``sachhon explain``."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, QuerySet, When
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.registry.closed_costs import closed_costs, closed_word
from sachhon.apps.registry.models import Facility, Figure, Record
from sachhon.apps.registry.search import matching
from sachhon.documents.numbers import format_number, format_term, in_language
from sachhon.reference import UnitError, unit_label
from sachhon.reference.text import fold

SHOWN_RECORDS = 24

Opener = Callable[..., tuple[str, str] | None]
_openers: list[Opener] = []
_doubts: list[Opener] = []


def register_opener(opener: Opener) -> None:
    """A higher room says where what its figures count is listed: opener(user, figure) -> (words, address), or
    None for a figure that is not its own. Called from AppConfig.ready().
    """
    _openers.append(opener)


def register_doubts(provider: Opener) -> None:
    """A higher room says what stands open about its figures: provider(user, figure) -> (words, address) or None."""
    _doubts.append(provider)


@dataclass(frozen=True)
class Term:
    """One symbol of the formula with its number; `code` opens the figure it is itself."""

    symbol: str
    label: str
    value: str
    unit: str
    code: str


@dataclass(frozen=True)
class Explanation:
    """A figure ready to be read."""

    label: str
    value: str
    unit: str
    formula: str
    terms: tuple[Term, ...]
    note: str
    interval: str
    records: tuple[Record, ...]
    record_count: int
    facts: tuple[dict, ...]
    behind: tuple[str, str] | None  # what is counted, where it is listed
    doubt: tuple[str, str] | None = None  # what is still open about it, where it is settled


def explain(user, figure: Figure) -> Explanation:
    """Everything about `figure`, with the records that `user` may see."""
    english = get_language() == "en"
    ids = figure.records.get("ids", [])
    records = (
        Record.objects.visible_to(user)
        .filter(pk__in=ids[: SHOWN_RECORDS * 4])
        .select_related("resource", "product", "facility")
        .order_by("facility__code", "year", "month")[:SHOWN_RECORDS]
    )
    of = figure.facility_id
    secret = of is not None and bool(closed_costs(user, [of]).of(of))
    return Explanation(
        label=figure.label_en if english else figure.label_vi,
        value=_number(figure.value),
        unit=_unit(figure.unit),
        formula=in_language(figure.formula, "en" if english else "vi"),
        terms=tuple(
            Term(
                symbol=t["symbol"],
                label=t.get("label_en" if english else "label_vi", ""),
                value=closed_word() if secret and _is_money(t) else _number(t.get("value")),
                unit=_unit(t.get("unit", "")),
                code=t.get("figure") or "",
            )
            for t in figure.terms
        ),
        note=figure.note_en if english else figure.note_vi,
        interval=_interval(figure),
        records=tuple(records),
        record_count=figure.records.get("count", len(ids)),
        facts=tuple(_fact(f) for f in figure.facts),
        behind=next((found for opener in _openers if (found := opener(user, figure))), None),
        doubt=next((found for provider in _doubts if (found := provider(user, figure))), None),
    )


def counted_facilities(user, figure: Figure, q: str = "") -> QuerySet[Facility]:
    """The facilities that `figure` counted when it was computed and that `user` may see, those of `figure.of_which`
    first, then by name; `q` as in the list of facilities. Merged since or not: they were counted as they were then.
    """
    rows = Facility.objects.visible_to(user).filter(pk__in=figure.records["facilities"])
    rows = matching(rows, fold(q)).select_related("trade", "area")
    first = Case(When(pk__in=figure.records.get("of_which", ()), then=0), default=1)
    return rows.order_by(first, "sort_key", "code")


def term_label(figure: Figure, symbol: str) -> str:
    """What a symbol of the formula stands for, in the language of the page; "" for none."""
    name = "label_en" if get_language() == "en" else "label_vi"
    return next((term.get(name, "") for term in figure.terms if term["symbol"] == symbol), "")


def _is_money(term: dict) -> bool:
    """Whether a term is an amount of money or a price, and not one of a reference."""
    return term.get("unit", "").partition("/")[0] == "VND" and not term.get("fact")


def _interval(figure: Figure) -> str:
    """Between what the value lies, and how surely."""
    if figure.low is None:
        return ""
    told = {"low": _number(figure.low), "high": _number(figure.high), "level": figure.level}
    if figure.level is None:
        return _("From the least to the most: %(low)s – %(high)s") % told
    return _("%(level)s%% interval: %(low)s – %(high)s") % told


def as_text(user, figure: Figure) -> str:
    """The explanation for a terminal."""
    e = explain(user, figure)
    lines = [f"{e.label}: {e.value} {e.unit}".rstrip(), f"  [{figure.code}] {figure.get_state_display()}"]
    if e.interval:
        lines.append(f"  {e.interval}")
    if e.doubt:
        lines.append(f"  ! {e.doubt[0]}")
    if e.formula:
        lines.append(f"  {e.formula}")
    lines += [f"    {t.symbol} = {t.value} {t.unit}  {t.label}" for t in e.terms]
    lines += [
        f"  {f.get('code')}: {f.get('value')} {f.get('unit', '')} – {f.get('source', '')}" for f in e.facts
    ]
    lines.append("  " + _("%(n)s records") % {"n": e.record_count})
    lines += [f"    {r.facility.code} {r} {_number(r.quantity)} {r.unit}" for r in e.records]
    if figure.function:
        lines.append(f"  {figure.function} v{figure.function_version}")
    return "\n".join(lines)


def _fact(fact: dict) -> dict:
    """A fact as it is printed, with the digits it is reckoned with, so that a reader finds the same total by hand;
    a value in words ("≥ 50%") bears its unit already."""
    value, unit = _number(fact.get("value"), format_number), _unit(fact.get("unit", ""))
    return {**fact, "value": value, "unit": "" if unit and value.endswith(unit) else unit}


def _unit(code: str) -> str:
    """A unit as it is printed; what is no unit of the reference (%, VND) stays."""
    try:
        return unit_label(code, "en" if get_language() == "en" else "vi") if code else ""
    except UnitError:
        return code


def _number(value, written: Callable[[Decimal, str], str] = format_term) -> str:
    if value in (None, ""):
        return "–"
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return str(value)
    return written(number, "en" if get_language() == "en" else "vi")
