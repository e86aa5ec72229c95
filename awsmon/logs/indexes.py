"""Field indexes: which fields of a log group are indexed, since when, and where they were found.

Lives here: `IndexPolicy`, `Indexes`, `read_fields`. An index is only told of: nothing is faster for
it. It is about the events that came in while it was in force, for 30 days, and they are looked
through when somebody asks. CloudWatch Logs may index further fields by itself (AUTO); here it
doesn't. Source: API reference, PutIndexPolicy, PutAccountPolicy and FieldIndex; User Guide, "Field
index syntax and quotas".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from awsmon.core.resource import Resource, aws
from awsmon.lang.log_fields.discovery import field_reader
from awsmon.lang.log_fields.discovery import read_fields as read_message
from awsmon.logs.data_sources import data_source
from awsmon.logs.policy_errors import InvalidPolicy, NoSuchPolicy
from awsmon.logs.policy_json import json_object, only

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from awsmon.logs.model import LogGroup
    from awsmon.logs.policies import AccountPolicy
    from awsmon.logs.service import Logs

__all__ = ["FieldIndex", "IndexPolicy", "IndexedField", "Indexes", "read_fields"]

KIND = "FIELD_INDEX_POLICY"
MOST, LONGEST = 20, 100  # fields of a policy, characters of a field's name
KEPT = 30 * 86_400_000
"""Milliseconds that what was indexed is of use."""
TYPES = ("FIELD_INDEX", "FACET")
EVERYWHERE = ("@logStream", "@aws.region", "@aws.account", "@source.log")
"""Fields that every event has, and that are indexed; so are those of the next two tables."""
OF_SOURCES = ("@data_source_name", "@data_source_type", "@data_format")
IN_MESSAGES = ("traceId", "severityText", "attributes.session.id")
SYSTEM = frozenset((*EVERYWHERE, "@ingestionTime", "@log", "@message", "@timestamp"))
_CLOUDTRAIL = (
    "eventSource", "eventName", "awsRegion", "userAgent", "errorCode", "eventType",
    "managementEvent", "readOnly", "eventCategory", "requestId",
)  # fmt: skip
BY_SOURCE = {
    ("amazon_vpc", "flow"): ("action", "logStatus", "region", "flowDirection", "type"),
    ("amazon_route53", "resolver_query"): ("transport", "rcode"),
    ("aws_waf", "access"): ("action", "httpRequest.country"),
    ("aws_cloudtrail", "data"): _CLOUDTRAIL,
    ("aws_cloudtrail", "management"): _CLOUDTRAIL,
}
"""Source: API reference, PutAccountPolicy ("Field index policy")."""


@dataclass(kw_only=True, slots=True, eq=False)
class IndexPolicy(Resource):
    """A field index policy as it is told of for a log group; times in milliseconds."""

    aws_shape: ClassVar[str] = "logs.IndexPolicy"
    aws_lower_camel: ClassVar[bool] = True

    log_group_identifier: str
    last_update_time: int
    policy_document: str
    name: str | None = field(default=None, metadata=aws("policyName"))
    source: str = "LOG_GROUP"


@dataclass(slots=True)
class IndexedField:
    """A field that a policy has indexed in a log group.

    Attributes:
        kind: one of `TYPES`.
        after: the number of the event that came in before.
        until: the number of the last event that it is about; None: it is in force.
        ended: when that was, in milliseconds.
    """

    kind: str
    after: int
    until: int | None = None
    ended: int | None = None


class FieldIndex(NamedTuple):
    """An index and where its field was found; times in milliseconds."""

    name: str
    kind: str
    category: str
    first_event: int
    last_event: int
    last_scan: int


class Indexes:
    """The field indexes of the log groups of one account and region."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def put(self, group: LogGroup, document: str) -> IndexPolicy:
        """Give a log group a policy of its own.

        Raises:
            InvalidParameterException: it is none, or the group's class can't have one.
        """
        if group.log_group_class != "STANDARD":
            raise InvalidPolicy.log_class("Field indexing", group.log_group_class)
        read_fields(document)
        group.index_policy = IndexPolicy(
            log_group_identifier=group.log_group_arn, last_update_time=self._logs.now,
            policy_document=document,
        )  # fmt: skip
        self.refresh(group)
        return group.index_policy

    def remove(self, group: LogGroup) -> None:
        """Take a log group's own policy away.

        Raises:
            ResourceNotFoundException: it has none.
        """
        if group.index_policy is None:
            raise NoSuchPolicy.of_group("field index policy")
        group.index_policy = None
        self.refresh(group)

    def policies(self, group: LogGroup) -> list[IndexPolicy]:
        """Those that index fields of a group: its own or an account's, and its data source's."""
        own = [group.index_policy] if group.index_policy else []
        return own + [
            IndexPolicy(
                log_group_identifier=group.log_group_arn, source="ACCOUNT", name=each.name,
                last_update_time=each.last_updated_time, policy_document=each.policy_document,
            )
            for each in self._of_account(group)
        ]  # fmt: skip

    def _of_account(self, group: LogGroup) -> Iterator[AccountPolicy]:
        if group.log_group_class != "STANDARD":
            return
        policies = self._logs.policies
        found = None if group.index_policy else policies.applying(KIND, group)
        if found:
            yield found
        source = data_source(self._logs, group)
        for each in policies.of(KIND):
            if each.criteria.of_source and each.criteria.source == source:
                yield each

    # -- which fields ------------------------------------------------------------------------------

    def names(self, group: LogGroup) -> set[str]:
        """The fields that are indexed in a group, by default or by a policy."""
        self.refresh(group)
        custom = {name for name, each in group.indexed_fields.items() if each.until is None}
        return custom | set(self._defaults(group))

    def usable(self, group: LogGroup) -> set[str]:
        """The fields by whose index a query finds events, those of ended indexes too."""
        return {name for name, _, _ in self._all(group)}

    def _defaults(self, group: LogGroup) -> tuple[str, ...]:
        if group.log_group_class != "STANDARD":
            return ()
        source = data_source(self._logs, group)
        more = (*OF_SOURCES, *BY_SOURCE.get(source, ())) if source else ()
        return (*EVERYWHERE, *more, *IN_MESSAGES)

    def refresh_all(self) -> None:
        """The account's policies have changed."""
        for group in self._logs:
            self.refresh(group)

    def refresh(self, group: LogGroup) -> None:
        """Begin indexes that policies now ask for, and end those that none does any more."""
        wanted: dict[str, str] = {}
        for policy in self.policies(group):
            wanted |= read_fields(policy.policy_document)
        fields, newest = group.indexed_fields, self._logs.newest
        for name, each in fields.items():
            if each.until is None and name not in wanted:
                each.until, each.ended = newest, self._logs.now
        for name, kind in wanted.items():
            if name not in fields or fields[name].until is not None:
                fields[name] = IndexedField(kind, newest)
            fields[name].kind = kind

    # -- where they were found ---------------------------------------------------------------------

    def found(self, group: LogGroup, categories: Collection[str]) -> Iterator[FieldIndex]:
        """The indexes of a group whose fields were found in its events, in order of name.

        Args:
            group: whose.
            categories: DEFAULT, CUSTOM, INACTIVE or AUTO.
        """
        self._logs.retention.expire(group)
        for name, category, each in sorted(self._all(group), key=lambda found: found[0]):
            index = self._look(group, name, category, each) if category in categories else None
            if index:
                yield index

    def _all(self, group: LogGroup) -> Iterator[tuple[str, str, IndexedField]]:
        self.refresh(group)
        for name, each in group.indexed_fields.items():
            if each.until is None:
                yield name, "CUSTOM", each
            elif (each.ended or 0) > self._logs.now - KEPT:
                yield name, "INACTIVE", each
        for name in self._defaults(group):
            yield name, "DEFAULT", IndexedField(TYPES[0], 0)

    def _look(
        self, group: LogGroup, name: str, category: str, index: IndexedField
    ) -> FieldIndex | None:
        has = _finder(name, group)
        since = self._logs.now - KEPT
        times, scanned = [], 0
        for stream in group.streams.values():
            events = stream.events
            for at, number in enumerate(events.numbers):
                late = index.until is not None and number > index.until
                if number <= index.after or late or events.ingested[at] < since:
                    continue
                scanned = max(scanned, events.ingested[at])
                if has(events.transformed.get(number) or events.messages[at]):
                    times.append(events.times[at])
        if not times:
            return None
        return FieldIndex(name, index.kind, category, min(times), max(times), scanned)


def _finder(name: str, group: LogGroup) -> Callable[[str], bool]:
    """Whether a message has a field."""
    if name in SYSTEM or name in OF_SOURCES:
        return bool  # no message is empty
    read = field_reader(name)
    return lambda message: read(read_message(message, group.name)) is not None


def read_fields(document: str) -> dict[str, str]:
    """The fields of a policy document, with the type of each one's index.

    Raises:
        InvalidParameterException: it is no policy document.
    """
    found = json_object(document, {"Fields", "FieldsV2"})
    plain, typed = found.get("Fields", []), only(found.get("FieldsV2", {}), None, "FieldsV2")
    if not isinstance(plain, list) or not all(isinstance(name, str) for name in plain):
        raise InvalidPolicy.document("Fields must be an array of names.")
    fields = dict.fromkeys(plain, TYPES[0])
    if len(fields) < len(plain) or fields.keys() & typed.keys():
        raise InvalidPolicy.document("a field can be named only once.")
    for name, each in typed.items():
        kind = only(each, {"type"}, name).get("type")
        if kind not in TYPES:
            raise InvalidPolicy.document(f"the type of {name} must be one of {', '.join(TYPES)}.")
        fields[name] = kind
    if not 1 <= len(fields) <= MOST:
        raise InvalidPolicy.document(f"it must name 1 to {MOST} fields.")
    for name in fields:
        if not 1 <= len(name) <= LONGEST:
            raise InvalidPolicy.document(f"a field's name has 1 to {LONGEST} characters.")
    return fields
