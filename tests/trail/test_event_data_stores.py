"""Event data stores: what they take, how long they keep it, how they end."""

from __future__ import annotations

import boto3
import moto
import pytest

from tests.trail.conftest import ACCOUNT, client

MANAGEMENT = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]


def selectors(category, *fields):
    return [{"FieldSelectors": [{"Field": "eventCategory", "Equals": [category]}, *fields]}]


def store(cloudtrail, name="audit", **more):
    """The id of a new store, which isn't protected."""
    more.setdefault("TerminationProtectionEnabled", False)
    found = cloudtrail.create_event_data_store(Name=name, **more)
    return found["EventDataStoreArn"].rpartition("/")[2]


def refused(code, call, **parameters):
    with pytest.raises(boto3.client("cloudtrail", "us-east-1").exceptions.ClientError) as caught:
        call(**parameters)
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def rows(monitoring, cloudtrail, statement):
    """What a query finds, when it has run."""
    query = cloudtrail.start_query(QueryStatement=statement)["QueryId"]
    monitoring.clock.advance(seconds=2)
    found = cloudtrail.get_query_results(QueryId=query)
    assert found["QueryStatus"] == "FINISHED", found
    return [
        [value for column in row for value in column.values()] for row in found["QueryResultRows"]
    ]


def names(monitoring, cloudtrail, of, where="eventSource = 'logs.amazonaws.com'"):
    return [name for (name,) in rows(
        monitoring, cloudtrail,
        f"SELECT eventName FROM {of} WHERE {where} ORDER BY eventTime, eventName")]  # fmt: skip


def group(name="/g", region="us-east-1"):
    client("logs", region).create_log_group(logGroupName=name)


def test_a_store_has_what_the_api_reference_says(monitoring, cloudtrail):
    created = cloudtrail.create_event_data_store(
        Name="audit", TagsList=[{"Key": "team", "Value": "sec"}]
    )
    arn = created["EventDataStoreArn"]
    assert arn.startswith(f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:eventdatastore/")
    assert created["Status"] == "CREATED"
    assert created["TagsList"] == [{"Key": "team", "Value": "sec"}]
    shown = cloudtrail.get_event_data_store(EventDataStore=arn)
    assert shown["Status"] == "ENABLED"
    assert (shown["RetentionPeriod"], shown["BillingMode"]) == (366, "EXTENDABLE_RETENTION_PRICING")
    assert (shown["MultiRegionEnabled"], shown["OrganizationEnabled"]) == (True, False)
    assert shown["TerminationProtectionEnabled"] is True
    assert shown["FederationStatus"] == "DISABLED"
    (selector,) = shown["AdvancedEventSelectors"]
    assert selector["FieldSelectors"] == [{"Field": "eventCategory", "Equals": ["Management"]}]
    assert cloudtrail.list_event_data_stores()["EventDataStores"] == [
        {"EventDataStoreArn": arn, "Name": "audit"}
    ]


def test_fixed_retention_is_of_seven_years(monitoring, cloudtrail):
    of = store(cloudtrail, BillingMode="FIXED_RETENTION_PRICING")
    assert cloudtrail.get_event_data_store(EventDataStore=of)["RetentionPeriod"] == 2557
    refused("InvalidParameterException", cloudtrail.update_event_data_store,
            EventDataStore=of, RetentionPeriod=2558)  # fmt: skip
    cloudtrail.update_event_data_store(
        EventDataStore=of, BillingMode="EXTENDABLE_RETENTION_PRICING", RetentionPeriod=3653
    )
    refused("InvalidParameterException", cloudtrail.update_event_data_store,
            EventDataStore=of, BillingMode="FIXED_RETENTION_PRICING")  # fmt: skip


def test_names_are_unique_and_ten_is_the_most(monitoring, cloudtrail):
    for number in range(10):
        store(cloudtrail, f"s-{number}")
    refused("EventDataStoreAlreadyExistsException", cloudtrail.create_event_data_store, Name="s-3")
    refused("EventDataStoreMaxLimitExceededException", cloudtrail.create_event_data_store,
            Name="more")  # fmt: skip
    page = cloudtrail.list_event_data_stores(MaxResults=7)
    rest = cloudtrail.list_event_data_stores(MaxResults=7, NextToken=page["NextToken"])
    assert len(page["EventDataStores"]) == 7
    assert [each["Name"] for each in rest["EventDataStores"]] == ["s-7", "s-8", "s-9"]
    refused("InvalidNextTokenException", cloudtrail.list_event_data_stores, NextToken="made-up")


def test_a_store_that_is_not_there(monitoring, cloudtrail):
    for call in (
        cloudtrail.get_event_data_store,
        cloudtrail.delete_event_data_store,
        cloudtrail.start_event_data_store_ingestion,
        cloudtrail.disable_federation,
    ):
        refused("EventDataStoreNotFoundException", call, EventDataStore="nowhere")


def test_stopped_ingestion_leaves_events_out(monitoring, cloudtrail):
    of = store(cloudtrail)
    group("/a")
    cloudtrail.stop_event_data_store_ingestion(EventDataStore=of)
    group("/b")
    refused("InvalidEventDataStoreStatusException", cloudtrail.stop_event_data_store_ingestion,
            EventDataStore=of)  # fmt: skip
    assert cloudtrail.get_event_data_store(EventDataStore=of)["Status"] == "STOPPED_INGESTION"
    cloudtrail.start_event_data_store_ingestion(EventDataStore=of)
    group("/c")
    assert rows(monitoring, cloudtrail,
                f"SELECT element_at(requestParameters, 'logGroupName') FROM {of} "
                "WHERE eventName = 'CreateLogGroup' ORDER BY 1") == [["/a"], ["/c"]]  # fmt: skip


def test_a_store_may_be_made_idle(monitoring, cloudtrail):
    of = store(cloudtrail, StartIngestion=False)
    group()
    assert names(monitoring, cloudtrail, of) == []


def test_selectors_choose_what_is_kept(monitoring, cloudtrail):
    writes = store(cloudtrail, "writes", AdvancedEventSelectors=selectors(
        "Management", {"Field": "readOnly", "Equals": ["false"]},
        {"Field": "eventSource", "NotEquals": ["events.amazonaws.com"]}))  # fmt: skip
    named = store(cloudtrail, "named", AdvancedEventSelectors=selectors(
        "Management", {"Field": "eventName", "StartsWith": ["Describe"]},
        {"Field": "userIdentity.arn", "EndsWith": ["user/awsmon"]}))  # fmt: skip
    logs = client("logs")
    group()
    logs.describe_log_groups()
    client("events").put_rule(Name="r", ScheduleExpression="rate(1 hour)")
    everything = "eventSource <> 'cloudtrail.amazonaws.com'"
    assert names(monitoring, cloudtrail, writes, everything) == ["CreateLogGroup"]
    assert names(monitoring, cloudtrail, named, everything) == ["DescribeLogGroups"]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (selectors("Nothing"), "one category"),
        (selectors("Data"), "resources.type"),
        (selectors("Insight") + MANAGEMENT, "don't go together"),
        (selectors("ConfigurationItem", {"Field": "eventName", "Equals": ["x"]}), "filtered"),
        ([{"FieldSelectors": [{"Field": "nosuch", "Equals": ["x"]}]}], "not supported"),
        ([], "at least one"),
        (MANAGEMENT * 6, "at most 5"),
        (selectors("NetworkActivity"), "eventSource"),
        (selectors("Management", {"Field": "errorCode", "Equals": ["x"]}), "not supported"),
        (selectors("Management", {"Field": "eventCategory", "StartsWith": ["M"]}), "one category"),
    ],
)
def test_selectors_that_a_store_cannot_have(monitoring, cloudtrail, wanted, why):
    with pytest.raises(cloudtrail.exceptions.InvalidEventSelectorsException, match=why):
        cloudtrail.create_event_data_store(Name="audit", AdvancedEventSelectors=wanted)
    assert cloudtrail.list_event_data_stores()["EventDataStores"] == []
    of = store(cloudtrail)
    with pytest.raises(cloudtrail.exceptions.InvalidEventSelectorsException, match=why):
        cloudtrail.update_event_data_store(EventDataStore=of, AdvancedEventSelectors=wanted)


@pytest.mark.parametrize(
    "category", ["NetworkActivity", "Insight", "ConfigurationItem", "Evidence", "ActivityAuditLog"]
)
def test_a_store_of_each_category_can_be_asked(monitoring, cloudtrail, category):
    source = {"Field": "eventSource", "Equals": ["sqs.amazonaws.com"]}
    fields = [source] if category == "NetworkActivity" else []
    of = store(cloudtrail, AdvancedEventSelectors=selectors(category, *fields))
    group()
    assert rows(monitoring, cloudtrail, f"SELECT eventtime, eventid FROM {of}") == []
    if category == "NetworkActivity":
        return
    refused("InvalidEventSelectorsException", cloudtrail.update_event_data_store,
            EventDataStore=of, AdvancedEventSelectors=MANAGEMENT)  # fmt: skip


def test_what_is_older_than_its_retention_is_gone(monitoring, cloudtrail):
    of = store(cloudtrail, RetentionPeriod=7)
    group("/a")
    monitoring.clock.advance(days=6)
    group("/b")
    assert names(monitoring, cloudtrail, of) == ["CreateLogGroup", "CreateLogGroup"]
    monitoring.clock.advance(days=1)
    assert names(monitoring, cloudtrail, of) == ["CreateLogGroup"]
    # and what is longer than it keeps doesn't come back
    cloudtrail.update_event_data_store(EventDataStore=of, RetentionPeriod=30)
    assert names(monitoring, cloudtrail, of) == ["CreateLogGroup"]


def test_a_store_of_one_region_hears_of_no_other(monitoring, cloudtrail):
    everywhere = store(cloudtrail, "everywhere")
    here = store(cloudtrail, "here", MultiRegionEnabled=False)
    group("/a", "eu-west-1")
    group("/b")
    assert len(names(monitoring, cloudtrail, everywhere)) == 2
    assert len(names(monitoring, cloudtrail, here)) == 1


def test_a_store_of_the_organization_has_every_accounts_events(monitoring, cloudtrail):
    own = store(cloudtrail, "own")
    all_of = store(cloudtrail, "all", OrganizationEnabled=True)
    other = monitoring.at(account="111111111111")
    boto3.client("logs", "us-east-1", **other.credentials).create_log_group(logGroupName="/g")
    statement = (
        "SELECT recipientAccountId FROM {} WHERE eventSource = 'logs.amazonaws.com' ORDER BY 1"
    )
    assert rows(monitoring, cloudtrail, statement.format(own)) == []
    assert rows(monitoring, cloudtrail, statement.format(all_of)) == [["111111111111"]]


def test_accounts_come_into_the_organization_and_its_store(mon, cloudtrail):
    refused("OrganizationsNotInUseException", cloudtrail.create_event_data_store,
            Name="audit", OrganizationEnabled=True)  # fmt: skip
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    organizations.enable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    of = store(cloudtrail, OrganizationEnabled=True)
    stranger = mon.at(account="111111111111").credentials
    refused("OrganizationsNotInUseException",
            boto3.client("cloudtrail", "us-east-1", **stranger).create_event_data_store,
            Name="audit", OrganizationEnabled=True)  # fmt: skip
    made = organizations.create_account(Email="a@example.com", AccountName="a")[
        "CreateAccountStatus"
    ]
    for account in ("111111111111", made["AccountId"]):
        theirs = mon.at(account=account).credentials
        boto3.client("logs", "us-east-1", **theirs).create_log_group(logGroupName="/g")
    statement = f"SELECT recipientAccountId FROM {of} WHERE eventSource = 'logs.amazonaws.com'"
    assert rows(mon, cloudtrail, statement) == [[made["AccountId"]]]


def test_protection_must_be_lifted_first(monitoring, cloudtrail):
    of = store(cloudtrail, TerminationProtectionEnabled=True)
    refused("EventDataStoreTerminationProtectedException", cloudtrail.delete_event_data_store,
            EventDataStore=of)  # fmt: skip
    cloudtrail.update_event_data_store(EventDataStore=of, TerminationProtectionEnabled=False)
    cloudtrail.delete_event_data_store(EventDataStore=of)
    assert cloudtrail.get_event_data_store(EventDataStore=of)["Status"] == "PENDING_DELETION"


def test_a_deleted_store_waits_for_seven_days(monitoring, cloudtrail):
    of = store(cloudtrail)
    cloudtrail.delete_event_data_store(EventDataStore=of)
    for call, more in (
        (cloudtrail.update_event_data_store, {"RetentionPeriod": 8}),
        (cloudtrail.delete_event_data_store, {}),
        (cloudtrail.list_queries, {}),
        (cloudtrail.enable_federation,
         {"FederationRoleArn": f"arn:aws:iam::{ACCOUNT}:role/federation"}),
    ):  # fmt: skip
        refused("InactiveEventDataStoreException", call, EventDataStore=of, **more)
    refused("InactiveEventDataStoreException", cloudtrail.start_query,
            QueryStatement=f"SELECT eventID FROM {of}")  # fmt: skip
    monitoring.clock.advance(days=6, hours=23)
    assert cloudtrail.get_event_data_store(EventDataStore=of)["Status"] == "PENDING_DELETION"
    monitoring.clock.advance(hours=1)
    refused("EventDataStoreNotFoundException", cloudtrail.get_event_data_store, EventDataStore=of)


def test_a_restored_store_has_all_it_kept_and_takes_more(monitoring, cloudtrail):
    of = store(cloudtrail)
    group("/a")
    cloudtrail.delete_event_data_store(EventDataStore=of)
    group("/b")
    monitoring.clock.advance(days=3)
    assert cloudtrail.restore_event_data_store(EventDataStore=of)["Status"] == "ENABLED"
    refused("InvalidEventDataStoreStatusException", cloudtrail.restore_event_data_store,
            EventDataStore=of)  # fmt: skip
    group("/c")
    monitoring.clock.advance(days=7)
    assert len(names(monitoring, cloudtrail, of)) == 2


def test_a_federated_store_is_not_deleted(monitoring, cloudtrail):
    of, role = store(cloudtrail), f"arn:aws:iam::{ACCOUNT}:role/federation"
    found = cloudtrail.enable_federation(EventDataStore=of, FederationRoleArn=role)
    assert found["FederationStatus"] == "ENABLED"
    assert cloudtrail.get_event_data_store(EventDataStore=of)["FederationRoleArn"] == role
    refused("EventDataStoreFederationEnabledException", cloudtrail.enable_federation,
            EventDataStore=of, FederationRoleArn=role)  # fmt: skip
    refused("EventDataStoreFederationEnabledException", cloudtrail.delete_event_data_store,
            EventDataStore=of)  # fmt: skip
    cloudtrail.disable_federation(EventDataStore=of)
    assert "FederationRoleArn" not in cloudtrail.get_event_data_store(EventDataStore=of)
    cloudtrail.delete_event_data_store(EventDataStore=of)


def test_tags_of_stores(monitoring, cloudtrail):
    of = store(cloudtrail, TagsList=[{"Key": "a", "Value": "1"}])
    arn = cloudtrail.get_event_data_store(EventDataStore=of)["EventDataStoreArn"]
    cloudtrail.add_tags(ResourceId=arn, TagsList=[{"Key": "b", "Value": "2"}])
    cloudtrail.remove_tags(ResourceId=arn, TagsList=[{"Key": "a"}])
    (found,) = cloudtrail.list_tags(ResourceIdList=[arn])["ResourceTagList"]
    assert found["TagsList"] == [{"Key": "b", "Value": "2"}]


def test_a_key_is_looked_up_and_stays(monitoring, cloudtrail):
    with moto.mock_aws():
        kms = client("kms")
        key = kms.create_key()["KeyMetadata"]
        other = kms.create_key()["KeyMetadata"]
        kms.create_alias(AliasName="alias/lake", TargetKeyId=key["KeyId"])
        refused("KmsKeyNotFoundException", cloudtrail.create_event_data_store,
                Name="audit", KmsKeyId="alias/nosuch")  # fmt: skip
        of = store(cloudtrail, KmsKeyId="alias/lake")
        shown = cloudtrail.get_event_data_store(EventDataStore=of)
        assert shown["KmsKeyId"] == key["Arn"]
        refused("InvalidKmsKeyIdException", cloudtrail.update_event_data_store,
                EventDataStore=of, KmsKeyId=other["Arn"])  # fmt: skip
        cloudtrail.update_event_data_store(EventDataStore=of, KmsKeyId=key["KeyId"])


def test_events_get_the_context_that_is_asked_for(monitoring, cloudtrail):
    of = store(cloudtrail)
    wanted = [{"Type": "RequestContext", "Equals": ["aws:SourceIp"]}]
    refused("InvalidParameterException", cloudtrail.put_event_configuration, EventDataStore=of,
            MaxEventSize="Standard", ContextKeySelectors=wanted)  # fmt: skip
    wanted = [{"Type": "RequestContext", "Equals": ["aws:PrincipalArn", "aws:SourceVpc"]}]
    put = cloudtrail.put_event_configuration(
        EventDataStore=of, MaxEventSize="Large", ContextKeySelectors=wanted
    )
    assert put["ContextKeySelectors"] == wanted
    assert cloudtrail.get_event_configuration(EventDataStore=of)["MaxEventSize"] == "Large"
    group()
    statement = f"SELECT element_at(eventContext, 'requestContext') FROM {of}"
    assert rows(monitoring, cloudtrail, f"{statement} WHERE eventName = 'CreateLogGroup'") == [
        [f'{{"aws:PrincipalArn":"arn:aws:iam::{ACCOUNT}:user/awsmon"}}']
    ]


def test_large_events_are_kept_whole_where_they_may_be(monitoring, cloudtrail):
    standard, large = store(cloudtrail, "standard"), store(cloudtrail, "large")
    cloudtrail.put_event_configuration(
        EventDataStore=large, MaxEventSize="Large", ContextKeySelectors=[]
    )
    logs = client("logs")
    logs.put_query_definition(name="q", queryString="x" * 10_000, logGroupNames=["g" * 500] * 600)
    statement = (
        "SELECT element_at(requestParameters, 'reason'), length(requestParameters['queryString']) "
        "FROM {} WHERE eventName = 'PutQueryDefinition'"
    )
    assert rows(monitoring, cloudtrail, statement.format(standard)) == [
        ["requestParameters too large", ""]
    ]
    assert rows(monitoring, cloudtrail, statement.format(large)) == [["", "10000"]]


def test_a_trail_or_a_store(monitoring, cloudtrail):
    refused("InvalidParameterCombinationException", cloudtrail.get_event_configuration)
    of = store(cloudtrail, AdvancedEventSelectors=selectors("ActivityAuditLog"))
    refused("InvalidEventDataStoreCategoryException", cloudtrail.get_event_configuration,
            EventDataStore=of)  # fmt: skip
    refused("InvalidEventDataStoreCategoryException", cloudtrail.stop_event_data_store_ingestion,
            EventDataStore=of)  # fmt: skip


# Source: botocore, StartEventDataStoreIngestion and StopEventDataStoreIngestion
@pytest.mark.parametrize("category", ["Insight", "Evidence", "ActivityAuditLog"])
def test_only_stores_of_what_aws_records_start_and_stop(monitoring, cloudtrail, category):
    of = store(cloudtrail, AdvancedEventSelectors=selectors(category))
    for call in (cloudtrail.start_event_data_store_ingestion,
                 cloudtrail.stop_event_data_store_ingestion):  # fmt: skip
        refused("InvalidEventDataStoreCategoryException", call, EventDataStore=of)


def test_the_arn_of_something_else_is_no_stores(monitoring, cloudtrail):
    arn = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/main"
    for call in (cloudtrail.get_event_data_store, cloudtrail.delete_event_data_store,
                 cloudtrail.get_insight_selectors):  # fmt: skip
        refused("EventDataStoreARNInvalidException", call, EventDataStore=arn)


def test_a_federation_role_is_a_role(monitoring, cloudtrail):
    of = store(cloudtrail)
    refused("InvalidParameterException", cloudtrail.enable_federation, EventDataStore=of,
            FederationRoleArn="nope")  # fmt: skip
    assert cloudtrail.get_event_data_store(EventDataStore=of)["FederationStatus"] == "DISABLED"


def test_stores_are_in_a_snapshot(monitoring, cloudtrail):
    of = store(cloudtrail, RetentionPeriod=7)
    group("/a")
    kept = monitoring.snapshot()
    group("/b")
    cloudtrail.delete_event_data_store(EventDataStore=of)
    monitoring.restore(kept)
    group("/c")
    assert len(names(monitoring, cloudtrail, of)) == 2
