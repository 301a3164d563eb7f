"""Puts the pages of verification together: the list, one with its charts. Shows, decides nothing."""

from django.utils.translation import gettext as _

from sachhon.apps.assessment.forms_options import language, unit_word
from sachhon.apps.assessment.models import Assessment, Verification, VerificationState
from sachhon.apps.assessment.option_charts import on_page
from sachhon.apps.assessment.option_pages import closed_name
from sachhon.apps.assessment.queries import attachments
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.services.signing import may_sign
from sachhon.apps.assessment.services.verification_rules import hindrances
from sachhon.documents.charts import against_baseline, cusum
from sachhon.documents.shapes import ChartSpec
from sachhon.reference.numbers import sensible_decimals
from sachhon.science.intensity import Verdict


def list_page(user, assessment: Assessment) -> dict:
    """The context of options/verifications.html."""
    rows = Verification.objects.visible_to(user).filter(assessment=assessment)
    return {
        "assessment": assessment,
        "rows": [
            {
                "row": r,
                "unit": unit_word(r.resource.unit),
                "options": [(o, closed_name(user, o)) for o in r.options.all()],
                "figure": f"verified:{r.pk}" if r.figure_id else "",
                "said": state_word(r),
            }
            for r in rows.select_related("resource").prefetch_related("options")
        ],
        "may_edit": may_edit(user, assessment),
    }


def verification_page(user, row: Verification) -> dict:
    """The context of options/verification.html."""
    lang = language()
    result = row.result
    open_ = row.state in (VerificationState.PLANNED, VerificationState.COMPUTED)
    return {
        "row": row,
        "hindrances": hindrances(row) if open_ else [],
        "assessment": row.assessment,
        "files": attachments.files_of(user, row).count() if attachments.may_see(user, row) else None,
        "options": [(o, closed_name(user, o)) for o in row.options.all()],
        "unit": unit_word(row.resource.unit),
        "result": result if "saving" in result else None,
        "model": result.get(f"model_{lang}", ""),
        "tried": result.get(f"tried_{lang}", []),
        "words": result.get(f"words_{lang}", result.get("words", "")),
        "digits": sensible_decimals(result.get("saving", 0), result.get("high", 0)),
        "percent": None if result.get("relative") is None else result["relative"] * 100,
        "signals": [(f"{m:02d}/{y}", better) for y, m, better in result.get("signals", [])],
        "figure": f"verified:{row.pk}" if row.figure_id else "",
        "charts": [on_page(c, lang) for c in charts(row, lang)],
        "may_edit": may_edit(user, row.assessment),
        "may_judge": may_sign(user, row.assessment) and may_edit(user, row.assessment),
        "said": state_word(row),
    }


def state_word(row: Verification) -> str:
    """The state, and where what was verified is no proven saving, that too."""
    if row.state == VerificationState.VERIFIED and row.result.get("verdict") == Verdict.NOT_DISTINGUISHABLE:
        return _("Verified as measured, but not distinguishable from 0: no proven saving")
    if row.state == VerificationState.VERIFIED and row.result.get("verdict") == Verdict.WORSE:
        return _("Verified as a worsening")
    return str(row.get_state_display())


def charts(row: Verification, lang: str) -> list[ChartSpec]:
    """Consumption against the baseline, and the cumulative sum."""
    result = row.result
    if "saving" not in result:
        return []
    unit = unit_word(row.resource.unit)
    months = [(y, m) for y, m, *_rest in result["series"]]
    drawn = [
        against_baseline(
            f"baseline-{row.pk}",
            months,
            [a for *_m, a, _e in result["series"]],
            [e for *_m, e in result["series"]],
            (row.report_from.year, row.report_from.month),
            unit,
            lang,
        )
    ]
    if result["cusum"]:
        when = [(y, m) for y, m, *_rest in result["cusum"]]
        difference, total, band = (
            list(column) for column in zip(*(r[2:] for r in result["cusum"]), strict=True)
        )
        drawn.append(cusum(f"cusum-{row.pk}", when, difference, total, band, unit, lang))
    return drawn
