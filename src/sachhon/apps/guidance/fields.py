"""The fields of an option, a question and a benchmark row: their words, their kind, whether they must be filled.

One list for the form, the Excel columns, the differences between versions and the checks.
"""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from sachhon.apps.guidance.models import Kind

Shape = Literal["text", "long", "number", "list", "choice", "yes", "whole", "date"]


@dataclass(frozen=True)
class Field:
    """One field: `name` as in the dataclass; `choices` names a list of forms.CHOICES."""

    name: str
    shape: Shape = "text"
    needed: bool = False
    choices: str = ""


LABELS = {
    "code": _("Code"), "name_vi": _("Name (Vietnamese)"), "name_en": _("Name (English)"), "system": _("System"),
    "group": _("Option group"), "arc_code": _("ARC code"), "resources": _("Resources saved"),
    "materials": _("Materials saved"), "low": _("Saving from (%)"), "high": _("Saving to (%)"),
    "base_vi": _("Of what (Vietnamese)"), "base_en": _("Of what (English)"),
    "share_low": _("That is at least this much of the site’s use (%)"),
    "share_high": _("That is at most this much of the site’s use (%)"),
    "acts_on": _("Acts on (resources or families)"), "alternative": _("One of these alternatives"),
    "investment_class": _("Investment"), "payback_low_years": _("Payback from (years)"),
    "payback_high_years": _("Payback to (years)"), "condition_vi": _("Worth a look when (Vietnamese)"),
    "condition_en": _("Worth a look when (English)"), "effects_vi": _("Mind (Vietnamese)"),
    "effects_en": _("Mind (English)"), "source": _("Source"), "confidence": _("How sure"),
    "section_vi": _("Place (Vietnamese)"), "section_en": _("Place (English)"),
    "text_vi": _("Question (Vietnamese)"), "text_en": _("Question (English)"),
    "no_vi": _("What no means (Vietnamese)"), "no_en": _("What no means (English)"),
    "help_vi": _("How to look (Vietnamese)"), "help_en": _("How to look (English)"), "weight": _("Weight"),
    "resource": _("Resource"), "options": _("Options it points to"), "sizes": _("Sizes it is for"),
    "needs": _("Only where there is"),
    "process_vi": _("Process (Vietnamese)"), "process_en": _("Process (English)"),
    "indicator_vi": _("Indicator (Vietnamese)"), "indicator_en": _("Indicator (English)"),
    "unit_code": _("Unit (code)"), "unit_vi": _("Unit (Vietnamese)"), "unit_en": _("Unit (English)"),
    "poor": _("Poor"), "average": _("Average"), "good": _("Good practice"), "best": _("Best"),
    "higher_is_better": _("Higher is better"), "year": _("Year of the figures"), "valid_from": _("Valid from"),
    "valid_to": _("Valid to"), "note_vi": _("Note (Vietnamese)"), "note_en": _("Note (English)"),
    "counts": _("Use that it counts (resources or families)"), "per": _("Per unit of"),
    "products": _("Products that count (words of their names)"),
    "checklist": _("Checklist"), "well_vi": _("What went well (Vietnamese)"), "well_en": _("What went well (English)"),
    "badly_vi": _("What went badly (Vietnamese)"), "badly_en": _("What went badly (English)"),
}  # fmt: skip

_SURE = (Field("source", needed=True), Field("confidence", "choice", True, "confidences"))

FIELDS: dict[str, tuple[Field, ...]] = {
    Kind.OPTION: (
        Field("name_vi", needed=True), Field("name_en", needed=True),
        Field("system", "choice", True, "systems"), Field("group", "choice", True, "groups"), Field("arc_code"),
        Field("resources", "list", True), Field("materials", "list"), Field("low", "number", True),
        Field("high", "number", True), Field("base_vi", needed=True), Field("base_en", needed=True),
        Field("share_low", "number", True), Field("share_high", "number", True), Field("acts_on", "list"),
        Field("alternative"),
        Field("investment_class", "choice", True, "investments"), Field("payback_low_years", "number"),
        Field("payback_high_years", "number"), Field("condition_vi", "long"), Field("condition_en", "long"),
        Field("effects_vi", "long"), Field("effects_en", "long"), *_SURE,
    ),
    Kind.CHECKLIST: (
        Field("section_vi", needed=True), Field("section_en", needed=True), Field("text_vi", "long", True),
        Field("text_en", "long", True), Field("no_vi", "long", True), Field("no_en", "long", True),
        Field("help_vi", "long"), Field("help_en", "long"), Field("weight", "choice", True, "weights"),
        Field("resource", "choice", True, "resources"), Field("group", "choice", True, "groups"),
        Field("options", "list"), Field("sizes", "list"), Field("needs", "choice", False, "needs"), *_SURE,
    ),
    Kind.BENCHMARK: (
        Field("process_vi", needed=True), Field("process_en", needed=True), Field("indicator_vi", needed=True),
        Field("indicator_en", needed=True), Field("resource", "choice", False, "indicators"),
        Field("counts", "list"), Field("per", "choice", False, "denominators"), Field("products", "list"),
        Field("unit_code", needed=True), Field("unit_vi"), Field("unit_en"), Field("poor", "number"),
        Field("average", "number"), Field("good", "number"), Field("best", "number"),
        Field("higher_is_better", "yes"), Field("year", "whole", True), Field("valid_from", "date"),
        Field("valid_to", "date"), Field("note_vi", "long"), Field("note_en", "long"), *_SURE,
    ),
    # only the words of a case are edited: its figures are those that were verified
    Kind.CASE: (
        Field("name_vi", needed=True), Field("name_en", needed=True), Field("well_vi", "long", True),
        Field("well_en", "long"), Field("badly_vi", "long", True), Field("badly_en", "long"),
    ),
}  # fmt: skip


def label(name: str) -> str:
    """The words of a field in the language of the page."""
    return str(LABELS[name])
