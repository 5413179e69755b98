import time

import pytest

from mainspring.wire.redaction import CUT, cleaned, redact


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("mail ann.lee+x@mail.example.com now", "mail [email] now"),
        ("请发到ann@example.cn谢谢", "请发到[email]谢谢"),
        ("card 4111 1111 1111 1111.", "card [card]."),
        ("卡号5555-5555-5555-4444过期", "卡号[card]过期"),
        ("身份证11010519491231002X号", "身份证[id]号"),
        ("ssn 078-05-1120", "ssn [id]"),
        ("手机13812345678，或+86 138 1234 5678", "手机[phone]，或[phone]"),
        ("call +44 20 7946 0958 or (212) 555-0123", "call [phone] or [phone]"),
        ("key sk-abcdefghijklmnopqrstuvwx and AKIAIOSFODNN7EXAMPLE", "key [secret] and [secret]"),
    ],
)
def test_what_tells_who_somebody_is_goes(text: str, left: str) -> None:
    assert redact(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "in 2026 there were 1,000,000 of them",
        "4111 1111 1111 1112 fails its check",
        "110105194912310021 fails its check",
        "pi is 3.14159265358979323846",
        "version 10.20.30.40, port 8080, at 12:30:45",
        "0000 0000 0000 0000",
        "a @ b, x@y",
        "order 20260131001",
        "",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("piece", ["1", "1 ", "a@", "a.", "1-", "+1 ", "sk-", "(2", "eyJ."])
def test_no_text_takes_longer_than_its_length(piece: str) -> None:
    def cost(count: int) -> float:
        text = piece * count
        began = time.process_time()
        redact(text)
        return time.process_time() - began

    short, long = cost(5_000), cost(50_000)
    assert long < max(short, 0.002) * 60, (short, long)


def test_values_are_gone_through_to_the_last() -> None:
    value = {
        "messages": [{"content": [{"text": "I am ann@example.com"}]}],
        "phone": 13812345678,
        "n": 3,
        "on": True,
        "bob@example.com": None,
    }
    assert cleaned(value, redacts=True, longest=100) == {
        "messages": [{"content": [{"text": "I am [email]"}]}],
        "phone": "[phone]",
        "n": 3,
        "on": True,
        "[email]": None,
    }
    assert cleaned(value, redacts=False, longest=100) == value


def test_files_are_kept_by_their_size_and_long_texts_cut() -> None:
    image = "data:image/png;base64," + "A" * 4000
    assert cleaned(image, redacts=False, longest=100) == "[image/png, 4022 characters]"
    assert cleaned("B" * 2000, redacts=False, longest=100) == "[base64, 2000 characters]"
    assert cleaned("word " * 100, redacts=False, longest=10) == "word word " + CUT


def test_a_cut_never_uncovers_half_of_what_would_have_been_taken_out() -> None:
    text = "so call me at 13812345678 today"
    for longest in range(len(text)):
        kept = cleaned(text, redacts=True, longest=longest)
        assert not any(str(kept).count(part) for part in ("1381", "2345", "5678"))
