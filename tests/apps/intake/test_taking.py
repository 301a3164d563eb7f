"""A file is taken as a whole or not at all, given to the right facility, and never taken twice."""

import pytest
from django.core.files.base import ContentFile
from tests.apps.intake.conftest import simple

from sachhon.apps.intake.models import ImportFile, ImportJob
from sachhon.apps.intake.services import mending
from sachhon.apps.intake.services.receiving import receive
from sachhon.apps.intake.services.running import run_job
from sachhon.apps.people.models import AuditEntry
from sachhon.apps.registry.models import Record, RecordChange

State = ImportFile.State


def send(user, *uploads, **options) -> list[ImportFile]:
    """Sends and reads; the files in the order sent."""
    job = receive(user, uploads, start=False, **options)
    run_job(job.pk)
    return list(job.files.order_by("pk"))


def rules(file) -> list[str]:
    return [problem.rule for problem in file.problems.all()]


@pytest.fixture
def tax_codes(cast, simple_format):
    cast.brick.tax_code, cast.quarry.tax_code = "4900123451", "4900123452"
    cast.brick.save()
    cast.quarry.save()
    return cast


def test_figures_are_written_with_the_cell_they_came_from(cast, simple_format):
    (file,) = send(cast.user("factory"), simple((1, 100), (2, "120.5")))
    assert file.state == State.TAKEN
    assert (file.values_taken, file.year, file.facility) == (2, 2025, cast.brick)
    assert [str(r.quantity) for r in cast.brick.records.order_by("month")] == ["100.000000", "120.500000"]
    change = RecordChange.objects.get(record__month=2)
    assert (change.file_name, change.sheet, change.cell, change.batch) == (
        "so-lieu.csv",
        "CSV",
        "B3",
        file.batch,
    )
    assert AuditEntry.objects.filter(verb="import.take", object_id=str(file.pk)).exists()


def test_a_warning_is_kept_and_the_rest_is_taken(cast, simple_format):
    (file,) = send(cast.user("factory"), simple((1, 100), (2, -3)))
    assert file.state == State.TAKEN_WITH_WARNINGS
    problem = file.problems.get()
    assert (problem.rule, problem.cell) == ("quantity_negative", "B3")
    assert "−3" in problem.message
    assert Record.objects.count() == 1


def test_an_error_refuses_the_whole_file(cast, simple_format):
    (file,) = send(cast.user("factory"), simple((1, 100), (2, "không rõ")))
    assert file.state == State.REFUSED
    assert not Record.objects.exists()


def test_a_fault_of_the_writer_leaves_nothing_and_stops_no_other_file(cast, simple_format):
    bad, good = send(cast.user("factory"), simple((1, 666)), simple((2, 5)))
    assert (bad.state, rules(bad)) == (State.REFUSED, ["taking_failed"])
    assert good.state == State.TAKEN
    assert [r.month for r in Record.objects.all()] == [2]
    assert not RecordChange.objects.filter(batch=f"file-{bad.pk}").exists()


def test_a_fault_of_the_reader_stops_no_other_file(cast, simple_format):
    bad, good = send(cast.user("factory"), simple((1, "crash")), simple((2, 5)))
    assert (bad.state, rules(bad)) == (State.REFUSED, ["reading_failed"])
    assert good.state == State.TAKEN


def test_what_is_no_workbook_is_refused_with_a_cure(cast, simple_format):
    (file,) = send(cast.user("factory"), ContentFile(b"PK\x03\x04 broken", name="hong.xlsx"))
    assert file.state == State.REFUSED
    assert file.problems.get().cure


def test_the_same_bytes_again_are_a_duplicate_that_names_the_first(cast, simple_format):
    (first,) = send(cast.user("factory"), simple((1, 100)))
    (again,) = send(cast.user("factory"), simple((1, 100), file="ban-sao.csv"))
    assert again.state == State.DUPLICATE
    assert again.same_as == first
    assert "so-lieu.csv" in again.problems.get().message
    assert Record.objects.count() == 1


def test_a_report_saved_again_with_the_same_figures_is_a_duplicate(cast, simple_format):
    first, again = send(cast.user("factory"), simple((1, 100)), simple((1, 100), name="ghi chú khác"))
    assert first.sha256 != again.sha256
    assert (first.state, again.state) == (State.TAKEN, State.DUPLICATE)


def test_two_reports_that_differ_in_one_folder_wait_for_a_person(cast, simple_format):
    first, second = send(cast.user("factory"), simple((1, 100)), simple((1, 999), file="ban-khac.csv"))
    assert first.state == State.TAKEN
    assert (second.state, rules(second)) == (State.REFUSED, ["two_reports"])
    assert Record.objects.get().quantity == 100


def test_a_later_sending_may_correct_an_earlier_one(cast, simple_format):
    send(cast.user("factory"), simple((1, 100)))
    (second,) = send(cast.user("factory"), simple((1, 999)))
    assert second.state == State.TAKEN
    assert Record.objects.get().quantity == 999


def test_a_file_undone_may_be_sent_again(cast, simple_format):
    from sachhon.apps.intake.services.undoing import undo_file

    (first,) = send(cast.user("factory"), simple((1, 100)))
    undo_file(cast.user("factory"), first)
    (again,) = send(cast.user("factory"), simple((1, 100)))
    assert again.state == State.TAKEN


def test_the_tax_code_of_another_factory_is_refused_without_saying_whose_it_is(tax_codes):
    cast = tax_codes
    (file,) = send(cast.user("factory"), simple((1, 100), tax="4900123452"))
    assert (file.state, rules(file)) == (State.REFUSED, ["facility_not_yours"])
    assert file.facility is None
    assert cast.quarry.name not in file.problems.get().message
    (unknown,) = send(cast.user("factory"), simple((1, 100), tax="0100000000"))
    assert rules(unknown) == ["facility_not_yours"]
    assert not Record.objects.exists()


def test_a_tax_code_of_another_factory_beside_ones_own_facility_code_is_refused(tax_codes):
    (file,) = send(tax_codes.user("factory"), simple((1, 100), tax="4900123452", code="LS-0001"))
    assert file.state == State.REFUSED


def test_a_factory_cannot_choose_its_own_facility_over_a_foreign_tax_code(tax_codes):
    (file,) = send(tax_codes.user("factory"), simple((1, 1), tax="4900123452"), facility=tax_codes.brick)
    assert (file.state, rules(file)) == (State.REFUSED, ["facility_not_yours"])


def test_an_officer_sends_for_any_factory_of_the_province_but_no_further(tax_codes):
    cast = tax_codes
    by_tax, by_code, by_name, far, nobody = send(
        cast.user("centre"),
        simple((1, 100), tax="4900123452"),
        simple((1, 101), code="ls-0001"),
        simple((1, 102), name="NHÀ MÁY GẠCH TUYNEL THỬ NGHIỆM", year=2024),
        simple((1, 103), code="XX-0001"),
        simple((1, 104)),
    )
    assert (by_tax.facility, by_code.facility, by_name.facility) == (cast.quarry, cast.brick, cast.brick)
    assert far.state == State.REFUSED
    assert (nobody.state, rules(nobody)) == (State.NEEDS_FACILITY, ["facility_unknown"])


def test_the_same_content_sent_while_the_first_waits_says_so(tax_codes):
    centre = tax_codes.user("centre")
    (first,) = send(centre, simple((1, 104)))
    (second,) = send(centre, simple((1, 104)))
    assert (first.state, rules(first)) == (State.NEEDS_FACILITY, ["facility_unknown"])
    assert (second.state, set(rules(second))) == (
        State.NEEDS_FACILITY,
        {"facility_unknown", "same_file_waiting"},
    )
    assert first.name in second.problems.get(rule="same_file_waiting").message


def test_two_codes_of_two_facilities_are_refused(tax_codes):
    (file,) = send(tax_codes.user("centre"), simple((1, 1), tax="4900123452", code="LS-0001"))
    assert (file.state, rules(file)) == (State.REFUSED, ["facility_codes_differ"])


def test_a_merged_facility_leads_to_the_one_it_went_into(cast, simple_format):
    cast.quarry.merged_into = cast.brick
    cast.quarry.save()
    (file,) = send(cast.user("centre"), simple((1, 1), code="LS-0002"))
    assert file.facility == cast.brick


def test_an_officer_may_choose_another_facility_and_the_difference_is_noted(
    tax_codes, django_capture_on_commit_callbacks
):
    cast = tax_codes
    (file,) = send(cast.user("centre"), simple((1, 1)))
    with django_capture_on_commit_callbacks(execute=True):
        mending.choose_facility(cast.user("centre"), file, cast.quarry)
    file.refresh_from_db()
    assert (file.state, file.facility) == (State.TAKEN, cast.quarry)
    (other,) = send(cast.user("centre"), simple((2, 1), tax="4900123451", year=2024), facility=cast.quarry)
    assert (other.state, rules(other)) == (State.TAKEN_WITH_WARNINGS, ["facility_chosen_differs"])


def test_an_expert_sends_for_the_facility_assigned(cast, simple_format):
    own, other = send(cast.user("expert"), simple((1, 1)), simple((1, 2), code="LS-0002"))
    assert own.facility == cast.brick
    assert other.state == State.REFUSED


def test_a_job_of_which_every_file_is_too_large_is_done_at_once(cast, settings):
    settings.INTAKE_MAX_FILE_MB = 0
    job = receive(cast.user("factory"), [simple((1, 1))], start=False)
    assert run_job(job.pk) is False
    job.refresh_from_db()
    assert (job.state, job.done) == (ImportJob.State.DONE, 1)
