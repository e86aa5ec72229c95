"""Every Python block of the README and the documents runs, page by page, in one namespace each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import botocore_knows

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"(<!-- needs (\S+) -->\n)?^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_blocks_of_a_page_run(page, capsys):
    namespace: dict[str, object] = {"__name__": "page"}
    text = page.read_text()
    for match in BLOCK.finditer(text):
        _, needs, code = match.groups()
        if needs and "." in needs and not botocore_knows(needs):
            pytest.skip(f"this botocore has no {needs}")
        if needs and "." not in needs:
            pytest.importorskip(needs)
        line = text[: match.start(3)].count("\n")
        exec(compile("\n" * line + code, str(page), "exec"), namespace)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), f"{page} links to {target}"
