"""docs/operations.md: every operation of the ten clients, and how far it goes.

    AWSMON_OPERATIONS=seen.json python -m pytest
    python tests/operations_table.py [--check] seen.json

*Behaving* is derived from the tests: the suite records, for each test that passes, the SDK calls
it made in their order, with a mark on those that were refused (tests/conftest.py). An operation
that changes something behaves when a test read something of the same client afterwards; one that
reads behaves when a test had changed something before; one that opens a stream behaves when a test
changed something while it was open. One that only computes (``Test...``) behaves when a test got
its answer: there is nothing else to see. What is built without any such test is stored only, told
with its docstring; the rest is missing.
"""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path

import botocore.session

from awsmon.sdk import routes

PAGE = Path(__file__).parent.parent / "docs" / "operations.md"
CLIENTS = {
    "cloudwatch": "CloudWatch",
    "logs": "CloudWatch Logs",
    "events": "EventBridge",
    "schemas": "EventBridge Schemas",
    "scheduler": "EventBridge Scheduler",
    "pipes": "EventBridge Pipes",
    "cloudtrail": "CloudTrail",
    "config": "AWS Config",
    "application-insights": "Application Insights",
    "oam": "Observability Access Manager",
    "observabilityadmin": "Observability Admin",
}
VERSION = "botocore " + ".".join(botocore.__version__.split(".")[:2])
READS = ("Describe", "Get", "List", "Lookup", "Filter", "Search", "Select")
COMPUTES = "Test"
HEAD = """# Operations

Every operation of the clients that awsmon is to serve, as {version} knows them.

- **behaving**: a test observes its effect through another operation, an event, a delivery or time.
  This is derived from the tests by `tests/operations_table.py`, and never listed by hand.
- **stored only**: it is built, and no test observes an effect. What it does stands beside it.
- **missing**: a call raises `NotImplementedByAwsmon` and names it. A client without any operation
  that is built isn't served at all: its calls go to another active mock, or are refused.

| client | behaving | stored only | missing |
| --- | --- | --- | --- |
"""


def behaving(tests: list[list[tuple[str, str]]]) -> set[tuple[str, str]]:
    """The operations that some test saw the effect of."""
    return {
        call
        for calls in tests
        for place, call in enumerate(calls)
        if not call[1].endswith("!") and _was_seen(call, calls[:place], calls[place + 1 :])
    }


def _was_seen(
    call: tuple[str, str], before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> bool:
    service, name = call
    if name.startswith(COMPUTES):
        return True
    reads = name.startswith(READS)
    shows = reads or _streams(service, name)  # what others change
    return any(
        other == service
        and each.startswith((*READS, COMPUTES)) != shows
        # a change that was refused changed nothing; what can't be read is gone
        and not (shows and each.endswith("!"))
        for other, each in (before if reads else after)
    )


@functools.cache
def _streams(service: str, name: str) -> bool:
    """Whether an operation answers a stream of events."""
    if service not in CLIENTS:
        return False
    model = botocore.session.Session().get_service_model(service)
    return name in model.operation_names and bool(
        model.operation_model(name).has_event_stream_output
    )


def _reason(client: str, name: str) -> str:
    """What the code of an operation says of itself, in a line."""
    return " ".join((routes.find(client, name)[1].__doc__ or "").split())


def page(tests: list[list[tuple[str, str]]]) -> str:
    """The page's text."""
    session = botocore.session.Session()
    seen = behaving(tests)
    summary, details = HEAD.format(version=VERSION), ""
    for client, title in CLIENTS.items():
        model = session.get_service_model(client)
        built = routes.operations(client) if client in routes.ROUTES else {}
        kinds: dict[str, list[str]] = {"behaving": [], "stored only": [], "missing": []}
        for name in sorted(model.operation_names):
            kind = "missing" if name not in built else (
                "behaving" if (client, name) in seen else "stored only")  # fmt: skip
            kinds[kind].append(name)
        summary += f"| {client} | {' | '.join(str(len(names)) for names in kinds.values())} |\n"
        details += f"\n## {title}\n"
        for kind, names in kinds.items():
            if names:
                listed = "\n".join(
                    f"- {name}: {_reason(client, name)}" if kind == "stored only" else f"- {name}"
                    for name in names
                )
                details += f"\n{kind.capitalize()}:\n\n{listed}\n"
    return summary + details


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is up to date."""
    tests = json.loads(Path(arguments[-1]).read_text())
    text = page([[(service, name) for service, name in calls] for calls in tests])
    if "--check" not in arguments:
        PAGE.write_text(text)
    elif VERSION not in PAGE.read_text():
        print(f"not checked: the page isn't made for {VERSION}")
    elif PAGE.read_text() != text:
        print(f"{PAGE.name} isn't what the tests say; run this without --check")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
