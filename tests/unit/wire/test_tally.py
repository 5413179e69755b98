import itertools

from hypothesis import given, strategies as st

from mainspring.wire.openai.tally import DurationTally, ImageTally
from mainspring.wire.usage import Usage

WHOLE = b'{"created":1,"data":[{"b64_json":"%b"},{"url": "http://x"}],"usage":{}}' % (b"A" * 300)
STREAM = (
    b"event: image_generation.partial_image\n"
    b'data: {"type":"image_generation.partial_image","b64_json":"AAAA"}\n\n'
    b"event: image_generation.completed\n"
    b'data: {"type":"image_generation.completed","b64_json":"BBBB"}\n\n'
)


@given(st.sampled_from([(WHOLE, 2), (STREAM, 1)]), st.lists(st.integers(0, 400), max_size=8))
def test_images_are_counted_wherever_an_answer_is_cut(
    answer: tuple[bytes, int], cuts: list[int]
) -> None:
    data, count = answer
    tally = ImageTally()
    places = sorted({0, *(min(each, len(data)) for each in cuts), len(data)})
    for start, end in itertools.pairwise(places):
        tally.feed(data[start:end])
    assert tally.units() == Usage(images=count)


def test_a_transcript_in_words_tells_no_length() -> None:
    plain, told, text = DurationTally(), DurationTally(), DurationTally()
    plain.feed(b'{"text":"\\"duration\\": 4"}')
    told.feed(b'{"language":"en","duration":"12.5"')
    told.feed(b',"text":"hi"}')
    text.feed(b'"duration": 4')
    assert [each.units() for each in (plain, told, text)] == [Usage(), Usage(seconds=12.5), Usage()]
