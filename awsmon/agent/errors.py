"""What the agent tells its user when it cannot do what it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.core.errors import AwsmonError, MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["ConfigurationError", "MissingPermissions"]


class ConfigurationError(MisuseError):
    """A configuration that the agent refuses to start with.

    Attributes:
        problems: of each, where it is, as ``/metrics/namespace``, and what is wrong.
    """

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        told = "\n".join(f"  under {path}: {what}" for path, what in self.problems)
        super().__init__(f"The agent's configuration isn't valid:\n{told}")


class MissingPermissions(AwsmonError):
    """The agent's role doesn't let it do what its configuration asks for.

    Attributes:
        missing: actions, as ``logs:PutLogEvents``, to the resources on which they are refused.
    """

    def __init__(self, role: str, missing: Mapping[str, Sequence[str]]) -> None:
        self.missing = {action: tuple(resources) for action, resources in missing.items()}
        told = "\n".join(f"  {action} on {', '.join(on)}" for action, on in self.missing.items())
        super().__init__(
            f"The role {role} lacks what the agent's configuration needs:\n{told}\n"
            "The managed policy CloudWatchAgentServerPolicy grants this, reading parameters only "
            "where their names begin with AmazonCloudWatch-."
        )
