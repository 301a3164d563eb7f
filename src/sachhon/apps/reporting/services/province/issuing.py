"""The province's report from draft to issue: whole or not at all, and never changed afterwards.

Files are written first (atomically, beside nothing that is in use); then, in one transaction, the row takes the
step from draft to issued, its figures are copied as issued ones, and the history is written. Where anything
fails, the files are taken away again and the draft stays a draft.
"""

import datetime
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from sachhon.apps.people import audit
from sachhon.apps.people.access import require
from sachhon.apps.people.models import User
from sachhon.apps.programme.services import sectors, targets
from sachhon.apps.registry.models import Figure
from sachhon.apps.reporting.models import ProvinceReport, ProvinceRollup
from sachhon.apps.reporting.services import workflow
from sachhon.apps.reporting.services.province.codes import code, issued_code
from sachhon.apps.reporting.services.province.errors import (
    AlreadyIssued,
    NotComputed,
    NotIssued,
    ProvinceError,
)
from sachhon.apps.reporting.services.province.reading import report_data
from sachhon.apps.reporting.services.province.refreshing import refresh
from sachhon.apps.reporting.services.province.words import say
from sachhon.documents.docx import province_report_docx
from sachhon.documents.files import DiskFull, DocumentNotWritten, write_atomic
from sachhon.documents.model import ProvinceReportData
from sachhon.documents.numbers import format_count
from sachhon.documents.pdf import province_report_pdf
from sachhon.documents.shapes import Lang
from sachhon.documents.snapshot import to_json
from sachhon.documents.xlsx import province_report_xlsx

ISSUE = "reporting.province.issue"
KINDS = {"docx": province_report_docx, "xlsx": province_report_xlsx, "pdf": province_report_pdf}
STEPS = ("figures", *KINDS, "lock")
TEXTS = ("remarks", "next_tasks", "proposals")


@transaction.atomic
def draft(actor: User, province: str, year: int, audience: str, *, lang: str = "vi") -> ProvinceReport:
    """The draft to that addressee: the one there is, else a new one with words to begin with."""
    require(actor, ISSUE)
    _refuse_strangers(actor, province)
    own = {"province_code": province, "year": year, "audience": audience}
    found = ProvinceReport.objects.filter(**own, state=ProvinceReport.State.DRAFT).first()
    if found is not None:
        return found
    last = ProvinceReport.objects.filter(**own).order_by("-issue").first()
    report = ProvinceReport(**own, issue=last.issue + 1 if last else 1, language=lang)
    if last is not None:
        report.texts = last.texts
        report.signer_title, report.signer_name, report.language = (
            last.signer_title, last.signer_name, last.language,
        )  # fmt: skip
    else:
        report.texts = _first_words(report)
    report.save()
    audit.record(actor, "province.draft", report, after={"year": year, "audience": audience})
    return report


@transaction.atomic
def write_texts(
    actor: User, report: ProvinceReport, texts: dict[str, list[str]], *, lang: str | None = None
) -> ProvinceReport:
    """Keeps the officer's own words (remarks, tasks of next year, proposals) and the language of a draft."""
    require(actor, ISSUE)
    _refuse_strangers(actor, report.province_code)
    kept = {name: [t.strip() for t in texts.get(name, []) if t.strip()] for name in TEXTS}
    before = {"texts": report.texts, "language": report.language}
    changes = {"texts": kept, "language": lang or report.language}
    if not ProvinceReport.objects.filter(pk=report.pk, state=ProvinceReport.State.DRAFT).update(**changes):
        raise AlreadyIssued(_("This report was issued; its words stay. A correction is a new issue."))
    report.refresh_from_db()
    audit.record(actor, "province.texts", report, before=before, after=changes)
    return report


def refuse_outdated(report: ProvinceReport) -> None:
    """Raises `ProvinceError` when the figures of the report's year are older than the facts they stand for."""
    rollup = ProvinceRollup.objects.filter(province_code=report.province_code, year=report.year).first()
    if rollup is not None and rollup.is_stale:
        raise ProvinceError(
            _("Reports or records changed after the figures were computed. Compute again, look, then issue.")
        )


def signing(number: str, dated: datetime.date, signer_name: str, signer_title: str) -> dict[str, Any]:
    """The fields of a report an issue fills in. Raises `ProvinceError` when the number or signer is not given."""
    if not number.strip() or not signer_name.strip():
        raise ProvinceError(_("An issued report needs its number and the name of the signer."))
    return {
        "number": number.strip(),
        "dated": dated,
        "signer_name": signer_name.strip(),
        "signer_title": signer_title.strip(),
    }


def issue(
    actor: User,
    report: ProvinceReport,
    *,
    number: str,
    dated: datetime.date,
    signer_name: str,
    signer_title: str = "",
    now: datetime.datetime | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> ProvinceReport:
    """Issues the draft under that number and date. Raises `NotIssued`, with nothing changed, when it cannot.

    The accepted annual reports of the year are locked with it. `progress` is told each step of `STEPS` as it
    begins. signer_title : lines divided by "|", such as "KT. GIÁM ĐỐC|PHÓ GIÁM ĐỐC".
    """
    require(actor, ISSUE)
    _refuse_strangers(actor, report.province_code)
    signed = signing(number, dated, signer_name, signer_title)
    stored = ProvinceReport.objects.get(pk=report.pk)
    if stored.state != ProvinceReport.State.DRAFT:
        raise AlreadyIssued(_("This report was issued before; a correction is a new issue."))
    refuse_outdated(stored)
    for field, value in signed.items():
        setattr(stored, field, value)
    progress("figures")
    data = replace(report_data(stored), draft=False)
    figures = _figures(stored)
    codes = {f.code: issued_code(f.code, stored.figure_suffix) for f in figures}
    data = _recoded(data, codes)
    written = _write(stored, data, progress)
    progress("lock")
    try:
        with transaction.atomic():
            _take(actor, stored, data, written, now or timezone.now())
            workflow.lock_year(actor, stored.province_code, stored.year)
            _copy(figures, codes)
    except BaseException:
        for name in written.values():
            (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
        raise
    return stored


def report_to_folder(
    province: str, year: int, audience: str, folder: Path | str, lang: str = "vi"
) -> list[Path]:
    """Writes .docx, .xlsx and .pdf into `folder`: of the newest issue in that language, else of a draft."""
    own = {"province_code": province, "year": year, "audience": audience}
    report = (
        ProvinceReport.objects.filter(**own, state=ProvinceReport.State.ISSUED, language=lang)
        .order_by("-issue")
        .first()
    )
    if report is None:
        if not ProvinceRollup.objects.filter(province_code=province, year=year).exclude(data_vi="").exists():
            refresh(None, province, year, localdate())
        report = ProvinceReport.objects.filter(
            **own, state=ProvinceReport.State.DRAFT
        ).first() or ProvinceReport(**own)
        report.language = lang
        if not report.texts:
            report.texts = _first_words(report)
    data = report_data(report)
    stem = file_stem(report)
    return [
        write_atomic(Path(folder) / f"{stem}.{kind}", make(data, cast(Lang, lang)))
        for kind, make in KINDS.items()
    ]


def file_stem(report: ProvinceReport) -> str:
    """The name of the files: bao-cao-sxsh-2026-ubnd, with "-lan-2" for a second issue, "-en" in English."""
    whom = "ubnd" if report.audience == ProvinceReport.Audience.COMMITTEE else "bo-cong-thuong"
    name = f"bao-cao-sxsh-{report.province_code}-{report.year}-{whom}"
    if report.issue > 1:
        name += f"-lan-{report.issue}"
    if report.language == "en":
        name += "-en"
    return name if report.state == ProvinceReport.State.ISSUED else f"{name}-du-thao"


def _first_words(report: ProvinceReport) -> dict[str, list[str]]:
    """Tasks and proposals that follow from the figures, for the officer to change."""
    try:
        data = report_data(report)
    except NotComputed:
        return {}
    lang, tasks, proposals = report.language, [], []
    by_indicator = {t.code.split(".")[1]: t for t in reversed(data.targets)}
    aware, applying = by_indicator.get("aware"), by_indicator.get("applying")
    if aware is not None and (wanting := (aware.denominator or 0) - (aware.numerator or 0)):
        tasks.append(say("task.training", lang, count=format_count(wanting, lang)))
    if applying is not None and applying.gap_facilities:
        tasks.append(say("task.assessment", lang, count=format_count(applying.gap_facilities, lang)))
    reported = next((t.facilities for t in data.saving_totals if t.state == "reported"), 0)
    if reported:
        tasks.append(say("task.verify", lang, count=format_count(reported, lang)))
    if report.audience == ProvinceReport.Audience.COMMITTEE and data.reporting.missing:
        proposals.append(say("proposal.committee", lang, count=format_count(data.reporting.missing, lang)))
    if report.audience == ProvinceReport.Audience.MINISTRY:
        proposals.append(say("proposal.ministry", lang))
    return {"next_tasks": tasks, "proposals": proposals}


def _figures(report: ProvinceReport) -> list[Figure]:
    own = Figure.objects.filter(code__startswith=code(report.province_code, report.year) + ":", issued=False)
    place = report.province_code, report.year
    return [*targets.figures_of(*place), *sectors.figures_of(*place), *own]


def _write(
    report: ProvinceReport, data: ProvinceReportData, progress: Callable[[str], None]
) -> dict[str, str]:
    """Writes the three files; kind → name under the media folder. All of them, or none."""
    issued = replace_state(report)
    written: dict[str, str] = {}
    try:
        for kind, make in KINDS.items():
            progress(kind)
            name = f"issued/{report.year}/{file_stem(issued)}.{kind}"
            write_atomic(Path(settings.MEDIA_ROOT) / name, make(data, cast(Lang, report.language)))
            written[kind] = name
    except DocumentNotWritten as error:
        for name in written.values():
            (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
        if isinstance(error, DiskFull):
            raise NotIssued(
                _("Nothing was issued: there is no room on the disk. Free some space, then issue again.")
            ) from error
        raise NotIssued(
            _("Nothing was issued: the file could not be written (%(error)s).") % {"error": error.strerror}
        ) from error
    return written


def replace_state(report: ProvinceReport) -> ProvinceReport:
    """A copy in memory that is named as the issue it is about to be."""
    names = ("province_code", "year", "audience", "issue", "language")
    return ProvinceReport(
        **{name: getattr(report, name) for name in names}, state=ProvinceReport.State.ISSUED
    )


def _take(
    actor: User,
    report: ProvinceReport,
    data: ProvinceReportData,
    written: dict[str, str],
    now: datetime.datetime,
) -> None:
    """The one step from draft to issued; whoever comes second finds it taken."""
    changes: dict[str, Any] = {
        "state": ProvinceReport.State.ISSUED,
        "number": report.number,
        "dated": report.dated,
        "signer_name": report.signer_name,
        "signer_title": report.signer_title,
        "data": json.loads(to_json(data)),
        "issued_by": actor,
        "issued_at": now,
        "issuing_at": None,
        "issuing_error": "",
        **written,
    }
    taken = ProvinceReport.objects.filter(pk=report.pk, state=ProvinceReport.State.DRAFT).update(**changes)
    if not taken:
        raise AlreadyIssued(_("Somebody else issued this report in the meantime."))
    report.refresh_from_db()
    after = {"number": report.number, "dated": report.dated.isoformat(), "issue": report.issue}
    audit.record(actor, "province.issue", report, after=after)


def _copy(figures: list[Figure], codes: dict[str, str]) -> None:
    """The figures as they are now, kept under codes of the issue; a term leads to the issue's own figures."""
    copies = []
    for figure in figures:
        copy = Figure(
            **{
                f.attname: getattr(figure, f.attname)
                for f in Figure._meta.concrete_fields
                if not f.primary_key
            }
        )
        copy.code, copy.issued = codes[figure.code], True
        copy.terms = [{**t, "figure": codes.get(t.get("figure"), t.get("figure"))} for t in figure.terms]
        copies.append(copy)
    Figure.objects.bulk_create(copies, batch_size=400)


def _recoded(value: Any, codes: dict[str, str]) -> Any:
    """The same data with every figure's code that of the issue."""
    if isinstance(value, str):
        return codes.get(value, value)
    if isinstance(value, tuple):
        return tuple(_recoded(item, codes) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _recoded(getattr(value, f.name), codes) for f in fields(value)})
    return value


def _refuse_strangers(actor: User, province: str) -> None:
    """Nobody writes the report of a province that is not theirs."""
    probe = ProvinceRollup.objects.visible_to(actor).filter(province_code=province)
    if actor.province_code != province and not probe.exists():
        raise ProvinceError(_("You can only write the report of your own province."))
