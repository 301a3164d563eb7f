"""Output of several products side by side: each column its own, and nothing added together unsaid."""

import pytest
from django.urls import reverse
from tests.apps.intake.test_mapping import book
from tests.apps.intake.test_preview import Form, confirm, page_of, told  # noqa: F401
from tests.apps.intake.test_taking import send

from sachhon.apps.intake.own_products import with_products
from sachhon.apps.registry.models import Product, Record
from sachhon.workbooks.profile import ColumnMap, MappingProfile

MONTHS = [f"{month:02d}/2025" for month in range(1, 13)]


def two_products(first="Colophan (tấn)", second="Dầu thông (tấn)"):
    return book({"Số liệu": [["Tháng", first, second], *[[month, 20, 3] for month in MONTHS]]})


def made():
    found = Record.objects.filter(flow="output").values_list("product__name", "quantity")
    return {name: {q for n, q in found if n == name} for name, _q in found}


@pytest.fixture
def sent(cast, client):
    user = cast.user("factory")
    client.force_login(user)

    def act(upload=None):
        return send(user, upload or two_products())[0]

    return act


def test_the_facilitys_own_products_are_found_in_the_headers(cast, sent, client, confirm):  # noqa: F811
    for name in ("Colophan (tùng hương)", "Dầu thông"):
        Product.objects.create(facility=cast.brick, name=name, unit="t")
    file = sent()
    data = Form(page_of(client, file)).data
    assert [data["resource_1"], data["resource_2"]] == ["Colophan (tùng hương)", "Dầu thông"]
    assert "cộng lại thành một" not in confirm(file)
    assert made() == {"Colophan (tùng hương)": {20}, "Dầu thông": {3}}


def test_a_product_can_be_typed_for_each_column(sent, confirm):  # noqa: F811
    confirm(sent(), flow="output", resource_1="Colophan", resource_2="Dầu thông")
    assert made() == {"Colophan": {20}, "Dầu thông": {3}}


def test_a_product_typed_at_a_column_goes_before_that_of_the_table(sent, confirm):  # noqa: F811
    preview = confirm(sent(), flow="output", label="Colophan", resource_2="Dầu thông")
    assert "cộng lại thành một" not in preview
    assert made() == {"Colophan": {20}, "Dầu thông": {3}}


def test_columns_added_into_one_product_are_told_before_and_after(sent, client, confirm):  # noqa: F811
    file = sent()
    preview = confirm(file, flow="output", label="Colophan")
    said = "Các cột “Colophan (tấn)”, “Dầu thông (tấn)” được cộng lại thành một: Colophan."
    assert said in preview
    assert made() == {"Colophan": {23}}
    assert said in client.get(reverse("intake:file", args=[file.pk])).content.decode()


def test_one_product_typed_at_two_columns_is_told_too(sent, confirm):  # noqa: F811
    preview = confirm(sent(), flow="output", resource_1="Colophan", resource_2="Colophan")
    assert "được cộng lại thành một: Colophan." in preview
    assert made() == {"Colophan": {23}}


@pytest.mark.parametrize(
    ("header", "products", "named"),
    [
        ("Gạch (4 lỗ) (nghìn viên)", ["Gạch (2 lỗ)", "Gạch (4 lỗ)"], "Gạch (4 lỗ)"),
        ("Gạch (nghìn viên)", ["Gạch (2 lỗ)", "Gạch (4 lỗ)"], None),
        ("GACH 2 LO", ["Gạch 2 lỗ"], "Gạch 2 lỗ"),
        ("Số công", ["Gạch 2 lỗ"], None),
    ],
)
def test_a_header_is_a_product_only_where_it_can_be_one_alone(header, products, named):
    columns = (ColumnMap("Tháng", 0, "date"), ColumnMap(header, 1, "undecided"))
    found = with_products(MappingProfile("Sổ", "ledger", "x", columns=columns), products).columns[1]
    assert (found.label, found.role, found.flow) == (
        (named, "quantity", "output") if named else (None, "undecided", None)
    )


def test_what_the_header_says_by_itself_stays():
    column = ColumnMap("Than cám (tấn)", 1, "quantity", resource="coal_cam_5_6", flow="consumption")
    mapping = MappingProfile("Sổ", "ledger", "x", columns=(column,))
    assert with_products(mapping, ["Than cám"]) == mapping
