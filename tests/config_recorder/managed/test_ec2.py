"""Managed rules about EC2: each of a resource that is as it should be, and of one that isn't."""

from __future__ import annotations

import pytest

from tests.config_recorder.conftest import client, judged, judged_account, rules_of, security_group

IMAGE, OTHER_IMAGE = "ami-12c6146b", "ami-0b301ce3ce3475d4f"


@pytest.fixture(autouse=True)
def _moto(mon):
    """Beside it."""


def ec2():
    return client("ec2")


def vpc():
    return ec2().create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]


def subnet(public=False):
    found = ec2().create_subnet(VpcId=vpc(), CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    ec2().modify_subnet_attribute(SubnetId=found, MapPublicIpOnLaunch={"Value": public})
    return found


def instance(**more):
    more = {"ImageId": IMAGE, "InstanceType": "t2.micro", **more}
    found = ec2().run_instances(MinCount=1, MaxCount=1, **more)
    return found["Instances"][0]["InstanceId"]


def private():
    return instance(SubnetId=subnet())


def public():
    return instance(NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet(),
                                        "AssociatePublicIpAddress": True}])  # fmt: skip


def profiled(name):
    iam = client("iam")
    arn = iam.create_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Arn"]
    return instance(IamInstanceProfile={"Arn": arn})


def image_of(tags):
    found = ec2().register_image(Name="own")["ImageId"]
    if tags:
        ec2().create_tags(Resources=[found], Tags=tags)
    return instance(ImageId=found)


def volume(attached=False, **more):
    found = ec2().create_volume(AvailabilityZone="us-east-1a", Size=8, **more)["VolumeId"]
    if attached:
        ec2().attach_volume(
            VolumeId=found,
            Device="/dev/sdh",
            InstanceId=instance(Placement={"AvailabilityZone": "us-east-1a"}),
        )
    return found  # fmt: skip


INSTANCES = [
    ("APPROVED_AMIS_BY_ID", instance, lambda: instance(ImageId=OTHER_IMAGE), {"amiIds": IMAGE}),
    ("APPROVED_AMIS_BY_TAG", lambda: image_of([{"Key": "tag-key", "Value": "tag-value"}]),
     lambda: image_of([{"Key": "tag-key", "Value": "other"}]),
     {"amisByTagKeyAndValue": "tag-key:tag-value,approved"}),
    ("DESIRED_INSTANCE_TYPE", instance, lambda: instance(InstanceType="m5.large"),
     {"instanceType": "t2.micro,t3.micro"}),
    ("EBS_OPTIMIZED_INSTANCE", lambda: instance(EbsOptimized=True), instance, {}),
    ("EC2_IMDSV2_CHECK", lambda: instance(MetadataOptions={"HttpTokens": "required"}), instance,
     {}),
    ("EC2_INSTANCE_DETAILED_MONITORING_ENABLED",
     lambda: instance(Monitoring={"Enabled": True}), instance, {}),
    ("EC2_INSTANCE_NO_PUBLIC_IP", private, public, {}),
    ("EC2_INSTANCE_PROFILE_ATTACHED", lambda: profiled("p"), instance, {}),
    ("ENCRYPTED_VOLUMES", lambda: volume(True, Encrypted=True), lambda: volume(True), {}),
    ("EC2_VOLUME_INUSE_CHECK", lambda: volume(True), volume, {}),
]  # fmt: skip


@rules_of(INSTANCES)
def test_instances_and_volumes(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


def test_instances_of_a_tenancy(mon):
    def dedicated():
        placement = {"placement": {"tenancy": "dedicated"}}
        mon.config_recorder.record("AWS::EC2::Instance", "i-dedicated", placement)
        return "i-dedicated"

    judged("DESIRED_INSTANCE_TENANCY", instance, dedicated, tenancy="DEFAULT")


def test_instances_of_one_vpc():
    wanted = subnet()
    [found] = ec2().describe_subnets(SubnetIds=[wanted])["Subnets"]
    judged("INSTANCES_IN_VPC", lambda: instance(SubnetId=wanted), private, vpcId=found["VpcId"])


def test_nobody_stays_stopped(mon):
    def stopped():
        found = instance()
        ec2().stop_instances(InstanceIds=[found])
        return found

    forgotten = stopped()
    mon.clock.advance(days=31)
    judged("EC2_STOPPED_INSTANCE", stopped, lambda: forgotten)


def test_encryption_by_default():
    judged_account(
        "EC2_EBS_ENCRYPTION_BY_DEFAULT", lambda: ec2().enable_ebs_encryption_by_default()
    )


def test_no_snapshot_is_public():
    found = ec2().create_snapshot(VolumeId=volume())["SnapshotId"]

    def share(how):
        ec2().modify_snapshot_attribute(SnapshotId=found, Attribute="createVolumePermission",
                                        OperationType=how, GroupNames=["all"])  # fmt: skip

    share("add")
    judged_account("EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK", lambda: share("remove"))


def flows():
    found = vpc()
    ec2().create_flow_logs(ResourceIds=[found], ResourceType="VPC", TrafficType="ALL",
                           LogDestinationType="s3",
                           LogDestination="arn:aws:s3:::configuration")  # fmt: skip
    return found


def endpoint():
    found = vpc()
    ec2().create_vpc_endpoint(VpcId=found, ServiceName="com.amazonaws.us-east-1.s3")
    return found


def acl(cidr="10.0.0.0/8", *, used=False):
    own = subnet()
    [found] = ec2().describe_subnets(SubnetIds=[own])["Subnets"]
    id_ = ec2().create_network_acl(VpcId=found["VpcId"])["NetworkAcl"]["NetworkAclId"]
    ec2().create_network_acl_entry(NetworkAclId=id_, RuleNumber=10, Protocol="6", Egress=False,
                                   RuleAction="allow", CidrBlock=cidr,
                                   PortRange={"From": 22, "To": 22})  # fmt: skip
    if used:
        [default] = ec2().describe_network_acls(
            Filters=[{"Name": "association.subnet-id", "Values": [own]}]
        )["NetworkAcls"]
        [association] = [
            each["NetworkAclAssociationId"]
            for each in default["Associations"]
            if each["SubnetId"] == own
        ]
        ec2().replace_network_acl_association(AssociationId=association, NetworkAclId=id_)
    return id_  # fmt: skip


def routes(to):
    own = vpc()
    gateway = ec2().create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2().attach_internet_gateway(InternetGatewayId=gateway, VpcId=own)
    table = ec2().create_route_table(VpcId=own)["RouteTable"]["RouteTableId"]
    ec2().create_route(RouteTableId=table, DestinationCidrBlock=to, GatewayId=gateway)
    return table


def gateway(into=None):
    found = ec2().create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2().attach_internet_gateway(InternetGatewayId=found, VpcId=into or vpc())
    return found


def address(used):
    found = ec2().allocate_address(Domain="vpc")["AllocationId"]
    if used:
        ec2().associate_address(AllocationId=found, InstanceId=instance())
    return found


NETWORKS = [
    ("SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED", subnet, lambda: subnet(True), {}),
    ("VPC_FLOW_LOGS_ENABLED", flows, vpc, {}),
    ("SERVICE_VPC_ENDPOINT_ENABLED", endpoint, vpc, {"serviceName": "s3"}),
    ("VPC_NETWORK_ACL_UNUSED_CHECK", lambda: acl(used=True), acl, {}),
    ("NACL_NO_UNRESTRICTED_SSH_RDP", acl, lambda: acl("0.0.0.0/0"), {}),
    ("NO_UNRESTRICTED_ROUTE_TO_IGW", lambda: routes("10.1.0.0/16"), lambda: routes("0.0.0.0/0"),
     {}),
    ("EIP_ATTACHED", lambda: address(True), lambda: address(False), {}),
    ("INCOMING_SSH_DISABLED", lambda: security_group("a", 443), lambda: security_group("b", 22),
     {}),
    ("RESTRICTED_INCOMING_TRAFFIC", lambda: security_group("a", 443),
     lambda: security_group("b", 3389), {}),
    ("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS", lambda: security_group("a", 443),
     lambda: security_group("b", 443, 8080), {"authorizedTcpPorts": "443,1000-2000"}),
]  # fmt: skip


@rules_of(NETWORKS)
def test_networks(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)


def test_gateways_of_authorized_vpcs():
    own = vpc()
    judged("INTERNET_GATEWAY_AUTHORIZED_VPC_ONLY", lambda: gateway(own), gateway,
           AuthorizedVpcIds=own)  # fmt: skip


def default_group(*, closed):
    own = [{"Name": "vpc-id", "Values": [vpc()]}, {"Name": "group-name", "Values": ["default"]}]
    [found] = ec2().describe_security_groups(Filters=own)["SecurityGroups"]
    if closed:
        ec2().revoke_security_group_egress(
            GroupId=found["GroupId"], IpPermissions=found["IpPermissionsEgress"]
        )
        if found["IpPermissions"]:
            ec2().revoke_security_group_ingress(
                GroupId=found["GroupId"], IpPermissions=found["IpPermissions"]
            )
    return found["GroupId"]  # fmt: skip


def test_the_default_group_is_closed():
    judged("VPC_DEFAULT_SECURITY_GROUP_CLOSED", lambda: default_group(closed=True),
           lambda: default_group(closed=False))  # fmt: skip


def test_groups_are_somebodys():
    def used():
        group = security_group("used")
        instance(SecurityGroupIds=[group])
        return group

    judged("EC2_SECURITY_GROUP_ATTACHED_TO_ENI", used, lambda: security_group("unused"))


def test_tunnels_that_the_mock_does_not_tell_are_not_guessed(mon):
    def tunnels(*states):
        id_ = f"vpn-{len(states)}{states.count('UP')}"
        telemetry = [{"status": each} for each in states]
        mon.config_recorder.record("AWS::EC2::VPNConnection", id_,
                                   {"state": "available", "vgwTelemetry": telemetry})  # fmt: skip
        return id_

    judged("VPC_VPN_2_TUNNELS_UP", lambda: tunnels("UP", "UP"), lambda: tunnels("UP", "DOWN"))


def test_tags_are_required():
    def tagged(**tags):
        found = instance()
        ec2().create_tags(
            Resources=[found], Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
        )
        return found  # fmt: skip

    judged("REQUIRED_TAGS", lambda: tagged(CostCenter="1", stage="prod"),
           lambda: tagged(CostCenter="1", stage="toy"), tag2Key="stage",
           tag2Value="prod,test")  # fmt: skip
