"""Costs as Parquet: the columns of FOCUS, typed, and what was counted."""

import io
from collections.abc import Callable
from typing import Final

from mainspring.capabilities.metering.domain import CostReport
from mainspring.capabilities.metering.domain.focus import (
    AMOUNTS,
    COUNTED,
    FOCUS_COLUMNS,
    MOMENTS,
    NUMBERS,
    focus_lines,
    moment,
)
from mainspring.kernel.errors import InvalidRequestError

PARQUET: Final = "application/vnd.apache.parquet"
_DECIMALS: Final = (38, 9)


def parquet_of(report: CostReport) -> bytes:
    """Return a report by day as one Parquet file; it blocks, and needs the extra ``parquet``.

    Amounts are decimals of nine places, so they are exact; times are of UTC.

    Raises:
        InvalidRequestError: if the package that writes it is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and large
        from pyarrow import parquet  # noqa: PLC0415 - likewise
    except ModuleNotFoundError as error:
        raise InvalidRequestError(
            "Parquet needs pyarrow: install mainspring with the extra `parquet`", param="format"
        ) from error
    lines = list(focus_lines(report))
    kinds = {
        **dict.fromkeys(AMOUNTS, pa.decimal128(*_DECIMALS)),
        **dict.fromkeys(MOMENTS, pa.timestamp("us", tz="UTC")),
        **dict.fromkeys(NUMBERS, pa.int64()),
        **dict.fromkeys(COUNTED.values(), pa.int64()),
        COUNTED["seconds"]: pa.float64(),
    }
    reading: dict[str, Callable[[object], object]] = dict.fromkeys(MOMENTS, moment)
    columns = (*FOCUS_COLUMNS, "x_GpuCost", *COUNTED.values())
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in columns])
    arrays = [
        pa.array(
            [_read(line.get(name), reading.get(name)) for line in lines],
            type=kinds.get(name, pa.string()),
        )
        for name in columns
    ]
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), out, compression="zstd")
    return out.getvalue()


def _read(value: object, reading: Callable[[object], object] | None) -> object:
    return value if value is None or reading is None else reading(value)
