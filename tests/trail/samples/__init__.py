"""Recorded calls, as documents and recordings show them: `SAMPLES`, and `UNSOURCED`."""

from __future__ import annotations

from tests.trail.samples import compute, data, identity, management, messages
from tests.trail.samples.row import Sample
from tests.trail.samples.unsourced import UNSOURCED

__all__ = ["SAMPLES", "UNSOURCED", "Sample"]

_PARTS = (compute, identity, data, messages, management)
SAMPLES = [each for part in _PARTS for each in part.SAMPLES]
