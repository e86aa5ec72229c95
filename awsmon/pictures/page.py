"""One self-contained page: nothing that it shows comes from elsewhere, and nothing else may run.

Lives here: `page`, and `template`, which reads the CSS and JavaScript that are in
`awsmon/templates`. The page's own policy forbids every request and every script but its own.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from awsmon.pictures.markup import Markup, tag

__all__ = ["page", "template"]


def template(name: str) -> Markup:
    """A file of `awsmon/templates`."""
    return Markup((resources.files("awsmon") / "templates" / name).read_text("utf-8"))


def page(title: str, body: str, *, styles: list[str], scripts: list[str]) -> str:
    """The text of an HTML file.

    Args:
        title: of the window.
        body: all that is shown.
        styles: names of templates.
        scripts: the same.
    """
    code = Markup("".join(f"(() => {{\n{template(each)}}})();\n" for each in scripts))
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="color-scheme", content="light dark"),
        tag("title", title),
        tag("link", rel="icon", href="data:,"),
        tag("style", Markup("".join(map(template, styles)))),
    )
    running = tag("script", code)
    return f'<!doctype html>\n<html lang="en">{head}{tag("body", body, running)}</html>\n'
