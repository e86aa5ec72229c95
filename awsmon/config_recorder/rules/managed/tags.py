"""The managed rule about tags."""

from __future__ import annotations

from typing import Any

from awsmon.config_recorder.rules.judging import Given, Reading, managed

_TYPES = (
    # as the rule's page lists them
    "AWS::ACM::Certificate", "AWS::AutoScaling::AutoScalingGroup", "AWS::CloudFormation::Stack",
    "AWS::CodeBuild::Project", "AWS::DynamoDB::Table", "AWS::EC2::CustomerGateway",
    "AWS::EC2::Instance", "AWS::EC2::InternetGateway", "AWS::EC2::NetworkAcl",
    "AWS::EC2::NetworkInterface", "AWS::EC2::RouteTable", "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet", "AWS::EC2::Volume", "AWS::EC2::VPC", "AWS::EC2::VPNConnection",
    "AWS::EC2::VPNGateway", "AWS::ElasticLoadBalancing::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::RDS::DBInstance",
    "AWS::RDS::DBSecurityGroup", "AWS::RDS::DBSnapshot", "AWS::RDS::DBSubnetGroup",
    "AWS::RDS::EventSubscription", "AWS::Redshift::Cluster",
    "AWS::Redshift::ClusterParameterGroup", "AWS::Redshift::ClusterSecurityGroup",
    "AWS::Redshift::ClusterSnapshot", "AWS::Redshift::ClusterSubnetGroup", "AWS::S3::Bucket",
)  # fmt: skip
_PARAMETERS: dict[str, Any] = {
    "tag1Key": "CostCenter", "tag1Value": None,
    **{f"tag{number}{word}": None for number in range(2, 7) for word in ("Key", "Value")},
}  # fmt: skip


@managed("REQUIRED_TAGS", *_TYPES, **_PARAMETERS)
def required_tags(resource: Reading, given: Given) -> str | None:
    """Resources have up to six tags, with one of some values where these are told."""
    for number in range(1, 7):
        key = given.text(f"tag{number}Key")
        if key is None:
            continue
        values = given.list(f"tag{number}Value")
        if key not in resource.tags:
            return f"The tag {key} is missing."
        if values and resource.tags[key] not in values:
            return f"The tag {key} is {resource.tags[key]}."
    return None
