"""docs/operations.md: every operation of the ten clients, and how far it goes.

    AWSMON_OPERATIONS=seen.json python -m pytest
    python tests/operations_table.py [--check] seen.json

*Behaving* is derived from the tests: the suite records, for each test that passes, the SDK calls
it made in their order, with a mark on those that were refused (tests/conftest.py). An operation
that changes something behaves when a test read something of the same client afterwards; one that
reads behaves when a test had changed something before. What is built without any such test is
stored only; the rest is missing.
"""

from __future__ import annotations

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
}
VERSION = "botocore " + ".".join(botocore.__version__.split(".")[:2])
READS = ("Describe", "Get", "List", "Lookup", "Filter", "Test", "Search", "Select")
HEAD = """# Operations

Every operation of the clients that awsmon is to serve, as {version} knows them.

- **behaving**: a test observes its effect through another operation, an event, a delivery or time.
  This is derived from the tests by `tests/operations_table.py`, and never listed by hand.
- **stored only**: it is built, and no test observes an effect.
- **missing**: a call raises `NotImplementedByAwsmon` and names it. A client without any operation
  that is built isn't served at all: its calls go to another active mock, or are refused.

| client | behaving | stored only | missing |
| --- | --- | --- | --- |
"""


def behaving(tests: list[list[tuple[str, str]]]) -> set[tuple[str, str]]:
    """The operations that some test saw the effect of."""
    found = set()
    for calls in tests:
        for place, (service, name) in enumerate(calls):
            reads = name.startswith(READS)
            if name.endswith("!"):
                continue
            others = calls[:place] if reads else calls[place + 1 :]
            if any(
                other == service
                and each.startswith(READS) != reads
                # a change that was refused changed nothing; what can't be read is gone
                and not (reads and each.endswith("!"))
                for other, each in others
            ):
                found.add((service, name))
    return found


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
                listed = "\n".join(f"- {name}" for name in names)
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
