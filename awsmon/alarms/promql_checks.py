"""What goes together in a PromQL alarm: `check_promql`.

Source: API reference, PutMetricAlarm; User Guide, "PromQL alarms", "Alarm actions". The wordings
are unverified.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.alarms.errors import InvalidParameterCombination, MissingParameter, ValidationError
from awsmon.core.arns import Arn
from awsmon.core.errors import NotImplementedByAwsmon
from awsmon.lang.promql.parser import BeyondAwsmon, parse
from awsmon.lang.promql.tree import kind
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["check_promql"]

OTHERS = ("Namespace", "MetricName", "Dimensions", "Period", "Unit", "Statistic",
          "ExtendedStatistic", "Metrics", "Threshold", "ComparisonOperator", "ThresholdMetricId",
          "EvaluationPeriods", "DatapointsToAlarm", "EvaluationWindow",
          "EvaluateLowSampleCountPercentile")  # fmt: skip
ACTIONS = ("sns", "lambda")


def check_promql(request: Mapping[str, Any]) -> None:
    """Refuse what AWS does, and what of PromQL awsmon doesn't know.

    Raises:
        AwsError: as AWS words it.
        NotImplementedByAwsmon: the query is more than the documented subset.
    """
    for member in OTHERS:
        if member in request:
            raise InvalidParameterCombination.mutually_exclusive("EvaluationCriteria", member)
    if "PromQLCriteria" not in request["EvaluationCriteria"]:
        raise MissingParameter.member("EvaluationCriteria.PromQLCriteria")
    if "EvaluationInterval" not in request:
        raise MissingParameter.member("EvaluationInterval")
    interval = request["EvaluationInterval"]
    if interval not in (10, 20, 30) and interval % 60:
        raise ValidationError.interval()
    _check_query(request["EvaluationCriteria"]["PromQLCriteria"]["Query"])
    for member in ("OKActions", "AlarmActions", "InsufficientDataActions"):
        for action in request.get(member, ()):
            arn = Arn.maybe(action)
            if arn is not None and arn.service not in ACTIONS:
                raise ValidationError.promql_action(action)


def _check_query(text: str) -> None:
    try:
        tree = parse(text)
    except BeyondAwsmon as error:
        raise NotImplementedByAwsmon(
            f"cloudwatch.PutMetricAlarm: EvaluationCriteria: {error.message}"
        ) from error
    except LanguageError as error:
        raise ValidationError.promql(error.message, error.position) from error
    if kind(tree) != "instant vector":
        raise ValidationError.promql(f"it returns a {kind(tree)}, not an instant vector", 0)
