"""Where trails deliver: what CreateTrail and UpdateTrail refuse, and how they show it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.trail.conftest import ACCOUNT, BASE, client

GROUP = f"arn:aws:logs:{BASE}:log-group:trail"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


def refused(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    return raised.value.response["Error"]["Code"]


# Source: botocore, CreateTrail, UpdateTrail and their errors; CloudTrail User Guide, "Sending
# events to CloudWatch Logs": the ARN ends in :*; S3 User Guide, "Bucket naming rules"
@pytest.mark.parametrize(("wrong", "code"), [
    ({"S3BucketName": "Bad_Bucket!"}, "InvalidS3BucketNameException"),
    ({"S3BucketName": "ab"}, "InvalidS3BucketNameException"),
    ({"S3KeyPrefix": "p" * 201}, "InvalidS3PrefixException"),
    ({"SnsTopicName": "bad name!"}, "InvalidSnsTopicNameException"),
    ({"SnsTopicName": f"arn:aws:sqs:{BASE}:q"}, "InvalidSnsTopicNameException"),
    ({"CloudWatchLogsLogGroupArn": GROUP, "CloudWatchLogsRoleArn": ROLE},
     "InvalidCloudWatchLogsLogGroupArnException"),
    ({"CloudWatchLogsLogGroupArn": "trail", "CloudWatchLogsRoleArn": ROLE},
     "InvalidCloudWatchLogsLogGroupArnException"),
    ({"CloudWatchLogsLogGroupArn": f"{GROUP}:*", "CloudWatchLogsRoleArn": "nonsense"},
     "InvalidCloudWatchLogsRoleArnException"),
    ({"KmsKeyId": "arn:aws:s3:::records"}, "InvalidKmsKeyIdException"),
])  # fmt: skip
def test_what_cannot_be_meant(cloudtrail, wrong, code):
    given = {"Name": "main", "S3BucketName": "records", **wrong}
    assert refused(cloudtrail.create_trail, **given) == code
    assert cloudtrail.describe_trails()["trailList"] == []
    cloudtrail.create_trail(Name="main", S3BucketName="records", S3KeyPrefix="p" * 200)
    before = cloudtrail.get_trail(Name="main")["Trail"]
    assert refused(cloudtrail.update_trail, Name="main", **wrong) == code
    assert cloudtrail.get_trail(Name="main")["Trail"] == before


def test_a_key_is_shown_by_its_arn(mon, cloudtrail):
    client("s3").create_bucket(Bucket="records")
    kms = client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/trail", TargetKeyId=key["KeyId"])
    made = cloudtrail.create_trail(Name="main", S3BucketName="records", KmsKeyId="alias/trail")
    assert made["KmsKeyId"] == key["Arn"]
    made = cloudtrail.update_trail(Name="main", KmsKeyId=key["KeyId"])
    assert made["KmsKeyId"] == key["Arn"]
    for name in ("alias/none", f"arn:aws:kms:{BASE}:key/none"):
        assert refused(cloudtrail.update_trail, Name="main", KmsKeyId=name) == (
            "KmsKeyNotFoundException"
        )
    assert cloudtrail.get_trail(Name="main")["Trail"]["KmsKeyId"] == key["Arn"]


def test_a_topic_must_be_there(mon, cloudtrail):
    client("s3").create_bucket(Bucket="records")
    given = {"Name": "main", "S3BucketName": "records", "SnsTopicName": "told"}
    assert refused(cloudtrail.create_trail, **given) == "InsufficientSnsTopicPolicyException"
    topic = client("sns").create_topic(Name="told")["TopicArn"]
    assert cloudtrail.create_trail(**given)["SnsTopicARN"] == topic
