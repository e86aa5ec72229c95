"""Managed rules about clusters of EKS and EMR, and domains of Elasticsearch."""

from __future__ import annotations

from awsmon.config_recorder.rules.judging import Given, NotApplicable, Reading, managed

_CLUSTER, _DOMAIN = "AWS::EKS::Cluster", "AWS::Elasticsearch::Domain"


@managed("EKS_ENDPOINT_NO_PUBLIC_ACCESS", _CLUSTER, change=False)
def private_endpoint(cluster: Reading, _: Given) -> str | None:
    """The endpoint isn't public."""
    public = cluster["resourcesVpcConfig.endpointPublicAccess"]
    return "The endpoint is public." if public else None


@managed("EKS_SECRETS_ENCRYPTED", _CLUSTER, change=False, kmsKeyArns=None)
def secrets_encrypted(cluster: Reading, given: Given) -> str | None:
    """Secrets are encrypted, by one of some keys."""
    allowed = given.list("kmsKeyArns")
    for each in cluster.get("encryptionConfig") or ():
        if "secrets" in each.get("resources", ()):
            key = each["provider"]["keyArn"]
            return f"The key is {key}." if allowed and key not in allowed else None
    return "Secrets aren't encrypted."


@managed("ELASTICSEARCH_ENCRYPTED_AT_REST", _DOMAIN, change=False)
def domain_encrypted(domain: Reading, _: Given) -> str | None:
    """What a domain keeps is encrypted."""
    encrypted = domain["encryptionAtRestOptions.enabled"]
    return None if encrypted else "Encryption at rest is off."


@managed("ELASTICSEARCH_IN_VPC_ONLY", _DOMAIN, change=False)
def domain_inside(domain: Reading, _: Given) -> str | None:
    """A domain is inside a VPC: only then has it `VPCOptions`."""
    return None if domain.get("vPCOptions.subnetIds") else "The domain's endpoint is public."


@managed("EMR_MASTER_NO_PUBLIC_IP", "AWS::EMR::Cluster", change=False)
def private_master(cluster: Reading, _: Given) -> str | None:
    """A running cluster's master has no public address, by which it would have a public name."""
    if cluster["status.state"] not in ("RUNNING", "WAITING"):
        raise NotApplicable
    name = cluster["masterPublicDnsName"]
    return f"The master is {name}." if name.startswith("ec2-") else None
