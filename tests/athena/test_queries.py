"""Queries over what was delivered, through `mon.sql` and the client `athena`."""

from __future__ import annotations

import gzip
import importlib.util
import json

import boto3
import moto
import pytest
from botocore.exceptions import ClientError

from awsmon import AwsmonError, mock_monitoring
from tests.athena.test_tables import MANUAL, PROJECTED
from tests.conftest import NOW
from tests.trail.conftest import ACCOUNT, logging, table

OUTPUT = {"OutputLocation": "s3://results/athena"}


def client(name):
    return boto3.client(name, "us-east-1")


@pytest.fixture
def mon(monitoring):
    with moto.mock_aws():
        yield monitoring


@pytest.fixture
def athena(mon):
    client("s3").create_bucket(Bucket="results")
    return client("athena")


@pytest.fixture
def delivered(mon):
    """A trail's file of four calls, of which one failed."""
    client("s3").create_bucket(Bucket="records")
    logging(client("cloudtrail"))
    table("orders")
    client("dynamodb").delete_table(TableName="orders")
    with pytest.raises(ClientError):
        client("dynamodb").describe_table(TableName="orders")
    mon.clock.advance(minutes=5)


def run(mon, athena, query, **more):
    """Start a query, let it run, and what became of it."""
    started = athena.start_query_execution(QueryString=query, ResultConfiguration=OUTPUT, **more)[
        "QueryExecutionId"
    ]
    mon.clock.advance(seconds=1)
    return athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]


def rows(athena, execution, **more):
    found = athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"], **more)
    return [[each.get("VarCharValue") for each in row["Data"]]
            for row in found["ResultSet"]["Rows"]]  # fmt: skip


# -- mon.sql ---------------------------------------------------------------------------------------


def test_who_deleted_the_table(mon, delivered):
    assert mon.sql("""
        SELECT eventname, useridentity.arn,
               json_extract_scalar(requestparameters, '$.tableName') AS what
        FROM cloudtrail_logs
        WHERE eventsource = 'dynamodb.amazonaws.com' AND readonly = 'false'
        ORDER BY eventtime, eventname DESC
    """) == [
        {"eventname": name, "arn": f"arn:aws:iam::{ACCOUNT}:user/awsmon", "what": "orders"}
        for name in ("DeleteTable", "CreateTable")
    ]


def test_documented_queries(mon, delivered):
    # source: Athena User Guide, "Query AWS CloudTrail logs": the forms of its examples
    (found,) = mon.sql("""
        SELECT eventsource, eventname, count(*) AS many FROM cloudtrail_logs
        WHERE errorcode IS NOT NULL AND from_iso8601_timestamp(eventtime) > date '2026-03-01'
        GROUP BY eventsource, eventname
    """)
    assert found == {"eventsource": "dynamodb.amazonaws.com", "eventname": "DescribeTable",
                     "many": "1"}  # fmt: skip


def test_items_of_config(mon):
    # source: "How to query your AWS resource configuration states": UNNEST of a snapshot's items
    client("s3").create_bucket(Bucket="items")
    config = client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={"name": "default", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/r"}
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "items"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    client("s3").create_bucket(Bucket="things")
    mon.clock.advance(minutes=15)
    config.deliver_config_snapshot(deliveryChannelName="default")
    mon.clock.advance(minutes=15)
    found = mon.sql("""
        SELECT DISTINCT item.resourceid AS id FROM aws_config_configuration_snapshot
        CROSS JOIN UNNEST(configurationitems) AS t(item)
        WHERE item.resourcetype = 'AWS::S3::Bucket' ORDER BY 1
    """)
    assert {"id": "things"} in found


def test_what_cannot_be_asked(mon, delivered):
    with pytest.raises(AwsmonError, match="table nothing does not exist"):
        mon.sql("SELECT * FROM nothing")
    with pytest.raises(AwsmonError, match=r"sql\(\.\.\.\)"):
        mon.sql("DELETE FROM cloudtrail_logs")


def test_without_s3_there_is_nothing_to_read(monitoring):
    monitoring.bind("arn:aws:s3:::records", lambda call: None)
    logging(client("cloudtrail"))
    with pytest.raises(AwsmonError, match="nobody serves the bucket records"):
        monitoring.sql("SELECT * FROM cloudtrail_logs")


def test_without_the_extra_the_error_names_it(monitoring, monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *more: None if name == "duckdb" else real(name)
    )
    with pytest.raises(AwsmonError, match=r"awsmon\[lake\]"):
        monitoring.sql("SELECT 1")
    with pytest.raises(AwsmonError, match=r"awsmon\[lake\]"):
        client("athena").start_query_execution(QueryString="SELECT 1", ResultConfiguration=OUTPUT)


# -- the client ------------------------------------------------------------------------------------


def test_a_table_with_partitions_that_are_added(mon, athena, delivered):
    # given the documented table, and a partition of it
    made = run(mon, athena, MANUAL, QueryExecutionContext={"Database": "audit"})
    assert (made["Status"]["State"], made["StatementType"]) == ("SUCCEEDED", "DDL")
    context = {"QueryExecutionContext": {"Database": "audit"}}
    query = ("SELECT eventname, region, day FROM cloudtrail_logs WHERE eventname = 'DeleteTable' "
             "AND day = '02'")  # fmt: skip
    assert rows(athena, run(mon, athena, query, **context)) == [["eventname", "region", "day"]]
    run(mon, athena,
        "ALTER TABLE cloudtrail_logs ADD PARTITION (region='us-east-1', year='2026', month='03', "
        f"day='02') LOCATION 's3://records/AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2026/03/02/'",
        **context)  # fmt: skip
    # then its rows are found
    found = run(mon, athena, query, **context)
    assert (found["Status"]["State"], found["StatementType"]) == ("SUCCEEDED", "DML")
    assert found["Statistics"]["DataScannedInBytes"] > 0
    assert rows(athena, found) == [
        ["eventname", "region", "day"], ["DeleteTable", "us-east-1", "02"],
    ]  # fmt: skip
    # and the result is in the bucket
    key = found["ResultConfiguration"]["OutputLocation"].removeprefix("s3://results/")
    body = client("s3").get_object(Bucket="results", Key=key)["Body"].read().decode()
    assert body == '"eventname","region","day"\n"DeleteTable","us-east-1","02"\n'


def test_a_table_whose_partitions_are_projected(mon, athena, delivered):
    run(mon, athena, PROJECTED)
    found = run(
        mon, athena,
        "SELECT eventname FROM cloudtrail_logs_pp WHERE \"timestamp\" = '2026/03/02' "
        "AND eventname LIKE 'Delete%'",
    )  # fmt: skip
    assert rows(athena, found) == [["eventname"], ["DeleteTable"]]


def test_columns_have_types_and_results_pages(mon, athena, delivered):
    run(mon, athena, PROJECTED)
    found = run(mon, athena, "SELECT eventname, count(*) AS many, now() AS at "
                "FROM cloudtrail_logs_pp GROUP BY eventname")  # fmt: skip
    given = {"QueryExecutionId": found["QueryExecutionId"]}
    page = athena.get_query_results(**given, MaxResults=2)
    columns = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    assert [(each["Name"], each["Type"]) for each in columns] == [
        ("eventname", "varchar"), ("many", "bigint"), ("at", "timestamp"),
    ]  # fmt: skip
    rest = athena.get_query_results(**given, NextToken=page["NextToken"])
    assert len(page["ResultSet"]["Rows"]) == 2
    names = [row["Data"][0]["VarCharValue"] for row in rest["ResultSet"]["Rows"]]
    assert "eventname" not in names


def test_a_query_takes_its_time_and_can_be_stopped(mon, athena, delivered):
    run(mon, athena, PROJECTED)
    started = athena.start_query_execution(
        QueryString="SELECT * FROM cloudtrail_logs_pp", ResultConfiguration=OUTPUT
    )["QueryExecutionId"]

    def state():
        told = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
        return told["Status"]["State"]

    assert state() == "QUEUED"
    mon.clock.advance(milliseconds=500)
    assert state() == "RUNNING"
    with pytest.raises(ClientError, match="Query has not yet finished"):
        athena.get_query_results(QueryExecutionId=started)
    athena.stop_query_execution(QueryExecutionId=started)
    mon.clock.advance(seconds=1)
    assert state() == "CANCELLED"
    with pytest.raises(ClientError, match="Final query state: CANCELLED"):
        athena.get_query_results(QueryExecutionId=started)


def test_other_tables_are_motos(mon, athena, delivered):
    # given a query over a table that awsmon knows nothing of
    started = athena.start_query_execution(
        QueryString="SELECT * FROM somewhere", ResultConfiguration=OUTPUT
    )["QueryExecutionId"]
    # then moto answers, and its work groups are its own
    told = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
    assert told["Query"] == "SELECT * FROM somewhere"
    assert started in athena.list_query_executions()["QueryExecutionIds"]
    assert [each["Name"] for each in athena.list_work_groups()["WorkGroups"]] == ["primary"]


def test_the_result_goes_where_the_work_group_says(mon, athena, delivered):
    athena.create_work_group(
        Name="audit", Configuration={"ResultConfiguration": {"OutputLocation": "s3://results/wg/"}}
    )
    started = athena.start_query_execution(QueryString=PROJECTED, WorkGroup="audit")
    told = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])
    location = told["QueryExecution"]["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://results/wg/{started['QueryExecutionId']}.txt"
    with pytest.raises(ClientError, match="No output location provided"):
        athena.start_query_execution(QueryString=PROJECTED)
    with pytest.raises(ClientError, match="Unable to verify/create output bucket nowhere"):
        athena.start_query_execution(
            QueryString=PROJECTED, ResultConfiguration={"OutputLocation": "s3://nowhere/"}
        )


def test_lines_of_json_and_what_is_none(mon, athena):
    s3 = client("s3")
    s3.create_bucket(Bucket="lines")
    lines = "\n".join(json.dumps({"Name": name, "n": {"x": name}}) for name in "ab")
    s3.put_object(Bucket="lines", Key="t/1.json.gz", Body=gzip.compress(lines.encode()))
    define = ("CREATE EXTERNAL TABLE IF NOT EXISTS t (name string, n map<string,string>) "
              "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' "
              "LOCATION 's3://lines/t/'")  # fmt: skip
    run(mon, athena, define)
    query = "SELECT name, n['x'] AS x FROM t ORDER BY name"
    assert rows(athena, run(mon, athena, query))[1:] == [["a", "a"], ["b", "b"]]
    # a table is made once, unless that is no mistake
    again = run(mon, athena, define.replace("IF NOT EXISTS ", ""))
    assert "already exists" in again["Status"]["StateChangeReason"]
    assert run(mon, athena, define)["Status"]["State"] == "SUCCEEDED"
    # what isn't JSON fails the query
    s3.put_object(Bucket="lines", Key="t/2.json", Body=b"name: c")
    failed = run(mon, athena, query)["Status"]
    assert failed["State"] == "FAILED"
    assert "Row is not a valid JSON Object" in failed["StateChangeReason"]
    assert failed["AthenaError"]["ErrorMessage"] == failed["StateChangeReason"]
    # and a dropped table is motos again
    run(mon, athena, "DROP TABLE t")
    assert mon.at().backend.at(mon.backend.home).athena.tables == {}


def test_without_moto_all_calls_are_ours():
    with mock_monitoring(now=NOW) as mon:
        athena = client("athena")
        first = run(mon, athena, "SELECT 1 AS one")
        assert rows(athena, first) == [["one"], ["1"]]
        failed = run(mon, athena, "SELECT * FROM nothing")
        assert failed["Status"]["StateChangeReason"] == (
            "TABLE_NOT_FOUND: Table 'awsdatacatalog.default.nothing' does not exist"
        )
        wrong = run(mon, athena, "SELEC 1")["Status"]
        assert wrong["StateChangeReason"].startswith("SYNTAX_ERROR")
        ids = athena.list_query_executions()["QueryExecutionIds"]
        assert (len(ids), ids[-1]) == (3, first["QueryExecutionId"])
        batch = athena.batch_get_query_execution(QueryExecutionIds=[ids[-1], "other"])
        assert [each["Query"] for each in batch["QueryExecutions"]] == ["SELECT 1 AS one"]
        (unknown,) = batch["UnprocessedQueryExecutionIds"]
        assert unknown["ErrorMessage"] == "QueryExecution other was not found"
        with pytest.raises(ClientError, match="QueryExecution other was not found"):
            athena.get_query_execution(QueryExecutionId="other")
