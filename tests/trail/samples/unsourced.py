"""Records whose form is known, but of which no document was found that can be named.

Lives here: `UNSOURCED`: client, operation, what is asked, requestParameters. They are tested as the
others are, and don't count as checked.
"""

from __future__ import annotations

from tests.trail.samples.row import HIDDEN

_KEY = {"Artist": {"S": "A"}, "SongTitle": {"S": "T"}}

UNSOURCED = [
    ("ec2", "CreateFlowLogs",
     {"ResourceIds": ["vpc-1"], "ResourceType": "VPC", "TrafficType": "ACCEPT"},
     {"CreateFlowLogsRequest": {"ResourceId": {"tag": 1, "content": "vpc-1"},
                                "ResourceType": "VPC", "TrafficType": "ACCEPT"}}),
    ("ec2", "CreateVpcEndpoint",
     {"VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-east-1.kms", "TagSpecifications": [
         {"ResourceType": "vpc-endpoint", "Tags": [{"Key": "Name", "Value": "keys"}]}],
      "ClientToken": "token"},
     {"CreateVpcEndpointRequest": {
         "VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-east-1.kms", "ClientToken": "token",
         "TagSpecification": {"tag": 1, "ResourceType": "vpc-endpoint", "Tag": {
             "tag": 1, "Key": "Name", "Value": "keys"}}}}),
    ("ec2", "CreateLaunchTemplate",
     {"LaunchTemplateName": "web", "ClientToken": "token", "LaunchTemplateData": {
         "UserData": "IyEvYmlu", "SecurityGroupIds": ["sg-1", "sg-2"]}},
     {"CreateLaunchTemplateRequest": {
         "LaunchTemplateName": "web", "ClientToken": "token", "LaunchTemplateData": {
             "UserData": "<sensitiveDataRemoved>", "SecurityGroupId": [
                 {"tag": 1, "content": "sg-1"}, {"tag": 2, "content": "sg-2"}]}}}),
    ("ec2", "ModifySnapshotAttribute",
     {"SnapshotId": "snap-1", "CreateVolumePermission": {"Add": [{"UserId": "111122223333"}]}},
     {"attributeType": "CREATE_VOLUME_PERMISSION", "snapshotId": "snap-1",
      "createVolumePermission": {"add": {"items": [{"userId": "111122223333"}]}}}),
    ("cloudtrail", "StopLogging", {"Name": "main"}, {"name": "main"}),
    ("elb", "CreateLoadBalancer",
     {"Subnets": ["subnet-1"], "LoadBalancerName": "lb",
      "Listeners": [{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}]},
     {"subnets": ["subnet-1"], "loadBalancerName": "lb",
      "listeners": [{"protocol": "HTTP", "loadBalancerPort": 80, "instancePort": 80}]}),
    ("dynamodb", "DeleteItem", {"TableName": "Music", "Key": _KEY, "ReturnValues": "ALL_OLD"},
     {"tableName": "Music", "key": {"Artist": "A", "SongTitle": "T"}, "returnValues": "ALL_OLD"}),
    ("elasticache", "CreateCacheCluster",
     {"CacheClusterId": "c", "NumCacheNodes": 1, "Engine": "memcached", "AZMode": "single-az"},
     {"cacheClusterId": "c", "numCacheNodes": 1, "engine": "memcached", "aZMode": "single-az"}),
    ("elasticache", "ModifyCacheCluster",
     {"ApplyImmediately": True, "NumCacheNodes": 3, "CacheClusterId": "c"},
     {"applyImmediately": True, "numCacheNodes": 3, "cacheClusterId": "c"}),
    ("s3", "PutBucketPolicy", {"Bucket": "b", "Policy": '{"Statement": []}'},
     {"bucketName": "b", "Host": "b.s3.amazonaws.com", "policy": "",
      "bucketPolicy": {"Statement": []}}),
    ("s3", "PutObject", {"Bucket": "b", "Key": "k", "Body": b"x", "ACL": "private"},
     {"bucketName": "b", "Host": "b.s3.amazonaws.com", "key": "k", "x-amz-acl": "private"}),
    ("s3", "ListObjectsV2", {"Bucket": "b", "Prefix": "p", "MaxKeys": 2, "EncodingType": "url"},
     {"bucketName": "b", "Host": "b.s3.amazonaws.com", "list-type": "2", "prefix": "p",
      "max-keys": "2", "encoding-type": "url"}),
    ("lambda", "Invoke", {"FunctionName": "f", "InvocationType": "Event", "Payload": b"{}"},
     {"functionName": "f", "invocationType": "Event"}),
    ("ssm", "DeleteMaintenanceWindow", {"WindowId": "mw-01234567890abcdef"},
     {"windowId": "mw-01234567890abcdef"}),
    ("stepfunctions", "StartExecution", {"stateMachineArn": "arn:m", "name": "n", "input": "{}"},
     {"stateMachineArn": "arn:m", "name": "n", "input": HIDDEN}),
    ("secretsmanager", "CreateSecret",
     {"Name": "s", "SecretString": "x", "ClientRequestToken": "t" * 32},
     {"name": "s", "clientRequestToken": "t" * 32}),
]  # fmt: skip
