"""docs/config.md names what there is."""

from __future__ import annotations

from pathlib import Path

from awsmon.config_recorder import types
from awsmon.config_recorder.rules import managed

TEXT = (Path(__file__).parents[2] / "docs" / "config.md").read_text()


def test_every_type_and_every_rule_is_named():
    names = {*types.known(), *managed.known()}
    assert {each for each in names if f"`{each}`" not in TEXT} == set()
    assert len(managed.known()) >= 80
