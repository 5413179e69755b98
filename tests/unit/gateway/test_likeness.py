"""Which questions mean the same: bounds, thresholds, and what embeddings tell apart badly."""

import math
import random

import pytest
from hypothesis import given, strategies as st

from mainspring.gateway.kept.cache.likeness import (
    MAX_OF_A_KIND,
    LikenessIndex,
    Said,
    marks_of,
)

KIND = b"k" * 32
DIMENSIONS = 64


def vector(seed: int, *, near: list[float] | None = None, noise: float = 0.0) -> list[float]:
    drawn = random.Random(seed)
    fresh = [drawn.gauss(0, 1) for _ in range(DIMENSIONS)]
    if near is None:
        return fresh
    return [one + noise * other for one, other in zip(near, fresh, strict=True)]


def test_the_nearest_question_above_the_threshold_is_found() -> None:
    index = LikenessIndex()
    base = vector(0)
    for seed in range(1, 200):
        index.add(KIND, Said("far", vector(seed)), b"far %d" % seed)
    index.add(KIND, Said("near", vector(300, near=base, noise=0.25)), b"near")
    index.add(KIND, Said("nearest", vector(301, near=base, noise=0.05)), b"nearest")
    assert index.find(KIND, Said("asked", base), 0.9) == b"nearest"
    assert index.find(KIND, Said("asked", base), 0.99999) is None
    assert index.find(b"o" * 32, Said("asked", base), 0.1) is None


def test_questions_are_bounded_by_kind_and_in_all() -> None:
    index = LikenessIndex(max_questions=600)
    for number in range(MAX_OF_A_KIND + 50):
        index.add(KIND, Said("x", vector(number)), b"%d" % number)
    assert len(index) == MAX_OF_A_KIND
    assert index.find(KIND, Said("x", vector(0)), 0.99) is None
    for number in range(300):
        index.add(b"%032d" % number, Said("x", vector(number)), b"%d" % number)
    assert len(index) == 600
    assert index.find(b"%032d" % 299, Said("x", vector(299)), 0.99) == b"299"


def test_a_question_that_is_asked_again_is_held_once() -> None:
    index = LikenessIndex()
    for _ in range(3):
        index.add(KIND, Said("x", vector(1)), b"same")
    assert len(index) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("what is 2 + 2", "what is 2 + 3"),
        ("may I smoke here", "may I not smoke here"),
        ("I do smoke", "I don't smoke"),
        ("报销需要发票吗", "报销不需要发票吗"),
        ("due on 2026-01-02", "due on 2026-01-03"),
    ],
)
def test_what_embeddings_tell_apart_badly_is_told_apart(one: str, other: str) -> None:
    index = LikenessIndex()
    index.add(KIND, Said(one, vector(1)), b"one")
    assert index.find(KIND, Said(other, vector(1)), 0.5) is None
    assert index.find(KIND, Said(one, vector(1)), 0.5) == b"one"


def test_another_order_of_numbers_is_another_question() -> None:
    assert marks_of("from 3 to 5") != marks_of("from 5 to 3")


@pytest.mark.parametrize("numbers", [[0.0, 0.0], [math.inf, 1.0], [math.nan, 1.0]])
def test_what_is_no_vector_is_refused(numbers: list[float]) -> None:
    with pytest.raises(ValueError, match="finite length"):
        Said("x", numbers)


@given(st.integers(0, 10_000), st.floats(0.0, 2.0))
def test_nothing_below_the_threshold_is_ever_found(seed: int, noise: float) -> None:
    base = vector(seed)
    other = vector(seed + 1, near=base, noise=noise)
    index = LikenessIndex()
    index.add(KIND, Said("x", other), b"other")
    cosine = sum(a * b for a, b in zip(base, other, strict=True)) / (
        math.hypot(*base) * math.hypot(*other)
    )
    found = index.find(KIND, Said("x", base), 0.9)
    assert found == (b"other" if cosine >= 0.9 else None) or abs(cosine - 0.9) < 1e-5
