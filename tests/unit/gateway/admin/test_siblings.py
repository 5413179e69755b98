"""One page of metrics from those of several processes."""

import pytest

from mainspring.gateway.admin.siblings import merged, siblings_of

FIRST = b"""# HELP calls_total Calls.
# TYPE calls_total counter
calls_total{model="a \\"b\\" {c}"} 3
# HELP duration_seconds Time.
# TYPE duration_seconds histogram
duration_seconds_bucket{le="+Inf"} 3
duration_seconds_sum 0.5
duration_seconds_count 3
"""
SECOND = b"""# HELP calls_total Calls.
# TYPE calls_total counter
calls_total{model="z"} 4
# HELP only_here Only here.
# TYPE only_here gauge
only_here 1
"""


def test_each_family_stands_once_and_each_sample_says_whose_it_is() -> None:
    assert merged({2: SECOND, 1: FIRST}).decode() == (
        "# HELP calls_total Calls.\n"
        "# TYPE calls_total counter\n"
        'calls_total{process="1",model="a \\"b\\" {c}"} 3\n'
        'calls_total{process="2",model="z"} 4\n'
        "# HELP duration_seconds Time.\n"
        "# TYPE duration_seconds histogram\n"
        'duration_seconds_bucket{process="1",le="+Inf"} 3\n'
        'duration_seconds_sum{process="1"} 0.5\n'
        'duration_seconds_count{process="1"} 3\n'
        "# HELP only_here Only here.\n"
        "# TYPE only_here gauge\n"
        'only_here{process="2"} 1\n'
    )


def test_a_single_process_has_no_siblings() -> None:
    assert siblings_of("", 1) is None
    assert siblings_of("8001", 1) is None
    assert siblings_of("8001,8002", 2) is not None
    with pytest.raises(ValueError, match="invalid literal"):
        siblings_of("8001,x", 1)


async def test_a_sibling_that_does_not_answer_is_left_out() -> None:
    siblings = siblings_of("1,1", 1)  # nobody listens on port 1
    assert siblings is not None
    assert await siblings.together(b"# TYPE up gauge\nup 1\n") == (
        b'# TYPE up gauge\nup{process="1"} 1\n'
    )
