"""Options of an assessment as they are read: the list, one with its history, what a person may not see of it."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import (
    Assessment,
    EquipmentRun,
    Option,
    OptionState,
    RowChange,
    Screening,
    Stream,
)
from sachhon.apps.assessment.services.flow.disclosure import sees_secrets
from sachhon.apps.assessment.services.merging import row_key
from sachhon.apps.registry.models import Facility

SORTS = ("number", "npv", "payback", "saving", "co2")


def options_of(user, assessment: Assessment, *, deleted: bool = False) -> QuerySet[Option]:
    """The options that are there, or those put away."""
    rows = Option.objects.visible_to(user).filter(assessment=assessment, deleted_at__isnull=not deleted)
    return rows.select_related("assessment__facility", "deleted_by")


def options_at(user, facility: Facility) -> list[Option]:
    """The options of all assessments of a facility that are still spoken of, the newest assessment first.

    What was screened out is left to the assessment's own list, and a trade secret to those who may read it.
    """
    rows = Option.objects.visible_to(user).filter(assessment__facility=facility, deleted_at=None)
    rows = rows.exclude(screening=Screening.DROP).order_by("-assessment__opened_at", "number")
    return [option for option in rows.select_related("assessment") if not is_closed(user, option)]


def options_to_screen(user, assessment: Assessment) -> QuerySet[Option]:
    """Those that can still be judged at the first look: ideas, studied and chosen ones."""
    early = (OptionState.IDEA, OptionState.STUDIED, OptionState.CHOSEN)
    return options_of(user, assessment).filter(state__in=early).order_by("number")


def in_order(rows: Iterable[Option], sort: str) -> list[Option]:
    """By number, or by a figure of the result, the best first; without a figure last."""
    key = {"npv": "npv", "payback": "payback", "saving": "saving_vnd", "co2": "co2_t"}.get(sort)
    if key is None:
        return sorted(rows, key=lambda o: o.number)

    def rank(option: Option) -> tuple:
        value = option.result.get(key)
        value = value[1] if isinstance(value, list) else value
        if key in ("npv", "payback") and not option.priced:
            value = None
        if value is None:
            return True, 0.0
        return False, value if key == "payback" else -value

    return sorted(rows, key=rank)


def is_closed(user, option: Option) -> bool:
    """Whether the option's words are a trade secret that this person may not read."""
    return option.confidential and not sees_secrets(user)


def history_of(user, row) -> QuerySet[RowChange]:
    """Every change of an option or a verification, newest first."""
    return RowChange.objects.visible_to(user).filter(row=row_key(row))


def money_closed(user, result: Mapping) -> bool:
    """Whether the money of a result (of an option, a comparison, a measured saving) would tell this person a price
    that the factory keeps to itself."""
    return bool(result.get("secret_price")) and not sees_secrets(user)


def any_money_closed(user, assessment: Assessment) -> bool:
    """The same of the options together: sums, choices and curves of money would tell it too."""
    if sees_secrets(user):
        return False
    rows = assessment.options.filter(deleted_at=None).values_list("result", flat=True)
    return any(result.get("secret_price") for result in rows)


def reasons_spoken(user, assessment: Assessment) -> dict[str, str]:
    """Reasons that the choice gave, as options keep them, as this person reads them: in the language of the page, and
    closed where they tell of money that is; what a person wrote stays."""
    closed = any_money_closed(user, assessment)
    if get_language() != "en" and not closed:
        return {}
    rows = [row for kept in assessment.portfolios.values_list("rows", flat=True) for row in kept]
    return {
        row["reason_vi"].strip()[:512]: _("confidential") if closed else row["reason_en"]
        for row in rows
        if row.get("reason_vi") and (closed or row.get("reason_en"))
    }


def runs_of(user, assessment: Assessment) -> QuerySet[EquipmentRun]:
    """The runs of calculators, but those whose option is a trade secret that this person may not read."""
    rows = EquipmentRun.objects.visible_to(user).filter(assessment=assessment)
    closed = [o.origin_code for o in options_of(user, assessment) if is_closed(user, o)]
    keys = [key for code in closed for kind, _colon, key in [code.partition(":")] if kind == "run"]
    return rows.exclude(pk__in=[int(key) for key in keys if key.isdigit()])


def run_behind(option: Option) -> EquipmentRun | None:
    """The run of a calculator that an option came from."""
    kind, _colon, pk = option.origin_code.partition(":")
    return option.assessment.runs.filter(pk=pk).first() if kind == "run" and pk.isdigit() else None


def origin_words(option: Option) -> str:
    """Where an option came from, as people call it: the stream, the comparison, the code and version of the library."""
    kind, colon, key = option.origin_code.partition(":")
    if not colon:
        code, at, version = option.origin_code.partition("@")
        return f"{code} (v{version})" if at else code
    if kind == "stream":
        stream = Stream.objects.filter(assessment=option.assessment, code=key).first()
        return f"{stream.code} {stream.name}" if stream else key
    return str(option.origin_facts.get(kind, ""))


def counts(user, assessment: Assessment) -> dict[str, int]:
    """How many options there are, screened, kept, with a result."""
    rows = list(options_of(user, assessment))
    return {
        "all": len(rows),
        "open": sum(o.screening == Screening.OPEN for o in rows),
        "kept": sum(o.screening in (Screening.DO_NOW, Screening.STUDY) for o in rows),
        "valued": sum("npv" in o.result for o in rows),
    }
