"""Published cases run through the services that the pages use, and what holds of every network."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apps.assessment.flow_making import add, measure, opened

from sachhon.apps.assessment.models import Stream
from sachhon.apps.assessment.services.flow.balance import balance
from sachhon.apps.assessment.services.flow.costs import account
from sachhon.apps.assessment.services.flow.editing import Edit, change
from sachhon.apps.assessment.services.flow.net import Centre, Known, Link, Net, gather
from sachhon.apps.assessment.services.flow.reconciling import reconcile
from sachhon.science.balance import measurements_to_add

CASES = Path(__file__).parents[2] / "cases"
STEEL = json.loads((CASES / "assessment/steel_cutting.json").read_text(encoding="utf-8"))
LINEAR = json.loads((CASES / "balance/linear.json").read_text(encoding="utf-8"))["problems"]


def test_steel_cutting_gives_the_cost_of_losses_that_was_printed(cast):
    """ISO 14053's example of one quantity centre. It prints shares rounded to 0.663: exact shares give 53,284."""
    actor, assessment = cast.user("expert"), opened(cast)
    add(
        actor,
        assessment,
        "process",
        name="Cắt",
        system_vnd=STEEL["system"],
        waste_vnd=STEEL["waste_management"],
        energy_vnd=STEEL["energy"],
    )
    for sheet in STEEL["sheets"]:
        code = add(actor, assessment, "layer", name=f"Thép {sheet['name']}").code
        ends = {"input": ("", "P1"), "product": ("P1", ""), "loss": ("P1", "")}
        for use, (source, target) in ends.items():
            price = {"price": sheet["price"], "price_layer": code} if use == "input" else {}
            kind = "waste" if use == "loss" else "material"
            stream = add(
                actor,
                assessment,
                "stream",
                name=f"Thép {sheet['name']} {use}",
                source=source,
                target=target,
                use=use,
                kind=kind,
                layers=code,
                **price,
            )
            measure(actor, assessment, stream, sheet[use], spread="0")
            measure(actor, assessment, stream, "100", unit="%", what="content", layer=code, spread="0")
    oil = add(actor, assessment, "layer", name="Dầu máy").code
    for use, source, target in (("input", "", "P1"), ("loss", "P1", "")):
        price = {"price": STEEL["oil"]["price"], "price_layer": oil} if use == "input" else {}
        stream = add(
            actor,
            assessment,
            "stream",
            name=f"Dầu máy {use}",
            source=source,
            target=target,
            use=use,
            layers=f"-goods,{oil}",
            **price,
        )
        measure(actor, assessment, stream, STEEL["oil"]["loss"], layer=oil, spread="0")
    costs = account(actor, assessment).costs
    assert costs["paid"]["total"][0] == pytest.approx(STEEL["printed"]["total"])
    assert costs["loss"]["total"][0] == pytest.approx(STEEL["unrounded_loss"], abs=0.01)
    assert costs["loss"]["total"][0] == pytest.approx(STEEL["printed"]["loss"], abs=50)
    assert 100 * costs["loss_share"][0] == pytest.approx(STEEL["printed"]["loss_share_percent"], abs=0.06)


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
