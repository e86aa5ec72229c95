"""Whether an event conforms to a schema.

Lives here: `Conformance` and `conformance`. The extra ``schemas`` (jsonschema) does the comparing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsmon.core.errors import MisuseError
from awsmon.schemas.documents import exported

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Conformance", "conformance"]


@dataclass(frozen=True, slots=True)
class Conformance:
    """True where there are no problems; it prints as them.

    Attributes:
        problems: each with the path of the member that it is about.
    """

    problems: tuple[str, ...]

    def __bool__(self) -> bool:
        return not self.problems

    def __str__(self) -> str:
        return "\n".join(self.problems) or "it conforms"


def conformance(event: Any, document: Mapping[str, Any]) -> Conformance:
    """Hold an event against an OpenAPI 3 or JSON Schema document.

    Raises:
        MisuseError: the extra ``schemas`` isn't installed.
    """
    try:
        from jsonschema import Draft4Validator
    except ImportError:
        raise MisuseError(
            "Holding events against schemas needs jsonschema: install the extra 'schemas' "
            "(pip install 'awsmon[schemas]')."
        ) from None
    draft = exported(dict(document)) if "openapi" in document else document
    validator = Draft4Validator(draft, format_checker=Draft4Validator.FORMAT_CHECKER)
    found = sorted(validator.iter_errors(event), key=lambda error: [str(p) for p in error.path])
    return Conformance(
        tuple(f"{'.'.join(map(str, error.path)) or 'event'}: {error.message}" for error in found)
    )
