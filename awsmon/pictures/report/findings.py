"""What went wrong, and why: the first thing that a reader of the report sees.

Lives here: `headline` and `findings`. What is worst stands first.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from awsmon.core.deliveries import Delivery
from awsmon.core.events import ApiCalled
from awsmon.pictures.markup import Markup, joined, tag
from awsmon.pictures.report.parts import chip, instant, left_out, plural, to_trace
from awsmon.pictures.report.selection import matters
from awsmon.pictures.report.trace import kind_of
from awsmon.pictures.scales import lasted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from awsmon.core.trace import Entry
    from awsmon.pictures.report.resources import Judged
    from awsmon.pictures.report.session import Session, Story

__all__ = ["findings", "headline"]

MOST = 12
LONGEST_CHAIN = 6
_FAILED = ("failed", "dead-lettered")


def headline(session: Session) -> str:
    """The session in a sentence or two."""
    if not session.entries and not session.stories:
        return "Nothing happened in this session."
    firing = [each.alarm.name for each in session.stories if each.firing]
    over = [each.alarm.name for each in session.stories if each.fired and not each.firing]
    failed = sum(each.status in _FAILED for each in session.deliveries)
    bad = sum(each.bad for each in session.resources)
    told = []
    if firing:
        told.append(_named(firing, "is in ALARM", "alarms are in ALARM"))
    if over:
        told.append(_named(over, "was in ALARM", "alarms went off and are over"))
    if failed:
        told.append(f"{plural(failed, 'delivery', 'deliveries')} failed")
    if bad:
        told.append(f"{plural(bad, 'resource')} {'is' if bad == 1 else 'are'} not compliant")
    return f"{'; '.join(told)}." if told else (
        "No alarm went off, and nothing that was sent was lost.")  # fmt: skip


def _named(names: Sequence[str], one: str, many: str) -> str:
    return f"{names[0]} {one}" if len(names) == 1 else f"{len(names)} {many}"


def findings(session: Session) -> Markup | None:
    """A list of all that is worth a look."""
    found = [
        *_alarms(session), *_deliveries(session), *_compliance(session), *_refused(session),
        *_blind(session),
    ]  # fmt: skip
    if not found:
        return None
    more = left_out(len(found) - MOST, "findings; the sections below have them all")
    return joined([tag("ol", *found[:MOST], class_="findings"), more])


def _finding(
    state: Markup, title: Markup, why: str | Markup | None, *below: Markup | None
) -> Markup:
    text = tag("p", why, class_="why") if why else None
    return tag("li", state, tag("div", tag("h3", title), text, *below))


def _alarms(session: Session) -> Iterator[Markup]:
    for story in session.stories:
        if not story.fired:
            continue
        link = tag("a", story.alarm.name, href=f"#{story.id}")
        why = next((each.after.reason for each in reversed(story.changes)
                    if each.after.value == "ALARM"), story.alarm.state_reason)  # fmt: skip
        state = chip("ALARM" if story.firing else "recovered")
        title = joined([link, " ", _duration(session, story)])
        yield _finding(state, title, why, _chain(session, story))


def _duration(session: Session, story: Story) -> Markup:
    spans = [each for each in story.chart.spans if each.state == "ALARM"]
    length = lasted(sum(each.end - each.start for each in spans))
    times = f", went off {len(spans)} times" if len(spans) > 1 else ""
    if story.firing:
        since = instant(session, story.alarm.state_transitioned_timestamp)
        return joined(["is in ALARM since ", since, times])
    return joined([f"was in ALARM for {length}{times}, and is {story.alarm.state.value}"])


def _chain(session: Session, story: Story) -> Markup | None:
    """From the first cause to whoever was told."""
    change = next((each for each in reversed(story.changes) if each.after.value == "ALARM"), None)
    if change is None:
        return None
    led: list[Entry] = session.backend.trace.chain(change.number)
    if len(led) > LONGEST_CHAIN:
        led = [led[0], *led[1 - LONGEST_CHAIN :]]
    sent = [each for each in session.deliveries if each.cause == change.number]
    steps = [tag("li", _step(session, each)) for each in [*led, *sent[:2]]]
    return tag("ol", *steps, class_="chain", aria_label="What led to it, and who was told")


def _step(session: Session, entry: Entry) -> Markup:
    text = _short(entry)
    return to_trace(session, entry.number, text) or tag("span", text)


def _short(entry: Entry) -> str:
    if isinstance(entry, Delivery):
        return f"{entry.target_arn.rpartition(':')[2]}: {entry.status}"
    text = str(entry)
    if kind_of(entry) == "alarm":
        return text.split(": ")[1] if ": " in text else text
    return text if len(text) <= 70 else f"{text[:67]}…"


def _deliveries(session: Session) -> Iterator[Markup]:
    for each in session.deliveries:
        if each.status in _FAILED:
            error = next((tried.error for tried in reversed(each.attempts) if tried.error), None)
            tries = plural(len(each.attempts), "attempt")
            yield _finding(
                chip(each.status), joined(["Delivery to ", tag("code", each.target_arn)]),
                joined([error, f", after {tries}, last at ",
                        instant(session, each.attempts[-1].at), " ",
                        to_trace(session, each.number)]),
            )  # fmt: skip


def _compliance(session: Session) -> Iterator[Markup]:
    for each in session.resources:
        if each.bad:
            title = joined([tag("a", each.name, href=f"#{each.id}"), " breaks ", ", ".join(
                rule for rule, _ in each.broken)])  # fmt: skip
            yield _finding(chip("NON_COMPLIANT"), title, _told(each))


def _told(each: Judged) -> str:
    notes = [note for _, note in each.broken if note]
    caller = next((moment.caller for moment in reversed(each.moments) if moment.caller), None)
    return " ".join([*notes, f"Last changed by {caller}." if caller else ""]).strip()


def _refused(session: Session) -> Iterator[Markup]:
    groups: dict[tuple[str, str], list[ApiCalled]] = defaultdict(list)
    for entry in session.entries:
        if isinstance(entry, ApiCalled) and matters(entry):
            assert entry.error
            groups[f"{entry.service}.{entry.operation}", entry.error[0]].append(entry)
    for (name, code), calls in groups.items():
        times = f" {len(calls)} times" if len(calls) > 1 else ""
        error = calls[-1].error
        yield _finding(
            chip("refused"), joined([tag("code", name), f" was refused{times}: {code}"]),
            joined([error[1] if error else None, " ", to_trace(session, calls[-1].number)]),
        )  # fmt: skip


def _blind(session: Session) -> Iterator[Markup]:
    """Alarms that have seen nothing."""
    for story in session.stories:
        if story.alarm.state.value == "INSUFFICIENT_DATA" and not story.fired:
            link = tag("a", story.alarm.name, href=f"#{story.id}")
            why = getattr(story.explanation, "why", "") or story.alarm.state_reason
            yield _finding(chip("INSUFFICIENT_DATA", "no data"), joined([link, " has no data"]),
                           why)  # fmt: skip
