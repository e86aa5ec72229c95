"""What AWS Config knows: resources over time, their changes and whether they comply.

Lives here: `Judged`, `judgements`, and `resources`, the section.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsmon.pictures.markup import Markup, joined, tag
from awsmon.pictures.plot import percent, times
from awsmon.pictures.report.parts import chip, instant, kind_of, left_out, plural, section
from awsmon.pictures.scales import instants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from awsmon.config_recorder.explaining import Moment
    from awsmon.config_recorder.model import Key
    from awsmon.pictures.report.session import Place, Session

__all__ = ["Judged", "judgements", "resources"]

MOST = 100
MOST_MOMENTS = 50


@dataclass(frozen=True, slots=True)
class Judged:
    """A resource and what was said of it.

    Attributes:
        broken: rules that it breaks, each with what the rule says to it.
        verdicts: of each rule, what it said from when on.
    """

    id: str
    name: str
    kind: str
    place: Place
    moments: Sequence[Moment]
    broken: Sequence[tuple[str, str | None]]
    verdicts: dict[str, list[tuple[datetime, str]]]

    @property
    def bad(self) -> bool:
        """Whether it breaks any rule."""
        return bool(self.broken)


def judgements(session: Session) -> list[Judged]:
    """All resources, those that break rules first."""
    found: list[Judged] = []
    for place in session.places:
        config = place.used("config_recorder")
        keys = dict.fromkeys([*config.seen(), *config.rules.changes]) if config else ()
        found += [_judged(f"resource-{len(found) + n}", place, key) for n, key in enumerate(keys)]
    return sorted(found, key=lambda each: (not each.bad, not each.verdicts))


def _judged(id_: str, place: Place, key: Key) -> Judged:
    config = place.used("config_recorder")
    verdicts: dict[str, list[tuple[datetime, str]]] = {}
    for at, rule, word in config.rules.changes.get(key, ()):
        verdicts.setdefault(rule, []).append((at, word))
    results = config.rules.of_resource(key)
    broken = [(each.rule, each.annotation) for each in results
              if each.compliance == "NON_COMPLIANT"]  # fmt: skip
    newest = config.newest(key)
    name = newest.name if newest is not None and newest.name else key.id
    return Judged(id_, name, key.type, place, config.timeline(*key), broken, verdicts)


def resources(session: Session) -> Markup | None:
    """The section; None where Config knows nothing."""
    found = session.resources
    if not found:
        return None
    bad = sum(each.bad for each in found)
    judged = [each for each in found[:MOST] if each.verdicts]
    others = [each for each in found[:MOST] if not each.verdicts]
    told = plural(len(found), "resource") + (f", {bad} not compliant" if bad else "")
    return section(
        "resources", "Configuration and compliance", told,
        tag("div", *(_resource(session, each) for each in judged), class_="resources"),
        tag("details", tag("summary", plural(len(others), "resource"), " that no rule judges"),
            *(_listed(session, each) for each in others), open=not judged) if others else None,
        left_out(len(found) - MOST, "resources are"),
    )  # fmt: skip


def _resource(session: Session, each: Judged) -> Markup:
    head = tag("h3", each.name, " ", tag("small", each.kind, " ", each.place.name or None))
    lanes = [_lane(session, rule, said) for rule, said in sorted(each.verdicts.items())]
    axis = times(session.span, instants(session.span)) if lanes else None
    lanes.insert(0, _changes(session, each.moments))
    told = tag("details", tag("summary", plural(len(each.moments), "change")),
               *_moments(session, each))  # fmt: skip
    chips = joined(chip("NON_COMPLIANT", rule) for rule, _ in each.broken)
    lanes_ = tag("div", *lanes, tag("div", tag("span"), axis, class_="lane axis") if axis else None,
                 class_="lanes")  # fmt: skip
    return tag("article", head, chips, lanes_, told, id=each.id, tabindex="-1")


def _listed(session: Session, each: Judged) -> Markup:
    head = tag("summary", tag("b", each.name), " ", tag("small", each.kind, " ", each.place.name))
    return tag("details", head, *_moments(session, each), id=each.id, tabindex="-1")


def _moments(session: Session, each: Judged) -> Iterator[Markup | None]:
    yield left_out(len(each.moments) - MOST_MOMENTS, "older ones are")
    shown = each.moments[-MOST_MOMENTS:]
    yield tag("ol", *(_moment(session, moment) for moment in shown), class_="moments")


def _changes(session: Session, moments: Sequence[Moment]) -> Markup:
    marks = [
        tag("span", style=f"left:{percent(session.span.share(each.at.timestamp()))}",
            class_="mark resource", title=f"{session.clock(each.at)} {each.text}")
        for each in moments if each.kind == "configuration"
    ]  # fmt: skip
    return tag("div", tag("span", "changes", class_="lane-name"),
               tag("div", *marks, class_="track"), class_="lane")  # fmt: skip


def _lane(session: Session, rule: str, said: Sequence[tuple[datetime, str]]) -> Markup:
    return tag("div", tag("span", rule, class_="lane-name"),
               tag("div", *_bars(session, said), class_="track"), class_="lane")  # fmt: skip


def _bars(session: Session, said: Sequence[tuple[datetime, str]]) -> Iterator[Markup]:
    ends = [at for at, _ in said[1:]] + [session.end]
    for (at, word), end in zip(said, ends, strict=True):
        if word == "NOT_APPLICABLE":
            continue
        left, right = (session.span.share(each.timestamp()) for each in (at, end))
        yield tag("span", word.replace("_", " "), class_=f"bar {kind_of(word)}",
                  style=f"left:{percent(left)};width:{percent(right - left)}",
                  title=f"{session.clock(at)} {word}")  # fmt: skip


def _moment(session: Session, each: Moment) -> Markup:
    by = tag("small", "by ", each.caller) if each.caller else None
    return tag("li", instant(session, each.at), " ", each.text, " ", by, class_=each.kind)
