"""A page as its parser sees it: what tests look for in it."""

from __future__ import annotations

from html.parser import HTMLParser

_VOID = {"meta", "link", "input", "br", "hr"}


class Page(HTMLParser):
    """Elements with their attributes, and all that is written.

    Attributes:
        elements: pairs of name and attributes, in order.
        text: outside of scripts and styles.
        mistakes: elements that end otherwise than they began.
    """

    def __init__(self, text):
        super().__init__()
        self.elements, self.mistakes, self.text = [], [], ""
        self._open = []
        self.feed(text)
        self.mistakes += self._open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        if not self._open or self._open.pop() != tag:
            self.mistakes.append(tag)

    def handle_data(self, data):
        if self._open and self._open[-1] not in ("script", "style"):
            self.text += data

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self):
        return [each["id"] for _, each in self.elements if "id" in each]

    def dangling(self):
        """Links within the page that lead nowhere."""
        there = {f"#{each}" for each in self.ids}
        return [each["href"] for each in self.named("a") if each["href"] not in there]
