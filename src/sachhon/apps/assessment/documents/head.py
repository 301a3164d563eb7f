"""The head that the papers of an assessment share: place and day, as Decree 30/2020/NĐ-CP asks for."""

import datetime

from sachhon.apps.assessment.models import Assessment
from sachhon.apps.registry.models import Area
from sachhon.documents.numbers import format_date_long, format_date_short
from sachhon.documents.shapes import Lang
from sachhon.documents.texts import words

LEVELS = ("Tỉnh ", "Thành phố ")


def place_and_day(assessment: Assessment, day: datetime.date, lang: Lang) -> str:
    """ "Lạng Sơn, ngày 05 tháng 02 năm 2026"; the day alone where the list of areas lacks the province."""
    written = format_date_long(day, lang)
    code = assessment.facility.province_code
    found = Area.objects.filter(code=code, level=Area.Level.PROVINCE, valid_to=None).first()
    if found is None:
        return written
    place = found.name_vi
    for level in LEVELS:
        place = place.removeprefix(level)
    return words(lang)("head.place_date", place=place, date=written)


def period(assessment: Assessment, lang: Lang) -> tuple[str, str]:
    """First and last day of the figures."""
    return format_date_short(assessment.data_from, lang), format_date_short(assessment.data_to, lang)
