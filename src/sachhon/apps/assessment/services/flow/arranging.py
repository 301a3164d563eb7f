"""Automatic layout: every process in its column from left to right, as one act that can be undone."""

from statistics import mean

from sachhon.apps.assessment.models import Assessment, Process, Stream
from sachhon.apps.assessment.services.flow.editing import Edit, Outcome, change
from sachhon.apps.people.models import User
from sachhon.documents.drawings import layered

ACROSS, DOWN, PORT = 260.0, 250.0, 92.0
SCREEN, FITS = 1.8, 3000.0  # width over height of a screen; a sheet no wider stays one row


def places(processes: list[Process], streams: list[Stream]) -> dict[int, tuple[float, float]]:
    """Where each process stands, by key: columns as wide as the streams from and to outside need."""
    inner = [(k, s) for k, s in enumerate(streams) if s.source_id and s.target_id]
    known = {str(p.pk) for p in processes}
    inner = [(k, s) for k, s in inner if {str(s.source_id), str(s.target_id)} <= known]
    arrows = [(str(s.source_id), str(s.target_id)) for _, s in inner]
    recycled = [n for n, (_, s) in enumerate(inner) if s.use == Stream.Use.RECYCLE]
    # a process with sub-processes is the frame around them: it stands where they stand
    ends = {end for arrow in arrows for end in arrow}
    above = {p.parent_id for p in processes} & {p.pk for p in processes}
    apart = {s.source_id for s in streams} | {s.target_id for s in streams}
    drawn = [p for p in processes if p.pk not in above or str(p.pk) in ends or p.pk in apart]
    placed = layered([str(p.pk) for p in drawn], arrows, recycled)
    group = _groups(drawn, placed.order)
    ports: dict[str, int] = {}
    for s in streams:
        if not s.source_id and s.target_id:
            ports[f"in {s.target_id}"] = ports.get(f"in {s.target_id}", 0) + 1
        elif not s.target_id and s.source_id:
            ports[f"out {s.source_id}"] = ports.get(f"out {s.source_id}", 0) + 1
    columns = [sorted(column, key=lambda n: group[n]) for column in placed.columns]
    wides = []
    for column in columns:
        most = max((max(ports.get(f"in {n}", 0), ports.get(f"out {n}", 0)) for n in column), default=0)
        wides.append(max(ACROSS, most * PORT + 60))
    x, y, out = 0.0, 0.0, {}
    for row in _rows(columns, wides):
        x, tall = 0.0, max(len(columns[c]) for c in row)
        for c in row:
            x += wides[c] / 2
            for k, name in enumerate(columns[c]):
                out[int(name)] = (round(x, 1), round(y + (k - (len(columns[c]) - 1) / 2) * DOWN, 1))
            x += wides[c] / 2
        y += (tall + 1) * DOWN
    for frame in (p for p in processes if p.pk not in out):
        inside = [out[p.pk] for p in processes if p.parent_id == frame.pk and p.pk in out] or [(x, 0.0)]
        out[frame.pk] = (round(mean(px for px, _ in inside), 1), round(mean(py for _, py in inside), 1))
    return out


def _rows(columns: list[list[str]], wides: list[float]) -> list[list[int]]:
    """The columns in rows, as text is broken into lines: a long chain would else be one line nobody can read.

    So many rows that the whole is about as wide as a screen; one where it fits anyway.
    """
    whole, tall = sum(wides), max((len(column) for column in columns), default=0) + 1
    count = round((whole / (SCREEN * tall * DOWN)) ** 0.5)
    if count < 2 or whole <= FITS:
        return [list(range(len(columns)))] if columns else []
    rows, used = [[]], 0.0
    for c, wide in enumerate(wides):
        if rows[-1] and used + wide / 2 > whole / count * len(rows) and len(rows) < count:
            rows.append([])
        rows[-1].append(c)
        used += wide
    return rows


def _groups(processes: list[Process], order: dict[str, int]) -> dict[str, tuple[float, int, int]]:
    """What to sort a column by, so that sub-processes of one process stand beside each other."""
    parents = {p.pk: p.parent_id for p in processes}
    rows: dict[int, list[int]] = {}
    for p in processes:
        rows.setdefault(p.parent_id or p.pk, []).append(order[str(p.pk)])
    return {
        str(key): (mean(rows[parent or key]), parent or key, order[str(key)])
        for key, parent in parents.items()
    }


def arrange(actor: User, assessment: Assessment) -> Outcome:
    """Puts every process where the layout says."""
    mine = {"assessment": assessment, "removed": False}
    processes = list(Process.objects.filter(**mine))
    streams = list(Stream.objects.filter(**mine))
    found = places(processes, streams)
    edits = [Edit("process", {"x": found[p.pk][0], "y": found[p.pk][1]}, p.pk, p.version) for p in processes]
    return change(actor, assessment, edits)
