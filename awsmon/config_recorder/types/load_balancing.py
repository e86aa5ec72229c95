"""Load balancers, classic and not, with attributes and listeners; Auto Scaling groups.

Attributes are parts of the configuration, as Config shows them in supplementaryConfiguration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.describing import Listed, relations, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.config_recorder.resource_types import Asking, Relationship

__all__ = ["TYPES"]

_GROUP = "AWS::EC2::SecurityGroup"
_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


def _classic(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    name = found["LoadBalancerName"]
    answer = told(ask, "DescribeLoadBalancerAttributes", LoadBalancerName=name)
    policies = told(ask, "DescribeLoadBalancerPolicies", LoadBalancerName=name)
    return {
        "LoadBalancerAttributes": (answer or {}).get("LoadBalancerAttributes"),
        "DescribeLoadBalancerPolicies": (policies or {}).get("PolicyDescriptions"),
    }


def _classic_tags(ask: Asking, found: dict[str, Any]) -> Any:
    answer = told(ask, "DescribeTags", LoadBalancerNames=[found["LoadBalancerName"]])
    return answer["TagDescriptions"][0]["Tags"] if answer and answer["TagDescriptions"] else []


def _classic_related(found: dict[str, Any]) -> list[Relationship]:
    instances = [each["InstanceId"] for each in found.get("Instances", ())]
    return [
        *relations("Is associated with SecurityGroup", _GROUP, *found.get("SecurityGroups", ())),
        *relations("Contains Instance", "AWS::EC2::Instance", *instances),
        *relations("Is attached to Subnet", "AWS::EC2::Subnet", *found.get("Subnets", ())),
    ]


def _attributes(ask: Asking, found: dict[str, Any]) -> dict[str, Any]:
    answer = told(ask, "DescribeLoadBalancerAttributes", LoadBalancerArn=found["LoadBalancerArn"])
    return {"LoadBalancerAttributes": (answer or {}).get("Attributes")}


def _tags(ask: Asking, found: dict[str, Any]) -> Any:
    arn = found.get("ListenerArn") or found["LoadBalancerArn"]
    answer = told(ask, "DescribeTags", ResourceArns=[arn])
    return answer["TagDescriptions"][0]["Tags"] if answer and answer["TagDescriptions"] else []


def _related(found: dict[str, Any]) -> list[Relationship]:
    subnets = [each.get("SubnetId") for each in found.get("AvailabilityZones", ())]
    return [
        *relations("Is contained in Vpc", "AWS::EC2::VPC", found.get("VpcId")),
        *relations("Is associated with SecurityGroup", _GROUP, *found.get("SecurityGroups", ())),
        *relations("Is attached to Subnet", "AWS::EC2::Subnet", *subnets),
    ]


def _listeners(ask: Asking) -> Iterator[dict[str, Any]]:
    for balancer in ask.all("DescribeLoadBalancers", "LoadBalancers"):
        arn = balancer["LoadBalancerArn"]
        yield from ask.all("DescribeListeners", "Listeners", LoadBalancerArn=arn)


def _listener_related(found: dict[str, Any]) -> list[Relationship]:
    certificates = [each.get("CertificateArn") for each in found.get("Certificates", ())]
    return [
        *relations("Is contained in LoadBalancer", _BALANCER, found.get("LoadBalancerArn")),
        *relations("Is associated with Certificate", "AWS::ACM::Certificate", *certificates),
    ]


def _members(found: dict[str, Any]) -> list[Relationship]:
    return [
        *relations("Contains Instance", "AWS::EC2::Instance",
                   *(each["InstanceId"] for each in found.get("Instances", ()))),
        *relations("Is associated with LaunchConfiguration",
                   "AWS::AutoScaling::LaunchConfiguration",
                   found.get("LaunchConfigurationName")),
        *relations("Is attached to LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer",
                   *found.get("LoadBalancerNames", ())),
    ]  # fmt: skip


TYPES = [
    each.resource_type
    for each in (
        Listed(type="AWS::ElasticLoadBalancing::LoadBalancer", client="elb",
               members=("LoadBalancerName", "LoadBalancerNames"),
               each=("DescribeLoadBalancers", "LoadBalancerDescriptions"), id="LoadBalancerName",
               tags=_classic_tags, extra=_classic, related=_classic_related),
        Listed(type=_BALANCER, client="elbv2", members=("LoadBalancerArn", "ResourceArns"),
               each=("DescribeLoadBalancers", "LoadBalancers"), id="LoadBalancerArn",
               name="LoadBalancerName", arn="LoadBalancerArn", tags=_tags, extra=_attributes,
               related=_related, zone="Multiple Availability Zones"),
        Listed(type="AWS::ElasticLoadBalancingV2::Listener", client="elbv2",
               members=("ListenerArn", "ResourceArns"), each=_listeners, id="ListenerArn",
               arn="ListenerArn", tags=_tags, related=_listener_related),
        Listed(type="AWS::AutoScaling::AutoScalingGroup", client="autoscaling",
               members=("AutoScalingGroupName", "ResourceId"),
               each=("DescribeAutoScalingGroups", "AutoScalingGroups"),
               id="AutoScalingGroupARN", key="AutoScalingGroupName", name="AutoScalingGroupName",
               arn="AutoScalingGroupARN", related=_members,
               zone="Multiple Availability Zones"),
        Listed(type="AWS::AutoScaling::LaunchConfiguration", client="autoscaling",
               members=("LaunchConfigurationName",),
               each=("DescribeLaunchConfigurations", "LaunchConfigurations"),
               id="LaunchConfigurationARN", key="LaunchConfigurationName",
               name="LaunchConfigurationName", arn="LaunchConfigurationARN"),
    )
]  # fmt: skip
