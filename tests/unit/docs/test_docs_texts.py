"""Every text exists in both languages, and belongs to something."""

import re

from mainspring.app.control.permissions import ALL_PERMISSIONS
from mainspring.capabilities.identity.api import BUILT_IN_ROLES
from mainspring.kernel.errors import error_catalogue
from mainspring.wire.telemetry import METRICS
from mainspring.wire.texts import (
    Language,
    error_texts,
    metric_texts,
    translated_access,
    translated_errors,
    translated_metrics,
)

_HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_error_has_a_chinese_text_and_every_text_an_error() -> None:
    assert translated_errors("zh").keys() == error_catalogue().keys()


def test_every_metric_has_a_chinese_text_and_every_text_a_metric() -> None:
    assert translated_metrics("zh").keys() == {metric.name for metric in METRICS}


def test_every_permission_and_role_has_a_chinese_text_and_every_text_belongs_to_one() -> None:
    texts = translated_access("zh")
    assert texts.permissions.keys() == {permission.name for permission in ALL_PERMISSIONS}
    assert texts.roles.keys() == BUILT_IN_ROLES.keys()
    described = [*texts.permissions.values(), *texts.roles.values()]
    assert [text for text in described if not _HAN.search(text)] == []


def test_chinese_texts_are_chinese() -> None:
    foreign = [
        code
        for code, text in error_texts("zh").items()
        if not (_HAN.search(text.title) and _HAN.search(text.next_step))
    ]
    foreign += [name for name, text in metric_texts("zh").items() if not _HAN.search(text)]
    assert foreign == []


def test_english_texts_come_from_the_classes() -> None:
    texts = error_texts("en")
    for code, error in error_catalogue().items():
        assert (texts[code].title, texts[code].next_step) == (error.title, error.next_step)


def test_every_next_step_is_a_sentence() -> None:
    ends: dict[Language, str] = {"en": ".", "zh": "。"}
    for language, end in ends.items():
        unfinished = [
            code
            for code, text in error_texts(language).items()
            if not text.next_step.endswith(end) or text.title.endswith(end)
        ]
        assert unfinished == [], language
