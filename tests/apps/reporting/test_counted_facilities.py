"""A figure of an issue opens the facilities as they were counted, whatever they have become since."""

from decimal import Decimal

from django.urls import reverse

from sachhon.apps.registry.models import Facility, Figure, Trade
from sachhon.apps.registry.queries.lineage import counted_facilities, explain, term_label
from sachhon.apps.reporting.services import province

from .test_province import YEAR, small  # noqa: F401 - the small province counted by hand


def issued(issue, *parts):
    return Figure.objects.get(code=":".join(["province", "20", str(YEAR), *parts, issue.figure_suffix]))


def numbers(user, figure):
    return sorted(int(f.code[-2:]) for f in counted_facilities(user, figure))


def test_an_issued_figure_opens_those_that_were_counted(small, client):  # noqa: F811
    small.refresh()
    issue, user = small.issue(), small.department
    bricks, medium = issued(issue, "sector", "brick"), issued(issue, "size", "medium")
    one = small.facilities[0]
    quarry = Trade.objects.get(code="quarry")
    Facility.objects.filter(pk=one.pk).update(trade=quarry, status="closed", name="Tên mới")
    small.size(2, 5, 1_000_000_000)
    assert numbers(user, bricks) == [1, 2, 3, 4, 5]
    assert numbers(user, medium) == [2, 3]
    assert [f.code for f in counted_facilities(user, bricks)][4] == "LS-0005"  # 1 to 4 apply and come first
    assert bricks.records["of_which"] == [f.pk for f in small.facilities[:4]]
    assert bricks.value == len(bricks.records["of_which"])
    words, address = explain(user, medium).behind
    assert address == reverse("registry:figure_facilities", args=[medium.code])
    assert words == "Các cơ sở như đã tính khi ban hành"
    client.force_login(user)
    html = client.get(address).content.decode()
    assert medium.label_vi in html
    assert [f.code in html for f in small.facilities[:4]] == [False, True, True, False]
    assert "LS-0003" not in client.get(address, {"q": "co so so 2"}).content.decode()


def test_every_figure_that_counts_facilities_keeps_as_many_as_it_says(small):  # noqa: F811
    small.refresh()
    kept = {f.code.split(":", 3)[3]: f for f in Figure.objects.filter(code__startswith=f"province:20:{YEAR}:")
            if "facilities" in f.records}  # fmt: skip
    assert {"facilities", "key_users", "reporting", "sector", "area", "size", "sector:brick"} <= set(kept)
    assert len(kept["facilities"].records["facilities"]) == kept["facilities"].value == 10
    assert len(kept["key_users"].records["facilities"]) == kept["key_users"].value
    for name in ("reporting", "sector", "area", "size", "sector:quarry", "size:micro"):
        terms = {t["symbol"]: int(t["value"]) for t in kept[name].terms if t["symbol"]}
        assert len(kept[name].records["facilities"]) == terms["N"], name
        assert len(kept[name].records["of_which"]) == terms["x"], name
    assert term_label(kept["size"], "x") == "Áp dụng"


def test_those_of_others_and_figures_without_a_list_are_not_there(small, client, cast):  # noqa: F811
    small.refresh()
    figure = issued(small.issue(), "facilities")
    client.force_login(cast.user("factory"))
    assert client.get(reverse("registry:figure_facilities", args=[figure.code])).status_code == 404
    client.force_login(small.department)
    none = Figure.objects.get(code=f"province:20:{YEAR}:toe")
    assert client.get(reverse("registry:figure_facilities", args=[none.code])).status_code == 404


def test_what_changed_since_is_read_in_units_and_digits_that_tell_it_apart(small):  # noqa: F811
    small.refresh()
    issue = small.issue()
    start = f"province:20:{YEAR}"
    living = Figure.objects.filter(issued=False)
    living.filter(code=f"{start}:size:medium").update(value=1)
    living.filter(code=f"{start}:saving:reported").update(value="7472274920")
    share = living.get(code=f"{start}:reporting")
    living.filter(pk=share.pk).update(value=share.value + Decimal("0.04"))
    found = {d.code.removeprefix(f"{start}:"): d for d in province.compare(issue)}
    size, money, share = found["size:medium"], found["saving:reported"], found["reporting"]
    assert (size.unit, size.issued, size.now, size.decimals) == ("cơ sở", 2, 1, 0)
    assert (money.unit, money.decimals) == ("triệu đồng", 0)
    assert int(money.now) == 7472
    assert (share.unit, share.decimals) == ("%", 2)  # with one digit both would read alike
    assert share.change == Decimal("0.04")
