"""Where a call happens and who makes it.

Lives here: `Scope` (account, region, partition) and `Identity` (the caller). How an access key
leads to an identity is `backend.py`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from awsmon.core.errors import MisuseError

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["DEFAULT_ACCOUNT", "DEFAULT_REGION", "Identity", "Scope", "Session", "scope_of"]

DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"

_PARTITIONS = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("eu-isoe-", "aws-iso-e"),
    ("us-isof-", "aws-iso-f"),
    ("eusc-", "aws-eusc"),
)


class Scope(NamedTuple):
    """One account in one region: what every resource of the six services belongs to."""

    account: str
    region: str

    @property
    def partition(self) -> str:
        """The AWS partition of the region, as it stands in ARNs: ``aws``, ``aws-cn``, ..."""
        for prefix, partition in _PARTITIONS:
            if self.region.startswith(prefix):
                return partition
        return "aws"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource here: ``arn:aws:cloudwatch:us-east-1:123456789012:alarm:x``."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


def scope_of(account: str, region: str) -> Scope:
    """A scope from a user's own words.

    Raises:
        MisuseError: the account isn't twelve digits, or the region doesn't look like one.
    """
    if not re.fullmatch(r"\d{12}", account):
        raise MisuseError(f"account={account!r}: an AWS account is a string of twelve digits.")
    if not re.fullmatch(r"[a-z]{2,4}(-[a-z]+)+-\d+", region):
        raise MisuseError(f"region={region!r}: expected an AWS region such as 'us-east-1'.")
    return Scope(account, region)


class Session(NamedTuple):
    """What is known of temporary credentials.

    Attributes:
        since: when they were given out.
        mfa: a device was asked for its code.
        issuer: the ARN of the user who got them for somebody else (GetFederationToken).
        provider: of a web identity, as ``accounts.google.com``; empty for others.
        source_identity: that was set with them.
    """

    since: datetime
    mfa: bool = False
    issuer: str = ""
    provider: str = ""
    source_identity: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who makes a call, as STS GetCallerIdentity tells it.

    Attributes:
        account: twelve digits.
        arn: of the user, role session or service.
        user_id: the unique id behind the ARN.
        access_key: the key that the call was made with; None where there was none.
        session: of temporary credentials.
    """

    account: str
    arn: str
    user_id: str
    access_key: str | None = None
    session: Session | None = None
