"""What trails are.

Lives here: `TrailSettings`, a trail with its state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws
from awsmon.trail import kinds

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["TrailSettings"]


@dataclass(kw_only=True, slots=True, eq=False)
class TrailSettings(Resource):
    """A trail as GetTrail shows it.

    Attributes:
        basic: its event selectors; None where it has advanced ones.
        advanced: those.
        insights: its insight selectors.
        aggregations: what PutEventConfiguration said; at most one.
        logging: it delivers.
        started: when it last began to; `stopped`: when it ended.
        spans: of the trace's numbers in which it logged, each from the call that started it to the
            one that stopped it; None: it goes on.
        earlier: the selectors, basic and advanced, that it had until the call of a number.
        status: the other members of GetTrailStatus.
        organization: the id of that whose trail it is.
        members: its accounts; None: every account of the session.
    """

    aws_shape: ClassVar[str] = "cloudtrail.Trail"

    name: str
    s3_bucket_name: str
    s3_key_prefix: str | None = None
    sns_topic_name: str | None = None
    sns_topic_arn: str | None = field(default=None, metadata=aws("SnsTopicARN"))
    include_global_service_events: bool = True
    is_multi_region_trail: bool = False
    home_region: str
    trail_arn: str = field(metadata=aws("TrailARN"))
    log_file_validation_enabled: bool = False
    cloud_watch_logs_log_group_arn: str | None = None
    cloud_watch_logs_role_arn: str | None = None
    kms_key_id: str | None = None
    has_custom_event_selectors: bool = False
    has_insight_selectors: bool = False
    is_organization_trail: bool = False
    basic: list[Any] | None = field(default=None, repr=False, metadata=aws(None))
    advanced: list[Any] | None = field(default=None, repr=False, metadata=aws(None))
    insights: list[Any] = field(default_factory=list, repr=False, metadata=aws(None))
    aggregations: list[Any] = field(default_factory=list, repr=False, metadata=aws(None))
    logging: bool = field(default=False, metadata=aws(None))
    started: datetime | None = field(default=None, repr=False, metadata=aws(None))
    stopped: datetime | None = field(default=None, repr=False, metadata=aws(None))
    spans: list[tuple[int, int | None]] = field(
        default_factory=list, repr=False, metadata=aws(None)
    )
    earlier: list[tuple[int, list[Any] | None, list[Any] | None]] = field(
        default_factory=list, repr=False, metadata=aws(None)
    )
    status: dict[str, Any] = field(default_factory=dict, repr=False, metadata=aws(None))
    organization: str | None = field(default=None, metadata=aws(None))
    members: list[str] | None = field(default=None, repr=False, metadata=aws(None))

    def reaches(self, region: str) -> bool:
        """Whether what happens in a region is its business."""
        return self.is_multi_region_trail or self.home_region == region

    @property
    def left_out(self) -> frozenset[str]:
        """The boto3 clients whose events it doesn't have; a trail of all regions has everyone's."""
        return frozenset() if self.include_global_service_events else kinds.GLOBAL

    def logged(self, number: int) -> bool:
        """Whether it did when the call of that number was made."""
        return any(
            start <= number and (stop is None or number <= stop) for start, stop in self.spans
        )

    def selectors(self, number: int) -> tuple[list[Any] | None, list[Any] | None]:
        """The basic and the advanced ones that it had when the call of that number was made."""
        had = [(basic, advanced) for until, basic, advanced in self.earlier if number < until]
        return had[0] if had else (self.basic, self.advanced)

    @property
    def account(self) -> str:
        """Whose it is."""
        return self.trail_arn.split(":")[4]

    def covers(self, account: str) -> bool:
        """Whether it is an account's own, or its organization's."""
        if account == self.account:
            return True
        return self.is_organization_trail and (self.members is None or account in self.members)

    @property
    def root(self) -> str:
        """Where its files are: ``prefix/AWSLogs/o-1``."""
        return "/".join(filter(None, (self.s3_key_prefix, "AWSLogs", self.organization)))

    def folder(self, account: str) -> str:
        """Where those of an account are."""
        return f"{self.root}/{account}"
