"""The errors that awsmon itself raises, as users catch them.

AWS's own errors reach boto3's callers as botocore's `ClientError`; from the direct API they are the
`AwsError` of the service, which carries the code, the message and the HTTP status.
"""

from __future__ import annotations

from awsmon.core.errors import (
    AwsError,
    AwsmonError,
    CausalLoop,
    MisuseError,
    NoMockForService,
    NotImplementedByAwsmon,
)

__all__ = [
    "AwsError",
    "AwsmonError",
    "CausalLoop",
    "MisuseError",
    "NoMockForService",
    "NotImplementedByAwsmon",
]
