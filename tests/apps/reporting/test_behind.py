"""Who is late or has not reported: found, sorted, opened and acted upon from the page of the province."""

import re

from django.core import mail
from django.urls import reverse

from sachhon.apps.registry.models import Facility
from sachhon.apps.reporting.models import Reminder

from .test_province import YEAR, small  # noqa: F401 - the small province counted by hand

ROWS = re.compile(r"<tbody>(.*?)</tbody>", re.S)


def listed(client, **query):
    address = reverse("reporting:province_section", args=["nop-bao-cao"])
    html = client.get(address, {"year": YEAR, **query}).content.decode()
    found = [rows for rows in ROWS.findall(html) if "LS-0" in rows]
    return html, re.findall(r'class="code"[^>]*><a[^>]*>(LS-\d+)<', found[0]) if found else []


def test_those_behind_are_searched_and_sorted_and_lead_to_their_pages(small, client):  # noqa: F811
    small.refresh()
    client.force_login(small.department)
    html, codes = listed(client)
    # 7 was late, 9 and 10 said nothing; 8 sent one in time and has it back
    assert sorted(codes) == ["LS-0007", "LS-0009", "LS-0010"]
    assert listed(client, sort="-code")[1] == ["LS-0010", "LS-0009", "LS-0007"]
    assert listed(client, q="CO so so 9")[1] == ["LS-0009"]
    assert f'href="{reverse("registry:facility", args=["LS-0009"])}">Cơ sở số 9</a>' in html
    assert 'name="timing"' not in html
    assert listed(client, q="khongcoai")[1] == []


def test_all_that_match_are_reminded_and_nobody_else(small, client, django_capture_on_commit_callbacks):  # noqa: F811
    small.refresh()
    Facility.objects.filter(province_code="20").update(contact_email="mot@vidu.example")
    client.force_login(small.department)
    html, _codes = listed(client, q="co so so 9")
    remind = re.escape(reverse("reporting:remind"))
    address = re.search(rf'formaction="({remind}[^"]*)"', html).group(1).replace("&amp;", "&")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"all": "1", "back": "/"})
    assert [r.facility.code for r in Reminder.objects.select_related("facility")] == ["LS-0009"]
    assert len(mail.outbox) == 1


def test_the_export_has_those_on_the_page(small, client):  # noqa: F811
    small.refresh()
    client.force_login(small.department)
    html, codes = listed(client)
    address = (
        re.search(r'href="(\S+?xuat\.csv[^"]*)"', html[html.index('id="behind"') :])
        .group(1)
        .replace("&amp;", "&")
    )
    text = client.get(address).content.decode("utf-8-sig")
    assert sorted(re.findall(r"LS-\d{4}", text)) == sorted(codes)


def test_many_pages_are_paged(small, client):  # noqa: F811
    first = small.facilities[0]
    for n in range(11, 75):
        Facility.objects.create(
            code=f"LS-{n:04}", name=f"Cơ sở số {n}", trade=first.trade, area=first.area,
            enterprise=first.enterprise, province_code="20",
        )  # fmt: skip
    client.force_login(small.department)
    assert len(listed(client)[1]) == 50
    assert len(listed(client, page=2)[1]) == 17
