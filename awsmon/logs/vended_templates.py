"""Which services' logs can be delivered, and how: `TEMPLATES`.

Source: API reference, PutDeliverySource, logType; the fields of CloudFront's access logs from
recordings of CreateDelivery (LocalStack's snapshots). Of other logs the fields aren't documented
with the API: all that a record has are delivered, whatever they are called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DESTINATIONS", "TEMPLATES", "Template", "template"]

DESTINATIONS = {"s3": "S3", "logs": "CWL", "firehose": "FH"}
"""The service in a destination's ARN to its type."""
FORMATS = {
    "S3": ["json", "plain", "w3c", "parquet"], "CWL": ["json", "plain"],
    "FH": ["json", "plain", "raw"], "XRAY": ["json"],
}  # fmt: skip
_CLOUDFRONT = (
    "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
    "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header "
    "cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher "
    "x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port "
    "time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start "
    "sc-range-end"
)
_SOURCES = {
    "amplify": ("app", "ACCESS_LOGS WAF_LOGS"),
    "bedrock": ("agent", "APPLICATION_LOGS EVENT_LOGS"),
    "bedrock-agentcore": ("runtime", "APPLICATION_LOGS USAGE_LOGS TRACES"),
    "cloudfront": ("distribution", "ACCESS_LOGS"),
    "codewhisperer": ("customization", "EVENT_LOGS"),
    "ecs": ("cluster", "ACTION_LOGS"),
    "eks": (
        "cluster", "AUTO_MODE_BLOCK_STORAGE_LOGS AUTO_MODE_COMPUTE_LOGS AUTO_MODE_IPAM_LOGS "
        "AUTO_MODE_LOAD_BALANCING_LOGS",
    ),
    "elasticloadbalancing": (
        "loadbalancer",
        "ALB_ACCESS_LOGS ALB_CONNECTION_LOGS ALB_HEALTH_CHECK_LOGS NLB_ACCESS_LOGS",
    ),
    "entityresolution": ("matchingworkflow", "WORKFLOW_LOGS"),
    "events": ("event-bus", "INFO_LOGS ERROR_LOGS"),
    "logs": ("log-group", "INSIGHTS_QUERY_LOGS"),
    "mediapackagev2": ("channelGroup", "EGRESS_ACCESS_LOGS INGRESS_ACCESS_LOGS"),
    "mediatailor": (
        "playbackConfiguration", "AD_DECISION_SERVER_LOGS MANIFEST_SERVICE_LOGS TRANSCODE_LOGS",
    ),
    "network-firewall": ("proxy", "ALERT_LOGS ALLOW_LOGS DENY_LOGS"),
    "pcs": ("cluster", "PCS_SCHEDULER_LOGS PCS_JOBCOMP_LOGS PCS_SCHEDULER_AUDIT_LOGS "
                       "PCS_SCALING_LOGS"),
    "qbusiness": ("application", "EVENT_LOGS SYNC_JOB_LOGS"),
    "route53globalresolver": ("global-resolver", "GLOBAL_RESOLVER_LOGS"),
    "rtbfabric": ("gateway", "APPLICATION_LOGS"),
    "s3": ("bucket", "S3_SERVER_ACCESS_LOGS"),
    "securityhub": ("hub", "SECURITY_FINDING_LOGS"),
    "ses": ("mailmanager-ingress-point", "APPLICATION_LOGS TRAFFIC_POLICY_DEBUG_LOGS"),
    "shield": ("protection", "FLOW_LOGS"),
    "sso": ("instance", "ERROR_LOGS"),
    "wisdom": ("assistant", "EVENT_LOGS"),
    "workmail": (
        "organization", "ACCESS_CONTROL_LOGS AUTHENTICATION_LOGS "
        "WORKMAIL_AVAILABILITY_PROVIDER_LOGS WORKMAIL_MAILBOX_ACCESS_LOGS "
        "WORKMAIL_PERSONAL_ACCESS_TOKEN_LOGS",
    ),
}  # fmt: skip
"""Service to the type of its resources and the types of their logs."""


@dataclass(frozen=True, slots=True)
class Template:
    """How one type of logs is delivered to one type of destination.

    Attributes:
        fields: those that records have, in order; none: it isn't known.
    """

    service: str
    log_type: str
    resource_type: str
    destination: str
    fields: tuple[str, ...] = ()

    @property
    def suffix_path(self) -> str:
        """Where in a bucket, unless the delivery says so; CloudFront's is recorded."""
        names = {"cloudfront": "CloudFront"}
        return f"AWSLogs/{{account-id}}/{names.get(self.service, self.service)}/"

    @property
    def formats(self) -> list[str]:
        """In which the destination may get it."""
        return FORMATS[self.destination]

    def to_aws(self) -> dict[str, Any]:
        """As DescribeConfigurationTemplates shows it."""
        values: dict[str, Any] = {"fieldDelimiter": "\t"}
        if self.fields:
            values["recordFields"] = list(self.fields)
        if self.destination == "S3":
            values["s3DeliveryConfiguration"] = {
                "suffixPath": self.suffix_path, "enableHiveCompatiblePath": False,
            }  # fmt: skip
        return {
            "service": self.service, "logType": self.log_type, "resourceType": self.resource_type,
            "deliveryDestinationType": self.destination, "defaultDeliveryConfigValues": values,
            "allowedFields": [{"name": name, "mandatory": False} for name in self.fields],
            "allowedOutputFormats": self.formats,
            "allowedActionForAllowVendedLogsDeliveryForResource":
                f"{self.service}:AllowVendedLogDeliveryForResource",
            "allowedFieldDelimiters": ["\t", " ", ",", "|", ";"],
            "allowedSuffixPathFields": ["account-id", "region", "yyyy", "MM", "dd", "HH"]
            if self.destination == "S3" else [],
        }  # fmt: skip


def _templates() -> Iterator[Template]:
    for service, (resource, types) in _SOURCES.items():
        for log_type in types.split():
            fields = tuple(_CLOUDFRONT.split()) if service == "cloudfront" else ()
            for destination in ["XRAY"] if log_type == "TRACES" else ["S3", "CWL", "FH"]:
                yield Template(service, log_type, resource, destination, fields)


TEMPLATES = tuple(_templates())
"""All, in order of service."""


def template(service: str, log_type: str, destination: str | None = None) -> Template | None:
    """The first that fits; None: there is none."""
    return next(
        (each for each in TEMPLATES
         if (each.service, each.log_type) == (service, log_type)
         and destination in (None, each.destination)),
        None,
    )  # fmt: skip
