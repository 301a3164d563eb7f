"""The history of a month tells what changed: a cost alone is told as a cost, not as 8.666 → 8.666."""

from decimal import Decimal

from django.urls import reverse

from sachhon.apps.registry.models import Record
from sachhon.apps.registry.services.records import RecordRow, write_records


def test_a_cost_that_alone_changed_is_told_as_a_cost(cast, client):
    for cost in (200_883, 18_197_115):
        row = RecordRow(2026, 3, "consumption", Decimal(8666), resource=cast.electricity, cost_vnd=cost)
        write_records(cast.user("centre"), cast.brick, [row])
    record = Record.objects.get(facility=cast.brick)
    client.force_login(cast.user("centre"))
    html = client.get(reverse("registry:record", args=[cast.brick.code, record.pk])).content.decode()
    history = html.split('class="timeline', 1)[1]
    assert "200.883" in history
    assert "18.197.115" in history
    assert "8.666 →" not in history
