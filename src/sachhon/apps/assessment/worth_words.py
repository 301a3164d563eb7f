"""What an option's value was computed with, in words: for its page and the report."""

from django.utils.translation import gettext as _

from sachhon.apps.assessment.forms_options import language
from sachhon.apps.assessment.models import Option
from sachhon.reference.numbers import format_quantity


def rates_words(option: Option) -> str:
    """What the value was computed with: rates, life, tax and depreciation."""
    r, lang = option.result, language()
    rate = {k: format_quantity(r[k] * 100, lang) for k in ("discount", "inflation")}
    said = _("Discount rate %(discount)s %%, inflation %(inflation)s %% a year, life %(life)d years.") % (
        rate | {"life": r["years"]}
    )
    taxed = {"tax": format_quantity(r.get("tax", 0) * 100, lang), "worn": r.get("depreciation_years")}
    if r.get("tax"):
        said = f"{said} " + (
            _("Tax on profit %(tax)s %%, after straight depreciation over %(worn)d years.") % taxed
            if r["depreciation_years"]
            else _("Tax on profit %(tax)s %%, without depreciation.") % taxed
        )
    return " ".join([said, *r[f"departures_{lang}"]])
