"""The pictures of a flow-sheet, drawn from what is stored: the sheet itself, Sankeys, fishbones."""

from collections.abc import Callable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sachhon.apps.assessment.models import Assessment, Cause, Process, Stream
from sachhon.apps.assessment.queries.flow_stocks import stocked
from sachhon.apps.assessment.services.flow.arranging import places
from sachhon.documents.drawings import Arrow, Band, Bone, Box, fishbone, flow_parts, flow_sheet, sankey
from sachhon.reference import unit_label
from sachhon.reference.numbers import format_quantity

LAYERS = ("mass", "energy", "money")


def lang() -> str:
    return "en" if get_language() == "en" else "vi"


def sheet_svg(assessment: Assessment, content: dict | None, closed: frozenset[str] = frozenset()) -> str:
    """The flow-sheet with the quantities of a balance; those of `closed` streams are left out."""
    return flow_sheet(*_sheet(assessment, content, closed))


def sheet_parts(
    assessment: Assessment, content: dict | None, closed: frozenset[str] = frozenset()
) -> list[str]:
    """The same for paper: several pictures where one would be too small to read."""
    return flow_parts(*_sheet(assessment, content, closed), _("part"))


def _sheet(
    assessment: Assessment, content: dict | None, closed: frozenset[str]
) -> tuple[str, str, str, list[Box], list[Arrow]]:
    mine = {"assessment": assessment, "removed": False}
    processes = list(Process.objects.filter(**mine))
    streams = list(Stream.objects.filter(**mine).order_by("pk"))
    known = {p.pk: p.code for p in processes}
    found = places(processes, streams) if any(p.x is None for p in processes) else {}
    stores = stocked(assessment)
    boxes = [
        Box(
            p.code, f"{p.name} ({_('with a stock')})" if p.pk in stores else p.name,
            *(found.get(p.pk) or (p.x, p.y)), known.get(p.parent_id, ""),
        )
        for p in processes
    ]  # fmt: skip
    figures = (content or {}).get("streams", {})
    accused = {s["at"] for s in (content or {}).get("suspicions", ()) if s["kind"] == "meter"}
    arrows = [
        Arrow(
            s.code, s.name, known.get(s.source_id, ""), known.get(s.target_id, ""), s.kind,
            "" if s.code in closed else _amount(figures.get(s.code)),
            s.use == Stream.Use.RECYCLE, "(!) " if s.code in accused else "",
        )
        for s in streams
    ]  # fmt: skip
    title = _("Flow-sheet of %(name)s") % {"name": assessment.facility.name}
    said = _("%(p)s processes, %(s)s streams.") % {"p": len(boxes), "s": len(arrows)}
    return f"sheet-{assessment.pk}", title, said, boxes, arrows


def sankey_bands(
    assessment: Assessment, content: dict, costs: dict | None, layer: str
) -> tuple[list[Band], str]:
    """The bands of a Sankey and their unit: tonnes, GJ or million VND.

    Energy is what the streams hold, which a balance keeps. TOE is not: the State's factor of electricity counts the
    fuel of the power station, so tonnes of oil in and out of a process would not agree.
    """
    names = {p.code: p.name for p in Process.objects.filter(assessment=assessment)}
    streams = {
        s.code: s
        for s in Stream.objects.filter(assessment=assessment, removed=False).select_related(
            "source", "target"
        )
    }
    if layer == "money":
        words = _money_words()
        bands = []
        for k, (source, target, kind, value) in enumerate((costs or {}).get("flows", ())):
            begin, end = names.get(source, ""), names.get(target, "")
            name = words.get(kind, kind)
            bands.append(Band(f"m{k}", name, begin, end, value / 1e6, kind))
        return bands, _("million VND")
    rows = content.get("layers", {}).get("goods" if layer == "mass" else "energy", {})
    bands = [
        Band(
            code, s.name,
            s.source.name if s.source else "", s.target.name if s.target else "",
            rows[code]["value"], "loss" if s.is_loss else s.kind,
        )
        for code, s in streams.items()
        if code in rows and rows[code]["value"] is not None
    ]  # fmt: skip
    return bands, unit_label("t", lang()) if layer == "mass" else "GJ"


def sankey_svg(assessment: Assessment, bands: list[Band], unit: str, layer: str) -> str:
    """The Sankey as a picture with its main bands in words."""
    write: Callable[[float], str] = lambda value: f"{format_quantity(round(value, 9), lang())} {unit}"  # noqa: E731
    largest = sorted(bands, key=lambda b: -b.value)[:5]
    said = "; ".join(f"{b.name}: {write(b.value)}" for b in largest)
    return sankey(f"sankey-{layer}-{assessment.pk}", sankey_title(layer), said, bands, write)


def sankey_title(layer: str) -> str:
    return {
        "mass": _("Where the mass goes"),
        "energy": _("Where the energy goes"),
        "money": _("Where the money goes"),
    }[layer]


def fishbone_svg(stream: Stream, amount: str) -> str:
    """The causes of a loss as a fishbone."""
    causes = list(Cause.objects.filter(stream=stream, removed=False))
    by_key = {c.pk: c for c in causes}

    def depth(cause: Cause) -> int:
        steps, above = 0, by_key.get(cause.because_id)
        while above is not None and steps < 8:
            steps, above = steps + 1, by_key.get(above.because_id)
        return steps

    bones = [
        Bone(str(label), [(c.name, depth(c), c.is_root) for c in _in_order(causes) if c.branch == branch])
        for branch, label in Cause.Branch.choices
    ]
    title = _("Causes of “%(name)s”") % {"name": stream.name}
    said = "; ".join(c.name for c in causes)
    return fishbone(f"bones-{stream.pk}", title, said, f"{stream.name} {amount}".strip(), bones)


def _in_order(causes: list[Cause]) -> list[Cause]:
    """Each cause followed by its deeper ones."""
    below: dict[int | None, list[Cause]] = {}
    keys = {c.pk for c in causes}
    for c in causes:
        below.setdefault(c.because_id if c.because_id in keys else None, []).append(c)
    out: list[Cause] = []

    def walk(key: int | None) -> None:
        for c in below.get(key, ()):
            out.append(c)
            walk(c.pk)

    walk(None)
    return out


def _amount(row: dict | None) -> str:
    if not row or row["value"] is None:
        return ""
    return f"{format_quantity(round(row['value'], 9), lang())} {unit_label(row['unit'], lang())}"


def _money_words() -> dict[str, str]:
    return {
        "material": _("Materials bought"),
        "energy": _("Energy"),
        "system": _("Labour, depreciation, upkeep"),
        "waste_management": _("Managing waste"),
        "product": _("Product"),
        "loss": _("Loss"),
    }
