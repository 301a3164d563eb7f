"""Head and foot of the report: who writes to whom, with the bodies as they were called on that day."""

import datetime

from sachhon import reference
from sachhon.apps.reporting.services.province.words import place_name, province_name, say
from sachhon.documents.model import Audience, OfficialLetterhead
from sachhon.documents.shapes import Lang

COPIES = {
    "peoples_committee": ("so_moi_truong", "trung_tam_khuyen_cong"),
    "ministry": ("vu_sxsh", "ubnd_tinh", "trung_tam_khuyen_cong"),
}


def letterhead(
    province: str,
    audience: Audience,
    on: datetime.date,
    lang: Lang,
    *,
    number: str | None = None,
    dated: datetime.date | None = None,
    signer_titles: tuple[str, ...] = (),
    signer_name: str = "",
) -> OfficialLetterhead:
    """The letterhead of the province's department of industry and trade; without number and date, a draft's."""
    where = province_name(province, lang)
    addressee = "head.committee" if audience == "peoples_committee" else "head.ministry"
    return OfficialLetterhead(
        parent_body=say("head.parent", lang, province=where),
        issuing_body=say("head.department", lang),
        issuing_body_name=say("head.department_name", lang),
        symbol=say("head.symbol", lang),
        place=place_name(province),
        addressees=(say(addressee, lang, province=where),),
        copies_to=(
            say("head.as_above", lang),
            *_bodies(COPIES[audience], province, on, lang),
            say("head.leaders", lang),
        ),
        archive_line=say("head.archive", lang),
        signer_title_lines=signer_titles or (say("head.director", lang),),
        signer_name=signer_name,
        number=number,
        date=dated,
    )


def _bodies(codes: tuple[str, ...], province: str, on: datetime.date, lang: str) -> list[str]:
    """Names on that day; a body the reference does not know for this province is left out."""
    found = []
    for code in codes:
        try:
            body = reference.body(code, on)
        except reference.FactNotFound:
            continue
        if body.extra["province_code"] in ("", province):
            found.append(body.name(lang))
    return found
