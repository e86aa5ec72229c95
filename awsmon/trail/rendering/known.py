"""What records show otherwise than it was said.

Lives here: `instead`, by service: what stands for a member; `OF_OPERATION`, by operation;
`ONLY`: the members that are shown at all; `UNANSWERED`: operations whose answer isn't shown;
`UNASKED`: what stands there though nobody asked for it; and `HIDDEN`.
Source: records, by operation in tests/trail/samples.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HIDDEN", "OF_OPERATION", "ONLY", "UNANSWERED", "UNASKED", "instead"]

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_STARS = "*" * 10
_SECRETS = {
    # what no record shows, though the model may not say so: None is left out
    "SecretAccessKey": None, "SecretString": None, "SecretBinary": None, "Plaintext": None,
    "CiphertextBlob": None, "ResponseMetadata": None, "MasterUserPassword": "****",
    "KeyMaterial": "<sensitiveDataRemoved>", "Password": HIDDEN, "OldPassword": HIDDEN,
    "NewPassword": HIDDEN, "ClientSecret": HIDDEN, "ApiKeyValue": HIDDEN, "UserData":
    "<sensitiveDataRemoved>", "AuthToken": HIDDEN, "WebIdentityToken": None, "SAMLAssertion": None,
    "TokenCode": None, "AuthenticationCode1": None, "AuthenticationCode2": None,
}  # fmt: skip
_OF_MAIL = {
    "BccAddresses": [HIDDEN], "CcAddresses": [HIDDEN], "Destinations": [HIDDEN],
    "ReplyToAddresses": [HIDDEN], "ToAddresses": [HIDDEN], "Data": HIDDEN,
    "DefaultTemplateData": HIDDEN, "ReplacementTemplateData": HIDDEN, "TemplateData": HIDDEN,
}  # fmt: skip
_OF_SERVICE: dict[str, dict[str, Any]] = {
    "firehose": {"Username": "", "Password": ""},
    "iam": {"Password": None, "OldPassword": None, "NewPassword": None},
    "lambda": {"Environment": {}},
    "organizations": {"AccountName": "****", "Email": "****"},
    "polly": {"Text": _STARS},
    "rds": {"MasterUserPassword": HIDDEN},
    "rds-data": {"database": _STARS, "schema": _STARS, "sql": _STARS},
    "redshift-data": {"Sql": "***OMITTED***"},
    "ses": _OF_MAIL,
    "sesv2": _OF_MAIL,
}

OF_OPERATION: dict[tuple[str, str], dict[str, Any]] = {
    # (client, operation) -> member -> what stands there instead; None: nothing
    ("cloudformation", "CreateStack"): {"TemplateBody": None},
    ("cloudformation", "CreateStackSet"): {"TemplateBody": None},
    ("cloudformation", "UpdateStack"): {"TemplateBody": None},
    ("s3", "DeleteObjects"): {"Delete": None},
    ("sns", "Publish"): {"Message": HIDDEN, "Subject": HIDDEN, "MessageAttributes": HIDDEN},
    ("sqs", "SendMessage"): {"MessageBody": HIDDEN, "MessageAttributes": HIDDEN},
    ("ssm", "CreateDocument"): {"Content": HIDDEN},
    ("ssm", "UpdateDocument"): {"Content": HIDDEN},
    ("stepfunctions", "StartExecution"): {"input": HIDDEN},
    ("stepfunctions", "CreateStateMachine"): {"definition": HIDDEN},
    ("schemas", "CreateSchema"): {"Content": HIDDEN},
    ("events", "PutEvents"): {"Entries": HIDDEN},
}

# ClassifyDocument and DetectEntities are documented; their siblings are taken to be alike
_ANALYSES = tuple(("comprehend", name) for name in (
    "ClassifyDocument", "ContainsPiiEntities", "DetectDominantLanguage", "DetectEntities",
    "DetectKeyPhrases", "DetectPiiEntities", "DetectSentiment", "DetectSyntax",
    "DetectTargetedSentiment", "DetectToxicContent",
))  # fmt: skip
ONLY: dict[tuple[str, str], tuple[str, ...]] = {
    # (client, operation) -> the members that are shown; of a model nobody sees what it was told
    ("bedrock-runtime", "Converse"): ("modelId",),
    ("bedrock-runtime", "ConverseStream"): ("modelId",),
    ("bedrock-runtime", "InvokeModel"): ("modelId",),
    ("bedrock-runtime", "InvokeModelWithResponseStream"): ("modelId",),
    **dict.fromkeys(_ANALYSES, ()),
}
UNANSWERED = frozenset({
    ("polly", "SynthesizeSpeech"), ("rds-data", "BatchExecuteStatement"),
    ("rds-data", "ExecuteStatement"), *_ANALYSES,
})  # fmt: skip

_SYMMETRIC = {"EncryptionAlgorithm": "SYMMETRIC_DEFAULT"}
UNASKED: dict[tuple[str, str], dict[str, Any]] = {
    # (client, operation) -> member -> what the service takes where it isn't said
    ("config", "GetResourceConfigHistory"): {"limit": 0},
    ("ec2", "RunInstances"): {
        "BlockDeviceMappings": [], "Monitoring": {"Enabled": False}, "DisableApiStop": False,
        "DisableApiTermination": False},
    ("ec2", "StopInstances"): {"Force": False},
    ("ec2", "TerminateInstances"): {"Force": False, "SkipOsShutdown": False},
    ("events", "DeleteRule"): {"Force": False},
    ("iam", "CreateLoginProfile"): {"PasswordResetRequired": False},
    ("kms", "CreateKey"): {"BypassPolicyLockoutSafetyCheck": False},
    ("kms", "Decrypt"): _SYMMETRIC,
    ("kms", "Encrypt"): _SYMMETRIC,
    ("kms", "PutKeyPolicy"): {"BypassPolicyLockoutSafetyCheck": False},
    ("lambda", "CreateFunction"): {"Environment": {}, "Publish": False},
    ("lambda", "UpdateFunctionCode"): {"DryRun": False},
    ("lambda", "UpdateFunctionConfiguration"): {"Environment": {}},
    ("rds-data", "ExecuteStatement"): {
        "continueAfterTimeout": False, "includeResultMetadata": False, "parameters": []},
    ("rds", "ModifyDBCluster"): {
        "AllowEngineModeChange": False, "AllowMajorVersionUpgrade": False},
    ("rds", "ModifyDBInstance"): {"AllowMajorVersionUpgrade": False},
    ("sns", "Subscribe"): {"ReturnSubscriptionArn": False},
    ("stepfunctions", "CreateStateMachine"): {"publish": False},
}  # fmt: skip


@cache
def instead(service: str) -> Mapping[str, Any]:
    """What stands for a member of this name, at any depth; None: nothing.

    Args:
        service: the boto3 client.
    """
    return {**_SECRETS, **_OF_SERVICE.get(service, {})}
