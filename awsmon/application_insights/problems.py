"""From observations to problems, and how these end.

Lives here: `Problems`. What AWS's engine correlates isn't public; these are our rules.

- An observation joins an open problem of its application if it is related to one of the problem's
  observations that goes on, or was seen at most a quarter of an hour ago.
- Two observations are related if they are of the same component, or of resources that belong
  together (an instance and the load balancer or group that has it); or if both are of medium
  severity at least and of layers of which one depends on the other: load balancers on servers and
  functions, these on databases, queues and storage (`symptoms.py`).
- Otherwise it is a problem of its own; or an old one once more, if the same was observed in it and
  it was resolved in the last 24 hours.
- A problem is recovering when the last of its observations has ended, and resolved a quarter of an
  hour later if none has come.

Source: User Guide, "Application Insights CloudWatch Events for detected problems" (what the states
mean), "Data retention"; API reference, UpdateProblem.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from awsmon.application_insights.errors import ResourceNotFoundException, ValidationException
from awsmon.application_insights.problem_model import Problem
from awsmon.application_insights.symptoms import DEPENDS, described, headline, severest, told
from awsmon.core.clock import EPOCH, Call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from awsmon.application_insights.model import Application
    from awsmon.application_insights.problem_model import Observation
    from awsmon.application_insights.service import ApplicationInsights

__all__ = ["Problems"]

TOGETHER = timedelta(minutes=15)
STABLE = timedelta(minutes=15)
RECURS_WITHIN = timedelta(hours=24)
KEPT = timedelta(days=55)
OBSERVATION_KEPT = timedelta(days=60)


class Problems:
    """The problems of one place: iterable, the oldest first."""

    def __init__(self, insights: ApplicationInsights) -> None:
        self._insights = insights
        self._problems: dict[str, Problem] = {}
        self._observations: dict[str, Observation] = {}

    # -- looking up --------------------------------------------------------------------------------

    def __iter__(self) -> Iterator[Problem]:
        return iter([each for each in self._problems.values() if self._kept(each)])

    def __getitem__(self, id_: str) -> Problem:
        """The problem of that id.

        Raises:
            ResourceNotFoundException: there is none, or none any more.
        """
        found = self._problems.get(id_)
        if found is None or not self._kept(found):
            raise ResourceNotFoundException.problem(id_)
        return found

    def observation(self, id_: str) -> Observation:
        """The observation of that id.

        Raises:
            ResourceNotFoundException: there is none, or none any more.
        """
        found = self._observations.get(id_)
        if found is None or found.last + OBSERVATION_KEPT < self._insights.clock.now():
            raise ResourceNotFoundException.observation(id_)
        return found

    def observations(self, problem: Problem) -> list[Observation]:
        """Those of a problem, in the order in which they were seen."""
        return [self._observations[each] for each in problem.observations]

    def _kept(self, problem: Problem) -> bool:
        since = problem.last_recurrence_time or problem.start_time
        return problem.open or since + KEPT >= self._insights.clock.now()

    # -- observing ---------------------------------------------------------------------------------

    def observe(self, observation: Observation) -> None:
        """Something new is seen: of which problem?"""
        self._forget_old()
        self._observations[observation.id] = observation
        application = self._insights[observation.application]
        problem = self._joined(application, observation) or self._again(observation)
        if problem is not None:
            self._add(problem, observation)
            self._insights.telling.tell(application, problem)
            return
        problem = Problem(
            id=f"p-{self._insights.ids.uuid()}", start_time=observation.start_time,
            account_id=self._insights.scope.account,
            resource_group_name=application.resource_group_name,
        )  # fmt: skip
        self._problems[problem.id] = problem
        self._add(problem, observation)
        self._insights.telling.tell(application, problem, new=True)

    def _joined(self, application: Application, observation: Observation) -> Problem | None:
        """The open problem that it belongs to."""
        for problem in self:
            if problem.open and problem.resource_group_name == observation.application:
                for each in self.observations(problem):
                    why = _relation(application, each, observation)
                    if why and _near(each, observation):
                        observation.because = f"{why}, where {described(each)} was seen"
                        return problem
        return None

    def _again(self, observation: Observation) -> Problem | None:
        """The problem that was resolved, in which the same was observed."""
        now = self._insights.clock.now()
        for problem in reversed(self._problems.values()):
            if problem.open or now - problem.end_time > RECURS_WITHIN:
                continue
            if any(each.key == observation.key for each in self.observations(problem)):
                problem.recurring_count += 1
                problem.last_recurrence_time = now
                observation.because = "the same once more"
                return problem
        return None

    def _add(self, problem: Problem, observation: Observation) -> None:
        problem.observations.append(observation.id)
        self._insights.clock.cancel(problem.timer)
        problem.timer = None
        problem.status = "RECURRING" if problem.recurring_count else "PENDING"
        problem.resolution_method, problem.end_time = "UNRESOLVED", EPOCH
        since = problem.last_recurrence_time or problem.start_time
        seen = [each for each in self.observations(problem) if each.start_time >= since]
        problem.title, problem.insights = told(seen)
        problem.affected_resource = headline(seen).source_arn
        problem.severity_level = severest(seen)
        self._insights.dashboards.show(problem)

    def _forget_old(self) -> None:
        for problem in [each for each in self._problems.values() if not self._kept(each)]:
            del self._problems[problem.id]
            self._insights.dashboards.drop(problem.id)
        oldest = self._insights.clock.now() - OBSERVATION_KEPT
        kept = {id_ for each in self._problems.values() for id_ in each.observations}
        self._observations = {
            id_: each for id_, each in self._observations.items()
            if id_ in kept or each.last >= oldest
        }  # fmt: skip

    # -- ending ------------------------------------------------------------------------------------

    def ended(self, observation: Observation) -> None:
        """An observation is over; with the last the problem is recovering."""
        problem = next(each for each in self._problems.values()
                       if observation.id in each.observations)  # fmt: skip
        if any(each.end_time is None for each in self.observations(problem)):
            return
        problem.status = "RECOVERING"
        call = Call("application_insights.problems", "settled", problem.id)
        clock = self._insights.clock
        problem.timer = clock.set(clock.now() + STABLE, call, scope=self._insights.scope)
        self._tell(problem)

    def settled(self, id_: str) -> None:
        """A timer's verb: nothing more was observed."""
        self._resolve(self._problems[id_], "AUTOMATIC")

    def resolve(self, problem: Problem) -> None:
        """A person says that it is over.

        Raises:
            ValidationException: it isn't recovering.
        """
        if problem.status != "RECOVERING":
            raise ValidationException.unresolvable(problem.status)
        self._resolve(problem, "MANUAL")

    def _resolve(self, problem: Problem, method: str) -> None:
        self._insights.clock.cancel(problem.timer)
        problem.timer = None
        problem.status, problem.resolution_method = "RESOLVED", method
        problem.end_time = self._insights.clock.now()
        self._tell(problem)

    def _tell(self, problem: Problem) -> None:
        self._insights.telling.tell(self._insights[problem.resource_group_name], problem)
        self._insights.dashboards.show(problem)

    def forget(self, application: str) -> None:
        """An application is gone, and its problems with it."""
        for problem in [each for each in self._problems.values()
                        if each.resource_group_name == application]:  # fmt: skip
            self._insights.clock.cancel(problem.timer)
            del self._problems[problem.id]
            self._insights.dashboards.drop(problem.id)
            for each in problem.observations:
                self._observations.pop(each, None)


def _near(known: Observation, new: Observation) -> bool:
    return known.end_time is None or new.start_time - known.end_time <= TOGETHER


def _relation(application: Application, known: Observation, new: Observation) -> str | None:
    """How two observations are related, for people; None: they aren't."""
    if known.component == new.component:
        return "the same component"
    if _has(application, known.component, new.source_arn):
        return "a resource of the component"
    if _has(application, new.component, known.source_arn):
        return "the component of a resource"
    if "Low" in (known.symptom.severity, new.symptom.severity):
        return None
    if known.layer in DEPENDS[new.layer]:
        return f"{new.layer} depends on {known.layer}"
    return f"{known.layer} depends on {new.layer}" if new.layer in DEPENDS[known.layer] else None


def _has(application: Application, component: str, arn: str) -> bool:
    found = application.components.get(component)
    return found is not None and arn in found.resources
