"""Line charts as SVG, drawn here so that a report needs nothing from anywhere."""

from collections.abc import Sequence
from html import escape
from math import ceil, floor, log10

import msgspec

COLOURS = ("#2563eb", "#d97706", "#059669", "#dc2626")

_WIDTH, _HEIGHT = 720, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 34, 44
_TICKS = 5


class Line(msgspec.Struct, frozen=True):
    """One line of a chart."""

    name: str
    points: list[tuple[float, float]]


def chart(title: str, x_name: str, y_name: str, lines: Sequence[Line]) -> str:
    """Return a chart of ``lines``; empty text where there is nothing to draw."""
    shown = [line for line in lines if line.points]
    if not shown:
        return ""
    xs = [x for line in shown for x, _ in line.points]
    x_low, x_high = min(xs), max(xs)
    if x_high <= x_low:
        x_low, x_high = min(0.0, x_low), x_high or 1.0
    y_step = _step(max(y for line in shown for _, y in line.points))
    y_high = y_step * max(ceil(max(y for line in shown for _, y in line.points) / y_step - 1e-9), 1)

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - x_low) / (x_high - x_low) * (_WIDTH - _LEFT - _RIGHT)
        up = y / y_high * (_HEIGHT - _TOP - _BOTTOM)
        return round(_LEFT + across, 1), round(_HEIGHT - _BOTTOM - up, 1)

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title>",
        _text(_WIDTH / 2, _HEIGHT - 6, x_name, "middle"),
        _text(_LEFT, 14, y_name, "start"),
    ]
    for number in range(round(y_high / y_step) + 1):
        y = number * y_step
        _, level = place(x_low, y)
        parts.append(f'<path class="grid" d="M{_LEFT} {level}H{_WIDTH - _RIGHT}"/>')
        parts.append(_text(_LEFT - 6, level + 4, _number(y), "end"))
    x_step = _step(x_high - x_low)
    for number in range(ceil(x_low / x_step - 1e-9), floor(x_high / x_step + 1e-9) + 1):
        at, _ = place(number * x_step, 0)
        parts.append(_text(at, _HEIGHT - _BOTTOM + 16, _number(number * x_step), "middle"))
    right = _WIDTH - _RIGHT
    for number, line in enumerate(reversed(shown)):
        colour = COLOURS[(len(shown) - 1 - number) % len(COLOURS)]
        drawn = [place(x, y) for x, y in line.points]
        path = "M" + "L".join(f"{x} {y}" for x, y in drawn)
        parts.append(f'<path class="line" stroke="{colour}" d="{path}"/>')
        if len(drawn) <= MARKED:
            parts.extend(f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in drawn)
        parts.append(_text(right, 14, f"● {line.name}", "end", colour))
        right -= 24 + 8 * sum(2 if ord(char) > 0x2E80 else 1 for char in line.name)
    return "".join([*parts, "</svg>"])


MARKED = 40
"""Lines of up to so many points have each of them marked."""


def _step(span: float) -> float:
    """Return a round distance between ticks, about :data:`_TICKS` of them over ``span``."""
    if span <= 0:
        return 1.0
    rough = span / _TICKS
    power: float = 10.0 ** floor(log10(rough))
    return next((power * each for each in (1, 2, 5) if rough <= power * each), power * 10)


def _number(value: float) -> str:
    return f"{value:,.10g}" if abs(value) >= 1 or not value else f"{value:.3g}"


def _text(x: float, y: float, text: str, anchor: str, colour: str = "") -> str:
    style = f' style="fill:{colour}"' if colour else ""
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}"{style}>{escape(text)}</text>'
