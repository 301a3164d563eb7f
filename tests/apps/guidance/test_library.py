"""The library kept by people: drafts, the second pair of eyes, publishing, what is refused, conflicts with a file."""

import pytest
from django.core.exceptions import PermissionDenied

from sachhon.apps.guidance import queries
from sachhon.apps.guidance.diff import differences
from sachhon.apps.guidance.models import Kind, LibraryItem, LibraryVersion, State
from sachhon.apps.guidance.parts import new_part, part_of, with_part, without_part
from sachhon.apps.guidance.services import library, seeding
from sachhon.apps.guidance.services.cp_rule import is_cleaner_production
from sachhon.apps.guidance.services.errors import LibraryError, NotGoodYet
from sachhon.apps.people.models import AuditEntry, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_expert(cast):
    return User.objects.create_user("chuyen-gia-2", role="expert", province_code="20")


def the_item(code, kind=Kind.OPTION):
    return LibraryItem.objects.get(kind=kind, code=code)


def edited(version, **changes):
    return version.content | changes


def published_anew(cast, code, **changes):
    """An edit that went the whole way."""
    draft = library.start_draft(cast.user("expert"), the_item(code))
    draft = library.save_draft(
        cast.user("expert"), draft, edited(draft, **changes), why="Đo lại", stamp=draft.stamp
    )
    draft = library.move(cast.user("centre"), draft, "review")
    return library.move(cast.user("centre"), draft, "publish")


def test_an_edit_goes_from_draft_over_review_to_publishing_and_the_old_version_stays(cast):
    done = published_anew(cast, "BLR-01", high="6")
    assert (done.number, done.state, done.reviewed_by) == (2, State.PUBLISHED, cast.user("centre"))
    now = queries.option("BLR-01")
    assert (now.high, now.version) == (6, 2)
    before = queries.version_of(Kind.OPTION, "BLR-01", 1)
    assert (before.high, before.version) == (5, 1)
    assert LibraryVersion.objects.get(item=done.item, number=1).state == State.REPLACED
    said = [(d.field, d.before, d.after) for d in differences(Kind.OPTION, *(v.content for v in (
        LibraryVersion.objects.get(item=done.item, number=1), done)))]  # fmt: skip
    assert [(b, a) for _f, b, a in said] == [("5", "6")]
    verbs = set(AuditEntry.objects.filter(object_type="guidance.libraryitem").values_list("verb", flat=True))
    assert verbs == {"library.draft", "library.save", "library.review", "library.publish"}


def test_until_it_is_published_an_assessment_sees_what_was(cast):
    draft = library.start_draft(cast.user("expert"), the_item("BLR-01"))
    library.save_draft(cast.user("expert"), draft, edited(draft, high="9"), why="", stamp=1)
    assert queries.option("BLR-01").high == 5


def test_nobody_who_wrote_on_a_draft_may_review_it(cast, other_expert):
    expert, centre = cast.user("expert"), cast.user("centre")
    draft = library.start_draft(expert, the_item("BLR-01"))
    with pytest.raises(LibraryError, match="người khác"):
        library.move(expert, draft, "review")
    draft = library.save_draft(centre, draft, edited(draft, high="6"), why="", stamp=draft.stamp)
    for author in (expert, centre):
        with pytest.raises(LibraryError):
            library.move(author, draft, "review")
    assert library.move(other_expert, draft, "review").state == State.REVIEWED


def test_saving_a_reviewed_draft_takes_the_review_away(cast, other_expert):
    draft = library.start_draft(cast.user("expert"), the_item("BLR-01"))
    draft = library.move(other_expert, draft, "review")
    draft = library.save_draft(cast.user("expert"), draft, edited(draft, high="8"), why="", stamp=draft.stamp)
    assert (draft.state, draft.reviewed_by) == (State.DRAFT, None)
    with pytest.raises(LibraryError):
        library.move(cast.user("centre"), draft, "publish")


def test_the_second_to_save_is_told_and_nothing_is_overwritten(cast):
    draft = library.start_draft(cast.user("expert"), the_item("BLR-01"))
    library.save_draft(cast.user("expert"), draft, edited(draft, high="6"), why="", stamp=1)
    with pytest.raises(LibraryError, match="vừa được thay đổi"):
        library.save_draft(cast.user("centre"), draft, edited(draft, high="7"), why="", stamp=1)
    assert LibraryVersion.objects.get(pk=draft.pk).content["high"] == "6"


def test_a_step_taken_twice_is_told(cast, other_expert):
    draft = library.start_draft(cast.user("expert"), the_item("BLR-01"))
    library.move(other_expert, draft, "review")
    with pytest.raises(LibraryError):
        library.move(other_expert, draft, "review")


@pytest.mark.parametrize("role", ["factory", "department", "inspector", "leader", "ministry"])
def test_those_who_only_read_may_write_nothing(cast, role):
    with pytest.raises(PermissionDenied):
        library.start_draft(cast.user(role), the_item("BLR-01"))


def test_an_expert_does_not_publish(cast, other_expert):
    draft = library.start_draft(cast.user("expert"), the_item("BLR-01"))
    draft = library.move(other_expert, draft, "review")
    with pytest.raises(PermissionDenied):
        library.move(other_expert, draft, "publish")


def test_withdrawing_asks_for_the_reason_and_takes_it_out_of_what_is_offered(cast):
    version = the_item("BLR-15").versions.get()
    with pytest.raises(LibraryError, match="lý do"):
        library.move(cast.user("centre"), version, "withdraw")
    library.move(cast.user("centre"), version, "withdraw", "Không còn nguồn sinh khối")
    assert queries.option("BLR-15") is None
    assert the_item("BLR-15").state == State.WITHDRAWN


def test_a_discarded_draft_stays_in_the_list_and_a_new_one_can_begin(cast):
    draft = library.start_draft(cast.user("expert"), the_item("BLR-01"))
    library.move(cast.user("expert"), draft, "discard")
    assert the_item("BLR-01").state == State.PUBLISHED
    assert library.start_draft(cast.user("expert"), the_item("BLR-01")).number == 3


@pytest.mark.parametrize(
    ("name", "arc", "declared", "kind"),
    [
        ("Pha loãng nước thải bằng nước giếng", "", "", "dilution"),
        ("Xây trạm xử lý nước thải", "", "", "treatment"),
        ("Bán phế liệu cho cơ sở tái chế", "", "", "recycling_off_site"),
        ("Trung hòa nước thải axit", "", "", "less_hazardous"),
        ("Lắp thiết bị mới", "3.3121", "", "treatment"),
        ("Làm gạch từ tro ở cơ sở khác", "", "products_off_site", "products_off_site"),
        ("Lắp biến tần cho quạt", "2.4146", "", None),
        ("Thu hồi nước rửa", "3.4113", "", None),
    ],
)
def test_what_is_no_cleaner_production_is_refused_with_the_reason(name, arc, declared, kind):
    refusal = is_cleaner_production(name, arc, declared)
    assert (refusal.kind if refusal else None) == kind
    if refusal:
        assert refusal.reason("vi")
        assert refusal.reason("en")


def test_an_option_that_is_treatment_cannot_be_created(cast):
    content = the_item("BLR-01").versions.get().content | {
        "code": "NEW-01",
        "name_vi": "Xây bể xử lý nước thải",
    }
    with pytest.raises(NotGoodYet, match="không phải SXSH"):
        library.create(cast.user("expert"), Kind.OPTION, content)
    assert not LibraryItem.objects.filter(code="NEW-01").exists()


def test_a_new_option_is_a_draft_first_and_its_code_is_its_own(cast):
    content = the_item("BLR-01").versions.get().content | {"code": "BLR-99", "name_vi": "Đo khói liên tục"}
    version = library.create(cast.user("expert"), Kind.OPTION, content)
    assert (version.state, version.item.published) == (State.DRAFT, False)
    assert queries.option("BLR-99") is None
    with pytest.raises(LibraryError, match="đã có"):
        library.create(cast.user("expert"), Kind.OPTION, content)


def test_every_problem_of_a_draft_is_gathered(cast):
    draft = library.start_draft(cast.user("expert"), the_item("BLR-01"))
    wrong = edited(draft, low="9", high="3", group="magic", arc_code="9.99", name_en="", resources=["gold"])
    with pytest.raises(NotGoodYet) as caught:
        library.save_draft(cast.user("expert"), draft, wrong, why="", stamp=draft.stamp)
    rules = sorted(p.rule for p in caught.value.problems)
    assert rules == ["library_missing", "library_range", "library_unknown", "library_wrong", "library_wrong"]


def test_what_the_files_say_passes_our_own_checks(cast):
    from sachhon.apps.guidance.services.checks import problems_of

    for version in LibraryVersion.objects.select_related("item").filter(state=State.PUBLISHED):
        assert problems_of(version.item.kind, version.content) == [], version.item.code


def test_a_question_is_added_at_the_end_of_its_place_and_can_be_taken_out(cast):
    content = the_item("brick", Kind.CHECKLIST).versions.get().content
    first = content["questions"][0]
    question = first | {
        "code": "brick.99",
        "text_vi": "Có đo độ dẻo đất không?",
        "text_en": "Is plasticity measured?",
    }
    more = with_part(Kind.CHECKLIST, content, question)
    codes = [q["code"] for q in more["questions"]]
    assert codes.index("brick.99") == sum(q["section"] == first["section"] for q in content["questions"])
    assert without_part(Kind.CHECKLIST, more, "brick.99") == content
    elsewhere = new_part(Kind.CHECKLIST, content) | {
        "code": "brick.98",
        "section_vi": "Chỗ mới",
        "section_en": "New",
    }
    moved = with_part(Kind.CHECKLIST, content, elsewhere)
    assert part_of(Kind.CHECKLIST, moved, "brick.98")["section"] not in {
        q["section"] for q in content["questions"]
    }


def test_taking_the_files_in_again_changes_nothing(catalogue):
    before = LibraryVersion.objects.count()
    assert seeding.sync_library() == seeding.Synced(0, 0, 0)
    assert LibraryVersion.objects.count() == before


def newer_file(monkeypatch, code, **changes):
    """The data files as a later version of the software might have them."""
    usual = list(seeding._filed())
    newer = [
        seeding.Filed(f.kind, f.code, f.content | changes, f.refused) if f.code == code else f for f in usual
    ]
    monkeypatch.setattr(seeding, "_filed", lambda: iter(newer))


def test_a_newer_file_is_taken_where_nobody_edited(catalogue, monkeypatch):
    newer_file(monkeypatch, "BLR-02", high="7")
    assert seeding.sync_library() == seeding.Synced(0, 1, 0)
    found = queries.option("BLR-02")
    assert (found.high, found.version) == (7, 2)
    assert queries.version_of(Kind.OPTION, "BLR-02", 1).high == 4


def test_a_newer_file_never_overwrites_the_centre_s_edit_and_the_conflict_is_told(cast, monkeypatch):
    published_anew(cast, "BLR-02", high="3")
    newer_file(monkeypatch, "BLR-02", high="7")
    assert seeding.sync_library() == seeding.Synced(0, 0, 1)
    assert queries.option("BLR-02").high == 3
    item = the_item("BLR-02")
    assert item.has_conflict
    draft = library.settle_conflict(cast.user("centre"), item, take=True)
    assert draft.content["high"] == "7"
    assert queries.option("BLR-02").high == 3
    assert seeding.sync_library() == seeding.Synced(0, 0, 0)


def test_a_conflict_can_be_declined_and_does_not_come_back(cast, monkeypatch):
    published_anew(cast, "BLR-02", high="3")
    newer_file(monkeypatch, "BLR-02", high="7")
    seeding.sync_library()
    assert library.settle_conflict(cast.user("centre"), the_item("BLR-02"), take=False) is None
    assert seeding.sync_library() == seeding.Synced(0, 0, 0)
    assert not the_item("BLR-02").has_conflict
