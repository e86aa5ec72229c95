"""Records of EC2, Auto Scaling, Lambda, containers and what runs there."""

from __future__ import annotations

from tests.trail.samples.row import (
    AAS,
    ACCOUNT,
    ASG,
    AT,
    BATCH,
    ECR,
    ECS,
    LAMBDA,
    PANTHER,
    READ,
    SAGEMAKER,
    UG,
    WRITE,
    Sample,
    elastic,
    stratus,
)

_MADE = {"_return": True}
_REPOSITORY = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/tools"
_MIRROR = elastic("create-traffic-mirror-filter-rule-json")
_HELLO = "arn:aws:lambda:us-east-1:123456789012:function:hello"


def _opened(way: str, port: int) -> Sample:
    """A security group's rule, made with the one range that was given."""
    return Sample(
        "ec2", f"AuthorizeSecurityGroup{way}",
        {"GroupId": "sg-1", "IpPermissions": [{
            "IpProtocol": "tcp", "FromPort": port, "ToPort": port,
            "IpRanges": [{"CidrIp": "203.0.113.0/24"}]}]},
        {"groupId": "sg-1", "ipPermissions": {"items": [{
            "ipProtocol": "tcp", "fromPort": port, "toPort": port, "groups": {},
            "ipRanges": {"items": [{"cidrIp": "203.0.113.0/24"}]}, "ipv6Ranges": {},
            "prefixListIds": {}}]}},
        elastic(f"authorize-security-group-{way.lower()}-json"), WRITE,
        {"Return": True, "SecurityGroupRules": [{
            "SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": way == "Egress",
            "CidrIpv4": "203.0.113.0/24"}]},
        {"_return": True, "securityGroupRuleSet": {"items": [{
            "securityGroupRuleId": "sgr-1", "groupId": "sg-1", "isEgress": way == "Egress",
            "cidrIpv4": "203.0.113.0/24"}]}},
    )  # fmt: skip


SAMPLES = [
    Sample("ec2", "StartInstances", {"InstanceIds": ["i-1"]},
           {"instancesSet": {"items": [{"instanceId": "i-1"}]}}, UG, {},
           {"StartingInstances": [{"InstanceId": "i-1", "CurrentState": {
               "Code": 0, "Name": "pending"}, "PreviousState": {"Code": 80, "Name": "stopped"}}]},
           {"instancesSet": {"items": [{"instanceId": "i-1", "currentState": {
               "code": 0, "name": "pending"}, "previousState": {"code": 80, "name": "stopped"}}]}}),
    Sample("ec2", "StopInstances", {"InstanceIds": ["i-1"]},
           {"instancesSet": {"items": [{"instanceId": "i-1"}]}, "force": False}, UG),
    Sample("ec2", "TerminateInstances", {"InstanceIds": ["i-1"]},
           {"instancesSet": {"items": [{"instanceId": "i-1"}]}, "force": False,
            "skipOsShutdown": False}, elastic("terminate-instances-json"), WRITE,
           {"TerminatingInstances": [{"InstanceId": "i-1", "CurrentState": {
               "Code": 32, "Name": "shutting-down"}}]},
           {"instancesSet": {"items": [{"instanceId": "i-1", "currentState": {
               "code": 32, "name": "shutting-down"}}]}}),
    Sample("ec2", "CreateSecurityGroup",
           {"GroupName": "web", "Description": "of the shop", "VpcId": "vpc-1"},
           {"groupName": "web", "groupDescription": "of the shop", "vpcId": "vpc-1"}, PANTHER, {},
           {"GroupId": "sg-1"}, {"_return": True, "groupId": "sg-1"}),
    Sample("application-autoscaling", "RegisterScalableTarget",
           {"ServiceNamespace": "ec2", "ResourceId": "spot-fleet-request/sfr-1", "MinCapacity": 2,
            "ScalableDimension": "ec2:spot-fleet-request:TargetCapacity", "MaxCapacity": 10},
           {"resourceId": "spot-fleet-request/sfr-1", "serviceNamespace": "ec2",
            "scalableDimension": "ec2:spot-fleet-request:TargetCapacity", "minCapacity": 2,
            "maxCapacity": 10}, AAS,
           {**WRITE, "additionalEventData": {"service": "application-autoscaling"}}),
    Sample("application-autoscaling", "DescribeScalableTargets",
           {"ServiceNamespace": "ec2", "ResourceIds": ["spot-fleet-request/sfr-1"]},
           {"serviceNamespace": "ec2", "resourceIds": ["spot-fleet-request/sfr-1"]}, AAS,
           {**READ, "additionalEventData": {"service": "application-autoscaling"}}),
    Sample("ec2", "CreateKeyPair", {"KeyName": "k"}, {"keyName": "k"}, UG, {},
           {"KeyName": "k", "KeyFingerprint": "30:1d", "KeyMaterial": "secret"},
           {"keyName": "k", "keyFingerprint": "30:1d", "keyMaterial": "<sensitiveDataRemoved>"}),
    Sample("ec2", "RunInstances",
           {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 2, "InstanceType": "t3.micro",
            "ClientToken": "token", "SubnetId": "subnet-1", "TagSpecifications": [
                {"ResourceType": "instance", "Tags": [{"Key": "team", "Value": "shop"}]}]},
           {"instancesSet": {"items": [{"imageId": "ami-1", "minCount": 1, "maxCount": 2}]},
            "blockDeviceMapping": {}, "clientToken": "token", "disableApiStop": False,
            "disableApiTermination": False, "instanceType": "t3.micro",
            "monitoring": {"enabled": False}, "subnetId": "subnet-1", "tagSpecificationSet": {
                "items": [{"resourceType": "instance", "tags": [
                    {"key": "team", "value": "shop"}]}]}},
           elastic("run-instances-json"), WRITE,
           {"ReservationId": "r-1", "OwnerId": ACCOUNT, "Groups": [], "Instances": [{
               "InstanceId": "i-1", "State": {"Code": 0, "Name": "pending"}, "LaunchTime": AT,
               "Tags": [{"Key": "team", "Value": "shop"}], "ProductCodes": [],
               "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "default"}],
               "NetworkInterfaces": [{"Ipv6Addresses": [], "PrivateIpAddresses": [
                   {"Primary": True, "PrivateIpAddress": "10.0.0.1"}]}]}]},
           {"reservationId": "r-1", "ownerId": ACCOUNT, "groupSet": {}, "instancesSet": {"items": [{
               "instanceId": "i-1", "instanceState": {"code": 0, "name": "pending"},
               "launchTime": 1772452800000, "tagSet": {"items": [
                   {"key": "team", "value": "shop"}]}, "productCodes": {}, "groupSet": {"items": [
                       {"groupId": "sg-1", "groupName": "default"}]},
               "networkInterfaceSet": {"items": [{
                   "ipv6AddressesSet": {}, "privateIpAddressesSet": {"item": [
                       {"primary": True, "privateIpAddress": "10.0.0.1"}]}}]}}]}}),
    Sample("ec2", "ModifySnapshotAttribute",
           {"SnapshotId": "snap-1", "Attribute": "createVolumePermission",
            "OperationType": "remove", "GroupNames": ["all"]},
           {"attributeType": "CREATE_VOLUME_PERMISSION", "snapshotId": "snap-1",
            "createVolumePermission": {"remove": {"items": [{"group": "all"}]}}},
           elastic("modify-snapshot-attribute-json"), WRITE, {}, _MADE),
    Sample("ec2", "ModifyImageAttribute",
           {"ImageId": "ami-1", "LaunchPermission": {"Remove": [{"Group": "all"}]}},
           {"attributeType": "launchPermission", "imageId": "ami-1",
            "launchPermission": {"remove": {"items": [{"group": "all"}]}}},
           elastic("modify-image-attribute-json"), WRITE, {}, _MADE),
    Sample("ec2", "ModifyImageAttribute",
           {"ImageId": "ami-1", "LaunchPermission": {"Add": [{"UserId": "111122223333"}]}},
           {"attributeType": "launchPermission", "imageId": "ami-1",
            "launchPermission": {"add": {"items": [{"userId": "111122223333"}]}}},
           stratus("exfiltration.ec2-share-ami"), WRITE),
    Sample("ec2", "DeleteNetworkAclEntry",
           {"NetworkAclId": "acl-1", "RuleNumber": 100, "Egress": False},
           {"networkAclId": "acl-1", "ruleNumber": 100, "egress": False},
           elastic("delete-network-acl-entry-json"), WRITE, {}, _MADE),
    Sample("ec2", "GetPasswordData", {"InstanceId": "i-1"}, {"instanceId": "i-1"},
           elastic("get-password-data-json"), READ),
    Sample("ec2", "DeleteFlowLogs", {"FlowLogIds": ["fl-1"]},
           {"DeleteFlowLogsRequest": {"FlowLogId": {"content": "fl-1", "tag": 1}}},
           elastic("delete-flow-log-json"), WRITE, {"Unsuccessful": []},
           {"DeleteFlowLogsResponse": {
               "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/", "unsuccessful": ""}}),
    Sample("ec2", "CreateTrafficMirrorFilterRule",
           {"ClientToken": "token", "TrafficMirrorFilterId": "tmf-1", "RuleNumber": 1,
            "TrafficDirection": "ingress", "RuleAction": "accept", "Protocol": 6,
            "DestinationCidrBlock": "0.0.0.0/0", "SourceCidrBlock": "0.0.0.0/0"},
           {"CreateTrafficMirrorFilterRuleRequest": {
               "ClientToken": "token", "TrafficMirrorFilterId": "tmf-1", "RuleNumber": 1,
               "TrafficDirection": "ingress", "RuleAction": "accept", "Protocol": 6,
               "DestinationCidrBlock": "0.0.0.0/0", "SourceCidrBlock": "0.0.0.0/0"}},
           _MIRROR, WRITE,
           {"ClientToken": "token", "TrafficMirrorFilterRule": {
               "TrafficMirrorFilterRuleId": "tmfr-1", "RuleNumber": 1}},
           {"CreateTrafficMirrorFilterRuleResponse": {
               "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/", "clientToken": "token",
               "trafficMirrorFilterRule": {
                   "trafficMirrorFilterRuleId": "tmfr-1", "ruleNumber": 1}}}),
    Sample("ec2", "CreateTrafficMirrorSession",
           {"ClientToken": "token", "NetworkInterfaceId": "eni-1", "TrafficMirrorTargetId": "tmt-1",
            "TrafficMirrorFilterId": "tmf-1", "PacketLength": 25, "SessionNumber": 1},
           {"CreateTrafficMirrorSessionRequest": {
               "ClientToken": "token", "NetworkInterfaceId": "eni-1",
               "TrafficMirrorTargetId": "tmt-1", "TrafficMirrorFilterId": "tmf-1",
               "PacketLength": 25, "SessionNumber": 1}},
           elastic("create-traffic-mirror-session-request-json"), WRITE,
           {"ClientToken": "token", "TrafficMirrorSession": {
               "TrafficMirrorSessionId": "tms-1", "SessionNumber": 1, "Tags": []}},
           {"CreateTrafficMirrorSessionResponse": {
               "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/", "clientToken": "token",
               "trafficMirrorSession": {
                   "trafficMirrorSessionId": "tms-1", "sessionNumber": 1, "tagSet": ""}}}),
    _opened("Ingress", 22), _opened("Egress", 4444),
    Sample("autoscaling", "CreateLaunchConfiguration",
           {"LaunchConfigurationName": "l", "ImageId": "ami-1", "InstanceType": "m1.small"},
           {"launchConfigurationName": "l", "imageId": "ami-1", "instanceType": "m1.small"}, ASG,
           {"responseElements": None}),
    Sample("autoscaling", "DescribeAutoScalingGroups", {"MaxRecords": 20}, {"maxRecords": 20}, ASG,
           {"responseElements": None}),
    Sample("autoscaling", "UpdateAutoScalingGroup",
           {"AutoScalingGroupName": "g", "MinSize": 1, "MaxSize": 8},
           {"autoScalingGroupName": "g", "minSize": 1, "maxSize": 8}, ASG,
           {"responseElements": None}),
    Sample("lambda", "CreateFunction",
           {"FunctionName": "hello", "Role": "arn:aws:iam::123456789012:role/r",
            "Runtime": "nodejs20.x", "Handler": "lambda.handler", "Code": {"ZipFile": b"zip"}},
           {"functionName": "hello", "role": "arn:aws:iam::123456789012:role/r",
            "runtime": "nodejs20.x", "handler": "lambda.handler", "code": {}, "environment": {},
            "publish": False}, elastic("create-lambda-json"),
           {**WRITE, "eventName": "CreateFunction20150331"},
           {"FunctionName": "hello", "Environment": {"Variables": {"KEY": "secret"}},
            "EphemeralStorage": {"Size": 512}, "LastModified": "2026-03-02T12:00:00.375+0000"},
           {"functionName": "hello", "environment": {}, "ephemeralStorage": {"size": 512},
            "lastModified": "2026-03-02T12:00:00.375+0000"}),
    Sample("lambda", "UpdateFunctionConfiguration",
           {"FunctionName": _HELLO, "Layers": [f"{_HELLO.replace('function', 'layer')}:1"]},
           {"functionName": _HELLO, "layers": [f"{_HELLO.replace('function', 'layer')}:1"],
            "environment": {}}, stratus("persistence.lambda-layer-extension"),
           {**WRITE, "eventName": "UpdateFunctionConfiguration20150331v2"}),
    Sample("lambda", "UpdateFunctionCode",
           {"FunctionName": _HELLO, "ZipFile": b"zip", "Publish": True},
           {"functionName": _HELLO, "publish": True, "dryRun": False},
           stratus("persistence.lambda-overwrite-code"),
           {**WRITE, "eventName": "UpdateFunctionCode20150331v2"},
           differs="the member fullyQualifiedArn, which takes the ARN apart: Lambda's own"),
    Sample("lambda", "AddPermission",
           {"FunctionName": "hello", "StatementId": "sns", "Action": "lambda:InvokeFunction",
            "Principal": "sns.amazonaws.com"},
           {"functionName": "hello", "statementId": "sns", "action": "lambda:InvokeFunction",
            "principal": "sns.amazonaws.com"}, elastic("add-permission-json"),
           {**WRITE, "eventName": "AddPermission20150331v2"},
           {"Statement": '{"Sid":"sns"}'}, {"statement": '{"Sid":"sns"}'}),
    Sample("lambda", "DeleteFunction", {"FunctionName": "hello"}, {"functionName": "hello"},
           LAMBDA, {"eventName": "DeleteFunction20150331", "responseElements": None},
           differs="the event's name of 2015 had no version yet"),
    Sample("ecs", "CreateCluster", {"clusterName": "default"}, {"clusterName": "default"}, ECS, {},
           {"cluster": {"clusterName": "default", "statistics": [], "runningTasksCount": 0}},
           {"cluster": {"clusterName": "default", "statistics": [], "runningTasksCount": 0}}),
    Sample("ecr", "CreateRepository", {"repositoryName": "tools"}, {"repositoryName": "tools"}, ECR,
           {"resources": [{"ARN": _REPOSITORY, "accountId": ACCOUNT}]},
           {"repository": {"repositoryName": "tools", "createdAt": AT}},
           {"repository": {"repositoryName": "tools", "createdAt": "Mar 2, 2026 12:00:00 PM"}}),
    Sample("ecr", "PutImage",
           {"repositoryName": "tools", "imageTag": "latest", "registryId": ACCOUNT,
            "imageManifest": '{"schemaVersion": 2}'},
           {"repositoryName": "tools", "imageTag": "latest", "registryId": ACCOUNT,
            "imageManifest": '{"schemaVersion": 2}'}, ECR,
           {"resources": [{"ARN": _REPOSITORY, "accountId": ACCOUNT}]}),
    Sample("ecr", "BatchGetImage",
           {"repositoryName": "tools", "imageIds": [{"imageTag": "latest"}],
            "acceptedMediaTypes": ["application/json"]},
           {"repositoryName": "tools", "imageIds": [{"imageTag": "latest"}],
            "acceptedMediaTypes": ["application/json"]}, ECR),
    Sample("batch", "CreateComputeEnvironment",
           {"computeEnvironmentName": "Test", "type": "MANAGED", "state": "ENABLED",
            "serviceRole": "service-role/AWSBatchServiceRole", "computeResources": {
                "type": "EC2", "minvCpus": 0, "maxvCpus": 128, "desiredvCpus": 0,
                "instanceTypes": ["optimal"], "subnets": ["subnet-1"], "tags": {"Team Name": "x"},
                "securityGroupIds": ["sg-1"], "instanceRole": "ecsInstanceRole"}},
           {"computeEnvironmentName": "Test", "type": "MANAGED", "state": "ENABLED",
            "serviceRole": "service-role/AWSBatchServiceRole", "computeResources": {
                "type": "EC2", "minvCpus": 0, "maxvCpus": 128, "desiredvCpus": 0,
                "instanceTypes": ["optimal"], "subnets": ["subnet-1"], "tags": {"Team Name": "x"},
                "securityGroupIds": ["sg-1"], "instanceRole": "ecsInstanceRole"}}, BATCH, WRITE),
    Sample("sagemaker", "CreateEndpoint", {"EndpointName": "e", "EndpointConfigName": "c"},
           {"endpointName": "e", "endpointConfigName": "c"}, SAGEMAKER, {},
           {"EndpointArn": "arn:e"}, {"endpointArn": "arn:e"}),
    Sample("sagemaker", "CreateModel",
           {"ModelName": "m", "PrimaryContainer": {"Image": "i:latest"},
            "ExecutionRoleArn": "arn:aws:iam::123456789012:role/r"},
           {"modelName": "m", "primaryContainer": {"image": "i:latest"},
            "executionRoleArn": "arn:aws:iam::123456789012:role/r"}, SAGEMAKER),
]  # fmt: skip
