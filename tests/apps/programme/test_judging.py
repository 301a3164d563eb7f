"""Aware, applying, CP unit: each way to yes, no and unknown, by the rules of the reference."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from sachhon.apps.programme.models import FacilityStanding
from sachhon.apps.programme.queries import standings_url
from sachhon.apps.programme.services.judging import Evidence, judge, judge_many, rules_in_force
from sachhon.apps.programme.words import reason
from sachhon.apps.registry.models import Figure

YEAR = 2026


def standing(*evidence: Evidence, year: int = YEAR):
    return judge(1, year, evidence, rules_in_force())


def said(year: int = YEAR, **answers) -> Evidence:
    return Evidence(1, year, f"report:{year}", **answers)


def test_without_any_report_everything_is_unknown():
    found = standing()
    assert {found.aware.state, found.applying.state, found.cp_unit.state} == {"unknown"}
    assert found.applying.reason == "no_report"


def test_a_report_that_answers_nothing_leaves_everything_unknown():
    found = standing(said())
    assert (found.aware.state, found.aware.reason) == ("unknown", "silent")


def test_a_valid_solution_makes_a_facility_aware_and_applying():
    found = standing(said(valid_solutions=2))
    assert (found.applying.state, found.aware.state) == ("yes", "yes")
    assert found.applying.source == "report:2026"
    assert found.aware.reason == "aware_by_applying"


def test_saying_yes_without_a_valid_solution_is_unknown_with_the_reason():
    found = standing(said(applying="yes"))
    assert (found.applying.state, found.applying.reason) == ("unknown", "no_valid_solution")


def test_treatment_alone_is_not_cleaner_production():
    found = standing(said(applying="yes", treatments=1))
    assert (found.applying.state, found.applying.reason) == ("no", "only_treatment")


def test_a_solution_of_an_earlier_report_holds_even_where_this_one_says_no():
    found = standing(said(2023, valid_solutions=1), said(applying="no"))
    assert (found.applying.state, found.applying.source) == ("yes", "report:2023")


def test_a_solution_of_a_later_report_does_not_count():
    assert standing(said(2027, valid_solutions=1)).applying.state == "unknown"


def test_the_latest_report_that_answers_decides():
    assert standing(said(2024, aware="yes"), said(2025, aware="no")).aware.state == "no"
    assert standing(said(2024, aware="no"), said(2025, aware="unknown")).aware.state == "no"


def test_awareness_fades_after_the_years_of_the_rule():
    window = rules_in_force()["aware"].window_years
    assert standing(said(YEAR - window + 1, aware="yes")).aware.state == "yes"
    assert standing(said(YEAR - window, aware="yes")).aware.state == "unknown"


@pytest.mark.parametrize(
    ("answers", "state", "why"),
    [
        ({"cp_unit": "yes", "decision": "12/QĐ", "people": 2}, "yes", "decision_names"),
        ({"cp_unit": "yes", "decision": "12/QĐ"}, "unknown", "no_names"),
        ({"cp_unit": "yes", "people": 2}, "unknown", "no_decision"),
        ({"cp_unit": "no", "decision": "12/QĐ", "people": 2}, "no", "no_unit_said"),
        ({"decision": "12/QĐ", "people": 1}, "yes", "decision_names"),
    ],
)
def test_a_unit_needs_a_decision_and_names(answers, state, why):
    found = standing(said(**answers)).cp_unit
    assert (found.state, found.reason) == (state, why)


def test_every_reason_is_said_in_both_languages():
    found = standing(said(cp_unit="yes", decision="12/QĐ", people=2, valid_solutions=3))
    entry = {"reason": found.cp_unit.reason, "params": dict(found.cp_unit.params)}
    assert reason(entry, "vi") == "Quyết định 12/QĐ, nêu tên 2 người (báo cáo năm 2026)"
    assert reason(entry, "en") == "Decision 12/QĐ, naming 2 people (report of 2026)"


def test_standings_keep_rule_version_and_source_and_are_written_only_when_they_change(cast):
    evidence = [Evidence(cast.brick.pk, YEAR, "report:7", valid_solutions=1)]
    ids = [cast.brick.pk, cast.quarry.pk]
    assert judge_many(ids, YEAR, evidence) == 2
    row = FacilityStanding.objects.get(facility=cast.brick, year=YEAR)
    assert (row.aware, row.applying, row.cp_unit) == ("yes", "yes", "unknown")
    assert row.evidence["applying"] == {
        "rule": "applying.v1",
        "version": 1,
        "reason": "solution_done",
        "params": {"year": YEAR, "count": 1},
        "source": "report:7",
    }
    assert judge_many(ids, YEAR, evidence) == 0
    assert judge_many(ids, YEAR, []) == 1
    row.refresh_from_db()
    assert row.applying == "unknown"


def test_judging_takes_as_many_queries_for_one_facility_as_for_all(cast):
    def queries(ids):
        FacilityStanding.objects.all().delete()
        with CaptureQueriesContext(connection) as caught:
            judge_many(ids, YEAR, [])
        return len(caught)

    assert queries([cast.brick.pk]) == queries([cast.brick.pk, cast.quarry.pk, cast.stranger.pk])


def test_the_panel_of_a_target_leads_to_the_facilities_it_counts(client, cast):
    code = "target:langson_2021_2025.applying:20:2025"
    Figure.objects.create(code=code, label_vi="x", label_en="x", value=50, province_code="20")
    client.force_login(cast.user("department"))
    panel = client.get(reverse("registry:figure", args=[code])).text
    address = standings_url("langson_2021_2025.applying", 2025, "yes")
    assert escape(address) in panel
    assert client.get(address).status_code == 200


def test_an_answer_of_no_beside_solutions_carried_out_is_told_as_a_contradiction():
    found = judge(1, 2026, [said(2025, valid_solutions=3), said(2026, applying="no")], rules_in_force())
    assert (found.applying.state, found.applying.reason) == ("yes", "solution_done_said_no")
    assert found.applying.params == {"year": 2025, "count": 3, "said": 2026}
    words = reason({"reason": found.applying.reason, "params": found.applying.params}, "vi")
    assert "trái với câu trả lời “chưa áp dụng” của báo cáo năm 2026" in words
    own = judge(1, 2026, [said(2026, valid_solutions=1, aware="no", applying="no")], rules_in_force())
    assert (own.aware.state, own.aware.reason) == ("yes", "aware_by_applying_said_no")
    assert own.applying.reason == "solution_done_said_no"
