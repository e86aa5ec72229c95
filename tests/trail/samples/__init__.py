"""Recorded calls, as documents and recordings show them: `SAMPLES`, and `UNSOURCED`."""

from __future__ import annotations

from tests.trail.samples import compute, data, identity, management
from tests.trail.samples.row import Sample
from tests.trail.samples.unsourced import UNSOURCED

__all__ = ["SAMPLES", "UNSOURCED", "Sample"]

SAMPLES = [*compute.SAMPLES, *identity.SAMPLES, *data.SAMPLES, *management.SAMPLES]
