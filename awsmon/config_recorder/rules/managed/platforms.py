"""Managed rules about what others build upon, and about the guards of an account.

API Gateway, CodeBuild, ElastiCache, SageMaker, WAF; GuardDuty, Security Hub, DynamoDB's limits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from awsmon.config_recorder.describing import told
from awsmon.config_recorder.rules.judging import Given, NotApplicable, Reading, managed

_STAGE, _PROJECT = "AWS::ApiGateway::Stage", "AWS::CodeBuild::Project"
_SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@managed("API_GW_EXECUTION_LOGGING_ENABLED", _STAGE, loggingLevel="ERROR,INFO")
def execution_logging(stage: Reading, given: Given) -> str | None:
    """All methods are logged, at one of some levels."""
    levels = {each.get("loggingLevel") for each in (stage.get("methodSettings") or {}).values()}
    wrong = (levels or {None}) - set(given.list("loggingLevel"))
    return f"The logging level is {wrong.pop() or 'not set'}." if wrong else None


@managed("API_GW_SSL_ENABLED", _STAGE, CertificateIDs=None)
def client_certificate(stage: Reading, given: Given) -> str | None:
    """The stage has a client certificate, or one of some."""
    found, wanted = stage.get("clientCertificateId"), given.list("CertificateIDs")
    if not found:
        return "The stage has no client certificate."
    return f"The certificate is {found}." if wanted and found not in wanted else None


@managed("API_GW_XRAY_ENABLED", _STAGE)
def traced(stage: Reading, _: Given) -> str | None:
    """Requests are traced."""
    return None if stage.get("tracingEnabled") else "Tracing is off."


@managed("CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK", _PROJECT)
def no_plain_credentials(project: Reading, _: Given) -> str | None:
    """Keys aren't in environment variables that everybody can read."""
    variables = project.get("environment.environmentVariables") or ()
    plain = {each["name"] for each in variables if each.get("type", "PLAINTEXT") == "PLAINTEXT"}
    found = sorted(plain.intersection(_SECRETS))
    return f"In plain text: {', '.join(found)}." if found else None


@managed("CODEBUILD_PROJECT_SOURCE_REPO_URL_CHECK", _PROJECT)
def no_token_in_address(project: Reading, _: Given) -> str | None:
    """The repository's address has neither a token nor a password in it."""
    if project["source.type"] not in ("GITHUB", "BITBUCKET"):
        return None
    address = urlsplit(project["source.location"])
    return "The repository's address has credentials." if "@" in address.netloc else None


@managed("ELASTICACHE_REDIS_CLUSTER_AUTOMATIC_BACKUP_CHECK", "AWS::ElastiCache::ReplicationGroup",
         change=False, snapshotRetentionPeriod=15)  # fmt: skip
def cache_backed_up(group: Reading, given: Given) -> str | None:
    """Snapshots are kept for some days."""
    days, least = group.get("snapshotRetentionLimit", 0), given.number("snapshotRetentionPeriod")
    return f"Snapshots are kept for {days} days." if days < (least or 1) else None


@managed("SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS", "AWS::SageMaker::NotebookInstance",
         change=False)  # fmt: skip
def notebook_inside(notebook: Reading, _: Given) -> str | None:
    """Notebooks reach the internet through their VPC alone."""
    if notebook["directInternetAccess"] == "Disabled":
        return None
    return "The notebook has direct internet access."


@managed("WAFV2_LOGGING_ENABLED", "AWS::WAFv2::WebACL", change=False,
         KinesisFirehoseDeliveryStreamArns=None)  # fmt: skip
def web_acl_logged(acl: Reading, given: Given) -> str | None:
    """Requests are logged, to one of some streams."""
    found = acl.extra("LoggingConfiguration", {}).get("logDestinationConfigs") or []
    if not found:
        return "Logging is off."
    wanted = given.list("KinesisFirehoseDeliveryStreamArns")
    return f"It is logged to {found[0]}." if wanted and not set(found) & set(wanted) else None


@managed("ALB_WAF_ENABLED", "AWS::ElasticLoadBalancingV2::LoadBalancer", asks=True,
         wafWebAclIds=None)  # fmt: skip
def guarded(balancer: Reading, given: Given) -> str | None:
    """A web ACL stands before the load balancer, or one of some."""
    answer = told(given.ask("wafv2"), "GetWebACLForResource", ResourceArn=balancer.arn)
    found = (answer or {}).get("WebACL")
    if not found:
        return "No web ACL is associated with the load balancer."
    wanted = given.list("wafWebAclIds")
    return f"The web ACL is {found['ARN']}." if wanted and found["ARN"] not in wanted else None


@managed("GUARDDUTY_ENABLED_CENTRALIZED", CentralMonitoringAccount=None)
def threats_detected(_: Reading, given: Given) -> str | None:
    """GuardDuty is on, and told to one account where that is wanted."""
    ask, wanted = given.ask("guardduty"), given.text("CentralMonitoringAccount")
    for detector in ask.all("ListDetectors", "DetectorIds"):
        if ask("GetDetector", DetectorId=detector).get("Status") != "ENABLED":
            continue
        answer = told(ask, "GetAdministratorAccount", DetectorId=detector) or {}
        account = answer.get("Administrator", {}).get("AccountId")
        return f"It is told to {account or 'nobody'}." if wanted not in (None, account) else None
    return "GuardDuty is off."


@managed("SECURITYHUB_ENABLED")
def hub(_: Reading, given: Given) -> str | None:
    """Security Hub is on."""
    return None if told(given.ask("securityhub"), "DescribeHub") else "Security Hub is off."


@managed("DYNAMODB_THROUGHPUT_LIMIT_CHECK", accountRCUThresholdPercentage=80,
         accountWCUThresholdPercentage=80)  # fmt: skip
def within_limits(_: Reading, given: Given) -> str | None:
    """Tables together stay below a share of what the account may have."""
    limits = given.ask("dynamodb")("DescribeLimits")
    for word, short in (("Read", "RCU"), ("Write", "WCU")):
        used = sum(table.get(f"provisionedThroughput.{word.lower()}CapacityUnits", 0)
                   for table in given.resources("AWS::DynamoDB::Table"))  # fmt: skip
        share = 100 * used / limits[f"AccountMax{word}CapacityUnits"]
        if share > (given.number(f"account{short}ThresholdPercentage") or 0):
            return f"{word} capacity is at {share:g} % of the limit."
    return None


_SEVERITIES = ((7.0, "High"), (4.0, "Medium"), (0.0, "Low"))  # from where on GuardDuty calls it so


@managed("GUARDDUTY_NON_ARCHIVED_FINDINGS", daysLowSev=30, daysMediumSev=7, daysHighSev=1)
def findings_seen_to(_: Reading, given: Given) -> str | None:
    """Findings are archived within some days, by how severe they are."""
    ask = given.ask("guardduty")
    open_ones = {"Criterion": {"service.archived": {"Eq": ["false"]}}}
    detectors = list(ask.all("ListDetectors", "DetectorIds"))
    if not detectors:
        raise NotApplicable
    for detector in detectors:
        ids = list(ask.all("ListFindings", "FindingIds", DetectorId=detector,
                           FindingCriteria=open_ones))  # fmt: skip
        for start in range(0, len(ids), 50):  # which GetFindings takes at a time
            answer = ask("GetFindings", DetectorId=detector, FindingIds=ids[start : start + 50])
            for each in answer["Findings"]:
                name = next(name for least, name in _SEVERITIES if each["Severity"] >= least)
                since = datetime.fromisoformat(each["CreatedAt"].replace("Z", "+00:00"))
                if given.now - since > timedelta(days=given.number(f"days{name}Sev") or 0):
                    return f"{each['Id']} has been open since {since:%Y-%m-%d}."
    return None
