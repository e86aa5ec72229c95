"""The machine that the agent runs on, as far as its configuration can ask for it.

Lives here: `Host`. On EC2 the real agent asks the metadata service and the tags of the instance;
here the user tells, or moto's EC2 is asked. Source: CloudWatch User Guide, "Manually create or edit
the CloudWatch agent configuration file", log_group_name and append_dimensions.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Host", "described"]

_UNKNOWN = {"instance_id": "i-UNKNOWN", "hostname": "UNKNOWN-HOST", "ip_address": "UNKNOWN-IP",
            "local_hostname": "UNKNOWN-HOST"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Host:
    """A machine: an instance of EC2, or one on premises, which has no `instance_id`.

    Attributes:
        about: dimensions that ``append_dimensions`` may add, those that are known.
        hostname: of an instance, its private DNS name.
        local_hostname: what the machine calls itself.
        role: the name of the role that the instance has.
        today: ``2026-03-02``.
    """

    instance_id: str | None = None
    about: dict[str, str] = field(default_factory=dict)
    hostname: str = ""
    local_hostname: str = ""
    ip_address: str = ""
    role: str | None = None
    today: str = ""

    def filled(self, text: str) -> str:
        """A name with its placeholders filled in; what isn't known is ``i-UNKNOWN`` or the like."""
        known = {"instance_id": self.instance_id, "hostname": self.hostname,
                 "local_hostname": self.local_hostname, "ip_address": self.ip_address,
                 "date": self.today}  # fmt: skip

        def value(match: re.Match[str]) -> str:
            name = match.group(1)
            return known.get(name) or _UNKNOWN.get(name, match.group())

        return re.sub(r"\{(\w+)\}", value, text)


def described(
    instance_id: str | None,
    found: dict[str, Any],
    *,
    now: datetime,
    hostname: str | None = None,
    ip_address: str | None = None,
    role: str | None = None,
    about: dict[str, str] | None = None,
) -> Host:
    """A host of what the user tells, and what EC2's DescribeInstances knows of the instance.

    Args:
        instance_id: None: on premises.
        found: of the answer of DescribeInstances.
        now: the present.
        hostname: None: of the instance, or this machine's.
        ip_address: None: the instance's; on premises it isn't looked for, which could mean a wait.
        role: the name or ARN of its role; None: that of the instance's profile.
        about: dimensions, AWS's names to values.
    """
    machine = hostname or socket.gethostname()
    tags = {each["Key"]: each["Value"] for each in found.get("Tags", ())}
    known = {
        "InstanceId": instance_id,
        "ImageId": found.get("ImageId"),
        "InstanceType": found.get("InstanceType"),
        "AutoScalingGroupName": tags.get("aws:autoscaling:groupName"),
        **(about or {}),
    }
    return Host(
        instance_id=instance_id,
        about={name: value for name, value in known.items() if value},
        hostname=hostname or found.get("PrivateDnsName") or machine,
        local_hostname=machine,
        ip_address=ip_address or found.get("PrivateIpAddress", ""),
        role=role.rpartition("/")[2] if role else None,
        today=f"{now:%Y-%m-%d}",
    )
