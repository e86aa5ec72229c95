"""How a metric stream writes what it sends: JSON, and OpenTelemetry 0.7 and 1.0.

Lives here: `Update` and `written`. Sources: User Guide, "Metric streams output formats"; for
OpenTelemetry the numbers of its protocol's fields, opentelemetry-proto 0.7 and 1.0.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from awsmon.core.neighbours import MetricKey
    from awsmon.core.scope import Scope

__all__ = ["Update", "written"]

UNITS = {
    "Seconds": "s", "Microseconds": "us", "Milliseconds": "ms", "Bytes": "By", "Kilobytes": "kBy",
    "Megabytes": "MBy", "Gigabytes": "GBy", "Terabytes": "TBy", "Bits": "bit", "Kilobits": "kbit",
    "Megabits": "MBit", "Gigabits": "GBit", "Terabits": "Tbit", "Percent": "%", "Count": "{Count}",
    "None": "1",
}  # fmt: skip
"""As OpenTelemetry writes them; a rate is one of these by the second."""


class Update(NamedTuple):
    """One minute of one metric in one unit.

    Attributes:
        time: when the minute begins, in seconds since the epoch.
        more: further statistics by name.
    """

    stream: str
    stream_arn: str
    scope: Scope
    metric: MetricKey
    unit: str
    time: int
    samples: float
    total: float
    least: float
    most: float
    more: Mapping[str, float]


def written(output_format: str, update: Update) -> bytes:
    """An update as a record of the stream."""
    return _FORMATS[output_format](update)


def _json(update: Update) -> bytes:
    record = {
        "metric_stream_name": update.stream, "account_id": update.scope.account,
        "region": update.scope.region, "namespace": update.metric.namespace,
        "metric_name": update.metric.name, "dimensions": dict(update.metric.dimensions),
        "timestamp": update.time * 1000,
        "value": {"max": update.most, "min": update.least, "sum": update.total,
                  "count": update.samples, **update.more},
        "unit": update.unit,
    }  # fmt: skip
    return json.dumps(record, separators=(",", ":")).encode() + b"\n"


# -- protocol buffers ------------------------------------------------------------------------------


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    parts.append(number)
    return bytes(parts)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode())


def _fixed(field: int, number: int) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<Q", number)


def _double(field: int, number: float) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<d", number)


def _pair(name: str, value: bytes) -> bytes:
    """A KeyValue whose value is an AnyValue."""
    return _text(1, name) + _bytes(2, value)


def _attribute(name: str, text: str) -> bytes:
    return _pair(name, _text(1, text))


def _unit(unit: str) -> str:
    name, _, per = unit.partition("/")
    return UNITS.get(name, name) + ("/s" if per else "")


def _quantiles(update: Update) -> list[tuple[float, float]]:
    """The least value is quantile 0, the highest 1; percentiles lie between them."""
    between = [(float(name[1:]) / 100, value) for name, value in update.more.items()
               if name.startswith("p")]  # fmt: skip
    return [(0.0, update.least), *sorted(between), (1.0, update.most)]


def _point(update: Update, attributes: bytes) -> bytes:
    """A SummaryDataPoint."""
    quantiles = b"".join(
        _bytes(6, _double(1, quantile) + _double(2, value))
        for quantile, value in _quantiles(update)
    )
    start, end = update.time * 10**9, (update.time + 60) * 10**9
    times = _fixed(2, start) + _fixed(3, end)
    return (
        attributes + times + _fixed(4, int(update.samples)) + _double(5, update.total) + quantiles
    )


def _request(update: Update, point: bytes) -> bytes:
    """An ExportMetricsServiceRequest with its length before it."""
    metric = update.metric
    name = f"amazonaws.com/{metric.namespace}/{metric.name}"
    told = _text(1, name) + _text(3, _unit(update.unit)) + _bytes(11, _bytes(1, point))
    resource = b"".join(
        _bytes(1, _attribute(key, value))
        for key, value in (
            ("cloud.provider", "aws"), ("cloud.account.id", update.scope.account),
            ("cloud.region", update.scope.region), ("aws.exporter.arn", update.stream_arn),
        )
    )  # fmt: skip
    message = _bytes(1, _bytes(1, resource) + _bytes(2, _bytes(2, told)))
    return _varint(len(message)) + message


def _otel_0_7(update: Update) -> bytes:
    """Labels are pairs of texts, the dimensions each one of them."""
    metric = update.metric
    labels = [("Namespace", metric.namespace), ("MetricName", metric.name), *metric.dimensions]
    told = b"".join(_bytes(1, _text(1, name) + _text(2, value)) for name, value in labels)
    return _request(update, _point(update, told))


def _otel_1_0(update: Update) -> bytes:
    """The dimensions are one attribute, a list of pairs."""
    metric = update.metric
    dimensions = b"".join(_bytes(1, _attribute(name, value)) for name, value in metric.dimensions)
    attributes = [
        _attribute("Namespace", metric.namespace), _attribute("MetricName", metric.name),
        _pair("Dimensions", _bytes(6, dimensions)),
    ]  # fmt: skip
    return _request(update, _point(update, b"".join(_bytes(7, each) for each in attributes)))


_FORMATS: dict[str, Callable[[Update], bytes]] = {
    "json": _json, "opentelemetry0.7": _otel_0_7, "opentelemetry1.0": _otel_1_0,
}  # fmt: skip
