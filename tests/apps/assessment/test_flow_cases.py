"""Published cases run through the services that the pages use, and what holds of every network."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apps.assessment.flow_making import measure, opened

from sachhon.apps.assessment.models import Stream
from sachhon.apps.assessment.services.flow.balance import balance
from sachhon.apps.assessment.services.flow.editing import Edit, change
from sachhon.apps.assessment.services.flow.net import Centre, Known, Link, Net, gather
from sachhon.apps.assessment.services.flow.reconciling import reconcile
from sachhon.science.balance import measurements_to_add

CASES = Path(__file__).parents[2] / "cases"
LINEAR = json.loads((CASES / "balance/linear.json").read_text(encoding="utf-8"))["problems"]


@pytest.mark.parametrize("name", ["P2", "P3"])
def test_a_published_balance_is_reconciled_to_its_printed_flows(cast, name):
    problem = LINEAR[name]
    actor, assessment = cast.user("expert"), opened(cast)
    nodes = len(problem["A"])
    change(actor, assessment, [Edit("process", {"name": f"N{n}"}) for n in range(1, nodes + 1)])
    edits = []
    for j in range(len(problem["measured"])):
        target = next((f"P{i + 1}" for i in range(nodes) if problem["A"][i][j] > 0), "")
        source = next((f"P{i + 1}" for i in range(nodes) if problem["A"][i][j] < 0), "")
        edits.append(Edit("stream", {"name": f"F{j + 1}", "source": source, "target": target}))
    change(actor, assessment, edits)
    for j, value in enumerate(problem["measured"]):
        stream = Stream.objects.get(assessment=assessment, name=f"F{j + 1}")
        spread = f"{problem['variance'][j] ** 0.5:.9f}".replace(".", ",")
        measure(actor, assessment, stream, f"{value:.9f}".replace(".", ","), spread=spread, spread_kind="abs")
    content = reconcile(actor, assessment).content
    for j, expected in enumerate(problem["reconciled"]):
        assert content["streams"][f"S{j + 1}"]["value"] == pytest.approx(expected, rel=2e-6)
    assert content["chi2"] == pytest.approx(problem["chi2"], rel=1e-4)
    assert content["dof"] == problem["dof"]


def a_net(ends, values):
    """A net of materials in tonnes; a value of None is not measured."""
    count = max(max(pair) for pair in ends) + 1
    centres = tuple(Centre(f"P{i}", f"P{i}", "", 0, 0, 0) for i in range(count))
    links = tuple(
        Link(
            f"S{k}", f"S{k}", "material", "internal", f"P{a}" if a >= 0 else "", f"P{b}" if b >= 0 else "",
            ("goods",), "goods", "t", 1.0, None, "goods", "", False, False,
        )
        for k, (a, b) in enumerate(ends)
    )  # fmt: skip
    known = tuple(
        Known(f"M{k}", f"S{k}", "goods", "flow", "", v, 0.02 * v + 0.1, "")
        for k, v in enumerate(values)
        if v is not None
    )
    return Net(centres, links, known, {}, (), ())


@st.composite
def networks(draw):
    """Processes in a row with streams from and to outside, any of them measured or not."""
    count = draw(st.integers(1, 6))
    ends = [(-1, 0), *((i, i + 1) for i in range(count - 1)), (count - 1, -1)]
    for _ in range(draw(st.integers(0, 6))):
        a, b = draw(st.integers(-1, count - 1)), draw(st.integers(-1, count - 1))
        if a != b:
            ends.append((a, b))
    values = [draw(st.none() | st.floats(1, 1000)) for _ in ends]
    if not any(values):
        values[0] = 10.0
    return ends, values


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(networks())
def test_mass_is_kept_at_every_process_and_the_advice_makes_everything_known(case):
    ends, values = case
    found = balance(a_net(ends, values))
    flows = found.layers["goods"]
    for node in range(max(max(pair) for pair in ends) + 1):
        into = [flows[f"S{k}"].value for k, (_, b) in enumerate(ends) if b == node]
        out = [flows[f"S{k}"].value for k, (a, _) in enumerate(ends) if a == node]
        if into and out and None not in (*into, *out):
            assert sum(into) == pytest.approx(sum(out), rel=1e-6, abs=1e-6)
    told = {code for code, _ in found.advice}
    again = balance(a_net(ends, [5.0 if f"S{k}" in told else v for k, v in enumerate(values)]))
    assert again.advice == []
    assert all(f.value is not None for f in again.layers["goods"].values())


def test_the_fewest_measurements_are_asked_for_and_inside_streams_last():
    ends = [(-1, 0), (0, 1), (0, 1), (1, -1)]
    advice = measurements_to_add(ends, [0, 1, 2, 3], hard=[1, 2])
    assert len(advice) == 2
    assert advice[0].stream in (0, 3)
    assert {k for m in advice for k in (m.stream, *m.tells)} == {0, 1, 2, 3}


def test_net_of_an_empty_sheet_says_what_is_missing(cast):
    assert [p.rule for p in balance(gather(opened(cast))).problems] == ["nothing_measured"]
