"""Complementary closing: a closed flow never follows from the open ones, and no more is closed than need be."""

from hypothesis import given
from hypothesis import strategies as st

from sachhon.science.balance import close_besides


def determined(ends, closed, stream) -> bool:
    """Oracle by linear algebra: whether the balances fix `stream` once the open flows are known."""
    import numpy as np

    nodes = 1 + max((n for pair in ends for n in pair), default=-1)
    rows = np.zeros((max(nodes, 1), len(closed)))
    order = sorted(closed)
    for column, k in enumerate(order):
        tail, head = ends[k]
        if tail >= 0:
            rows[tail, column] -= 1
        if head >= 0:
            rows[head, column] += 1
    unit = np.zeros((1, len(order)))
    unit[0, order.index(stream)] = 1
    return np.linalg.matrix_rank(rows) == np.linalg.matrix_rank(np.vstack([rows, unit]))


def test_at_a_process_with_one_closed_stream_one_more_is_closed():
    ends = [(-1, 0), (0, 1), (0, -1), (1, -1)]
    closed = close_besides(ends, [0], worth=[0.7, 0.0, 0.4, 0.9])
    assert closed == {2}
    assert not determined(ends, closed | {0}, 0)


def test_of_as_many_the_one_that_is_missed_least_is_closed():
    ends = [(-1, 0), (0, -1), (0, -1)]
    assert close_besides(ends, [0], worth=[0.7, 0.9, 0.4]) == {2}
    assert close_besides(ends, [0], worth=[0.7, 0.1, 0.4]) == {1}


def test_a_stream_that_carries_next_to_nothing_is_no_cover():
    ends = [(-1, 0), (0, -1), (0, -1)]
    assert close_besides(ends, [0], worth=[0.7, 0.9, 0.4], size=[100, 98, 2]) == {1}
    assert close_besides(ends, [0], worth=[0.7, 0.9, 0.4], size=[100, 60, 40]) == {2}


def test_what_nobody_sees_anyway_is_a_cover_that_costs_nothing():
    ends = [(-1, 0), (0, -1), (0, -1)]
    assert close_besides(ends, [0], hidden=[1], worth=[0.7, 0.9, 0.4]) == frozenset()


def test_two_closed_streams_of_one_process_cover_each_other():
    assert close_besides([(-1, 0), (-1, 0), (0, -1)], [0, 1]) == frozenset()


NETS = st.integers(1, 6).flatmap(
    lambda nodes: st.lists(
        st.tuples(st.integers(-1, nodes - 1), st.integers(-1, nodes - 1)).filter(
            lambda pair: pair[0] != pair[1]
        ),
        min_size=2,
        max_size=14,
    )
)


@given(NETS, st.data())
def test_no_closed_flow_is_determined_unless_the_whole_network_fixes_it(ends, data):
    secret = data.draw(st.sets(st.integers(0, len(ends) - 1), min_size=1, max_size=4))
    closed = close_besides(ends, secret) | secret
    for stream in secret:
        by_nature = determined(ends, set(range(len(ends))), stream)  # nothing can flow there at all
        assert determined(ends, closed, stream) == by_nature
