"""What a refused query raises: `QueryError`, with both ends of the place; `Unsupported`."""

from __future__ import annotations

from awsmon.lang.text import LanguageError

__all__ = ["QueryError", "Unsupported"]


class QueryError(LanguageError):
    """A query that is refused, as StartQuery's MalformedQueryException tells it.

    Attributes:
        end: the position behind the place in question; not before `position`.
    """

    def __init__(
        self,
        message: str,
        text: str,
        position: int,
        aws: str | None = None,
        end: int | None = None,
    ) -> None:
        super().__init__(message, text, position, aws)
        self.end = position if end is None else end


class Unsupported(QueryError):
    """What AWS has and is not built: *feature* names it.

    Attributes:
        feature: the command or function, as AWS writes it.
    """

    def __init__(self, feature: str, text: str, position: int, end: int | None = None) -> None:
        super().__init__(f"{feature} is not implemented", text, position, None, end)
        self.args = (feature, text, position, end)
        self.feature = feature
