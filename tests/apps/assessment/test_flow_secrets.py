"""What a factory keeps to itself cannot be worked out by others: not from the streams beside it, nor from the past."""

import json

import pytest
from tests.apps.assessment.flow_making import brickworks

from sachhon.apps.assessment.documents.analysis import sections
from sachhon.apps.assessment.models import Assessment
from sachhon.apps.assessment.queries.flow import flow_page
from sachhon.apps.assessment.queries.flow_results import cost_view, sankey_view
from sachhon.apps.assessment.services.flow import costs as costing
from sachhon.apps.assessment.services.flow.disclosure import closed_of
from sachhon.apps.assessment.services.flow.editing import Edit, change
from sachhon.apps.assessment.services.flow.reconciling import figure_code, reconcile
from sachhon.apps.assessment.services.flow.secrets import keep_secret
from sachhon.apps.registry.models import Figure


@pytest.fixture
def kept(cast):
    """The brickworks balanced, the coal then marked confidential."""
    assessment, streams = brickworks(cast)
    reconcile(cast.user("expert"), assessment)
    keep_secret(cast.user("factory"), streams["coal"], price=False, quantity=True)
    return assessment, streams


def follows(assessment: Assessment, streams, seen: set[str]) -> bool:
    """Whether the coal is the only unknown of the balance of firing: dry + coal = brick + reject + gas."""
    beside = {streams[key].code for key in ("dry", "brick", "reject", "gas")}
    return beside <= seen


def test_the_streams_beside_a_confidential_one_do_not_tell_it(cast, kept):
    assessment, streams = kept
    page = flow_page(cast.user("department"), assessment)
    seen = {line.stream.code for line in page.lines if not line.closed}
    assert streams["coal"].code not in seen
    assert not follows(assessment, streams, seen)
    assert len(page.closed.beside) == 1
    assert streams["brick"].code in seen
    open_page = flow_page(cast.user("expert"), assessment)
    assert not open_page.closed.all
    assert all(line.value for line in open_page.lines)


def test_no_page_file_figure_or_report_shows_what_is_closed_with_it(cast, client, kept):
    assessment, streams = kept
    reconcile(cast.user("expert"), assessment)
    (beside,) = closed_of(assessment).beside
    assert not Figure.objects.filter(code=figure_code(assessment.pk, beside)).exists()
    page = flow_page(cast.user("expert"), assessment)
    line = next(x for x in page.lines if x.stream.code == beside)
    client.force_login(cast.user("department"))
    base = f"/danh-gia/{assessment.pk}/dong/"
    for path in ("", "so-do/", "can-bang/", "ton-that/", "xuat.json", "xuat.svg"):
        assert line.value not in client.get(base + path).content.decode(), path
    text = client.get(base + "can-bang/").text
    assert line.stream.name in text.split("flow-look")[0].split("notice")[-1]
    rows = json.loads(client.get(base + "xuat.json").content)["measurement"]
    assert {r["stream"] for r in rows}.isdisjoint({beside, streams["coal"].code})
    told = repr(sections(assessment, "vi", cast.user("department")))
    assert line.value not in told
    assert line.value in repr(sections(assessment, "vi", cast.user("expert")))


def test_a_figure_goes_when_the_sheet_changes_so_that_it_would_tell(cast, kept):
    assessment, streams = kept
    reconcile(cast.user("expert"), assessment)
    (beside,) = closed_of(assessment).beside
    row = next(s for s in streams.values() if s.code == beside)
    row.refresh_from_db()
    change(
        cast.user("expert"), assessment, [Edit("stream", {"source": "", "target": "P1"}, row.pk, row.version)]
    )
    now = closed_of(assessment)
    assert now.own == {streams["coal"].code}
    assert now.beside
    codes = [figure_code(assessment.pk, code) for code in now.all]
    assert not Figure.objects.filter(code__in=codes).exists()


def test_history_from_before_the_mark_is_closed_too(cast, client, kept):
    client.force_login(cast.user("department"))
    assert "'620'" not in client.get("/con-nguoi/lich-su/?verb=flow.").text.replace("&#x27;", "'")
    client.force_login(cast.user("centre"))
    assert "'620'" in client.get("/con-nguoi/lich-su/?verb=flow.").text.replace("&#x27;", "'")


def test_a_confidential_stream_that_was_taken_away_closes_the_pictures_until_the_next_balance(cast, kept):
    assessment, streams = kept
    stream = streams["coal"]
    centre, officer = cast.user("centre"), cast.user("department")
    stream.refresh_from_db()
    change(centre, assessment, [Edit("stream", {"removed": True}, stream.pk, stream.version)])
    assert sankey_view(officer, assessment, "mass").svg == ""  # the balance shown still has it
    reconcile(centre, assessment)
    assert sankey_view(officer, assessment, "mass").svg


def test_neither_costs_nor_their_share_are_shown(cast, kept):
    assessment, streams = kept
    coal = streams["coal"]
    change(cast.user("expert"), assessment, [Edit("stream", {"price": "2.000.000"}, coal.pk, coal.version)])
    costing.account(cast.user("expert"), assessment)
    assert cost_view(cast.user("expert"), assessment).share
    closed = cost_view(cast.user("department"), assessment)
    assert (closed.share, closed.matrix, closed.closed) == ("", (), True)
