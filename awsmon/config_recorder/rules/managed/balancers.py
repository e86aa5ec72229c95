"""Managed rules about load balancers and Auto Scaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.config_recorder.rules.judging import (
    REQUIRED,
    Given,
    Lacking,
    NotApplicable,
    Reading,
    managed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLASSIC, _BALANCER = (
    "AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer",
)  # fmt: skip
_SECURE = ("HTTPS", "SSL")


def _attribute(balancer: Reading, name: str) -> str:
    """One of the attributes of a load balancer that isn't classic."""
    for each in balancer.extra("LoadBalancerAttributes"):
        if each["key"] == name:
            return str(each["value"])
    raise Lacking(f"the attribute {name} isn't known")


def _application(balancer: Reading) -> None:
    if balancer["type"] != "application":
        raise NotApplicable


@managed("ALB_HTTP_DROP_INVALID_HEADER_ENABLED", _BALANCER)
def drops_invalid_headers(balancer: Reading, _: Given) -> str | None:
    """Headers that aren't valid are dropped."""
    _application(balancer)
    on = _attribute(balancer, "routing.http.drop_invalid_header_fields.enabled") == "true"
    return None if on else "Invalid headers aren't dropped."


def _listeners(balancer: Reading, given: Given) -> Iterator[dict[str, Any]]:
    yield from given.ask("elbv2").all("DescribeListeners", "Listeners", LoadBalancerArn=balancer.id)


@managed("ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK", _BALANCER, change=False, asks=True)
def redirects(balancer: Reading, given: Given) -> str | None:
    """Plain listeners redirect to those that aren't."""
    _application(balancer)
    for listener in _listeners(balancer, given):
        if listener["Protocol"] == "HTTP" and not all(
            each.get("RedirectConfig", {}).get("Protocol") == "HTTPS"
            for each in listener["DefaultActions"]
        ):
            return f"The listener of port {listener['Port']} doesn't redirect to HTTPS."
    return None


@managed("ELBV2_ACM_CERTIFICATE_REQUIRED", _BALANCER, change=False, asks=True,
         AcmCertificatesAllowed=None)  # fmt: skip
def certificates_of_acm(balancer: Reading, given: Given) -> str | None:
    """Listeners have a certificate of ACM's, one of some."""
    allowed = given.list("AcmCertificatesAllowed")
    for listener in _listeners(balancer, given):
        arns = [each["CertificateArn"] for each in listener.get("Certificates", ())]
        if not any(":acm:" in each and (not allowed or each in allowed) for each in arns):
            return f"The listener of port {listener['Port']} has no certificate of ACM."
    return None


@managed("ELB_ACM_CERTIFICATE_REQUIRED", _CLASSIC)
def classic_certificates(balancer: Reading, _: Given) -> str | None:
    """Secure listeners have one, too."""
    for port, listener in _classic(balancer):
        if listener["protocol"] in _SECURE and ":acm:" not in listener.get("sSLCertificateId", ""):
            return f"The listener of port {port} has no certificate of ACM."
    return None


def _classic(balancer: Reading) -> Iterator[tuple[int, dict[str, Any]]]:
    for each in balancer["listenerDescriptions"]:
        yield each["listener"]["loadBalancerPort"], each["listener"]


@managed("ELB_TLS_HTTPS_LISTENERS_ONLY", _CLASSIC)
def only_secure(balancer: Reading, _: Given) -> str | None:
    """No listener is plain."""
    for port, listener in _classic(balancer):
        if listener["protocol"] not in _SECURE:
            return f"The listener of port {port} speaks {listener['protocol']}."
    return None


@managed("ELB_CROSS_ZONE_LOAD_BALANCING_ENABLED", _CLASSIC)
def cross_zone(balancer: Reading, _: Given) -> str | None:
    """Requests go to all zones."""
    found = balancer.extra("LoadBalancerAttributes").get("crossZoneLoadBalancing", {})
    return None if found.get("enabled") else "Balancing across zones is off."


@managed("ELB_DELETION_PROTECTION_ENABLED", _BALANCER)
def protected(balancer: Reading, _: Given) -> str | None:
    """Nobody deletes one by mistake."""
    on = _attribute(balancer, "deletion_protection.enabled") == "true"
    return None if on else "The load balancer isn't protected from deletion."


@managed("ELB_LOGGING_ENABLED", _CLASSIC, _BALANCER, s3BucketNames=None)
def logs_access(balancer: Reading, given: Given) -> str | None:
    """Access is logged, to one of some buckets."""
    if balancer.type == _CLASSIC:
        found = balancer.extra("LoadBalancerAttributes").get("accessLog", {})
        on, bucket = bool(found.get("enabled")), found.get("s3BucketName")
    else:
        on = _attribute(balancer, "access_logs.s3.enabled") == "true"
        bucket = _attribute(balancer, "access_logs.s3.bucket") if on else None
    allowed = given.list("s3BucketNames")
    if not on:
        return "Access isn't logged."
    return f"Access is logged to {bucket}." if allowed and bucket not in allowed else None


def _policies(balancer: Reading) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Ports of secure listeners, and the policies of their negotiation."""
    known = {each["policyName"]: each for each in balancer.extra("DescribeLoadBalancerPolicies")}
    for each in balancer["listenerDescriptions"]:
        if each["listener"]["protocol"] in _SECURE:
            yield (
                each["listener"]["loadBalancerPort"],
                [known[name] for name in each.get("policyNames", ()) if name in known],
            )


def _attributes(policy: dict[str, Any]) -> dict[str, str]:
    return {each["attributeName"]: each["attributeValue"]
            for each in policy.get("policyAttributeDescriptions", ())}  # fmt: skip


@managed("ELB_PREDEFINED_SECURITY_POLICY_SSL_CHECK", _CLASSIC, predefinedPolicyName=REQUIRED)
def predefined_policy(balancer: Reading, given: Given) -> str | None:
    """Secure listeners negotiate by one of AWS's policies."""
    wanted = given.text("predefinedPolicyName")
    for port, policies in _policies(balancer):
        if not any(
            wanted in (each["policyName"], _attributes(each).get("Reference-Security-Policy"))
            for each in policies
        ):
            return f"The listener of port {port} doesn't use {wanted}."
    return None


@managed("ELB_CUSTOM_SECURITY_POLICY_SSL_CHECK", _CLASSIC, sslProtocolsAndCiphers=REQUIRED)
def custom_policy(balancer: Reading, given: Given) -> str | None:
    """Or allow nothing but some protocols and ciphers."""
    allowed = {*given.list("sslProtocolsAndCiphers")}
    for port, policies in _policies(balancer):
        used = {name for each in policies for name, value in _attributes(each).items()
                if value == "true"}  # fmt: skip
        if not used or not used <= allowed:
            return f"The listener of port {port} allows {', '.join(sorted(used - allowed))}."
    return None


@managed("AUTOSCALING_GROUP_ELB_HEALTHCHECK_REQUIRED", "AWS::AutoScaling::AutoScalingGroup")
def group_asks_balancer(group: Reading, _: Given) -> str | None:
    """A group behind a load balancer believes that about health."""
    if not (group.get("loadBalancerNames") or group.get("targetGroupARNs")):
        raise NotApplicable
    kind = group["healthCheckType"]
    return None if "ELB" in kind else f"healthCheckType is {kind}."


@managed("AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED", "AWS::AutoScaling::LaunchConfiguration")
def launches_private(configuration: Reading, _: Given) -> str | None:
    """What is launched has no public address."""
    public = configuration.get("associatePublicIpAddress")
    return "associatePublicIpAddress is on." if public else None
