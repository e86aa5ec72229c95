"""One recorded call, and the names of the documents that show such.

Lives here: `Sample`; `HIDDEN`; pages of AWS's guides, and `elastic`, `beats`, `stratus`: files of
public repositories with recordings of real calls. Values are invented; members, their names, their
form and what is left out are the document's.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 a NamedTuple reads it
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any, NamedTuple

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
ACCOUNT = "123456789012"
AT = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
READ: dict[str, Any] = {"readOnly": True, "responseElements": None}
WRITE: dict[str, Any] = {"readOnly": False}
NOTHING: dict[str, Any] = {"readOnly": False, "responseElements": None}


class Sample(NamedTuple):
    """A call and its record.

    Attributes:
        client: of boto3.
        operation: as ``RunInstances``.
        asked: what the SDK takes.
        recorded: `requestParameters`.
        source: the page or file that shows such a record.
        shown: other members of the record that it shows.
        answer: what the SDK gave, where the source shows what is recorded of it.
        elements: `responseElements` then.
        differs: what the source has otherwise, and why it isn't so here.
    """

    client: str
    operation: str
    asked: dict[str, Any]
    recorded: Any
    source: str
    shown: Mapping[str, Any] = MappingProxyType({})
    answer: dict[str, Any] | None = None
    elements: Any = None
    differs: str = ""


def elastic(name: str) -> str:
    """A recording of 2024 or 2025."""
    return (
        "github.com/elastic/integrations, "
        f"packages/aws/data_stream/cloudtrail/_dev/test/pipeline/test-{name}.log"
    )


def beats(name: str) -> str:
    """A recording of 2019 or 2020."""
    return f"github.com/elastic/beats, x-pack/filebeat/module/aws/cloudtrail/test/{name}.log"


def stratus(name: str) -> str:
    """A recording of 2024."""
    return f"github.com/DataDog/stratus-red-team, docs: detonation logs of aws.{name}"


CDK = "github.com/aws/aws-cdk, packages/aws-cdk-lib/aws-cloudtrail/SAMPLE-EVENTS.md"
GIST = "gist.github.com/aidansteele/31d6055de2ec98e31807fdf96511b4c6, a recording of 2025"
ACM = "ACM User Guide, Using CloudTrail: Requesting a Certificate, Deleting a Certificate"
AAS = "Application Auto Scaling User Guide, Logging API calls"
APIGATEWAY = "API Gateway Developer Guide, Logging calls to API Gateway APIs"
ASG = "EC2 Auto Scaling User Guide, Logging EC2 Auto Scaling API calls"
AURORA = "Aurora User Guide, Logging RDS Data API calls"
BATCH = "Batch User Guide, Logging AWS Batch API calls"
CFN = "CloudFormation User Guide, Logging AWS CloudFormation API calls"
CLOUDWATCH = "CloudWatch User Guide, Logging Amazon CloudWatch API calls"
COMPREHEND = "Comprehend Developer Guide, Logging API calls"
CONFIG = "Config Developer Guide, Logging AWS Config API calls"
DDB = "DynamoDB Developer Guide, Understanding DynamoDB log file entries"
DDB_2018 = "DynamoDB Developer Guide of 2018, Logging DynamoDB operations"
ECR = "ECR User Guide, Logging Amazon ECR actions"
ECS = "ECS Developer Guide, Logging Amazon ECS API calls"
EFS = "EFS User Guide, Logging Amazon EFS API calls"
EKS = "EKS User Guide, Analyze AWS CloudTrail log file entries"
ELB = "Application Load Balancers User Guide, AWS CloudTrail logging"
FIREHOSE = "Firehose Developer Guide, Monitoring API calls"
GUARDDUTY = "GuardDuty User Guide, Logging Amazon GuardDuty API calls"
IAM = "IAM User Guide, Logging IAM and AWS STS API calls"
PANTHER = (
    "github.com/panther-labs/panther-analysis, "
    "rules/aws_cloudtrail_rules/aws_ec2_manual_security_group_changes.yml, a recording of 2020"
)
KINESIS = "Kinesis Data Streams Developer Guide, Logging API calls"
KMS = "KMS Developer Guide, Examples of AWS KMS log entries"
LAMBDA = "Lambda Developer Guide, Logging Lambda API calls"
ORGANIZATIONS = "Organizations User Guide, Logging API calls"
POLLY = "Polly Developer Guide, Logging API calls"
R53 = "Route 53 Developer Guide, Logging Amazon Route 53 API calls"
RDS = "RDS User Guide, Monitoring Amazon RDS API calls"
REDSHIFT = "Redshift Management Guide, Logging Data API calls"
S3 = "S3 User Guide, CloudTrail log file entries for Amazon S3"
SAGEMAKER = "SageMaker Developer Guide, Logging Amazon SageMaker API calls"
SES = "SES Developer Guide, Logging Amazon SES API calls, of 2025"
SFN = "Step Functions Developer Guide, Recording API calls"
SNS = "SNS Developer Guide, Logging Amazon SNS API calls"
SQS = "SQS Developer Guide, Logging Amazon SQS API calls"
SSM = "Systems Manager User Guide, Logging API calls"
UG = "CloudTrail User Guide, log file examples"
