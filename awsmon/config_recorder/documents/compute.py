"""Documents about EC2, load balancers and networks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.automation import Step, call
from awsmon.core.deliveries import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsmon.config_recorder.automation import Given
    from awsmon.config_recorder.resource_types import Asking

__all__ = ["DOCUMENTS"]


def _close(port: int, family: str) -> Callable[[Callable[[str], Asking], Given], None]:
    """Nobody from anywhere may reach a port; what isn't open needs no closing."""

    def act(ask: Callable[[str], Asking], given: Given) -> None:
        own = given.one("IpAddressToBlock", "")
        everybody = own or ("0.0.0.0/0" if family == "4" else "::/0")
        if (":" in everybody) != (family == "6"):
            return
        ranges = {"IpRanges": [{"CidrIp": everybody}]} if family == "4" else {
            "Ipv6Ranges": [{"CidrIpv6": everybody}]}  # fmt: skip
        try:
            ask("ec2")("RevokeSecurityGroupIngress", GroupId=given.one("GroupId"), IpPermissions=[
                {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **ranges}])  # fmt: skip
        except Refused as error:
            if error.code != "InvalidPermission.NotFound":
                raise

    return act


def _empty_default(ask: Callable[[str], Asking], given: Given) -> None:
    ec2, id_ = ask("ec2"), given.one("GroupId")
    for group in ec2.all("DescribeSecurityGroups", "SecurityGroups", GroupIds=[id_]):
        if group["GroupName"] != "default":
            raise Refused(f"{id_} isn't a VPC's default group", permanent=True)
        for word, member in (("Ingress", "IpPermissions"), ("Egress", "IpPermissionsEgress")):
            if group.get(member):
                ec2(f"RevokeSecurityGroup{word}", GroupId=id_, IpPermissions=group[member])


def _detach(ask: Callable[[str], Asking], given: Given) -> None:
    ask("ec2")("DetachVolume", VolumeId=given.one("VolumeId"))


def _tag(ask: Callable[[str], Asking], given: Given) -> None:
    tags: dict[str, Any] = json.loads(given.one("RequiredTags"))
    ask("resourcegroupstaggingapi")(
        "TagResources", ResourceARNList=given.all("ResourceARNs"), Tags=tags
    )


def _attribute(name: str) -> Callable[[Given], dict[str, Any]]:
    return lambda given: {
        "LoadBalancerArn": given.one("LoadBalancerArn"),
        "Attributes": [{"Key": name, "Value": "true"}],
    }


def _instances(given: Given) -> dict[str, Any]:
    return {"InstanceIds": given.all("InstanceId")}


DOCUMENTS = {
    "AWS-DisablePublicAccessForSecurityGroup": (
        Step("DisableSSHFromV4", _close(22, "4")), Step("DisableSSHFromV6", _close(22, "6")),
        Step("DisableRDPFromV4", _close(3389, "4")), Step("DisableRDPFromV6", _close(3389, "6")),
    ),
    "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules": (
        Step("RemoveRulesAndVerifySecurityGroup", _empty_default),
    ),
    "AWS-StopEC2Instance": (call("StopInstances", "ec2", "StopInstances", _instances),),
    "AWS-StartEC2Instance": (call("StartInstances", "ec2", "StartInstances", _instances),),
    "AWS-RestartEC2Instance": (
        call("StopInstances", "ec2", "StopInstances", _instances),
        call("StartInstances", "ec2", "StartInstances", _instances),
    ),
    "AWS-TerminateEC2Instance": (
        call("TerminateInstances", "ec2", "TerminateInstances", _instances),
    ),
    "AWSConfigRemediation-EnforceEC2InstanceIMDSv2": (
        call("ModifyInstanceMetadataOptions", "ec2", "ModifyInstanceMetadataOptions",
             lambda given: {"InstanceId": given.one("InstanceId"), "HttpTokens": "required",
                            "HttpEndpoint": "enabled"}),
    ),
    "AWSConfigRemediation-EnableEbsEncryptionByDefault": (
        call("ModifyAccount", "ec2", "EnableEbsEncryptionByDefault", lambda _: {}),
    ),
    "AWS-DetachEBSVolume": (Step("DetachVolume", _detach),),
    "AWSConfigRemediation-DeleteUnusedEBSVolume": (
        call("DeleteVolume", "ec2", "DeleteVolume",
             lambda given: {"VolumeId": given.one("VolumeId")}),
    ),
    "AWS-ReleaseElasticIP": (
        call("ReleaseElasticIP", "ec2", "ReleaseAddress",
             lambda given: {"AllocationId": given.one("AllocationId")}),
    ),
    "AWSConfigRemediation-DisableSubnetAutoAssignPublicIP": (
        call("DisableAutoAssignPublicIp", "ec2", "ModifySubnetAttribute",
             lambda given: {"SubnetId": given.one("SubnetId"),
                            "MapPublicIpOnLaunch": {"Value": False}}),
    ),
    "AWS-EnableVPCFlowLogs": (
        call("CreateFlowLogs", "ec2", "CreateFlowLogs", lambda given: {
            "ResourceIds": given.all("VPCIds"), "ResourceType": "VPC",
            "TrafficType": given.one("TrafficType", "ALL"),
            "LogDestinationType": given.one("LogDestinationType", "cloud-watch-logs"),
            **({"LogDestination": given.one("LogDestinationArn")}
               if given.all("LogDestinationArn") else
               {"LogGroupName": given.one("LogGroupName"),
                "DeliverLogsPermissionArn": given.one("DeliverLogsPermissionArn")}),
        }),
    ),
    "AWSConfigRemediation-EnableELBDeletionProtection": (
        call("ModifyLoadBalancerAttributes", "elbv2", "ModifyLoadBalancerAttributes",
             _attribute("deletion_protection.enabled")),
    ),
    "AWSConfigRemediation-DropInvalidHeadersForALB": (
        call("ModifyLoadBalancerAttributes", "elbv2", "ModifyLoadBalancerAttributes",
             _attribute("routing.http.drop_invalid_header_fields.enabled")),
    ),
    "AWS-SetRequiredTags": (Step("SetRequiredTags", _tag),),
}  # fmt: skip
