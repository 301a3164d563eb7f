"""A signature under a step is of its state: what is changed afterwards is told wherever the signature is shown."""

import pytest
from django.utils import timezone
from tests.apps.assessment.flow_making import add, brickworks, measure, opened

from sachhon.apps.assessment.documents.detailed import paper
from sachhon.apps.assessment.models import Measurement, StepSign
from sachhon.apps.assessment.queries.flow_results import cost_view
from sachhon.apps.assessment.queries.way import way
from sachhon.apps.assessment.services import options, signing
from sachhon.apps.assessment.services.errors import AssessmentError
from sachhon.apps.assessment.services.flow import costs as costing
from sachhon.apps.assessment.services.flow.editing import Edit, change
from sachhon.apps.assessment.services.flow.reconciling import reconcile


@pytest.fixture
def signed(cast):
    """The brickworks balanced, its first two steps signed by the Centre."""
    assessment, streams = brickworks(cast)
    reconcile(cast.user("expert"), assessment)
    for step in (1, 2):
        signing.sign_step(cast.user("centre"), assessment, step)
    return assessment, streams


def changed(cast, assessment) -> dict[int, tuple[str, ...]]:
    return {s.number: s.changed for s in way(cast.user("centre"), assessment, "vi") if s.changed}


def test_nothing_is_said_of_a_step_that_stands_as_it_was_signed(cast, signed):
    assessment, _streams = signed
    process = change(cast.user("expert"), assessment, []).rows
    assert process == []
    assert changed(cast, assessment) == {}
    reconcile(cast.user("expert"), assessment)
    assert changed(cast, assessment) == {}


def test_a_changed_measurement_shows_on_the_page_and_in_the_report(cast, client, signed):
    assessment, streams = signed
    row = Measurement.objects.get(stream=streams["brick"])
    change(cast.user("expert"), assessment, [Edit("measurement", {"value": "8.900"}, row.pk, row.version)])
    assert changed(cast, assessment) == {2: ("số đo",)}
    client.force_login(cast.user("department"))
    assert "Đã thay đổi sau khi ký: số đo" in client.get(f"/danh-gia/{assessment.pk}/").text
    report = repr(paper(cast.user("expert"), assessment, "vi"))
    assert "Đã thay đổi sau khi ký: số đo." in report
    reconcile(cast.user("expert"), assessment)
    assert len(changed(cast, assessment)[2]) == 2


def test_a_new_stream_or_process_is_a_change_and_signing_again_covers_it(cast, signed):
    assessment, _streams = signed
    add(cast.user("expert"), assessment, "process", name="Phân loại")
    assert changed(cast, assessment) == {2: ("công đoạn",)}
    signing.withdraw_step(cast.user("centre"), assessment, 2, reason="Thêm công đoạn", now=timezone.now())
    signing.sign_step(cast.user("centre"), assessment, 2)
    assert changed(cast, assessment) == {}
    assert StepSign.objects.filter(step=2).count() == 2


def test_a_later_step_says_that_what_it_stands_on_was_changed(cast, signed):
    assessment, streams = signed
    values = {"name": "Che chắn bãi đất", "group": "housekeeping"}
    options.add_option(cast.user("expert"), assessment, values)
    signing.sign_step(cast.user("centre"), assessment, 3)
    measure(cast.user("expert"), assessment, streams["gas"], "1.000")
    assert changed(cast, assessment) == {2: ("số đo",), 3: ("bước 2 mà bước này dựa vào",)}
    options.add_option(cast.user("expert"), assessment, values | {"name": "Thu hồi gạch mộc"})
    assert "giải pháp" in changed(cast, assessment)[3][0]


def test_a_changed_scope_opens_the_first_step_too(cast, signed):
    assessment, _streams = signed
    add(cast.user("expert"), assessment, "meter", name="Cân ô tô 60 tấn")
    assert changed(cast, assessment)[1] == ("đồng hồ đo",)


def test_a_step_in_which_nothing_is_cannot_be_signed_nor_is_it_offered(cast, client):
    assessment = opened(cast)
    signing.sign_step(cast.user("centre"), assessment, 1)
    with pytest.raises(AssessmentError, match="chưa có gì"):
        signing.sign_step(cast.user("centre"), assessment, 2)
    client.force_login(cast.user("centre"))
    text = client.get(f"/danh-gia/{assessment.pk}/").text
    assert f"/danh-gia/{assessment.pk}/ky/1/" in text
    assert f"/danh-gia/{assessment.pk}/ky/2/" not in text


def test_figures_older_than_the_sheet_are_marked_on_every_page_and_in_the_report(cast, client, signed):
    assessment, streams = signed
    costing.account(cast.user("expert"), assessment)
    assert cost_view(cast.user("expert"), assessment).there
    client.force_login(cast.user("expert"))
    base = f"/danh-gia/{assessment.pk}/dong/"
    paths = (
        "",
        "so-do/",
        "can-bang/",
        "chi-phi/",
        "nang-luong/",
        "sankey/mass/",
        "sankey/energy/",
        "ton-that/",
    )
    pages = [base + path for path in paths] + [f"/danh-gia/{assessment.pk}/nguon/"]
    for page in pages:
        assert "Sơ đồ đã thay đổi sau" not in client.get(page).text, page
    measure(cast.user("expert"), assessment, streams["gas"], "1.000")
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 404 or "Sơ đồ đã thay đổi sau" in answer.text, page
    assert "Sơ đồ đã thay đổi sau" in repr(paper(cast.user("expert"), assessment, "vi"))
