"""A layout that changed a little finds the mapping made for the one before."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.workbooks.nearest import nearest
from sachhon.workbooks.profile import ColumnMap, FieldMap, MappingProfile

OLD = MappingProfile(
    "Hoá đơn điện",
    "ledger",
    "old",
    columns=(
        ColumnMap("Tháng", 0, "date"),
        ColumnMap(
            "Điện tiêu thụ (kWh)", 1, "quantity", resource="electricity", unit="kWh", flow="consumption"
        ),
        ColumnMap("Thành tiền năm 2025", 2, "cost"),
    ),
    flow="consumption",
    separators="vi",
    year=2025,
)


def layout(*headers: str) -> MappingProfile:
    columns = tuple(ColumnMap(header, at, "undecided") for at, header in enumerate(headers))
    return MappingProfile("Điện", "ledger", "new", sheet="Điện", columns=columns, year=2026)


def test_an_added_a_dropped_and_a_renamed_column_are_told_and_the_choices_carried_over():
    found = nearest(layout("Ghi chú", "Tháng", "Điện năng tiêu thụ (kWh)", "Thành tiền năm 2026"), [OLD])
    assert found is not None
    assert (found.added, found.missing) == (("Ghi chú",), ())
    assert found.renamed == (("Điện tiêu thụ (kWh)", "Điện năng tiêu thụ (kWh)"),)
    assert found.likeness == 3 / 4
    mapping = found.mapping
    assert [(c.index, c.role) for c in mapping.columns] == [
        (0, "undecided"), (1, "date"), (2, "quantity"), (3, "cost"),
    ]  # fmt: skip
    assert mapping.columns[2].header == "Điện năng tiêu thụ (kWh)"
    assert mapping.columns[2].resource == "electricity"
    assert mapping.columns[2].why("vi")
    assert (mapping.signature, mapping.sheet, mapping.year) == ("new", "Điện", 2026)
    assert (mapping.flow, mapping.separators) == ("consumption", "vi")


def test_another_unit_in_the_header_is_told_and_counts():
    new = layout("Tháng", "Điện tiêu thụ (MWh)", "Thành tiền năm 2026")
    new = new.with_column("Điện tiêu thụ (MWh)", unit="MWh")
    found = nearest(new, [OLD])
    assert found is not None
    assert found.renamed == (("Điện tiêu thụ (kWh)", "Điện tiêu thụ (MWh)"),)
    assert found.mapping.columns[1].unit == "MWh"


def test_another_kind_of_table_finds_nothing():
    assert nearest(layout("Ngày", "Sản phẩm", "Số lượng", "Người ghi"), [OLD]) is None
    form = MappingProfile("Biểu", "form", "f", fields=(FieldMap("Tháng"), FieldMap("Điện tiêu thụ (kWh)")))
    assert nearest(form, [OLD]) is None
    assert nearest(layout("Tháng"), []) is None


def test_the_most_alike_is_chosen_and_of_equals_the_first():
    other = MappingProfile("Khác", "ledger", "o", columns=(*OLD.columns, ColumnMap("Ghi chú", 3, "note")))
    found = nearest(layout("Tháng", "Điện tiêu thụ (kWh)", "Thành tiền", "Ghi chú"), [OLD, other, other])
    assert found is not None
    assert found.at == 1


def test_a_form_carries_its_lines_over():
    kept = MappingProfile(
        "BC",
        "form",
        "f",
        fields=(FieldMap("Điện (kWh)", "", "electricity"), FieldMap("Vốn đầu tư", "investment")),
    )
    new = MappingProfile(
        "BC", "form", "g",
        fields=tuple(FieldMap(label, "undecided") for label in ("Vốn đầu tư", "Điện (kWh)", "Than")),
    )  # fmt: skip
    found = nearest(new, [kept])
    assert found is not None
    assert [(f.label, f.name, f.resource) for f in found.mapping.fields] == [
        ("Vốn đầu tư", "investment", None),
        ("Điện (kWh)", "", "electricity"),
        ("Than", "undecided", None),
    ]
    assert found.added == ("Than",)


@given(
    st.lists(
        st.text("abcdefghijk ", min_size=3, max_size=12).map(str.strip).filter(bool),
        min_size=2,
        max_size=8,
        unique=True,
    ),
    st.randoms(use_true_random=False),
)
def test_another_order_of_the_same_columns_is_wholly_alike(headers, order: random.Random):
    kept = layout(*headers)
    moved = list(headers)
    order.shuffle(moved)
    found = nearest(layout(*moved), [kept])
    assert found is not None
    assert found.likeness == pytest.approx(1)
    assert (found.added, found.missing) == ((), ())
    assert [c.header for c in found.mapping.columns] == moved
