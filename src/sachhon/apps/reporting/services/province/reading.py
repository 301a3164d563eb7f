"""What a report says: the stored figures with its letterhead and the officer's own words, or an issue's snapshot."""

import json
from dataclasses import replace
from functools import lru_cache
from typing import cast

from django.utils.translation import gettext as _

from sachhon.apps.reporting.models import ProvinceReport, ProvinceRollup
from sachhon.apps.reporting.services.province.errors import NotComputed
from sachhon.apps.reporting.services.province.letterhead import letterhead
from sachhon.documents.model import Audience, ProvinceReportData
from sachhon.documents.shapes import Lang
from sachhon.documents.snapshot import from_json


def rollup_data(rollup: ProvinceRollup, lang: str) -> ProvinceReportData:
    """The figures of a province and year in that language; `NotComputed` where there are none yet."""
    text = rollup.data_en if lang == "en" else rollup.data_vi
    if not text:
        raise NotComputed(_("The figures of this year have not been computed yet; compute them first."))
    return _parsed(text)


def report_data(report: ProvinceReport) -> ProvinceReportData:
    """The report: of an issued one its snapshot, of a draft the figures as last computed."""
    if report.state == ProvinceReport.State.ISSUED:
        return from_json(json.dumps(report.data, ensure_ascii=False))
    rollup = ProvinceRollup.objects.filter(province_code=report.province_code, year=report.year).first()
    if rollup is None:
        raise NotComputed(_("The figures of this year have not been computed yet; compute them first."))
    data = rollup_data(rollup, report.language)
    texts = report.texts
    head = letterhead(
        report.province_code,
        cast(Audience, report.audience),
        report.dated or data.reporting.as_of,
        cast(Lang, report.language),
        number=report.number or None,
        dated=report.dated,
        signer_titles=tuple(line.strip() for line in report.signer_title.split("|") if line.strip()),
        signer_name=report.signer_name,
    )
    return replace(
        data,
        letterhead=head,
        audience=cast(Audience, report.audience),
        introduction=replace(data.introduction, remarks=tuple(texts.get("remarks", ()))),
        next_tasks=tuple(texts.get("next_tasks", ())),
        proposals=tuple(texts.get("proposals", ())),
        draft=True,
    )


@lru_cache(maxsize=8)
def _parsed(text: str) -> ProvinceReportData:
    """Parsed once for a page that is looked at again and again; the text itself is the key."""
    return from_json(text)
