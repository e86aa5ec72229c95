"""Remediation: what is done about a resource that isn't compliant.

Lives here: `Remediation`, `Configuration` and `Execution`. A document of Systems Manager's is sent
the resource's id; what it does is noticed as any other call is, and the rule judges anew.
Source: Config Developer Guide, "Remediating Noncompliant Resources with AWS Config".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from awsmon.config_recorder import automation
from awsmon.config_recorder.automation import Given, StepDetails
from awsmon.config_recorder.model import Key
from awsmon.config_recorder.resource_types import Asking
from awsmon.config_recorder.rules.model import NON_COMPLIANT
from awsmon.core.clock import Call
from awsmon.core.deliveries import Delivery, Refused
from awsmon.core.resource import Resource

if TYPE_CHECKING:
    from datetime import datetime

    from awsmon.config_recorder.rules.model import Result
    from awsmon.config_recorder.service import ConfigRecorder
    from awsmon.core.clock import Timer
    from awsmon.core.config_events import ComplianceChanged
    from awsmon.core.events import DeliveryFinished
    from awsmon.core.targets import OtherMock

__all__ = ["Configuration", "Execution", "Exempt", "Remediation"]

ATTEMPTS, SECONDS = 5, 60
"""Where a configuration says nothing else."""
_AGAIN = "Automatic remediation was tried {attempts} times, and the resource isn't compliant."


@dataclass(kw_only=True, slots=True, eq=False)
class Configuration(Resource):
    """What is done about the resources of a rule, as DescribeRemediationConfigurations shows it."""

    aws_shape: ClassVar[str] = "config.RemediationConfiguration"

    config_rule_name: str
    target_type: str
    target_id: str
    target_version: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    resource_type: str | None = None
    automatic: bool | None = None
    execution_controls: dict[str, Any] | None = None
    maximum_automatic_attempts: int | None = None
    retry_attempt_seconds: int | None = None
    arn: str
    created_by_service: str | None = None

    def given(self, resource_id: str) -> dict[str, list[str]]:
        """The document's parameters, for one resource."""
        return {
            name: list(each["StaticValue"]["Values"]) if "StaticValue" in each else [resource_id]
            for name, each in self.parameters.items()
        }


@dataclass(slots=True, eq=False)
class Execution:
    """One run for one resource.

    Attributes:
        attempt: counted from one, where it is automatic.
    """

    rule: str
    key: Key
    state: str
    invoked: datetime
    updated: datetime
    steps: list[StepDetails] = field(default_factory=list)
    attempt: int = 0


@dataclass(slots=True, eq=False)
class Exempt:
    """A resource that isn't remediated automatically, until a time if one is told."""

    message: str | None
    until: datetime | None


class Remediation:
    """The remediations of one account and region."""

    def __init__(self, config: ConfigRecorder) -> None:
        self._config = config
        self._of: dict[str, Configuration] = {}
        self._exempt: dict[str, dict[Key, Exempt]] = {}
        self._executions: dict[str, dict[Key, Execution]] = {}
        self._sent: dict[int, Execution] = {}
        self._timers: dict[tuple[str, Key], Timer] = {}

    # -- configurations and exceptions -------------------------------------------------------------

    def of(self, rule: str) -> Configuration | None:
        """The remediation of a rule."""
        return self._of.get(rule)

    def put(self, configuration: Configuration) -> None:
        """Of a new rule, or another; what already isn't compliant is remediated, too."""
        self._of[configuration.config_rule_name] = configuration
        rule = self._config.rules.by_name.get(configuration.config_rule_name)
        for result in self._config.rules.of_rule(rule) if rule and configuration.automatic else ():
            if result.compliance == NON_COMPLIANT:
                self._begin(configuration, result.key)

    def delete(self, rule: str) -> None:
        """With its executions; exceptions stay."""
        del self._of[rule]
        self._executions.pop(rule, None)
        for name, key in [each for each in self._timers if each[0] == rule]:
            self._config.clock.cancel(self._timers.pop((name, key)))

    def running(self, rule: str) -> bool:
        """Whether anything of a rule is being remediated."""
        found = self._executions.get(rule, {}).values()
        return any(each.state in ("QUEUED", "IN_PROGRESS") for each in found)

    def exempt(self, rule: str, key: Key, message: str | None, until: datetime | None) -> Exempt:
        """A resource is left alone."""
        found = self._exempt.setdefault(rule, {})[key] = Exempt(message, until)
        return found

    def exceptions(self, rule: str) -> dict[Key, Exempt]:
        """Those of a rule that still hold."""
        now, found = self._config.clock.now(), self._exempt.get(rule, {})
        return {key: each for key, each in found.items() if each.until is None or each.until > now}

    def forgive(self, rule: str, key: Key) -> bool:
        """A resource is no longer left alone; returns whether it was."""
        return self._exempt.get(rule, {}).pop(key, None) is not None

    def executions(self, rule: str) -> list[Execution]:
        """The last of each resource, in order of resource."""
        found = self._executions.get(rule, {})
        return [found[key] for key in sorted(found)]

    # -- running -----------------------------------------------------------------------------------

    def compliance_changed(self, event: ComplianceChanged) -> None:
        """A listener: a resource is no longer compliant, or is again."""
        configuration = self._of.get(event.rule)
        if configuration is None:
            return
        key = Key(event.resource_type, event.resource_id)
        if event.after != NON_COMPLIANT:
            self._config.clock.cancel(self._timers.pop((event.rule, key), None))
        elif configuration.automatic:
            self._begin(configuration, key)

    def judged(self, result: Result) -> None:
        """A resource still isn't compliant: an exception that held may be over."""
        configuration = self._of.get(result.rule)
        if configuration is None or result.compliance != NON_COMPLIANT:
            return
        if configuration.automatic and (result.rule, result.key) not in self._timers:
            self._begin(configuration, result.key)

    def _begin(self, configuration: Configuration, key: Key) -> None:
        wanted = configuration.resource_type
        rule = configuration.config_rule_name
        if (wanted and wanted != key.type) or key in self.exceptions(rule):
            return
        self.start(configuration, key, attempt=1)

    def start(self, configuration: Configuration, key: Key, *, attempt: int = 0) -> None:
        """Run the document for one resource; an attempt of zero is somebody's own wish."""
        config, now = self._config, self._config.clock.now()
        rule, target = configuration.config_rule_name, configuration.target_id
        execution = Execution(rule, key, "QUEUED", now, now, attempt=attempt)
        self._executions.setdefault(rule, {})[key] = execution
        arn = target if target.startswith("arn:") else config.scope.arn("ssm", f"document/{target}")
        parameters = configuration.given(key.id)
        delivery = Delivery(
            at=now, scope=config.scope, sender="config_recorder",
            subject=f"remediation of {key.id} by {rule}", target_arn=arn,
            payload={"DocumentName": target, "Parameters": parameters},
        )  # fmt: skip
        config.deliveries.send(delivery)
        self._sent[delivery.number] = execution
        if attempt:
            self._look_again(configuration, key, attempt)

    def _look_again(self, configuration: Configuration, key: Key, attempt: int) -> None:
        """Attempts are spread over the seconds that there are for them."""
        attempts = configuration.maximum_automatic_attempts or ATTEMPTS
        seconds = configuration.retry_attempt_seconds or SECONDS
        rule, config = configuration.config_rule_name, self._config
        due = config.clock.now() + timedelta(seconds=seconds / attempts)
        call = Call("config_recorder.remediation", "again", (rule, key.type, key.id, attempt))
        config.clock.cancel(self._timers.pop((rule, key), None))
        self._timers[rule, key] = config.clock.set(due, call, scope=config.scope)

    def again(self, due: tuple[str, str, str, int]) -> None:
        """A timer's verb: whether it helped; if not, once more, or never again."""
        name, key, attempt = due[0], Key(*due[1:3]), due[3]
        self._timers.pop((name, key), None)
        configuration, rule = self._of.get(name), self._config.rules.by_name.get(name)
        if configuration is None or rule is None or key in self.exceptions(name):
            return
        result = self._config.rules.result(rule, key)
        if result is None or result.compliance != NON_COMPLIANT:
            return
        attempts = configuration.maximum_automatic_attempts or ATTEMPTS
        if attempt < attempts:
            self.start(configuration, key, attempt=attempt + 1)
        else:
            self.exempt(name, key, _AGAIN.format(attempts=attempts), None)

    def run(self, delivery: Delivery, mock: OtherMock) -> None:
        """A document on its way, outside the lock; one that isn't built is recorded."""
        steps = automation.find(delivery.payload["DocumentName"])
        execution = self._sent.get(delivery.number)
        if steps is None or execution is None:
            delivery.via = "nobody"
            return
        scope = delivery.scope

        def ask(client: str) -> Asking:
            return Asking(mock, client, scope, invoked_by="ssm")

        execution.steps = [StepDetails(each.name) for each in steps]
        given = Given(delivery.payload["Parameters"], scope.account, self._config.clock.now())
        for name, state, error in automation.run(steps, ask, given):
            self._went(execution, name, state, error)
            if error:
                raise Refused(f"Step {name}: {error}", permanent=True)

    def _went(self, execution: Execution, name: str, state: str, error: str | None) -> None:
        with self._config.door:
            now = self._config.clock.now()
            execution.state, execution.updated = "IN_PROGRESS", now
            step = next(each for each in execution.steps if each.name == name)
            step.state, step.error = state, error
            if state == "IN_PROGRESS":
                step.started = now
            else:
                step.stopped = now

    def delivery_finished(self, event: DeliveryFinished) -> None:
        """A listener: a document ran, or failed."""
        execution = self._sent.pop(event.delivery, None)
        if execution is not None:
            execution.state = "FAILED" if event.error else "SUCCEEDED"
            execution.updated = event.at
