"""Make the sample log that ships with the demo: `python tests/demo/make_sample.py` writes it anew.

Six hours of a small web shop on a Monday morning, with three incidents: a bad deploy that breaks
one path (500), a database outage that breaks all that needs it (504, then 503, with a minute's
recovery in between), and a proxy's restart, a few 502 within one minute. Two lines are broken.
Lines are written when the answer is finished and stamped when the request came, so slow ones stand
a little too late.

The same file on every machine and Python: chance is `Random.random()` alone, which Python promises
to keep, and no function of the C library's is asked. Addresses are from the ranges for
documentation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAMPLE = Path(__file__).parents[2] / "awsmon" / "demo" / "access.log"
START = datetime(2026, 3, 2, 6, tzinfo=timezone.utc)
HOURS = 6
VISITS_AN_HOUR = (
    84.0,
    132.0,
    171.0,
    195.0,
    210.0,
    222.0,
    216.0,
)  # at the full hours; in between, on a straight line
MONTH = "Mar"

BROWSERS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Firefox/136.0",
    "Mozilla/5.0 (Macintosh; Mac OS X 14.7) Safari/18.3",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/133.0",
    "Mozilla/5.0 (iPhone; iOS 18_3) Mobile/15E148",
)
APPS = ("ShopApp/4.2.1 (Android 15)", "ShopApp/4.2.1 (iOS 18.3)", "ShopApp/4.1.0 (Android 14)")
CRAWLERS = ("ExampleBot/2.1 (+https://bot.example/about)", "price-watch/0.9", "curl/8.12.1")
WORDS = ("lamp", "desk", "oak+chair", "rug", "blue+vase", "shelf")
PROBES = ("/wp-login.php", "/.env", "/admin/config.php", "/phpmyadmin/")
SHOP = "https://shop.example"


def at(hour: int, minute: int, second: int = 0) -> float:
    """Seconds from the start to a time of that day."""
    return (hour - START.hour) * 3600 + minute * 60 + second


DEPLOY = (at(7, 42, 10), at(7, 55, 40))
EXHAUSTED = (at(10, 9, 30), at(10, 11, 20))  # the pool of connections, before the database is gone
OUTAGE = (at(10, 11, 20), at(10, 23, 5))
LULL = (at(10, 16), at(10, 17))
RESTART = (at(11, 20, 14), at(11, 20, 32))
CUT_AT = 1187  # the place of the line that was cut off
STRAY_AT = at(10, 12, 7)
STRAY = "[Mon Mar 02 10:12:07.114 2026] [core:notice] child pid 8213 exit signal Bus error (7)"


@dataclass(frozen=True)
class Line:
    """One line, and when it was written."""

    written: float
    text: str


@dataclass
class Client:
    """Somebody who asks."""

    host: str
    agent: str
    user: str = "-"
    seen: set[str] = field(default_factory=set)  # static files it has


class Shop:
    """The server: answers, and keeps its log."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.lines: list[Line] = []

    # -- chance, of Random.random() alone ----------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random.random()

    def number(self, low: int, high: int) -> int:
        return low + int((high - low + 1) * self._random.random())

    def pick(self, options: Sequence[str]) -> str:
        return options[int(len(options) * self._random.random())]

    def host(self) -> str:
        network = self.pick(("192.0.2", "198.51.100", "198.51.100", "203.0.113", "203.0.113"))
        return f"{network}.{self.number(11, 254)}"

    # -- answering ---------------------------------------------------------------------------------

    def ask(
        self, client: Client, when: float, path: str, *, method: str = "GET", referer: str = "-"
    ) -> bool:
        """Answer one request and log it; whether it went well."""
        status, size, lasts = self._answer(client, when, path, method)
        if when < HOURS * 3600:
            stamp = START + timedelta(seconds=int(when))
            sent = "-" if status == 304 else str(size)
            text = (
                f"{client.host} - {client.user} [{stamp:%d}/{MONTH}/{stamp:%Y:%H:%M:%S} +0000] "
                f'"{method} {path} HTTP/1.1" {status} {sent} "{referer}" "{client.agent}"'
            )
            self.lines.append(Line(when + lasts, text))
        return status < 500

    def _answer(
        self, client: Client, when: float, path: str, method: str
    ) -> tuple[int, int, float]:
        """Status, bytes, and how long it took."""
        if failed := self._failure(when, path):
            return failed
        if path.startswith("/static/"):
            known, size = path in client.seen, 900 + sum(map(ord, path)) * 37 % 48_000
            client.seen.add(path)
            return (304 if known else 200), size, 0.01
        if path in PROBES:
            return 404, 196, 0.01
        if path == "/products/":
            return 301, 162, 0.01
        if path == "/api/orders" and client.user == "-" and self.chance(0.06):
            return 401, 88, 0.02
        slow = self.between(1, 3.5) if self.chance(0.02) else self.between(0.02, 0.4)
        if path.startswith("/api/"):
            return (201 if method == "POST" else 200), self.number(120, 2400), slow
        return 200, self._page_size(path), slow

    def _page_size(self, path: str) -> int:
        share = self.between(0, 1)
        return 2 if path == "/health" else 5200 + int(share * share * 21_000)

    def _failure(self, when: float, path: str) -> tuple[int, int, float] | None:
        static = path.startswith(("/static/", "/robots"))
        if _in(RESTART, when) and self.chance(0.9):
            return 502, 157, 0.01
        if _in(DEPLOY, when) and path == "/api/basket" and self.chance(0.92):
            return 500, 312, 0.2
        if _in(OUTAGE, when) and not static and self.chance(0.05 if _in(LULL, when) else 0.88):
            return 503, 239, 0.05
        if _in(EXHAUSTED, when) and not static and self.chance(0.25):
            return 504, 183, 5.0
        if not static and path != "/health" and self.chance(0.0012):
            return 500, 312, 0.3
        return None

    # -- those who ask -----------------------------------------------------------------------------

    def browse(self, when: float) -> None:
        """Somebody with a browser: pages, what belongs to them, and the basket in the corner."""
        client = Client(self.host(), self.pick(BROWSERS))
        if self.chance(0.5):
            client.seen |= {"/static/shop.css", "/static/shop.js"}
        page, before = "/", "-"
        for _ in range(self.number(1, 2)):
            self.ask(client, when, page, referer=before)
            here = f"{SHOP}{page}"
            if page == "/":
                for asset in ("/static/shop.css", "/static/shop.js"):
                    if self.chance(0.3):
                        self.ask(client, when + 0.4, asset, referer=here)
            elif page.startswith("/products/") and self.chance(0.45):
                self.ask(client, when + 0.5, f"/static/img{page[9:]}.webp", referer=here)
            self._basket(client, when + 0.7, here)
            before, page = here, self._next_page()
            when += self.between(4, 45)
        if self.chance(0.25):
            self.ask(client, when, "/api/orders", method="POST", referer=before)

    def _next_page(self) -> str:
        if self.chance(0.15):
            return f"/search?q={self.pick(WORDS)}"
        if self.chance(0.1):
            return self.pick(("/", "/basket", "/products/", "/about"))
        return f"/products/{self.number(1, 120)}"

    def _basket(self, client: Client, when: float, referer: str) -> None:
        """The script tries again, five times, and waits longer each time."""
        if not self.chance(0.7):
            return
        for wait in (3, 6, 12, 20, 30, 40):
            if self.ask(client, when, "/api/basket", referer=referer):
                return
            when += wait * self.between(0.8, 1.2)

    def use_app(self, when: float) -> None:
        """Somebody with the app: the programming interface alone."""
        client = Client(self.host(), self.pick(APPS))
        for _ in range(self.number(1, 2)):
            self.ask(client, when, f"/api/products/{self.number(1, 120)}")
            if self.chance(0.4):
                self._basket(client, when + 1, "-")
            when += self.between(3, 30)
        if self.chance(0.3):
            self.ask(client, when, "/api/orders", method="POST")

    def crawl(self, when: float) -> None:
        """A machine."""
        client = Client(self.host(), self.pick(CRAWLERS))
        if self.chance(0.3):
            self.ask(client, when, self.pick(PROBES))
            return
        self.ask(client, when, "/robots.txt")
        for _ in range(self.number(1, 4)):
            when += self.between(2, 9)
            self.ask(client, when, f"/products/{self.number(1, 120)}")

    def check(self, when: float) -> None:
        """The load balancer asks every minute whether the shop is there."""
        self.ask(Client("192.0.2.10", "health-check/1.0"), when, "/health")

    def day(self) -> None:
        """All who come in these hours."""
        for second in range(HOURS * 3600):
            if second % 60 == 30:
                self.check(second)
            hour, past = divmod(second, 3600)
            rate = VISITS_AN_HOUR[hour]
            rate += (VISITS_AN_HOUR[hour + 1] - rate) * past / 3600
            if self.chance(rate / 3600):
                kind = self.between(0, 1)
                visit = self.browse if kind < 0.6 else self.use_app if kind < 0.92 else self.crawl
                visit(second + self.between(0, 1))


def _in(span: tuple[float, float], when: float) -> bool:
    return span[0] <= when < span[1]


def lines(seed: int = 48) -> Iterator[str]:
    """The sample's lines, broken ones included."""
    shop = Shop(seed)
    shop.day()
    shop.lines.append(Line(STRAY_AT, STRAY))  # another program wrote into the file
    texts = [line.text for line in sorted(shop.lines, key=lambda line: line.written)]
    texts[CUT_AT] = texts[CUT_AT][:60]
    yield from texts


def sample() -> bytes:
    """The sample's bytes."""
    return "".join(f"{line}\n" for line in lines()).encode("ascii")


if __name__ == "__main__":
    SAMPLE.write_bytes(sample())
