"""Puts the pages of verification together: the list, one with its charts. Shows, decides nothing."""

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from sachhon.apps.assessment.forms_options import language, unit_word
from sachhon.apps.assessment.models import Assessment, Verification, VerificationState
from sachhon.apps.assessment.option_charts import on_page
from sachhon.apps.assessment.option_pages import closed_name
from sachhon.apps.assessment.queries import attachments
from sachhon.apps.assessment.queries.assessments import may_edit
from sachhon.apps.assessment.queries.options import money_closed
from sachhon.apps.assessment.queries.verified import superseded
from sachhon.apps.assessment.services.signing import may_sign
from sachhon.apps.assessment.services.verification_doubts import (
    doubts,
    estimated_baseline,
    is_outdated,
    not_actual,
)
from sachhon.apps.assessment.services.verification_result import computed
from sachhon.apps.assessment.services.verification_rules import against_rules, early_months, hindrances
from sachhon.documents.charts import against_baseline, cusum
from sachhon.documents.numbers import format_quantity
from sachhon.documents.shapes import ChartSpec
from sachhon.reference.numbers import sensible_decimals
from sachhon.science.intensity import Verdict


def list_page(user, assessment: Assessment) -> dict:
    """The context of options/verifications.html."""
    rows = Verification.objects.visible_to(user).filter(assessment=assessment)
    replaced = superseded(assessment.facility)
    return {
        "assessment": assessment,
        "rows": [
            {
                "row": r,
                "unit": unit_word(r.resource.unit),
                "options": [(o, closed_name(user, o)) for o in r.options.all()],
                "figure": f"verified:{r.pk}" if r.figure_id else "",
                "said": (said := state_word(r, replaced)),
                "look": state_look(r, said),
            }
            for r in rows.select_related("resource").prefetch_related("options")
        ],
        "may_edit": may_edit(user, assessment),
    }


def verification_page(user, row: Verification) -> dict:
    """The context of options/verification.html."""
    lang = language()
    result = row.result
    doubted = doubts(row)
    open_ = row.state in (VerificationState.PLANNED, VerificationState.COMPUTED)
    return {
        "row": row,
        "hindrances": hindrances(row, timezone.localdate()) if open_ else [],
        "doubts": [] if open_ else [*not_actual(row, timezone.localdate()), *doubted],
        "early": [*early_months(row), *filter(None, [estimated_baseline(row)])],
        "against": against_rules(row) if row.state == VerificationState.VERIFIED else [],
        "outdated": outdated_words(row) if not open_ else "",
        "is_doubtful": bool(doubted),
        "assessment": row.assessment,
        "files": attachments.files_of(user, row).count() if attachments.may_see(user, row) else None,
        "options": [(o, closed_name(user, o)) for o in row.options.all()],
        "unit": unit_word(row.resource.unit),
        "result": None
        if "saving" not in result
        else result | ({"vnd": None} if money_closed(user, result) else {}),
        "money_closed": money_closed(user, result),
        "model": result.get(f"model_{lang}", ""),
        "tried": result.get(f"tried_{lang}", []),
        "words": what_can_be_said(row, lang, doubted),
        "digits": sensible_decimals(result.get("saving", 0), result.get("high", 0)),
        "percent": None if result.get("relative") is None else result["relative"] * 100,
        "signals": [(f"{m:02d}/{y}", better) for y, m, better in result.get("signals", [])],
        "figure": f"verified:{row.pk}" if row.figure_id else "",
        "charts": [on_page(c, lang) for c in charts(row, lang)],
        "may_edit": may_edit(user, row.assessment),
        "may_judge": may_sign(user, row.assessment) and may_edit(user, row.assessment),
        "said": (said := state_word(row, superseded(row.facility))),
        "look": state_look(row, said),
    }


def what_can_be_said(row: Verification, lang: str, doubted: Sequence[str]) -> str:
    """The sentence about the saving, or why there is none; nothing is said of one that stands on doubtful months."""
    if doubted and "saving" in row.result:
        return _("Nothing, before the doubtful months are settled.")
    return row.result.get(f"words_{lang}", "")


def outdated_words(row: Verification) -> str:
    """Where the records were changed since the saving was computed: what it would be now; empty where they were not."""
    if not is_outdated(row):
        return ""
    now = computed(row)
    if "saving" not in now:
        return _(
            "The records were changed after this was computed; from the records of now no saving can be computed."
        )
    told = {"saving": format_quantity(now["saving"], language()), "unit": unit_word(row.resource.unit)}
    return (
        _(
            "The records were changed after this was computed: from those of now it would be %(saving)s %(unit)s."
        )
        % told
    )


def state_word(row: Verification, replaced: Mapping[int, Verification]) -> str:
    """The state, with what it does not tell: no proven saving, a worsening, records changed since, counted elsewhere.

    replaced : `queries.verified.superseded` of the facility
    """
    if (other := replaced.get(row.pk)) is not None:
        return _("Superseded: its months are counted once, with %(months)s") % {
            "months": f"{other.report_from:%m/%Y}–{other.report_to:%m/%Y}"
        }
    return f"{_state(row)} – {_('the records were changed since')}" if is_outdated(row) else _state(row)


def state_look(row: Verification, said: str) -> str:
    """The code of the chip: what was verified and counts no longer, or proves no saving, is not shown as good."""
    is_less = row.state == VerificationState.VERIFIED and said != str(row.get_state_display())
    return "warning" if is_less else row.state


def _state(row: Verification) -> str:
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
