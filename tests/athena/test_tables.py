"""Definitions of tables, as AWS documents them, and what files' places tell."""

from __future__ import annotations

import pytest

from awsmon.athena.files import Source, partition_of
from awsmon.lang.hive_ddl import CreateDatabase, DropTable, read_ddl
from awsmon.lang.presto_sql.types import MAP, TEXT
from awsmon.lang.text import LanguageError

# of the forms in the Athena User Guide, "Query AWS CloudTrail logs", shortened
MANUAL = """
CREATE EXTERNAL TABLE cloudtrail_logs (
    eventversion STRING,
    useridentity STRUCT<
                   type:STRING,
                   arn:STRING,
                   sessioncontext:STRUCT<
                     attributes:STRUCT<mfaauthenticated:STRING, creationdate:STRING>,
                     webIdFederationData:STRUCT<federatedProvider: STRING,
                                                attributes: map<string,string>>>>,
    eventtime STRING, eventsource STRING, eventname STRING,
    requestparameters STRING,
    resources ARRAY<STRUCT<arn:STRING, accountid:STRING, type:STRING>>
)
PARTITIONED BY (region string, year string, month string, day string)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://records/AWSLogs/123456789012/'
"""
PROJECTED = """
CREATE EXTERNAL TABLE cloudtrail_logs_pp(
    eventversion STRING, eventtime STRING, eventname STRING
)
PARTITIONED BY (`timestamp` string)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://records/AWSLogs/123456789012/CloudTrail/us-east-1'
TBLPROPERTIES (
  'projection.enabled'='true',
  'projection.timestamp.format'='yyyy/MM/dd',
  'projection.timestamp.interval'='1',
  'projection.timestamp.interval.unit'='DAYS',
  'projection.timestamp.range'='2020/01/01,NOW',
  'projection.timestamp.type'='date',
  'storage.location.template'=
    's3://records/AWSLogs/123456789012/CloudTrail/us-east-1/${timestamp}')
"""


def test_a_table_with_structures():
    found = read_ddl(MANUAL)
    assert (found.name, found.location) == ("cloudtrail_logs", "s3://records/AWSLogs/123456789012/")
    assert list(found.partitions) == ["region", "year", "month", "day"]
    session = found.columns["useridentity"]["sessioncontext"]
    assert session["webidfederationdata"] == {"federatedprovider": TEXT, "attributes": MAP}
    assert found.columns["resources"] == [{"arn": TEXT, "accountid": TEXT, "type": TEXT}]
    assert found.input_format == "com.amazon.emr.cloudtrail.CloudTrailInputFormat"


def test_a_table_whose_partitions_follow_from_places():
    found = read_ddl(PROJECTED)
    assert found.properties["projection.timestamp.format"] == "yyyy/MM/dd"
    assert found.properties["storage.location.template"].endswith("/us-east-1/${timestamp}")


def test_partitions_and_the_rest():
    found = read_ddl(
        "ALTER TABLE cloudtrail_logs ADD PARTITION (region='us-east-1', year='2026') "
        "LOCATION 's3://records/AWSLogs/123456789012/CloudTrail/us-east-1/2026/'"
    )
    values = {"region": "us-east-1", "year": "2026"}
    assert found.added == [(values, "s3://records/AWSLogs/123456789012/CloudTrail/us-east-1/2026/")]
    assert read_ddl("DROP TABLE IF EXISTS db.t") == DropTable("t", "db", quiet=True)
    assert read_ddl("CREATE DATABASE IF NOT EXISTS audit") == CreateDatabase("audit")
    assert read_ddl("SELECT 1") is None


@pytest.mark.parametrize("text", ["CREATE TABLE", "CREATE VIEW v AS SELECT 1", "ALTER TABLE t"])
def test_what_is_no_definition(text):
    with pytest.raises(LanguageError):
        read_ddl(text)


TEMPLATE = "s3://b/logs/${region}/${day}/"


@pytest.mark.parametrize(("url", "values"), [
    ("s3://b/logs/us-east-1/2026/03/02/x.gz", {"region": "us-east-1", "day": "2026/03/02"}),
    ("s3://b/logs/eu-west-1/2026/03/02/x.gz", None),  # of no value that is said
    ("s3://b/logs/us-east-1/2026/x.gz", None),
    ("s3://b/other/us-east-1/2026/03/02/x.gz", None),
])  # fmt: skip
def test_what_a_place_tells(url, values):
    # source: User Guide, "Partition projection": format of a date, values of an enumeration
    source = Source(
        "s3://b/logs/", template=TEMPLATE,
        properties={"projection.day.format": "yyyy/MM/dd",
                    "projection.region.values": "us-east-1, us-east-2"},
    )  # fmt: skip
    assert partition_of(url, source) == values
