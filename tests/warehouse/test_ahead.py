"""Work in a second thread while the next thing is fetched."""

from __future__ import annotations

import threading

import pytest

from sachhon.warehouse.ahead import ahead


def test_results_come_in_order_from_another_thread_and_items_are_fetched_in_the_caller_s():
    fetched_in, worked_in = set(), set()

    def items():
        for number in range(20):
            fetched_in.add(threading.get_ident())
            yield number

    def work(number):
        worked_in.add(threading.get_ident())
        return number * number

    assert list(ahead(work, items())) == [number * number for number in range(20)]
    assert fetched_in == {threading.get_ident()}
    assert len(worked_in) == 1
    assert not fetched_in & worked_in


def test_only_a_few_items_are_fetched_beyond_the_result_that_is_taken():
    fetched = []
    results = ahead(lambda number: number, (fetched.append(n) or n for n in range(100)))
    next(results)
    assert len(fetched) == 3
    results.close()
    assert len(fetched) == 3


@pytest.mark.parametrize("at_fault", ["source", "work"])
def test_a_failure_of_either_side_reaches_the_caller_after_the_results_before_it(at_fault):
    def items():
        yield from range(5)
        if at_fault == "source":
            raise OSError("the store is gone")

    def work(number):
        if at_fault == "work" and number == 3:
            raise OSError("the disk is full")
        return number

    taken = []
    with pytest.raises(OSError, match=r"the store is gone|the disk is full"):
        taken.extend(ahead(work, items()))
    assert taken == [0, 1, 2]
