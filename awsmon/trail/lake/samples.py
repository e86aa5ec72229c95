"""Sample queries, and how well one answers a phrase.

Lives here: `Sample`, `SAMPLES` and `relevance`. The queries are ours, of the kinds that AWS's
console offers; relevance is the share of the phrase's words that a sample's name and description
have. Source: API reference, SearchSampleQueries.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["SAMPLES", "Sample", "relevance"]

STORE = "$EDS_ID"
"""What stands for the id of an event data store."""
_SMALL = frozenset(("a", "all", "an", "by", "for", "in", "my", "of", "on", "the", "to", "with"))


class Sample(NamedTuple):
    """A query that somebody may begin with."""

    name: str
    description: str
    sql: str


SAMPLES = [
    Sample(
        "Investigate user actions", "What an IAM user did, with all that was asked",
        f"SELECT eventTime, eventName, requestParameters FROM {STORE} "
        "WHERE userIdentity.userName = 'Alice' ORDER BY eventTime DESC",
    ),
    Sample(
        "Deleted S3 buckets", "Who deleted S3 buckets, and when",
        "SELECT eventTime, userIdentity.arn, element_at(requestParameters, 'bucketName') AS bucket "
        f"FROM {STORE} WHERE eventName = 'DeleteBucket' AND errorCode IS NULL",
    ),
    Sample(
        "Top errors", "The API calls that failed most often, by error code",
        f"SELECT eventSource, eventName, errorCode, count(*) AS failures FROM {STORE} "
        "WHERE errorCode IS NOT NULL GROUP BY eventSource, eventName, errorCode "
        "ORDER BY failures DESC LIMIT 20",
    ),
    Sample(
        "Access denied", "Calls that were refused for want of permissions, by identity",
        f"SELECT userIdentity.arn, eventName, count(*) AS refused FROM {STORE} "
        "WHERE errorCode LIKE '%AccessDenied%' OR errorCode LIKE '%UnauthorizedOperation' "
        "GROUP BY userIdentity.arn, eventName ORDER BY refused DESC",
    ),
    Sample(
        "Console sign-ins without MFA", "Users who signed in to the console without MFA",
        f"SELECT eventTime, userIdentity.arn FROM {STORE} WHERE eventName = 'ConsoleLogin' "
        "AND element_at(additionalEventData, 'MFAUsed') = 'No'",
    ),
    Sample(
        "Security group changes", "Who changed rules of EC2 security groups",
        f"SELECT eventTime, userIdentity.arn, eventName, requestParameters FROM {STORE} "
        "WHERE eventName LIKE '%SecurityGroup%' AND readOnly = false ORDER BY eventTime",
    ),
    Sample(
        "Root activity", "What was done with the root user",
        f"SELECT eventTime, eventSource, eventName FROM {STORE} "
        "WHERE userIdentity.type = 'Root' AND eventType <> 'AwsServiceEvent'",
    ),
    Sample(
        "Busiest services", "How many calls each service got, by region",
        f"SELECT eventSource, awsRegion, count(*) AS calls FROM {STORE} "
        "GROUP BY eventSource, awsRegion ORDER BY calls DESC",
    ),
    Sample(
        "Events by hour", "How many events there were in each hour",
        f"SELECT date_trunc('hour', eventTime) AS hour, count(*) AS events FROM {STORE} "
        "GROUP BY date_trunc('hour', eventTime) ORDER BY hour",
    ),
    Sample(
        "KMS key use", "Which principals used which KMS keys",
        f"SELECT userIdentity.arn, element_at(resources, 1).arn AS key, count(*) AS uses "
        f"FROM {STORE} WHERE eventSource = 'kms.amazonaws.com' "
        "GROUP BY userIdentity.arn, element_at(resources, 1).arn",
    ),
]  # fmt: skip


def relevance(sample: Sample, phrase: str) -> float:
    """From 0 to 1."""
    wanted = _words(phrase)
    return len(wanted & _words(f"{sample.name} {sample.description}")) / len(wanted or " ")


def _words(text: str) -> set[str]:
    """In singular, more or less."""
    found = set(re.findall(r"[a-z0-9]+", text.lower()))
    return {word.removesuffix("s") for word in found - _SMALL}
