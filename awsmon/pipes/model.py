"""What pipes are.

Lives here: `Pipe`, and `Batch`, some records on their way through it. Parameters stay as AWS writes
them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.core.resource import Resource, aws

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.core.clock import Timer

__all__ = ["Batch", "Pipe", "Record"]

Record = dict[str, Any]
"""What a source gives, in the form in which enrichments and targets get it."""


@dataclass(slots=True, kw_only=True, eq=False)
class Batch:
    """Some records on their way.

    Attributes:
        records: as the source gave them.
        tries: how often they were sent on.
        waiting: how many deliveries haven't finished.
        enriching: the one that is under way is the enrichment's.
        failed: those of the records, by id, that the target said it couldn't do.
        error: why all of them failed; None: they didn't.
    """

    records: list[Record]
    tries: int = 0
    waiting: int = 0
    enriching: bool = False
    failed: set[str] = field(default_factory=set)
    error: str | None = None


@dataclass(kw_only=True, slots=True, eq=False)
class Pipe(Resource):
    """A pipe as DescribePipe shows it, tags aside.

    Attributes:
        timer: of the change of state that is under way.
        wake: of the next look at the source.
        looking: the source is being read.
        again: something stirred meanwhile.
        todo: batches that wait for the one that is under way.
        batch: that one.
        done: receipts of messages that may be deleted.
        iterators: by shard: where to read on.
        ahead: by shard: where to read on once all that was read is done.
    """

    aws_shape: ClassVar[str] = "pipes.DescribePipeResponse"

    arn: str
    name: str
    description: str | None = None
    desired_state: str = "RUNNING"
    current_state: str = "CREATING"
    state_reason: str | None = None
    source: str
    source_parameters: dict[str, Any]
    enrichment: str | None = None
    enrichment_parameters: dict[str, Any] | None = None
    target: str
    target_parameters: dict[str, Any] | None = None
    role_arn: str
    creation_time: datetime
    last_modified_time: datetime
    log_configuration: dict[str, Any] | None = None
    kms_key_identifier: str | None = None
    timer: Timer | None = field(default=None, repr=False, metadata=aws(None))
    wake: Timer | None = field(default=None, repr=False, metadata=aws(None))
    looking: bool = field(default=False, repr=False, metadata=aws(None))
    again: bool = field(default=False, repr=False, metadata=aws(None))
    todo: list[Batch] = field(default_factory=list, repr=False, metadata=aws(None))
    batch: Batch | None = field(default=None, repr=False, metadata=aws(None))
    done: list[str] = field(default_factory=list, repr=False, metadata=aws(None))
    iterators: dict[str, str] = field(default_factory=dict, repr=False, metadata=aws(None))
    ahead: dict[str, str] = field(default_factory=dict, repr=False, metadata=aws(None))
