"""Following docs/contributing.md word for word adds an operation in one file."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"<!-- walkthrough: (\S+) -->\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_walk_through_adds_an_operation(tmp_path):
    # given a copy of the project, and the blocks of the walk-through
    blocks = dict(BLOCK.findall((ROOT / "docs" / "contributing.md").read_text()))
    shutil.copytree(ROOT / "awsmon", tmp_path / "awsmon")
    shutil.copytree(ROOT / "tests", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    # when its function is written at the end of the module, and its test in a new one
    test = blocks.pop("test")
    [(module, code)] = blocks.items()
    with (tmp_path / module).open("a") as file:
        file.write("\n\n" + code)
    (tmp_path / "tests" / "test_new.py").write_text(test)
    # then the test passes
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_new.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
