"""A factor beside a figure has the digits it was reckoned with."""

from decimal import Decimal

from sachhon.apps.registry.models import Figure
from sachhon.apps.registry.queries.lineage import explain


def test_the_total_is_found_by_hand_with_the_factor_as_it_is_shown(cast):
    figure = Figure.objects.create(
        code="co2:LS-0001:2026", label_vi="CO₂", label_en="CO₂", value=Decimal("27086.4"), province_code="20",
        facility=cast.brick,
        facts=[{"code": "co2.diesel", "value": "2.70864", "unit": "kg/l", "source": "IPCC 2006"},
               {"code": "co2.coal", "value": "2411.85", "unit": "kg/t", "source": "IPCC 2006"}],
    )  # fmt: skip
    assert [f["value"] for f in explain(cast.user("centre"), figure).facts] == ["2,70864", "2.411,85"]
