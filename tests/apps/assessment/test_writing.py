"""A form is opened only by those who may store what they type in it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.apps.assessment import test_choosing

from sachhon.apps.assessment.services import workflow

assessment, records, three = test_choosing.assessment, test_choosing.records, test_choosing.three
FORMS = [
    ("add_option", ()),
    ("edit_option", (1,)),
    ("option_sheet", (1, "technical")),
    ("plan_option", (1,)),
    ("add_verification", ()),
]


@pytest.mark.parametrize(("name", "args"), FORMS)
def test_who_may_only_read_is_told_before_typing(client, cast, assessment, three, name, args):
    url = reverse(f"assessment:{name}", args=[assessment.pk, *args])
    client.force_login(cast.user("expert"))
    assert client.get(url).status_code == 200
    client.force_login(cast.user("factory"))
    answer = client.get(url, follow=True)
    assert answer.redirect_chain == [(f"/danh-gia/{assessment.pk}/", 302)]
    assert "không thuộc nhóm đánh giá" in answer.text


def test_nor_is_one_of_a_closed_assessment_opened(client, cast, assessment, three):
    workflow.move(cast.user("centre"), assessment, "send", now=timezone.now())
    client.force_login(cast.user("expert"))
    assert client.get(reverse("assessment:add_option", args=[assessment.pk])).status_code == 302
    assert client.get("/danh-gia/99999/giai-phap/them/").status_code == 404
