"""The demo's factories earn more than they spend, so that only what was planted is found in their reports."""

from sachhon.demo.build import SEED
from sachhon.demo.reports import reports
from sachhon.demo.world import make_world

YEARS = tuple(range(2021, 2027))


def test_no_factory_of_the_demo_spends_more_than_it_earns():
    world = make_world(300, YEARS, SEED)
    spent = {
        (sent.facility.code, sent.year): (
            sum(line.cost_vnd or 0 for line in sent.data.lines),
            sent.data.revenue_vnd,
        )
        for sent in reports(world, YEARS, YEARS[-1], SEED)
    }
    assert min(cost for cost, _revenue in spent.values()) > 0
    assert [who for who, (cost, revenue) in spent.items() if cost > revenue] == []
