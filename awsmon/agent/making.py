"""Making an agent of a configuration: read it, look at the host, judge the role.

Lives here: `made`, and the clients that speak for the agent. What it then does is `agent.py`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from awsmon.agent import old_configuration
from awsmon.agent.agent import Agent
from awsmon.agent.configuration import merged, plan_of
from awsmon.agent.host import Host, described
from awsmon.agent.permissions import check, needed
from awsmon.agent.reading import read
from awsmon.core.backend import NoOtherMock
from awsmon.core.errors import MisuseError
from awsmon.core.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from awsmon.agent.reading import Source
    from awsmon.monitoring import Place

__all__ = ["made"]

_ONCE = Config(retries={"total_max_attempts": 1})
"""The agent keeps what it couldn't send, and tries again when it sends next."""


def made(
    place: Place, configuration: Source | Sequence[Source], *, instance_id: str | None,
    hostname: str | None, ip_address: str | None, role: str | None,
    dimensions: dict[str, str] | None, state_file: str | None, check_permissions: bool,
) -> Agent:  # fmt: skip
    """As `Place.agent` says."""
    backend = place.backend
    if isinstance(backend.other_mock, NoOtherMock):
        raise MisuseError(
            "The agent speaks boto3: make it inside of mock_monitoring, whose calls are answered."
        )
    clients = _own(place, Scope(place.account, place.region))
    found = read(configuration, lambda name: _parameter(clients("ssm"), name))
    host = _host(place, clients, instance_id, hostname=hostname, ip_address=ip_address, role=role,
                 about=dimensions)  # fmt: skip
    if found.old is not None:
        plan = old_configuration.plan_of(found.old, host, state_file)
    else:
        plan = plan_of(merged(found.configurations), host, state_file)
    scope = Scope(place.account, plan.region or place.region)
    if host.role and check_permissions and backend.other_mock.serves("iam"):
        check(clients("iam"), host.role, needed(plan, scope, found.parameters), place.account)
    return Agent(backend, scope, plan, host, _own(place, scope, host))


class _Clients:
    """Makes boto3's clients: with some keys, or with those of another role.

    They are of boto3's own session, whose models are read already.
    """

    def __init__(self, region: str, keys: dict[str, str]) -> None:
        self._region = region
        self._keys = keys

    def __call__(self, service: str, role_arn: str | None = None) -> Any:
        if role_arn is not None:
            return self.in_role(role_arn, "AmazonCloudWatchAgent")(service)
        make: Any = boto3.client
        return make(service, region_name=self._region, config=_ONCE, **self._keys)

    def in_role(self, role_arn: str, name: str) -> _Clients:
        """The same in a role, in a session of that name."""
        answer = self("sts").assume_role(RoleArn=role_arn, RoleSessionName=name)
        given = answer["Credentials"]
        return _Clients(self._region, {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        })  # fmt: skip


def _own(place: Place, scope: Scope, host: Host | None = None) -> _Clients:
    """The clients of the account, or of the host's role where the other mock has roles."""
    clients = _Clients(scope.region, place.credentials)
    if host is None or not host.role or not place.backend.other_mock.serves("sts"):
        return clients
    role = f"arn:{scope.partition}:iam::{scope.account}:role/{host.role}"
    return clients.in_role(role, host.instance_id or host.local_hostname)


def _parameter(ssm: Any, name: str) -> str:
    try:
        found: str = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    except ClientError as error:
        raise MisuseError(f"The agent's configuration, parameter {name!r}: {error}") from error
    return found


def _host(
    place: Place, clients: _Clients, instance_id: str | None, **told: Any
) -> Host:  # fmt: skip
    """What the user tells, and what the other mock's EC2 knows of the instance."""
    found: dict[str, Any] = {}
    if instance_id is not None and place.backend.other_mock.serves("ec2"):
        try:
            answer = clients("ec2").describe_instances(InstanceIds=[instance_id])
            found = answer["Reservations"][0]["Instances"][0]
        except ClientError:  # one that it doesn't know: the user tells what there is to know
            found = {}
    if found.get("IamInstanceProfile") and not told["role"]:
        told["role"] = _role_of(clients("iam"), found["IamInstanceProfile"]["Arn"])
    return described(instance_id, found, now=place.backend.clock.now(), **told)


def _role_of(iam: Any, profile_arn: str) -> str | None:
    name = profile_arn.rpartition("/")[2]
    try:
        roles = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]["Roles"]
    except ClientError:
        return None
    return roles[0]["RoleName"] if roles else None
