"""A small province of facts with every awkwardness: unknown answers, gaps, returned and missing reports."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pyarrow as pa
import pytest

from sachhon.warehouse.publish import open_snapshot, publish
from sachhon.warehouse.schema import NEED_KINDS, SAVING_STATES, TABLES

YEARS = (2023, 2024)
RESOURCES = {
    "electricity": ("electricity", "kWh"),
    "coal": ("fuel", "t"),
    "husk": ("fuel", "t"),
    "clay": ("raw_material", "t"),
    "water": ("water", "m3"),
}
PRODUCTS = [[("p1", "t")], [("p1", "t"), ("p2", "t")], [("p1", "t"), ("x", "m3")], []]
FACTORS = {
    "electricity": (Decimal("0.0001543"), Decimal("0.6592")),
    "coal": (Decimal("0.6"), None),
}


def amount(random, most):
    return Decimal(random.randrange(0, most * 1000)).scaleb(-3)


def make_facts(seed=11, n=60):
    """Table name → rows, the same for a seed."""
    random = Random(seed)
    unknown = lambda p, value: None if random.random() < p else value  # noqa: E731
    facts = {name: [] for name in TABLES}
    for facility in range(1, n + 1):
        trade = random.choice(["brick", "quarry", "wood"])
        for year in YEARS:
            state = random.choice(["none", "draft", "submitted", "returned", "accepted", "locked"])
            facts["facility_year"].append(
                {
                    "facility_id": facility,
                    "facility_code": f"LS{facility:04}",
                    "name": f"Cơ sở {facility}",
                    "province_code": random.choice(["20", "20", "20", "44"]),
                    "area_key": random.choice(["06037@2025", "06040@2025"]),
                    "commune_name": "Xã Thử",
                    "sector_code": {"brick": "23921", "quarry": "08101", "wood": "16210"}[trade],
                    "trade": trade,
                    "size_class": unknown(0.1, random.choice(["micro", "micro", "small", "medium", "large"])),
                    "year": year,
                    "employees": unknown(0.2, random.randrange(1, 400)),
                    "operating": random.random() < 0.9,
                    "has_potential": unknown(0.3, random.random() < 0.6),
                    "aware": unknown(0.25, int(random.random() < 0.8)),
                    "aware_evidence": None,
                    "applying": unknown(0.25, int(random.random() < 0.5)),
                    "applying_evidence": None,
                    "cp_unit": unknown(0.25, int(random.random() < 0.4)),
                    "cp_unit_evidence": None,
                    "report_state": state,
                    "submitted_on_time": None if state in ("none", "draft") else random.random() < 0.7,
                }
            )
            for resource, (kind, unit) in RESOURCES.items():
                if random.random() < 0.2:
                    continue
                for month in range(1, 13):
                    facts["record"].append(
                        {
                            "facility_id": facility,
                            "year": year,
                            "month": month,
                            "flow": "consumption",
                            "item_code": resource,
                            "item_kind": kind,
                            "meter": "",
                            "unit": unit,
                            "quantity": amount(random, 1000),
                            "cost_vnd": unknown(0.3, random.randrange(0, 10**8)),
                            "quality": random.choice(["good", "good", "good", "estimated", "suspect"]),
                        }
                    )
                for savings_state in SAVING_STATES:
                    if random.random() < 0.4:
                        expected = amount(random, 1000) + 1
                        actual = expected * Decimal(random.randrange(80, 105)) / 100
                        saved = expected - actual
                        facts["saving"].append(
                            {
                                "facility_id": facility,
                                "year": year,
                                "baseline_year": 2020,
                                "resource_code": resource,
                                "state": savings_state,
                                "unit": unit,
                                "quantity": saved,
                                "expected": unknown(0.1, expected),
                                "actual": actual,
                                "relative_pct": unknown(0.1, round(100 * saved / expected, 4)),
                                "vnd": unknown(0.2, random.randrange(-(10**7), 10**8)),
                                "toe": unknown(0.3, round(saved / 7, 6)),
                                "co2_t": unknown(0.3, round(saved / 3, 6)),
                            }
                        )
            for product, unit in random.choice(
                [[("p1", "t")], [("p1", "t"), ("p2", "t")], [("p1", "t"), ("x", "m3")], []]
            ):
                facts["record"].append(
                    {
                        "facility_id": facility,
                        "year": year,
                        "month": 6,
                        "flow": "output",
                        "item_code": f"{facility}.{product}",
                        "item_kind": "product",
                        "meter": "",
                        "unit": unit,
                        "quantity": random.choice([Decimal(0), amount(random, 5000)]),
                        "cost_vnd": None,
                        "quality": "good",
                    }
                )
            for _ in range(random.randrange(3)):
                facts["solution"].append(
                    {
                        "facility_id": facility,
                        "year": year,
                        "group_code": random.choice(["housekeeping", "control", "treatment"]),
                        "is_cp": random.random() < 0.8,
                        "state": random.choice(SAVING_STATES),
                        "investment_vnd": unknown(0.2, random.randrange(0, 10**9)),
                        "saving_vnd": unknown(0.2, random.randrange(0, 10**8)),
                        "count": random.randrange(1, 4),
                    }
                )
                facts["need"].append(
                    {
                        "facility_id": facility,
                        "year": year,
                        "kind": random.choice(NEED_KINDS),
                        "category": random.choice(["capital", "training", ""]),
                        "text": random.choice(["Thiếu vốn đầu tư", "Đề nghị tập huấn", "Máy cũ", ""]),
                    }
                )
    for year in YEARS:
        for resource, (toe, kgco2) in FACTORS.items():
            facts["factor"].append(
                {"resource_code": resource, "year": year, "toe_per_unit": toe, "kgco2_per_unit": kgco2}
            )
    return facts


@pytest.fixture(scope="session")
def facts():
    return make_facts()


@pytest.fixture(scope="session")
def snapshot_root(facts, tmp_path_factory):
    root = tmp_path_factory.mktemp("warehouse")
    publish(
        {name: pa.Table.from_pylist(rows, schema=TABLES[name].schema) for name, rows in facts.items()}, root
    )
    return root


@pytest.fixture(scope="session")
def warehouse(snapshot_root):
    with open_snapshot(snapshot_root) as opened:
        yield opened
