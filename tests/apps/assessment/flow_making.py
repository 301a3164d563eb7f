"""A small brickworks as a flow-sheet, typed as people type it."""

import datetime

from sachhon.apps.assessment.models import Kind
from sachhon.apps.assessment.services import opening
from sachhon.apps.assessment.services.flow.editing import Edit, change

PERIOD = {"data_from": datetime.date(2025, 1, 1), "data_to": datetime.date(2025, 12, 31)}


def opened(cast, facility=None):
    """A detailed assessment of the brick factory, the Centre's officer and the expert in its team."""
    centre = cast.user("centre")
    assessment = opening.open_assessment(centre, facility or cast.brick, Kind.DETAILED, **PERIOD)
    opening.add_member(centre, assessment, cast.user("expert"))
    return assessment


def add(actor, assessment, what, /, **values):
    """One new row."""
    return change(actor, assessment, [Edit(what, values)]).rows[0]


def measure(actor, assessment, stream, value, unit="tấn", spread="2", **values):
    """A measurement of a quantity."""
    given = {"stream": stream.code, "value": value, "unit": unit, "spread": spread}
    return add(actor, assessment, "measurement", **(given | values))


def brickworks(cast):
    """Clay and coal into shaping, drying and firing; bricks, rejects that go back, vapour that nobody weighs."""
    actor, a = cast.user("expert"), opened(cast)
    shaping, drying, firing = (add(actor, a, "process", name=n) for n in ("Tạo hình", "Sấy", "Nung"))
    rows = {
        "clay": ("Đất sét", None, shaping, "material", "input"),
        "water": ("Nước trộn", None, shaping, "water", "input"),
        "wet": ("Gạch mộc ướt", shaping, drying, "material", "internal"),
        "vapour": ("Hơi ẩm", drying, None, "waste", "loss"),
        "dry": ("Gạch mộc khô", drying, firing, "material", "internal"),
        "cracked": ("Gạch mộc nứt", drying, shaping, "material", "recycle"),
        "coal": ("Than cám", None, firing, "material", "input"),
        "brick": ("Gạch thành phẩm", firing, None, "material", "product"),
        "reject": ("Gạch phế", firing, None, "waste", "loss"),
        "gas": ("Khói và mất khi nung", firing, None, "waste", "loss"),
    }
    streams = {
        key: add(actor, a, "stream", name=n, source=s and s.code, target=t and t.code, kind=k, use=u)
        for key, (n, s, t, k, u) in rows.items()
    }
    for key, value in {
        "clay": "10.000",
        "water": "1.200",
        "cracked": "400",
        "wet": "11.550",
        "dry": "9.400",
        "coal": "620",
        "brick": "8.700",
        "reject": "260",
    }.items():
        measure(actor, a, streams[key], value)
    return a, streams
