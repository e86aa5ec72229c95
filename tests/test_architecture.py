"""The shape of the code: who imports whom, what is public, how large files are."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import awsmon
from awsmon.core.operation import Operations
from awsmon.sdk.routes import ROUTES

ROOT = Path(awsmon.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
SERVICES = {name for packages in ROUTES.values() for name in packages}
OUTSIDE = {
    "agent",  # a client: it speaks boto3, as the real one does
    "sdk",
    "demo",
    "services",
    "wiring",
    "monitoring",
    "mock",
    "moto",
    "one_time",
    "patches",
    "pictures",
    "pytest_plugin",
}
LONGEST = 400


def imported(path: Path) -> set[str]:
    """What of awsmon a file imports, type checking aside."""
    found = set()
    tree = ast.parse(path.read_text())
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in guarded:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return {name for name in found if name.split(".")[0] == "awsmon"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    home = parts[0]
    if home in OUTSIDE or len(parts) == 1:
        return
    allowed = {"lang": {"lang"}, "core": {"core"}}.get(home, {home, "core", "lang"})
    for name in imported(path):
        there = name.split(".")[1] if "." in name else ""
        assert there in allowed, f"{path} imports {name}"
        if home in SERVICES and "operations" not in parts:
            assert "operations" not in name.split("."), f"{path} imports its own operations"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_says_who_lives_there_and_stays_small(path):
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)), f"{path} has no first lines"
    assert text.count("\n") <= LONGEST


def test_only_the_door_knows_botocore():
    for path in FILES:
        home = path.relative_to(ROOT).parts[0]
        if home in ("sdk", "demo", "agent"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            assert not any(n.split(".")[0] in ("botocore", "boto3") for n in names), path


def test_public_names_are_what_can_be_imported():
    for name in awsmon.__all__:
        assert getattr(awsmon, name) is not None
    assert sorted(awsmon.__all__) == awsmon.__all__
    with pytest.raises(AttributeError):
        _ = awsmon.nothing


def test_public_names_are_documented():
    for path in FILES:
        module = ast.parse(path.read_text())
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path}: {node.name}"


@pytest.mark.needs("1.44")  # which knows how to write OTel
@pytest.mark.parametrize("package", sorted(SERVICES))
def test_an_operation_is_named_after_itself(package):
    from botocore import xform_name

    for name, function in Operations(package).all().items():
        assert function.__name__ == xform_name(name)
        assert (
            f'"{name}"' in Path(importlib.import_module(function.__module__).__file__).read_text()
        )
