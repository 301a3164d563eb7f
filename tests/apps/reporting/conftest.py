"""A brick factory with two full years of records, and a report of 2026 that only has to be sent."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def moment(*parts) -> datetime.datetime:
    """A moment in Vietnamese local time."""
    return datetime.datetime(*parts, tzinfo=HANOI)


NOW = moment(2026, 11, 24, 9)


@pytest.fixture
def works(cast):
    """The cast, with bricks, electricity and coal of 2025 in the registry."""
    return Works(cast)


class Works:
    """What the tests of this room do over and over."""

    def __init__(self, cast):
        from sachhon.apps.registry.models import Product, Resource

        self.cast = cast
        self.brick = cast.brick
        self.factory, self.centre = cast.user("factory"), cast.user("centre")
        self.product = Product.objects.create(facility=cast.brick, name="Gạch tuynel 2 lỗ", unit="k_vien")
        self.electricity = cast.electricity
        self.coal = Resource.objects.get(code="coal_cam_5_6")

    def year(
        self, year, *, output="100", electricity="6000", coal="13", cost=None, facility=None, product=None
    ):
        """Twelve equal months in the registry."""
        from sachhon.apps.registry.services.records import RecordRow, write_records

        rows = []
        for month in range(1, 13):
            rows.append(
                RecordRow(
                    year, month, "output", Decimal(output), product=product or self.product, source="meter"
                )
            )
            for resource, quantity in ((self.electricity, electricity), (self.coal, coal)):
                rows.append(
                    RecordRow(
                        year,
                        month,
                        "consumption",
                        Decimal(quantity),
                        resource=resource,
                        source="meter",
                        cost_vnd=cost if resource == self.electricity else None,
                    )
                )
        write_records(self.centre, facility or self.brick, rows)

    def draft(self, year=2026, *, output="100", electricity="5400", coal="13", cost=None, actor=None):
        """A complete draft made by hand, twelve equal months."""
        from sachhon.apps.reporting.services import drafting

        actor = actor or self.factory
        report = drafting.start_report(actor, self.brick, year, False, today=NOW.date())
        self.save(report, "general", {"employees": 40, "revenue_vnd": 9_000_000_000, "contact_phone": "0205"})
        lines = {
            "products": {"new1": self.row("output", "", output, name=self.product.name, unit="k_vien")},
            "inputs": {
                "new1": self.row("consumption", "electricity", electricity, unit="kWh", cost=cost),
                "new2": self.row("consumption", "coal_cam_5_6", coal, unit="t"),
            },
        }
        for section, rows in lines.items():
            self.save(report, section, rows)
        report.refresh_from_db()
        return report

    def save(self, report, section, data, actor=None):
        """Saves on top of what is stored."""
        from sachhon.apps.reporting.services import drafting

        report.refresh_from_db()
        return drafting.save_section(actor or self.factory, report, section, data, report.version)

    @staticmethod
    def row(flow, item, month, *, name="", unit="", cost=None, months=None):
        """A line of the form as JSON."""
        return {
            "flow": flow,
            "item": item,
            "name": name,
            "unit": unit,
            "months": months or [month] * 12,
            "cost_vnd": cost,
        }

    def sent(self, now=NOW, **kwargs):
        """A report sent by the factory."""
        from sachhon.apps.reporting.services import workflow

        report = self.draft(**kwargs)
        workflow.submit(self.factory, report, now=now)
        report.refresh_from_db()
        return report

    def line(self, report, code):
        """The line of a resource."""
        return report.lines.get(resource__code=code)

    def line_of(self, report, pk):
        """A line by its key, as it is stored now."""
        return report.lines.get(pk=pk)
