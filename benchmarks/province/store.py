"""Fills a store of its own (SQLite, the real migrations) with a province of any size, from a fixed seed.

Rows are written with executemany and indexes are made afterwards: loading is not what is measured.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

PROVINCE = "20"
LAST_YEAR = 2025
NOW = datetime(2026, 1, 31, tzinfo=UTC).isoformat(sep=" ")
RESOURCES = (
    ("electricity", 40_000, 2_000),
    ("coal_cam_5_6", 60, 2_200_000),
    ("diesel", 300, 19_000),
    ("firewood", 20, 900_000),
    ("water", 500, 8_000),
    ("clay", 900, 60_000),
    ("limestone", 700, 80_000),
    ("lubricant", 40, 70_000),
)
UNITS = ("t", "m3")


def fill(facilities: int, years: int) -> None:
    """Migrate and fill the store that Django is set up for."""
    from django.core.management import call_command
    from django.db import connection

    from sachhon.apps.registry.services.catalogue import sync_reference

    call_command("migrate", verbosity=0)
    sync_reference()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA foreign_keys=OFF")
    _Province(facilities, [LAST_YEAR - back for back in range(years - 1, -1, -1)]).write()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Province:
    def __init__(self, facilities: int, years: Sequence[int]) -> None:
        from sachhon.apps.registry.models import Area, Resource, Sector, Trade

        self.random = random.Random(20)
        self.count, self.years = facilities, years
        self.areas = list(
            Area.objects.filter(province_code=PROVINCE, level="commune", valid_to=None)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        self.trades = list(Trade.objects.order_by("pk").values_list("pk", flat=True))[:12]
        self.sectors = list(Sector.objects.order_by("pk").values_list("pk", flat=True))[-12:]
        known = dict(Resource.objects.values_list("code", "pk"))
        self.resources = [(known[code], most, price) for code, most, price in RESOURCES]

    def write(self) -> None:
        from sachhon.apps.people.models import Organisation
        from sachhon.apps.registry.models import Facility, FacilityYear, Product, Record
        from sachhon.apps.reporting.models import AnnualReport, ReportNeed, ReportSolution, Saving

        numbers = range(1, self.count + 1)
        insert(Organisation, ({"id": n, "name": f"DN {n}", "kind": "enterprise"} for n in numbers))
        insert(Facility, (self.facility(n) for n in numbers))
        insert(
            Product,
            (
                {"id": n, "facility_id": n, "name": "P", "search_key": "p", "unit": UNITS[n % 2]}
                for n in numbers
            ),
        )
        pairs = [(n, year) for n in numbers for year in self.years]
        insert(FacilityYear, (self.year(n, year) for n, year in pairs))
        insert(AnnualReport, (self.report(pk, *pair) for pk, pair in enumerate(pairs, 1)))
        insert(Saving, (row for pk, pair in enumerate(pairs, 1) for row in self.savings(pk, *pair)))
        insert(ReportSolution, (self.solution(pk) for pk, _ in enumerate(pairs, 1) if pk % 2))
        insert(ReportNeed, (self.need(pk) for pk, _ in enumerate(pairs, 1) if pk % 3 == 0))
        with without_indexes(Record):
            insert(Record, self.records())

    def facility(self, n: int) -> dict:
        return {
            "id": n,
            "code": f"CS{n:06}",
            "name": f"Cơ sở {n}",
            "search_key": f"cs{n:06} co so {n}",
            "sort_key": f"{n:06}",
            "enterprise_id": n,
            "sector_id": self.sectors[n % len(self.sectors)],
            "trade_id": self.trades[n % len(self.trades)],
            "province_code": PROVINCE,
            "area_id": self.areas[(n * 7) % len(self.areas)],
            "status": "operating" if n % 25 else "closed",
        }

    def year(self, n: int, year: int) -> dict:
        size = ("micro",) * 12 + ("small",) * 5 + ("medium",) * 2 + ("large",)
        return {"facility_id": n, "year": year, "employees": n % 90 + 1, "size_class": size[n % 20]}

    def report(self, pk: int, n: int, year: int) -> dict:
        late = self.random.random() < 0.1
        answers = ("yes", "no", "unknown")
        return {
            "id": pk,
            "facility_id": n,
            "year": year,
            "state": self.random.choice(("accepted", "accepted", "submitted", "draft")),
            "on_time": not late,
            "baseline_year": self.years[0],
            "cp_aware": self.random.choices(answers, (70, 15, 15))[0],
            "cp_applying": self.random.choices(answers, (45, 40, 15))[0],
            "cp_unit": self.random.choices(answers, (10, 70, 20))[0],
        }

    def savings(self, pk: int, n: int, year: int) -> Iterator[dict]:
        for resource, most, price in self.resources[:3]:
            expected = self.random.randrange(most, most * 12)
            actual = round(expected * self.random.uniform(0.82, 1.02), 3)
            yield {
                "report_id": pk,
                "resource_id": resource,
                "baseline_year": self.years[0],
                "state": "verified" if (pk + resource) % 4 == 0 else "reported",
                "expected": expected,
                "actual": actual,
                "quantity": round(expected - actual, 3),
                "relative_pct": round(100 * (expected - actual) / expected, 4),
                "coverage_pct": 100,
                "vnd": int((expected - actual) * price),
                "toe": round((expected - actual) / 5000, 6),
                "co2_t": round((expected - actual) / 1500, 6),
            }

    def solution(self, pk: int) -> dict:
        return {
            "report_id": pk,
            "name": "Giải pháp",
            "group": ("housekeeping", "process_control", "equipment", "treatment")[pk % 4],
            "state": "done",
            "investment_vnd": pk % 500 * 1_000_000,
            "saving_vnd_per_year": pk % 300 * 1_000_000,
        }

    def need(self, pk: int) -> dict:
        kind = "difficulty" if pk % 2 else "request"
        return {"report_id": pk, "kind": kind, "category": f"c{pk % 5}", "text": f"Ý kiến {pk % 40}"}

    def records(self) -> Iterator[dict]:
        draw = self.random.random
        for n in range(1, self.count + 1):
            scale = 0.2 + 2 * draw()
            for year in self.years:
                for month in range(1, 13):
                    common = {"facility_id": n, "year": year, "month": month}
                    for resource, most, price in self.resources:
                        quantity = round(most * scale * (0.8 + 0.4 * draw()), 3)
                        yield {
                            **common,
                            "flow": "consumption",
                            "resource_id": resource,
                            "product_id": None,
                            "quantity": quantity,
                            "cost_vnd": int(quantity * price),
                        }
                    yield {
                        **common,
                        "flow": "output",
                        "resource_id": None,
                        "product_id": n,
                        "quantity": round(800 * scale * (0.8 + 0.4 * draw()), 3),
                        "cost_vnd": None,
                    }


def insert(model, rows: Iterable[dict]) -> None:
    """Insert rows (dicts of one shape), with the model's defaults for the columns they leave out."""
    from django.db import connection, transaction

    source = iter(rows)
    first = next(source)
    defaults = {}
    for field in model._meta.local_concrete_fields:
        if field.attname in first or field.primary_key:
            continue
        value = (
            NOW if field.get_internal_type() == "DateTimeField" and not field.null else field.get_default()
        )
        value = field.get_db_prep_save(value, connection)
        defaults[field.column] = float(value) if isinstance(value, Decimal) else value
    columns = [*first, *defaults]
    tail = tuple(defaults.values())
    sql = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(map(_quoted, columns))})"
        f" VALUES ({', '.join(['?'] * len(columns))})"
    )
    with transaction.atomic():
        raw = connection.connection
        raw.execute(sql, (*first.values(), *tail))
        raw.executemany(sql, ((*row.values(), *tail) for row in source))


@contextmanager
def without_indexes(model):
    """Drop the indexes of a table while it is filled, and make them again."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
            [model._meta.db_table],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _, sql in indexes:
            cursor.execute(sql)


def _quoted(column: str) -> str:
    return f'"{column}"'
