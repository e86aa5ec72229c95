"""Records of queues, topics and streams."""

from __future__ import annotations

from tests.trail.samples.row import (
    ACCOUNT,
    FIREHOSE,
    HIDDEN,
    KINESIS,
    NOTHING,
    READ,
    SES,
    SNS,
    SQS,
    WRITE,
    Sample,
    elastic,
)

_QUEUE = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q"
_TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:t"
_REDSHIFT = {
    "ClusterJDBCURL": "jdbc:redshift://e",
    "RoleARN": "arn:aws:iam::1:role/r",
    "CopyCommand": {"DataTableName": "t", "CopyOptions": "o"},
    "Username": "user",
    "Password": "secret",
}
_REDSHIFT_SHOWN = {
    "clusterJDBCURL": "jdbc:redshift://e",
    "roleARN": "arn:aws:iam::1:role/r",
    "copyCommand": {"dataTableName": "t", "copyOptions": "o"},
    "username": "",
    "password": "",
}
_TO_S3 = {
    "BucketARN": "arn:aws:s3:::b",
    "RoleARN": "arn:aws:iam::1:role/r",
    "CompressionFormat": "GZIP",
    "Prefix": "p",
    "BufferingHints": {"SizeInMBs": 3, "IntervalInSeconds": 900},
    "EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": "arn:aws:kms:x:1:k"}},
}
_TO_S3_SHOWN = {
    "bucketARN": "arn:aws:s3:::b",
    "roleARN": "arn:aws:iam::1:role/r",
    "compressionFormat": "GZIP",
    "prefix": "p",
    "bufferingHints": {"sizeInMBs": 3, "intervalInSeconds": 900},
    "encryptionConfiguration": {"kMSEncryptionConfig": {"aWSKMSKeyARN": "arn:aws:kms:x:1:k"}},
}

_MAIL = {
    **READ,
    "managementEvent": False,
    "eventCategory": "Data",
}
_SENDER = {
    "accountId": ACCOUNT,
    "type": "AWS::SES::EmailIdentity",
    "ARN": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/sender@example.com",
}
_TO = {name: ["a@example.com"] for name in ("ToAddresses", "CcAddresses", "BccAddresses")}
_TO_SHOWN = {name: [HIDDEN] for name in ("toAddresses", "ccAddresses", "bccAddresses")}
_TEXT = {"Charset": "UTF-8", "Data": "secret"}
_TEXT_SHOWN = {"charset": "UTF-8", "data": HIDDEN}

SAMPLES = [
    Sample("ses", "DeleteIdentity", {"Identity": "sender@example.com"},
           {"identity": "sender@example.com"}, SES, NOTHING),
    Sample("ses", "VerifyEmailIdentity", {"EmailAddress": "sender@example.com"},
           {"emailAddress": "sender@example.com"}, SES, NOTHING),
    Sample("ses", "SendEmail",
           {"Destination": _TO, "Source": "Shop <sender@example.com>",
            "Message": {"Subject": _TEXT, "Body": {"Html": _TEXT, "Text": _TEXT}}},
           {"destination": _TO_SHOWN, "source": "Shop <sender@example.com>",
            "message": {"subject": _TEXT_SHOWN,
                        "body": {"html": _TEXT_SHOWN, "text": _TEXT_SHOWN}}}, SES,
           {**_MAIL, "resources": [_SENDER]}),
    Sample("sesv2", "SendEmail",
           {"FromEmailAddress": "sender@example.com", "Destination": _TO,
            "EmailTags": [{"Name": "campaign", "Value": "test"}],
            "ReplyToAddresses": ["a@example.com"],
            "Content": {"Template": {"TemplateData": "secret", "TemplateName": "TestTemplate"}}},
           {"fromEmailAddress": "sender@example.com", "destination": _TO_SHOWN,
            "emailTags": [{"name": "campaign", "value": "test"}],
            "replyToAddresses": [HIDDEN],
            "content": {"template": {"templateData": HIDDEN, "templateName": "TestTemplate"}}}, SES,
           {**_MAIL, "resources": [_SENDER, {
               "accountId": ACCOUNT, "type": "AWS::SES::Template",
               "ARN": f"arn:aws:ses:us-east-1:{ACCOUNT}:template/TestTemplate"}]}),
    Sample("sns", "CreateTopic", {"Name": "t"}, {"name": "t"}, elastic("create-topic-json"), WRITE,
           {"TopicArn": _TOPIC}, {"topicArn": _TOPIC}),
    Sample("sns", "DeleteTopic", {"TopicArn": _TOPIC}, {"topicArn": _TOPIC}, SNS,
           {"responseElements": None}),
    Sample("sns", "ListTopics", {"NextToken": "ABC"}, {"nextToken": "ABC"}, SNS,
           {"responseElements": None}),
    Sample("sns", "Subscribe",
           {"TopicArn": _TOPIC, "Protocol": "email", "Endpoint": "a@example.com"},
           {"topicArn": _TOPIC, "protocol": "email", "endpoint": "a@example.com",
            "returnSubscriptionArn": False}, elastic("subscribe-json"), WRITE,
           {"SubscriptionArn": "pending confirmation"},
           {"subscriptionArn": "pending confirmation"},
           differs="the address, which whoever published the record took out"),
    Sample("sns", "Publish", {"TopicArn": _TOPIC, "Message": "m"},
           {"topicArn": _TOPIC, "message": HIDDEN}, elastic("publish-json"),
           {**WRITE, "eventCategory": "Data", "resources": [
               {"accountId": ACCOUNT, "type": "AWS::SNS::Topic", "ARN": _TOPIC}]},
           {"MessageId": "1c6e"}, {"messageId": "1c6e"}),
    Sample("sqs", "CreateQueue", {"QueueName": "q"}, {"queueName": "q"}, SQS, {},
           {"QueueUrl": _QUEUE}, {"queueUrl": _QUEUE}),
    Sample("sqs", "DeleteQueue", {"QueueUrl": _QUEUE}, {"queueUrl": _QUEUE}, SQS,
           {"responseElements": None}),
    Sample("sqs", "SetQueueAttributes",
           {"QueueUrl": _QUEUE, "Attributes": {"VisibilityTimeout": "100"}},
           {"queueUrl": _QUEUE, "attributes": {"VisibilityTimeout": "100"}}, SQS,
           {"responseElements": None}),
    Sample("sqs", "AddPermission",
           {"QueueUrl": _QUEUE, "Label": "l", "AWSAccountIds": ["1"], "Actions": ["SendMessage"]},
           {"queueUrl": _QUEUE, "label": "l", "aWSAccountIds": ["1"], "actions": ["SendMessage"]},
           SQS, {"responseElements": None}),
    Sample("sqs", "RemovePermission", {"QueueUrl": _QUEUE, "Label": "l"},
           {"queueUrl": _QUEUE, "label": "l"}, SQS, {"responseElements": None}),
    Sample("sqs", "SendMessage",
           {"QueueUrl": _QUEUE, "MessageBody": "m", "MessageDeduplicationId": "d",
            "MessageGroupId": "g"},
           {"queueUrl": _QUEUE, "messageBody": HIDDEN, "messageDeduplicationId": "d",
            "messageGroupId": "g"}, SQS,
           {**WRITE, "managementEvent": False, "eventCategory": "Data", "resources": [
               {"accountId": ACCOUNT, "type": "AWS::SQS::Queue",
                "ARN": f"arn:aws:sqs:us-east-1:{ACCOUNT}:q"}]},
           {"MD5OfMessageBody": "9a4e", "MessageId": "93bb", "SequenceNumber": "1"},
           {"mD5OfMessageBody": "9a4e", "messageId": "93bb", "sequenceNumber": "1"}),
    Sample("kinesis", "CreateStream", {"ShardCount": 1, "StreamName": "s"},
           {"shardCount": 1, "streamName": "s"}, KINESIS, {"responseElements": None}),
    Sample("kinesis", "DescribeStream", {"StreamName": "s"}, {"streamName": "s"}, KINESIS,
           {"responseElements": None}),
    Sample("kinesis", "ListStreams", {"Limit": 10}, {"limit": 10}, KINESIS,
           {"responseElements": None}),
    Sample("kinesis", "DeleteStream", {"StreamName": "s"}, {"streamName": "s"}, KINESIS,
           {"responseElements": None}),
    Sample("kinesis", "SplitShard",
           {"ShardToSplit": "shard-0", "StreamName": "s", "NewStartingHashKey": "11111111"},
           {"shardToSplit": "shard-0", "streamName": "s", "newStartingHashKey": "11111111"},
           KINESIS, {"responseElements": None}),
    Sample("kinesis", "MergeShards",
           {"StreamName": "s", "AdjacentShardToMerge": "shard-2", "ShardToMerge": "shard-1"},
           {"streamName": "s", "adjacentShardToMerge": "shard-2", "shardToMerge": "shard-1"},
           KINESIS, {"responseElements": None}),
    Sample("firehose", "CreateDeliveryStream",
           {"DeliveryStreamName": "d", "RedshiftDestinationConfiguration": {
               **_REDSHIFT, "S3Configuration": _TO_S3}},
           {"deliveryStreamName": "d", "redshiftDestinationConfiguration": {
               **_REDSHIFT_SHOWN, "s3Configuration": _TO_S3_SHOWN}}, FIREHOSE, {},
           {"DeliveryStreamARN": "arn:d"}, {"deliveryStreamARN": "arn:d"}),
    Sample("firehose", "UpdateDestination",
           {"DeliveryStreamName": "d", "CurrentDeliveryStreamVersionId": "1",
            "DestinationId": "d-1", "RedshiftDestinationUpdate": {
                **_REDSHIFT, "S3Update": _TO_S3}},
           {"deliveryStreamName": "d", "currentDeliveryStreamVersionId": "1",
            "destinationId": "d-1", "redshiftDestinationUpdate": {
                **_REDSHIFT_SHOWN, "s3Update": _TO_S3_SHOWN}}, FIREHOSE,
           {"responseElements": None}),
    Sample("firehose", "DescribeDeliveryStream", {"DeliveryStreamName": "d"},
           {"deliveryStreamName": "d"}, FIREHOSE, {"responseElements": None}),
    Sample("firehose", "ListDeliveryStreams", {"Limit": 10}, {"limit": 10}, FIREHOSE,
           {"responseElements": None}),
    Sample("firehose", "DeleteDeliveryStream", {"DeliveryStreamName": "d"},
           {"deliveryStreamName": "d"}, FIREHOSE, {"responseElements": None}),
]  # fmt: skip
