"""Managed rules about API Gateway, CodeBuild, ElastiCache, SageMaker, WAF, an account's guards."""

from __future__ import annotations

import pytest

from awsmon.config_recorder.resource_types import Asking
from tests.config_recorder.conftest import (
    ACCOUNT,
    client,
    compliance,
    judged,
    judged_account,
    judged_told,
    recording,
    rule,
    rules_of,
)

ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/build"
STREAM = f"arn:aws:firehose:us-east-1:{ACCOUNT}:deliverystream/aws-waf-logs-a"


@pytest.fixture(autouse=True)
def _moto(mon):
    """Beside it."""


def stage(name, *operations):
    apis = client("apigateway")
    api = apis.create_rest_api(name=name)["id"]
    root = apis.get_resources(restApiId=api)["items"][0]["id"]
    apis.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    apis.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    made = apis.create_deployment(restApiId=api)["id"]
    apis.create_stage(restApiId=api, stageName=name, deploymentId=made)
    for path, value in operations:
        apis.update_stage(restApiId=api, stageName=name, patchOperations=[
            {"op": "replace", "path": path, "value": value}])  # fmt: skip
    return f"arn:aws:apigateway:us-east-1::/restapis/{api}/stages/{name}"


LEVEL = "/*/*/logging/loglevel"
STAGES = [
    ("API_GW_EXECUTION_LOGGING_ENABLED", lambda: stage("good", (LEVEL, "INFO")),
     lambda: stage("bad", (LEVEL, "OFF")), {}),
    ("API_GW_EXECUTION_LOGGING_ENABLED", lambda: stage("good", (LEVEL, "ERROR")),
     lambda: stage("bad", (LEVEL, "INFO")), {"loggingLevel": "ERROR"}),
    ("API_GW_XRAY_ENABLED", lambda: stage("good", ("/tracingEnabled", "true")),
     lambda: stage("bad"), {}),
]  # fmt: skip


@rules_of(STAGES)
def test_stages(identifier, good, bad, parameters):
    pytest.importorskip("openapi_spec_validator", reason="moto without API Gateway")
    judged(identifier, good, bad, **parameters)


def logged(level):
    return {"methodSettings": {"*/*": {"loggingLevel": level}}}


@pytest.mark.parametrize(
    ("identifier", "good", "bad"),
    [
        ("API_GW_EXECUTION_LOGGING_ENABLED", logged("ERROR"), logged("OFF")),
        ("API_GW_EXECUTION_LOGGING_ENABLED", logged("INFO"), {}),
        ("API_GW_SSL_ENABLED", {"clientCertificateId": "abc"}, {}),
        ("API_GW_XRAY_ENABLED", {"tracingEnabled": True}, {"tracingEnabled": False}),
    ],
)
def test_stages_that_were_told(mon, identifier, good, bad):
    judged_told(mon, "AWS::ApiGateway::Stage", identifier, good, bad)


def project(name, *, location="https://github.com/a/b", variables=()):
    made = client("codebuild").create_project(
        name=name, source={"type": "GITHUB", "location": location}, serviceRole=ROLE,
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "a", "computeType": "BUILD_GENERAL1_SMALL",
                     "environmentVariables": list(variables)},
    )  # fmt: skip
    return made["project"]["arn"]


KEY = {"name": "AWS_SECRET_ACCESS_KEY", "value": "x"}
PROJECTS = [
    ("CODEBUILD_PROJECT_ENVVAR_AWSCRED_CHECK",
     lambda: project("good", variables=[{**KEY, "type": "PARAMETER_STORE"}]),
     lambda: project("bad", variables=[KEY]), {}),
    ("CODEBUILD_PROJECT_SOURCE_REPO_URL_CHECK", lambda: project("good"),
     lambda: project("bad", location="https://me:token@github.com/a/b"), {}),
]  # fmt: skip


@rules_of(PROJECTS)
def test_projects(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


def cache(name, days):
    client("elasticache").create_replication_group(
        ReplicationGroupId=name, ReplicationGroupDescription="d", SnapshotRetentionLimit=days
    )
    return name


def notebook(name, access):
    return client("sagemaker").create_notebook_instance(
        NotebookInstanceName=name, InstanceType="ml.t2.medium", RoleArn=ROLE,
        DirectInternetAccess=access, SubnetId="subnet-1")["NotebookInstanceArn"]  # fmt: skip


def web_acl(name, *, logged=False):
    waf = client("wafv2")
    seen = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": name}
    arn = waf.create_web_acl(Name=name, Scope="REGIONAL", DefaultAction={"Allow": {}},
                             VisibilityConfig=seen)["Summary"]["ARN"]  # fmt: skip
    if logged:
        waf.put_logging_configuration(LoggingConfiguration={
            "ResourceArn": arn, "LogDestinationConfigs": [STREAM]})  # fmt: skip
    return arn


def balancer(name, *, guarded=False):
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{place}.0/24",
                                 AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
               for place, zone in enumerate("ab")]  # fmt: skip
    arn = client("elbv2").create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    if guarded:
        client("wafv2").associate_web_acl(WebACLArn=web_acl(f"of-{name}"), ResourceArn=arn)
    return arn


OTHERS = [
    ("ELASTICACHE_REDIS_CLUSTER_AUTOMATIC_BACKUP_CHECK", lambda: cache("good", 15),
     lambda: cache("bad", 14), {}),
    ("SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS", lambda: notebook("good", "Disabled"),
     lambda: notebook("bad", "Enabled"), {}),
    ("WAFV2_LOGGING_ENABLED", lambda: web_acl("good", logged=True), lambda: web_acl("bad"), {}),
    ("ALB_WAF_ENABLED", lambda: balancer("good", guarded=True), lambda: balancer("bad"), {}),
]  # fmt: skip


@rules_of(OTHERS)
def test_caches_notebooks_and_web_acls(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


def test_guardduty_is_on():
    judged_account("GUARDDUTY_ENABLED_CENTRALIZED",
                   lambda: client("guardduty").create_detector(Enable=True))  # fmt: skip


def test_security_hub_is_on():
    judged_account("SECURITYHUB_ENABLED", lambda: client("securityhub").enable_security_hub())


def test_tables_stay_below_the_accounts_limit():
    # given a table that takes all that the account may read
    dynamodb = client("dynamodb")
    most = dynamodb.describe_limits()["AccountMaxReadCapacityUnits"]
    dynamodb.create_table(
        TableName="t", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": most, "WriteCapacityUnits": 1},
    )  # fmt: skip
    # then the account isn't compliant until the table is gone
    judged_account("DYNAMODB_THROUGHPUT_LIMIT_CHECK", lambda: dynamodb.delete_table(TableName="t"))


TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:stacks"


def stack(name, topic=None):
    return client("cloudformation").create_stack(
        StackName=name, TemplateBody='{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}',
        NotificationARNs=[topic] if topic else [])["StackId"]  # fmt: skip


STACKS = [
    ("CLOUDFORMATION_STACK_NOTIFICATION_CHECK", lambda: stack("good", TOPIC),
     lambda: stack("bad"), {}),
    ("CLOUDFORMATION_STACK_NOTIFICATION_CHECK", lambda: stack("good", TOPIC),
     lambda: stack("bad", f"{TOPIC}2"), {"snsTopic2": TOPIC}),
]  # fmt: skip


@rules_of(STACKS)
def test_stacks(identifier, good, bad, parameters):
    pytest.importorskip("openapi_spec_validator", reason="moto without CloudFormation")
    judged(identifier, good, bad, **parameters)


def drift(status):
    return {"driftInformation": {"stackDriftStatus": status}}


ROLES = {"cloudformationRoleArn": ROLE}
TOLD = [
    ("CLOUDFORMATION_STACK_NOTIFICATION_CHECK", {"notificationARNs": [TOPIC]},
     {"notificationARNs": []}, {}),
    ("CLOUDFORMATION_STACK_DRIFT_DETECTION_CHECK", drift("IN_SYNC"), drift("DRIFTED"), ROLES),
]  # fmt: skip


@pytest.mark.parametrize(("identifier", "good", "bad", "parameters"), TOLD)
def test_stacks_that_were_told(mon, identifier, good, bad, parameters):
    judged_told(mon, "AWS::CloudFormation::Stack", identifier, good, bad, **parameters)


def domain(name, *, encrypted=False, inside=False):
    vpc = {"VPCOptions": {"SubnetIds": ["subnet-1"]}} if inside else {}
    return client("es").create_elasticsearch_domain(
        DomainName=name, EncryptionAtRestOptions={"Enabled": encrypted}, **vpc
    )["DomainStatus"]["ARN"]


DOMAINS = [
    ("ELASTICSEARCH_ENCRYPTED_AT_REST", lambda: domain("good", encrypted=True),
     lambda: domain("bad"), {}),
    ("ELASTICSEARCH_IN_VPC_ONLY", lambda: domain("good", inside=True), lambda: domain("bad"), {}),
]  # fmt: skip


@rules_of(DOMAINS)
def test_domains(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


def test_masters_have_no_public_address(mon):
    # given a cluster of moto's, whose masters are all public, and one that was told
    made = client("emr").run_job_flow(
        Name="c", JobFlowRole="r", ServiceRole="s", Instances={
            "InstanceCount": 1, "MasterInstanceType": "m4.large",
            "KeepJobFlowAliveWhenNoSteps": True},
    )["JobFlowId"]  # fmt: skip
    inside = {"status": {"state": "WAITING"}, "masterPublicDnsName": "ip-10-0-0-4.ec2.internal"}

    def good():
        mon.config_recorder.record("AWS::EMR::Cluster", "j-good", inside)
        return "j-good"

    judged("EMR_MASTER_NO_PUBLIC_IP", good, lambda: made)


def test_redshifts_parameters_demand_tls(mon):
    # given a cluster of moto's, whose parameters nobody can change, and one that was told
    redshift = client("redshift")
    redshift.create_cluster_parameter_group(
        ParameterGroupName="lax", ParameterGroupFamily="redshift-1.0", Description="d"
    )

    def bad():
        redshift.create_cluster(
            ClusterIdentifier="bad", NodeType="dc2.large", MasterUsername="someone",
            MasterUserPassword="Passw0rd1", ClusterParameterGroupName="lax",
        )  # fmt: skip
        return "bad"

    def good():
        strict = [{"parameterName": "require_ssl", "parameterValue": "true"}]
        groups = [{"parameterGroupName": "strict"}]
        record = mon.config_recorder.record
        record("AWS::Redshift::ClusterParameterGroup", "strict", {"parameters": strict})
        record("AWS::Redshift::Cluster", "good", {"clusterParameterGroups": groups})
        return "good"

    judged("REDSHIFT_REQUIRE_TLS_SSL", good, bad)


# severities: GuardDuty User Guide, "Severity levels for GuardDuty findings"
@pytest.mark.parametrize(("severity", "days"), [(8.0, 1), (7.0, 1), (5.5, 7), (2.0, 30)])
def test_findings_are_seen_to(mon, config, monkeypatch, severity, days):
    # given a detector, and a finding, which moto can't have
    found = [{"Id": "f", "Severity": severity, "CreatedAt": "2026-03-02T12:00:00.000Z"}]
    answers = {
        "ListDetectors": {"DetectorIds": ["d"]},
        "ListFindings": {"FindingIds": ["f"]},
        "GetFindings": {"Findings": found},
    }
    monkeypatch.setattr(Asking, "__call__", lambda self, operation, **_: answers[operation])
    recording(config)
    rule(config, "GUARDDUTY_NON_ARCHIVED_FINDINGS")
    # then it may be open for so many days, and no longer, until it is archived
    mon.clock.advance(days=days)
    assert compliance(config) == {ACCOUNT: "COMPLIANT"}
    mon.clock.advance(days=1)
    assert compliance(config) == {ACCOUNT: "NON_COMPLIANT"}
    answers["ListFindings"] = {"FindingIds": []}
    mon.clock.advance(days=1)
    assert compliance(config) == {ACCOUNT: "COMPLIANT"}
