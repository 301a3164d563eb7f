"""The tax code's check digit, tried on codes that large enterprises publish."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sachhon.reference import check_digit, normalise_tax_code, valid_tax_code

PUBLISHED = ["0100100079", "0300588569", "0100109106", "0101245486", "0100686174"]


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_check(code):
    assert valid_tax_code(code)


@pytest.mark.parametrize("code", PUBLISHED)
@given(data=st.data())
def test_one_wrong_digit_is_caught(code, data):
    place = data.draw(st.integers(0, 9))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != code[place]]))
    assert not valid_tax_code(code[:place] + digit + code[place + 1 :])


@pytest.mark.parametrize("code", ["0100100079-001", "0100100079001", " 0100100079 - 001 ", "0100.100.079"])
def test_branches_spaces_and_dots_are_allowed(code):
    assert valid_tax_code(code)


@pytest.mark.parametrize(
    "code",
    ["", "abc", "010010007", "01001000790", "0100100079-1", "0100100079-000", "0100100078", "٠١٠٠١٠٠٠٧٩"],
)
def test_what_cannot_be_a_tax_code_is_refused(code):
    assert not valid_tax_code(code)


def test_a_person_s_number_stands_for_a_household_business_since_july_2025():
    assert valid_tax_code("020190001234")
    assert valid_tax_code("020190001234", date(2025, 7, 1))
    assert not valid_tax_code("020190001234", date(2025, 6, 30))
    assert not valid_tax_code("920190001234")


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_the_check_digit_makes_a_valid_code_or_none_exists(nine):
    digit = check_digit(nine)
    codes = [d for d in "0123456789" if valid_tax_code(nine + d)]
    assert codes == ([] if digit is None else [str(digit)])


def test_one_way_to_write_a_branch():
    assert normalise_tax_code("0100100079001") == "0100100079-001"
    assert normalise_tax_code(" 0100.100.079 ") == "0100100079"
