"""`docs/clients.md` names a test in each cell: each is there, and none is left out."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CELLS = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (ROOT / "docs" / "clients.md").read_text())


def _defined(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


@pytest.mark.parametrize(("file", "name"), sorted(set(CELLS)))
def test_a_cell_names_a_test(file, name):
    assert name in _defined(ROOT / file)


def test_every_kind_of_client_stands_in_the_table():
    file = "tests/sdk/test_clients.py"
    expected = {name for name in _defined(ROOT / file) if name.startswith("test_")}
    assert {name for path, name in CELLS if path == file} == expected
