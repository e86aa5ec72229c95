"""Conformance packs: put, shown, judged and deleted."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder import pages, templates
from awsmon.config_recorder.operations.compliance import result_shown
from awsmon.config_recorder.operations.remediation import put_remediation
from awsmon.config_recorder.operations.rules import check_built, put_rule
from awsmon.config_recorder.pack_errors import (
    ConformancePackTemplateValidationException,
    MaxNumberOfConformancePacksExceededException,
    NoSuchConfigRuleInConformancePackException,
)
from awsmon.config_recorder.packs import Pack
from awsmon.config_recorder.rules.errors import InvalidParameterValueException
from awsmon.config_recorder.rules.model import COMPLIANT, NON_COMPLIANT
from awsmon.config_recorder.tagging import tags_of
from awsmon.core.deliveries import Refused
from awsmon.core.errors import AwsError, NotImplementedByAwsmon
from awsmon.core.operation import operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_config.type_defs import (
        DeleteConformancePackRequestTypeDef,
        DescribeConformancePackComplianceRequestTypeDef,
        DescribeConformancePacksRequestTypeDef,
        DescribeConformancePackStatusRequestTypeDef,
        GetConformancePackComplianceDetailsRequestTypeDef,
        GetConformancePackComplianceSummaryRequestTypeDef,
        ListConformancePackComplianceScoresRequestTypeDef,
        PutConformancePackRequestTypeDef,
    )

    from awsmon.config_recorder.service import ConfigRecorder

_MOST, _MOST_PARAMETERS = 50, 60
_MAKER = "config-conforms.amazonaws.com"


@operation("PutConformancePack")
def put_conformance_pack(
    config: ConfigRecorder, request: PutConformancePackRequestTypeDef
) -> dict[str, Any]:
    """A new pack, or another in its place, with all its rules."""
    if request.get("Scope"):
        raise NotImplementedByAwsmon("config.PutConformancePack: Scope isn't built yet.")
    if len(request.get("ConformancePackInputParameters", ())) > _MOST_PARAMETERS:
        raise InvalidParameterValueException.input_parameters(_MOST_PARAMETERS)
    pack = put_pack(config, request, template_of(config, request))
    return {"ConformancePackArn": pack.conformance_pack_arn}


def put_pack(
    config: ConfigRecorder, request: Any, text: str, operation: str = "PutConformancePack"
) -> Pack:
    """The same, of whoever makes packs."""
    tags = tags_of(request)
    name, packs = request["ConformancePackName"], config.packs
    found = read_template(config, request, text, operation)
    scope = config.scope
    old = packs.by_name.get(name)
    if old is None and len(packs.by_name) >= _MOST:
        raise MaxNumberOfConformancePacksExceededException.named(name, _MOST)
    id_ = old.conformance_pack_id if old else f"conformance-pack-{config.ids.key('', 9).lower()}"
    arn = scope.arn("config", f"conformance-pack/{name}/{id_}")
    pack = Pack.from_aws(
        {key: value for key, value in request.items() if key.startswith(("Conf", "Delivery"))},
        conformance_pack_arn=arn, conformance_pack_id=id_,
        last_update_requested_time=config.clock.now(), updated=old is not None,
    )  # fmt: skip
    if old:
        packs.clear(old)
    packs.by_name[name] = pack
    config.tags.create(arn, tags)
    _make(config, pack, found)
    return pack


def read_template(
    config: ConfigRecorder, request: Any, text: str, operation: str
) -> list[tuple[str, dict[str, Any]]]:
    """What a template makes in an account and region; looks only, and changes nothing.

    Raises:
        ConformancePackTemplateValidationException: it is none.
        NotImplementedByAwsmon: it has a rule that awsmon hasn't.
    """
    given: Any = request.get("ConformancePackInputParameters", [])
    scope = config.scope
    found = templates.resources(
        text, {each["ParameterName"]: each["ParameterValue"] for each in given},
        {"AWS::AccountId": scope.account, "AWS::Region": scope.region,
         "AWS::Partition": scope.partition},
    )  # fmt: skip
    names = set()
    for kind, properties in found:
        if not kind.endswith("ConfigRule"):
            continue
        if properties["ConfigRuleName"] in names:
            raise ConformancePackTemplateValidationException.why("Two rules have the same name")
        names.add(properties["ConfigRuleName"])
        if properties["Source"]["Owner"] == "AWS":
            check_built(properties["Source"].get("SourceIdentifier", ""), operation)
    return found


def remove_pack(config: ConfigRecorder, pack: Pack) -> None:
    """With its rules, what they said, and its tags."""
    config.packs.clear(pack)
    config.tags.forget(pack.conformance_pack_arn)
    del config.packs.by_name[pack.conformance_pack_name]


def template_of(config: ConfigRecorder, request: Any) -> str:
    """Its text; the other mock is asked for that before anything is looked at."""
    told = [name for name in ("TemplateBody", "TemplateS3Uri", "TemplateSSMDocumentDetails",
                              "Source") if request.get(name)]  # fmt: skip
    if len(told) != 1:
        raise InvalidParameterValueException.one_template()
    if told == ["TemplateBody"]:
        return str(request["TemplateBody"])
    if told == ["Source"]:
        raise NotImplementedByAwsmon("config.PutConformancePack: Source isn't built yet.")
    if told == ["TemplateSSMDocumentDetails"]:
        return _from_document(config, request["TemplateSSMDocumentDetails"])
    bucket, _, key = request["TemplateS3Uri"].removeprefix("s3://").partition("/")
    answer = _asked(config, request["TemplateS3Uri"], f"arn:aws:s3:::{bucket}", "s3", "GetObject",
                    {"Bucket": bucket, "Key": key})  # fmt: skip
    return str(answer["Body"].read().decode())


def _from_document(config: ConfigRecorder, details: Any) -> str:
    """A document of Systems Manager's: the named version, or the latest."""
    name = details["DocumentName"]
    version = {"DocumentVersion": details.get("DocumentVersion", "$LATEST")}
    answer = _asked(config, name, config.scope.arn("ssm", f"document/{name}"), "ssm", "GetDocument",
                    {"Name": name, **version})  # fmt: skip
    return str(answer["Content"])


def _asked(
    config: ConfigRecorder, template: str, arn: str, service: str, operation: str,
    parameters: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    """What the other mock answers; where it has no such thing, there is no template."""
    try:
        answer = config.ask(arn, service, operation, parameters)
    except Refused as error:
        raise InvalidParameterValueException.template_uri(template) from error
    if answer is None:
        raise InvalidParameterValueException.template_uri(template)
    return answer


def _make(config: ConfigRecorder, pack: Pack, found: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Rules first, whose names remediations tell; what fails leaves nothing."""
    names: dict[str, str] = {}
    try:
        for kind, properties in sorted(found, key=lambda each: each[0]):
            if kind.endswith("ConfigRule"):
                _rule(config, pack, properties, names)
            else:
                told = properties["ConfigRuleName"]
                given = {**properties, "ConfigRuleName": names.get(told, told)}
                put_remediation(config, given, maker=_MAKER)
    except AwsError as error:
        config.packs.clear(pack)
        pack.why = error.message


def _rule(config: ConfigRecorder, pack: Pack, properties: Any, names: dict[str, str]) -> None:
    told = properties["ConfigRuleName"]
    name = names[told] = f"{told}-{pack.conformance_pack_id}"
    given = {**properties, "ConfigRuleName": name}
    parameters = given.get("InputParameters")
    if isinstance(parameters, dict):
        given["InputParameters"] = json.dumps(parameters)
    put_rule(config, given, maker=_MAKER)
    pack.rules.append(name)


def _named(config: ConfigRecorder, names: Any) -> list[Pack]:
    packs = config.packs
    return [packs.find(name) for name in names or sorted(packs.by_name)]


def _known(config: ConfigRecorder, names: Any) -> list[Pack]:
    """The same, less those that aren't there."""
    packs = config.packs.by_name
    return [packs[name] for name in names or sorted(packs) if name in packs]


def _of_types(packs: list[Pack], request: Any) -> list[Pack]:
    """All that there are are custom ones; managed ones aren't built."""
    types = request.get("Filters", {}).get("Types")
    return packs if not types or "CUSTOM" in types else []


@operation("DescribeConformancePacks")
def describe_conformance_packs(
    config: ConfigRecorder, request: DescribeConformancePacksRequestTypeDef
) -> dict[str, Any]:
    """In order of name."""
    packs = _of_types(_named(config, request.get("ConformancePackNames")), request)
    found = [each.to_aws() for each in packs]
    page, token = pages.page(found, request, 20, "DescribeConformancePacks")
    return {"ConformancePackDetails": page, "NextToken": token}


@operation("DescribeConformancePackStatus")
def describe_conformance_pack_status(
    config: ConfigRecorder, request: DescribeConformancePackStatusRequestTypeDef
) -> dict[str, Any]:
    """Whether they could be made; those that aren't there are left out."""
    packs = _of_types(_known(config, request.get("ConformancePackNames")), request)
    found = [
        {"ConformancePackName": each.conformance_pack_name,
         "ConformancePackId": each.conformance_pack_id,
         "ConformancePackArn": each.conformance_pack_arn, "ConformancePackState": each.state,
         "StackArn": config.scope.arn(
             "cloudformation", f"stack/awsconfigconforms-{each.conformance_pack_name}-"
             f"{each.conformance_pack_id}/{each.conformance_pack_id}"),
         "ConformancePackStatusReason": each.why,
         "LastUpdateRequestedTime": each.last_update_requested_time,
         "LastUpdateCompletedTime": each.last_update_requested_time}
        for each in packs
    ]  # fmt: skip
    page, token = pages.page(found, request, 20, "DescribeConformancePackStatus")
    return {"ConformancePackStatusDetails": page, "NextToken": token}


@operation("DeleteConformancePack")
def delete_conformance_pack(
    config: ConfigRecorder, request: DeleteConformancePackRequestTypeDef
) -> None:
    """With its rules and what they said."""
    remove_pack(config, config.packs.find(request["ConformancePackName"]))


def _wanted(pack: Pack, filters: Any) -> list[str]:
    names = filters.get("ConfigRuleNames") or []
    for name in names:
        if name not in pack.rules:
            raise NoSuchConfigRuleInConformancePackException.named(name)
    return list(names)


@operation("DescribeConformancePackCompliance")
def describe_conformance_pack_compliance(
    config: ConfigRecorder, request: DescribeConformancePackComplianceRequestTypeDef
) -> dict[str, Any]:
    """Each of its rules."""
    pack, filters = config.packs.find(request["ConformancePackName"]), request.get("Filters", {})
    names, wanted = _wanted(pack, filters), filters.get("ComplianceType")
    found = [
        {"ConfigRuleName": rule.name, "ComplianceType": word, "Controls": []}
        for rule in config.packs.rules(pack)
        for word in (config.rules.compliance(rule)[0],)
        if (not names or rule.name in names) and wanted in (None, word)
    ]
    page, token = pages.page(found, request, 20, "DescribeConformancePackCompliance")
    return {"ConformancePackName": pack.conformance_pack_name,
            "ConformancePackRuleComplianceList": page, "NextToken": token}  # fmt: skip


@operation("GetConformancePackComplianceDetails")
def get_conformance_pack_compliance_details(
    config: ConfigRecorder, request: GetConformancePackComplianceDetailsRequestTypeDef
) -> dict[str, Any]:
    """Each pair of rule and resource."""
    pack = config.packs.find(request["ConformancePackName"])
    filters: Any = request.get("Filters", {})
    names, ids = _wanted(pack, filters), filters.get("ResourceIds")
    if ids and not filters.get("ResourceType"):
        raise InvalidParameterValueException.ids_without_type()
    found = [
        result_shown(each) for each in config.packs.results(pack)
        if (not names or each.rule in names) and (not ids or each.key.id in ids)
        and filters.get("ComplianceType") in (None, each.compliance)
        and filters.get("ResourceType") in (None, each.key.type)
    ]  # fmt: skip
    page, token = pages.page(found, request, 100, "GetConformancePackComplianceDetails")
    return {"ConformancePackName": pack.conformance_pack_name,
            "ConformancePackRuleEvaluationResults": page, "NextToken": token}  # fmt: skip


@operation("GetConformancePackComplianceSummary")
def get_conformance_pack_compliance_summary(
    config: ConfigRecorder, request: GetConformancePackComplianceSummaryRequestTypeDef
) -> dict[str, Any]:
    """What packs come to."""
    found = [
        {"ConformancePackName": each.conformance_pack_name,
         "ConformancePackComplianceStatus": config.packs.compliance(each)}
        for each in _named(config, request["ConformancePackNames"])
    ]  # fmt: skip
    page, token = pages.page(found, request, 20, "GetConformancePackComplianceSummary")
    return {"ConformancePackComplianceSummaryList": page, "NextToken": token}


@operation("ListConformancePackComplianceScores")
def list_conformance_pack_compliance_scores(
    config: ConfigRecorder, request: ListConformancePackComplianceScoresRequestTypeDef
) -> dict[str, Any]:
    """By name, or by score; packs that aren't there are left out."""
    names = request.get("Filters", {}).get("ConformancePackNames")
    found = [
        {"Score": config.packs.score(each), "ConformancePackName": each.conformance_pack_name,
         "LastUpdatedTime": config.clock.now()}
        for each in _known(config, names)
    ]  # fmt: skip
    if request.get("SortBy") == "SCORE":
        found.sort(key=lambda each: _number(each["Score"]))
    if request.get("SortOrder") == "DESCENDING":
        found.reverse()
    page, token = pages.page(found, request, 20, "ListConformancePackComplianceScores")
    return {"ConformancePackComplianceScores": page, "NextToken": token}


def _number(score: Any) -> float:
    """To sort by: a score that nobody knows is beyond all others."""
    return math.inf if score == "INSUFFICIENT_DATA" else float(score)


def counts(config: ConfigRecorder, pack: Pack) -> dict[str, Any]:
    """An aggregate's view of a pack."""
    words = [config.rules.compliance(rule)[0] for rule in config.packs.rules(pack)]
    return {
        "ComplianceType": config.packs.compliance(pack), "TotalRuleCount": len(words),
        "CompliantRuleCount": words.count(COMPLIANT),
        "NonCompliantRuleCount": words.count(NON_COMPLIANT),
    }  # fmt: skip
