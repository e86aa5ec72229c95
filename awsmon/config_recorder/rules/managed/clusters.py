"""Managed rules about EKS's clusters."""

from __future__ import annotations

from awsmon.config_recorder.rules.judging import Given, Reading, managed

_CLUSTER = "AWS::EKS::Cluster"


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
