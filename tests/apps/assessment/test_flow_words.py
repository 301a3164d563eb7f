"""What the pages of a flow-sheet say: a balance that is old or off, the chance, noise, where a row is."""

import json

import pytest
from django.utils.translation import override
from tests.apps.assessment.flow_making import add, brickworks

from sachhon.apps.assessment import option_pages
from sachhon.apps.assessment.queries import flow
from sachhon.apps.assessment.queries.flow import _moved
from sachhon.apps.assessment.services import options
from sachhon.apps.assessment.services.flow import reconciling
from sachhon.apps.assessment.services.flow.transfer import ImportRefused, take_in


@pytest.fixture
def works(cast):
    assessment, streams = brickworks(cast)
    reconciling.reconcile(cast.user("expert"), assessment)
    return assessment, streams


def test_readings_agree_only_where_the_balance_shown_fits_and_is_of_the_sheet_as_it_is(cast, client, works):
    assessment, streams = works
    page = flow.flow_page(cast.user("expert"), assessment)
    assert page.agrees
    page.latest.content["p_value"] = 1e-9
    assert not page.agrees
    with override("vi"):
        assert page.chance_words == "p < 0,001"
        page.latest.content["p_value"] = 0.2134
        assert page.chance_words == "p = 0,213"
    add(
        cast.user("expert"),
        assessment,
        "measurement",
        stream=streams["coal"].code,
        value=900,
        spread=1,
        unit="t",
    )
    page = flow.flow_page(cast.user("expert"), assessment)
    assert page.stale_words
    assert not page.agrees
    client.force_login(cast.user("expert"))
    assert "Các số đo khớp" not in client.get(f"/danh-gia/{assessment.pk}/dong/can-bang/").text


@pytest.mark.parametrize(("value", "measured", "moved"), [(8900.00000129, 8900, 0), (620.3, 700, -79.7)])
def test_what_arithmetic_leaves_is_no_adjustment(value, measured, moved):
    assert _moved(value, measured) == pytest.approx(moved)


def test_the_origin_of_a_solution_is_told_as_people_call_it(cast, works):
    assessment, streams = works
    start = options.Start(options.Origin.CAUSE, f"stream:{streams['coal'].code}")
    values = {"name": "Che than", "group": "housekeeping"}
    option = options.add_option(cast.user("expert"), assessment, values, start)
    assert option_pages.option_page(cast.user("expert"), option)["origin"] == (
        f"{streams['coal'].code} {streams['coal'].name}"
    )
    library = options.add_option(
        cast.user("expert"), assessment, values, options.Start(options.Origin.LIBRARY, "BLR-03@2")
    )
    assert option_pages.origin_words(library) == "BLR-03 (v2)"


def test_a_wrong_row_of_a_json_file_is_named_in_words(cast, works):
    assessment, _streams = works
    wrong = {"format": "sachhon-flow-1", "stream": [{"code": "Z1", "name": "Lạc", "source": "P99"}]}
    with override("vi"), pytest.raises(ImportRefused) as refused:
        take_in(cast.user("expert"), assessment, "so-do.json", json.dumps(wrong).encode())
    place = refused.value.bad[0].place
    assert "dòng 1" in place
    assert "!" not in place
    assert "source" not in place
