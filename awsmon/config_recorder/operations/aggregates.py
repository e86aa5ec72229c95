"""What aggregators read: resources, compliance, queries."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages
from awsmon.config_recorder.errors import (
    ResourceNotDiscoveredException,
)
from awsmon.config_recorder.items import basic, shown
from awsmon.config_recorder.model import Key
from awsmon.config_recorder.operations.compliance import capped, compliance, result_shown
from awsmon.config_recorder.operations.packs import counts
from awsmon.config_recorder.querying import answer, page_size
from awsmon.config_recorder.rules.model import COMPLIANT, INSUFFICIENT_DATA, NON_COMPLIANT
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mypy_boto3_config.type_defs import (
        BatchGetAggregateResourceConfigRequestTypeDef,
        DescribeAggregateComplianceByConfigRulesRequestTypeDef,
        DescribeAggregateComplianceByConformancePacksRequestTypeDef,
        GetAggregateComplianceDetailsByConfigRuleRequestTypeDef,
        GetAggregateConfigRuleComplianceSummaryRequestTypeDef,
        GetAggregateConformancePackComplianceSummaryRequestTypeDef,
        GetAggregateDiscoveredResourceCountsRequestTypeDef,
        GetAggregateResourceConfigRequestTypeDef,
        ListAggregateDiscoveredResourcesRequestTypeDef,
        SelectAggregateResourceConfigRequestTypeDef,
    )

    from awsmon.config_recorder.aggregators import Aggregator
    from awsmon.config_recorder.model import Item
    from awsmon.config_recorder.service import ConfigRecorder

_CAP = 25


def _places(config: ConfigRecorder, request: Any) -> list[ConfigRecorder]:
    """The places that an aggregator reads, of an account and region where these are told."""
    aggregator = config.aggregators.find(request["ConfigurationAggregatorName"])
    wanted = request.get("Filters", {})
    region = wanted.get("AwsRegion") or wanted.get("Region")
    return [
        each for each in config.aggregators.sources(aggregator)
        if wanted.get("AccountId") in (None, each.scope.account)
        and region in (None, each.scope.region)
    ]  # fmt: skip


# -- resources -------------------------------------------------------------------------------------


def _alive(config: ConfigRecorder, request: Any) -> Iterator[tuple[ConfigRecorder, Item]]:
    aggregator = config.aggregators.find(request["ConfigurationAggregatorName"])
    for place in _places(config, request):
        for key in sorted(place.alive()):
            item = place.newest(key)
            if item is not None and aggregator.includes(key.type):
                yield place, item


@operation("ListAggregateDiscoveredResources")
def list_aggregate_discovered_resources(
    config: ConfigRecorder, request: ListAggregateDiscoveredResourcesRequestTypeDef
) -> dict[str, Any]:
    """Of one type, everywhere."""
    wanted: Any = request.get("Filters", {})
    found = [
        {"SourceAccountId": place.scope.account, "SourceRegion": place.scope.region,
         "ResourceId": item.key.id, "ResourceType": item.key.type, "ResourceName": item.name}
        for place, item in _alive(config, request)
        if item.key.type == request["ResourceType"]
        and wanted.get("ResourceId") in (None, item.key.id)
        and wanted.get("ResourceName") in (None, item.name)
    ]  # fmt: skip
    page, token = pages.page(found, request, 100, "ListAggregateDiscoveredResources")
    return {"ResourceIdentifiers": page, "NextToken": token}


@operation("GetAggregateDiscoveredResourceCounts")
def get_aggregate_discovered_resource_counts(
    config: ConfigRecorder, request: GetAggregateDiscoveredResourceCountsRequestTypeDef
) -> dict[str, Any]:
    """In all, and by type, account or region where that is wanted."""
    wanted, by = request.get("Filters", {}).get("ResourceType"), request.get("GroupByKey")
    items = [(place, item) for place, item in _alive(config, request)
             if wanted in (None, item.key.type)]  # fmt: skip
    counted: Counter[str] = Counter()
    for place, item in items if by else ():
        counted[{"RESOURCE_TYPE": item.key.type, "ACCOUNT_ID": place.scope.account,
                 "AWS_REGION": place.scope.region}[str(by)]] += 1  # fmt: skip
    found = [
        {"GroupName": name, "ResourceCount": count}
        for name, count in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]
    page, token = pages.page(found, request, 1000, "GetAggregateDiscoveredResourceCounts")
    return {"TotalDiscoveredResources": len(items), "GroupByKey": by,
            "GroupedResourceCounts": page, "NextToken": token}  # fmt: skip


def _find(
    aggregator: Aggregator, places: Sequence[ConfigRecorder], identifier: Any
) -> tuple[Any, Item | None]:
    key = Key(identifier["ResourceType"], identifier["ResourceId"])
    if not aggregator.includes(key.type):
        return None, None
    source = identifier["SourceAccountId"], identifier["SourceRegion"]
    for place in places:
        item = place.newest(key)
        if (place.scope.account, place.scope.region) == source and item and not item.deleted:
            return place, item
    return None, None


@operation("GetAggregateResourceConfig")
def get_aggregate_resource_config(
    config: ConfigRecorder, request: GetAggregateResourceConfigRequestTypeDef
) -> dict[str, Any]:
    """One resource as it is."""
    wanted = request["ResourceIdentifier"]
    aggregator = config.aggregators.find(request["ConfigurationAggregatorName"])
    place, item = _find(aggregator, _places(config, request), wanted)
    if item is None:
        raise ResourceNotDiscoveredException.of(wanted["ResourceType"], wanted["ResourceId"])
    return {"ConfigurationItem": shown(item, place.scope)}


@operation("BatchGetAggregateResourceConfig")
def batch_get_aggregate_resource_config(
    config: ConfigRecorder, request: BatchGetAggregateResourceConfigRequestTypeDef
) -> dict[str, Any]:
    """Several; those that aren't there are unprocessed."""
    aggregator = config.aggregators.find(request["ConfigurationAggregatorName"])
    places, found, missing = _places(config, request), [], []
    for each in request["ResourceIdentifiers"]:
        place, item = _find(aggregator, places, each)
        if item is None:
            missing.append(each)
        else:
            found.append(basic(item, place.scope))
    return {"BaseConfigurationItems": found, "UnprocessedResourceIdentifiers": missing}


@operation("SelectAggregateResourceConfig")
def select_aggregate_resource_config(
    config: ConfigRecorder, request: SelectAggregateResourceConfigRequestTypeDef
) -> dict[str, Any]:
    """An advanced query over all sources."""
    query = request["Expression"]
    aggregator = config.aggregators.find(request["ConfigurationAggregatorName"])
    rows, fields = answer(query, _places(config, request), aggregator.includes)
    page, token = pages.page(
        rows, request, page_size(query), f"SelectAggregateResourceConfig {query}"
    )
    return {"Results": page, "QueryInfo": {"SelectFields": fields}, "NextToken": token}


# -- compliance ------------------------------------------------------------------------------------


@operation("DescribeAggregateComplianceByConfigRules")
def describe_aggregate_compliance_by_config_rules(
    config: ConfigRecorder, request: DescribeAggregateComplianceByConfigRulesRequestTypeDef
) -> dict[str, Any]:
    """Rules of all sources; those that say nothing yet are left out."""
    wanted: Any = request.get("Filters", {})
    found = []
    for place in _places(config, request):
        for rule in place.rules:
            word, bad = place.rules.compliance(rule)
            if word == INSUFFICIENT_DATA:
                continue
            if wanted.get("ConfigRuleName") in (None, rule.name) and wanted.get(
                "ComplianceType"
            ) in (None, word):  # fmt: skip
                found.append({
                    "ConfigRuleName": rule.name, "Compliance": compliance(word, bad),
                    "AccountId": place.scope.account, "AwsRegion": place.scope.region,
                })  # fmt: skip
    page, token = pages.page(found, request, 1000, "DescribeAggregateComplianceByConfigRules")
    return {"AggregateComplianceByConfigRules": page, "NextToken": token}


@operation("GetAggregateComplianceDetailsByConfigRule")
def get_aggregate_compliance_details_by_config_rule(
    config: ConfigRecorder, request: GetAggregateComplianceDetailsByConfigRuleRequestTypeDef
) -> dict[str, Any]:
    """Each resource that a rule of a source judges."""
    account, region = request["AccountId"], request["AwsRegion"]
    filters = {"AccountId": account, "AwsRegion": region}
    found: list[Any] = []
    for place in _places(config, {**request, "Filters": filters}):
        rule = place.rules.by_name.get(request["ConfigRuleName"])
        found += [
            {**result_shown(each), "AccountId": account, "AwsRegion": region}
            for each in (place.rules.of_rule(rule) if rule else ())
            if request.get("ComplianceType") in (None, each.compliance)
        ]
    page, token = pages.page(found, request, 50, "GetAggregateComplianceDetailsByConfigRule")
    return {"AggregateEvaluationResults": page, "NextToken": token}


@operation("GetAggregateConfigRuleComplianceSummary")
def get_aggregate_config_rule_compliance_summary(
    config: ConfigRecorder, request: GetAggregateConfigRuleComplianceSummaryRequestTypeDef
) -> dict[str, Any]:
    """How many rules are compliant, and how many not; by account or region where that is wanted."""
    groups = _grouped(config, request, lambda place: (place.rules.compliance(rule)[0]
                                                      for rule in place.rules))  # fmt: skip
    found = [
        {"GroupName": name, "ComplianceSummary": {
            "CompliantResourceCount": capped(words[COMPLIANT], _CAP),
            "NonCompliantResourceCount": capped(words[NON_COMPLIANT], _CAP),
            "ComplianceSummaryTimestamp": config.clock.now()}}
        for name, words in groups
    ]  # fmt: skip
    page, token = pages.page(found, request, 1000, "GetAggregateConfigRuleComplianceSummary")
    return {
        "GroupByKey": request.get("GroupByKey"),
        "AggregateComplianceCounts": page,
        "NextToken": token,
    }


@operation("DescribeAggregateComplianceByConformancePacks")
def describe_aggregate_compliance_by_conformance_packs(
    config: ConfigRecorder, request: DescribeAggregateComplianceByConformancePacksRequestTypeDef
) -> dict[str, Any]:
    """Packs of all sources."""
    wanted: Any = request.get("Filters", {})
    found = []
    for place in _places(config, request):
        for name, pack in sorted(place.packs.by_name.items()):
            told = counts(place, pack)
            if wanted.get("ConformancePackName") in (None, name) and wanted.get(
                "ComplianceType"
            ) in (None, told["ComplianceType"]):  # fmt: skip
                found.append({"ConformancePackName": name, "Compliance": told,
                              "AccountId": place.scope.account,
                              "AwsRegion": place.scope.region})  # fmt: skip
    page, token = pages.page(found, request, 100, "DescribeAggregateComplianceByConformancePacks")
    return {"AggregateComplianceByConformancePacks": page, "NextToken": token}


@operation("GetAggregateConformancePackComplianceSummary")
def get_aggregate_conformance_pack_compliance_summary(
    config: ConfigRecorder, request: GetAggregateConformancePackComplianceSummaryRequestTypeDef
) -> dict[str, Any]:
    """How many packs are compliant, and how many not."""
    groups = _grouped(
        config,
        request,
        lambda place: (place.packs.compliance(pack) for pack in place.packs.by_name.values()),
    )
    found = [
        {"GroupName": name, "ComplianceSummary": {
            "CompliantConformancePackCount": words[COMPLIANT],
            "NonCompliantConformancePackCount": words[NON_COMPLIANT]}}
        for name, words in groups
    ]  # fmt: skip
    page, token = pages.page(found, request, 100, "GetAggregateConformancePackComplianceSummary")
    return {"GroupByKey": request.get("GroupByKey"),
            "AggregateConformancePackComplianceSummaries": page, "NextToken": token}  # fmt: skip


def _grouped(
    config: ConfigRecorder, request: Any, words: Callable[[ConfigRecorder], Iterable[str]]
) -> list[tuple[str, Counter[str]]]:
    """How often each word is said: in all, or in each account or region."""
    by = request.get("GroupByKey")
    groups: dict[str, Counter[str]] = {}
    for place in _places(config, request):
        name = {"ACCOUNT_ID": place.scope.account, "AWS_REGION": place.scope.region,
                None: "ALL_ACCOUNTS_AND_REGIONS"}[by]  # fmt: skip
        groups.setdefault(name, Counter()).update(words(place))
    return sorted(groups.items())
