"""A waste stream of the flow-sheet as the beginning of a treatment: its flow a day, what it carries.

What is confidential is not taken over: a treatment is read by whoever may read the assessment's results.
"""

import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Layer, Medium, Reconciliation, Treatment
from sachhon.apps.assessment.queries.streams import StreamFact, streams
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.flow.disclosure import closed_for
from sachhon.apps.assessment.services.flow.units import WrongUnit, flow_factor
from sachhon.apps.assessment.services.typed import as_text
from sachhon.apps.people.models import User
from sachhon.reference.text import fold
from sachhon.reference.treatment import treatable

KNOWN = {
    "bod": "bod5_20_c",
    "tss": "chat_ran_lo_lung_tss",
    "ss": "chat_ran_lo_lung_tss",
    "ni": "niken",
    "zn": "kem",
    "cu": "dong",
    "pb": "chi",
    "cd": "cadimi",
    "fe": "sat",
    "mn": "mangan",
    "cr6": "crom_vi",
    "cr3": "crom_iii",
    "cn": "tong_xianua",
    "n": "tong_nito",
    "p": "tong_phot_pho_tinh_theo_p",
}


def waste_streams(user: User, assessment: Assessment) -> list[StreamFact]:
    """The streams that leave as waste and whose quantity this person may know."""
    return [s for s in streams(user, assessment) if s.is_loss and not s.is_secret and s.quantity is not None]


def is_closed(user: User, row: Treatment) -> bool:
    """Whether it is of a stream whose quantity this person may not know."""
    return bool(row.stream) and row.stream in closed_for(user, row.assessment).all


def begun_with(actor: User, assessment: Assessment, code: str) -> tuple[dict, dict]:
    """(basis, contents) of a wastewater treatment that begins with that stream."""
    stream = next((s for s in waste_streams(actor, assessment) if s.code == code), None)
    if stream is None or stream.quantity is None:
        raise AssessmentError(
            _("Stream %(code)s has no quantity to be shown here: reconcile the flow-sheet, or type the flow.")
            % {"code": code}
        )
    days = (assessment.data_to - assessment.data_from).days + 1
    try:
        tonnes = (
            stream.quantity
            * flow_factor(stream.unit, "goods", stream.resource, stream.kind, _day(assessment)).value
        )
    except WrongUnit as error:
        raise AssessmentError(str(error)) from error
    if tonnes <= 0:
        raise AssessmentError(
            _("Stream %(code)s is nothing: there is no discharge to treat.") % {"code": code}
        )
    said = f"{stream.code} {stream.name}"
    contents = {
        parameter: {
            # t of substance in t of water, taken as 1 t/m³: t/t → mg/l
            "mean": as_text(round(Decimal(str(mass)) / tonnes * 1_000_000, 4)),
            "source": said,
        }
        for parameter, mass in _carried(assessment, code).items()
        if mass > 0
    }
    return {"flow": as_text(round(tonnes / days, 3)), "per_year": "365"}, contents


def _carried(assessment: Assessment, code: str) -> dict[str, float]:
    """Parameter → tonnes over the period, of the substances whose name a limit knows."""
    content = (
        Reconciliation.objects.filter(assessment=assessment).values_list("content", flat=True).first() or {}
    )
    known = treatable(Medium.WATER)
    found = {}
    for layer in Layer.objects.filter(assessment=assessment, removed=False):
        words = fold(layer.name).replace(" ", "_")
        parameter = next(
            (p for p in (words, KNOWN.get(fold(layer.code), ""), KNOWN.get(words, "")) if p in known), None
        )
        value = content.get("layers", {}).get(layer.code, {}).get(code, {}).get("value")
        if parameter and value is not None:
            found[parameter] = value
    return found


def _day(assessment: Assessment) -> datetime.date:
    return assessment.data_to
