"""Managed rules about load balancers, Auto Scaling and EKS."""

from __future__ import annotations

import pytest

from tests.config_recorder.conftest import ACCOUNT, BUCKET, ROLE, client, judged, rules_of

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
FOREIGN = f"arn:aws:iam::{ACCOUNT}:server-certificate/own"
POLICY = "ELBSecurityPolicy-TLS-1-2-2017-01"


@pytest.fixture(autouse=True)
def _moto(mon):
    """Beside it."""


def certificate():
    return client("acm").request_certificate(DomainName="example.com")["CertificateArn"]


def subnets():
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    return [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{place}.0/24",
                          AvailabilityZone=f"us-east-1{zone}")["Subnet"]["SubnetId"]
        for place, zone in enumerate("ab")
    ]  # fmt: skip


def balancer(name, *, listener=None, **attributes):
    elb = client("elbv2")
    [found] = elb.create_load_balancer(Name=name, Subnets=subnets())["LoadBalancers"]
    arn = found["LoadBalancerArn"]
    if attributes:
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[
            {"Key": key.replace("__", "."), "Value": value} for key, value in attributes.items()
        ])  # fmt: skip
    if listener:
        elb.create_listener(LoadBalancerArn=arn, **listener)
    return arn


FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}
REDIRECT = {
    "Type": "redirect",
    "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"},
}
PLAIN = {"Protocol": "HTTP", "Port": 80, "DefaultActions": [FIXED]}  # fmt: skip


def secure():
    return {"Protocol": "HTTPS", "Port": 443, "DefaultActions": [FIXED],
            "Certificates": [{"CertificateArn": certificate()}]}  # fmt: skip


def classic(name, *, certificate=None, policy=None, **attributes):
    elb = client("elb")
    listener = {"Protocol": "HTTP", "LoadBalancerPort": 443, "InstancePort": 80}
    if certificate:
        listener |= {"Protocol": "HTTPS", "SSLCertificateId": certificate}
    elb.create_load_balancer(LoadBalancerName=name, Listeners=[listener],
                             AvailabilityZones=["us-east-1a"])  # fmt: skip
    if policy:
        elb.create_load_balancer_policy(
            LoadBalancerName=name,
            PolicyName="own",
            PolicyTypeName="SSLNegotiationPolicyType",
            PolicyAttributes=[
                {"AttributeName": key, "AttributeValue": value} for key, value in policy.items()
            ],
        )
        elb.set_load_balancer_policies_of_listener(
            LoadBalancerName=name, LoadBalancerPort=443, PolicyNames=["own"]
        )
    if attributes:
        elb.modify_load_balancer_attributes(
            LoadBalancerName=name, LoadBalancerAttributes=attributes
        )
    return name  # fmt: skip


def group(name, kind):
    scaling = client("autoscaling")
    classic(name)
    scaling.create_launch_configuration(LaunchConfigurationName=name, ImageId="ami-12c6146b",
                                        InstanceType="t2.micro")  # fmt: skip
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        LaunchConfigurationName=name,
        MinSize=0,
        MaxSize=1,
        AvailabilityZones=["us-east-1a"],
        LoadBalancerNames=[name],
        HealthCheckType=kind,
    )
    [found] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])[
        "AutoScalingGroups"
    ]
    return found["AutoScalingGroupARN"]  # fmt: skip


def launch_configuration(name, *, public):
    scaling = client("autoscaling")
    scaling.create_launch_configuration(
        LaunchConfigurationName=name,
        ImageId="ami-12c6146b",
        InstanceType="t2.micro",
        AssociatePublicIpAddress=public,
    )
    [found] = scaling.describe_launch_configurations(LaunchConfigurationNames=[name])[
        "LaunchConfigurations"
    ]
    return found["LaunchConfigurationARN"]  # fmt: skip


def eks(name, *, public=True, key=None):
    secrets = [{"resources": ["secrets"], "provider": {"keyArn": key}}] if key else []
    client("eks").create_cluster(
        name=name,
        roleArn=ROLE,
        encryptionConfig=secrets,
        version="1.30",
        resourcesVpcConfig={"subnetIds": subnets(), "endpointPublicAccess": public},
    )
    return name  # fmt: skip


LOGS = {"access_logs__s3__enabled": "true", "access_logs__s3__bucket": BUCKET}
RULES = [
    ("ALB_HTTP_DROP_INVALID_HEADER_ENABLED",
     lambda: balancer("good", routing__http__drop_invalid_header_fields__enabled="true"),
     lambda: balancer("bad", routing__http__drop_invalid_header_fields__enabled="false"), {}),
    ("ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK",
     lambda: balancer("good", listener={**PLAIN, "DefaultActions": [REDIRECT]}),
     lambda: balancer("bad", listener=PLAIN), {}),
    ("ELBV2_ACM_CERTIFICATE_REQUIRED", lambda: balancer("good", listener=secure()),
     lambda: balancer("bad", listener=PLAIN), {}),
    ("ELB_DELETION_PROTECTION_ENABLED",
     lambda: balancer("good", deletion_protection__enabled="true"), lambda: balancer("bad"), {}),
    ("ELB_LOGGING_ENABLED", lambda: balancer("good", **LOGS),
     lambda: balancer("bad", access_logs__s3__enabled="false"), {}),
    ("ELB_LOGGING_ENABLED",
     lambda: classic("good", AccessLog={"Enabled": True, "S3BucketName": BUCKET}),
     lambda: classic("bad"), {"s3BucketNames": BUCKET}),
    ("ELB_ACM_CERTIFICATE_REQUIRED", lambda: classic("good", certificate=certificate()),
     lambda: classic("bad", certificate=FOREIGN), {}),
    ("ELB_TLS_HTTPS_LISTENERS_ONLY", lambda: classic("good", certificate=certificate()),
     lambda: classic("bad"), {}),
    ("ELB_CROSS_ZONE_LOAD_BALANCING_ENABLED",
     lambda: classic("good", CrossZoneLoadBalancing={"Enabled": True}), lambda: classic("bad"),
     {}),
    ("ELB_PREDEFINED_SECURITY_POLICY_SSL_CHECK",
     lambda: classic("good", certificate=certificate(),
                     policy={"Reference-Security-Policy": POLICY}),
     lambda: classic("bad", certificate=certificate()), {"predefinedPolicyName": POLICY}),
    ("ELB_CUSTOM_SECURITY_POLICY_SSL_CHECK",
     lambda: classic("good", certificate=certificate(), policy={"Protocol-TLSv1.2": "true"}),
     lambda: classic("bad", certificate=certificate(), policy={"Protocol-TLSv1": "true"}),
     {"sslProtocolsAndCiphers": "Protocol-TLSv1.2,Protocol-TLSv1.3"}),
    ("AUTOSCALING_GROUP_ELB_HEALTHCHECK_REQUIRED", lambda: group("good", "ELB"),
     lambda: group("bad", "EC2"), {}),
    ("AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED",
     lambda: launch_configuration("good", public=False),
     lambda: launch_configuration("bad", public=True), {}),
    ("EKS_ENDPOINT_NO_PUBLIC_ACCESS", lambda: eks("good", public=False), lambda: eks("bad"), {}),
    ("EKS_SECRETS_ENCRYPTED", lambda: eks("good", key=KEY), lambda: eks("bad"), {}),
]  # fmt: skip


@rules_of(RULES)
def test_balancers_and_clusters(identifier, good, bad, parameters):
    judged(identifier, good, bad, **parameters)
