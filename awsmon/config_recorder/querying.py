"""Advanced queries over what is known now.

Lives here: `documents`, `answer` and `page_size`. Beside resources there is a row for each
resource that rules judge, of the type ``AWS::Config::ResourceCompliance``, and one for each
conformance pack.
Source: Config Developer Guide, "Querying the current configuration state of AWS resources",
"Example queries".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.items import VERSION, stamp, told
from awsmon.config_recorder.judgements import JUDGED, configuration, id_of
from awsmon.config_recorder.rules.errors import InvalidExpressionException
from awsmon.lang.config_query.evaluation import fields, select
from awsmon.lang.config_query.parser import parse
from awsmon.lang.config_query.tree import Aggregate
from awsmon.lang.text import LanguageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from awsmon.config_recorder.model import Key
    from awsmon.config_recorder.packs import Pack
    from awsmon.config_recorder.service import ConfigRecorder
    from awsmon.lang.config_query.tree import Query

__all__ = ["answer", "page_size"]

_NAMES = {"awsAccountId": "accountId", "ARN": "arn", "configurationItemVersion": "version"}
_PACK = "AWS::Config::ConformancePackCompliance"


def answer(
    expression: str,
    configs: Iterable[ConfigRecorder],
    includes: Callable[[str], bool] = lambda _: True,
) -> tuple[list[str], list[dict[str, str]]]:
    """Rows as JSON texts, and the fields that are selected.

    Args:
        expression: the query.
        configs: whose resources are asked for.
        includes: whether a type of resources is.

    Raises:
        InvalidExpressionException: it is no query; the message says where.
    """
    query = _parsed(expression)
    rows = select(query, (row for config in configs for row in documents(config)
                          if includes(row["resourceType"])))  # fmt: skip
    texts = [json.dumps(row, separators=(",", ":"), default=str) for row in rows]
    return texts, [{"Name": name} for name in fields(query)]


def _parsed(expression: str) -> Query:
    try:
        return parse(expression)
    except LanguageError as error:
        raise InvalidExpressionException.text(str(error)) from None


def page_size(expression: str) -> int:
    """How many rows a page of an aggregator's answer has, where nobody says."""
    query = _parsed(expression)
    grouped = query.group_by or any(isinstance(each, Aggregate) for each in query.select or ())
    return 500 if grouped else 25


def documents(config: ConfigRecorder) -> Iterator[dict[str, Any]]:
    """What is known of each resource that is there and recorded, as queries see it."""
    for key in filter(config.recorded, config.alive()):
        item = config.newest(key)
        assert item is not None
        row = {_NAMES.get(name, name): value for name, value in told(item, config.scope).items()}
        row["tags"] = [{"key": key, "value": value, "tag": f"{key}={value}"}
                       for key, value in item.tags.items()]  # fmt: skip
        row["relationships"] = [
            {**each, "relationshipName": each["name"]} for each in row["relationships"]
        ]
        yield row
    for key in config.rules.judged():
        yield _judgement(config, key)
    for pack in config.packs.by_name.values():
        yield _pack(config, pack)


def _pack(config: ConfigRecorder, pack: Pack) -> dict[str, Any]:
    return {
        "version": VERSION, "accountId": config.scope.account, "awsRegion": config.scope.region,
        "resourceType": _PACK, "resourceId": pack.conformance_pack_id,
        "resourceName": pack.conformance_pack_name, "arn": pack.conformance_pack_arn,
        "configurationItemStatus": "OK",
        "configuration": {"complianceType": config.packs.compliance(pack)},
    }  # fmt: skip


def _judgement(config: ConfigRecorder, key: Key) -> dict[str, Any]:
    results = config.rules.of_resource(key)
    return {
        "version": VERSION, "accountId": config.scope.account, "awsRegion": config.scope.region,
        "resourceType": JUDGED, "resourceId": id_of(key), "configurationItemStatus": "OK",
        "configurationItemCaptureTime": stamp(max(each.recorded for each in results)),
        "configuration": configuration(
            config, key, {each.rule: each.compliance for each in results}),
        "relationships": [{"resourceId": key.id, "resourceType": key.type,
                           "relationshipName": "Is associated with"}],
    }  # fmt: skip
