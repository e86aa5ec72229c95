"""Trails of organizations, and who may manage them."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.trail.conftest import ACCOUNT, client

PRINCIPAL = "cloudtrail.amazonaws.com"


def refused(call, **given):
    with pytest.raises(ClientError) as error:
        call(**given)
    return error.value.response["Error"]["Code"]


@pytest.fixture
def organizations(mon):
    """An organization that trusts CloudTrail."""
    found = client("organizations")
    found.id = found.create_organization(FeatureSet="ALL")["Organization"]["Id"]
    found.enable_aws_service_access(ServicePrincipal=PRINCIPAL)
    return found


@pytest.fixture
def bucket(mon):
    s3 = client("s3")
    s3.create_bucket(Bucket="records")
    return lambda: [
        each["Key"] for each in s3.list_objects_v2(Bucket="records").get("Contents", [])
    ]


def member(organizations, name="dev"):
    made = organizations.create_account(Email=f"{name}@example.com", AccountName=name)
    return made["CreateAccountStatus"]["AccountId"]


def of(mon, account, service="cloudtrail", region="us-east-1"):
    return boto3.client(service, region, **mon.at(account, region).credentials)


def everywhere(cloudtrail):
    made = cloudtrail.create_trail(
        Name="all", S3BucketName="records", IsOrganizationTrail=True, IsMultiRegionTrail=True
    )
    cloudtrail.start_logging(Name="all")
    return made["TrailARN"]


def test_calls_in_every_account_are_delivered(mon, organizations, bucket, cloudtrail):
    # given an organization's trail, and accounts from before and after it
    before = member(organizations)
    arn = everywhere(cloudtrail)
    assert cloudtrail.get_trail(Name="all")["Trail"]["IsOrganizationTrail"] is True
    after = member(organizations, "ops")
    # when they call, in any region
    of(mon, before, "logs", "eu-west-1").create_log_group(logGroupName="/a")
    of(mon, after, "logs").create_log_group(logGroupName="/b")
    mon.clock.advance(minutes=5)
    # then each has a folder of its own below the organization's
    keys = bucket()
    root = f"AWSLogs/{organizations.id}"
    for account, region in [(before, "eu-west-1"), (after, "us-east-1"), (ACCOUNT, "us-east-1")]:
        (key,) = [each for each in keys if each.startswith(f"{root}/{account}/CloudTrail/{region}")]
        assert f"/{account}_CloudTrail_{region}_" in key
    # and the members see the trail, though they can't change it
    theirs = of(mon, after)
    assert [each["TrailARN"] for each in theirs.describe_trails()["trailList"]] == [arn]
    assert theirs.get_trail_status(Name=arn)["IsLogging"] is True
    name = arn.rpartition("/")[2]
    assert refused(theirs.get_trail_status, Name=name) == "TrailNotFoundException"
    assert theirs.describe_trails(includeShadowTrails=False)["trailList"] == []
    assert theirs.describe_trails(trailNameList=[name])["trailList"] == []
    code = "NotOrganizationMasterAccountException"
    assert refused(theirs.stop_logging, Name=arn) == code
    assert refused(theirs.delete_trail, Name=arn) == code


def test_who_leaves_is_recorded_no_more(mon, organizations, bucket, cloudtrail):
    account = member(organizations)
    everywhere(cloudtrail)
    organizations.remove_account_from_organization(AccountId=account)
    of(mon, account, "logs").create_log_group(logGroupName="/a")
    mon.clock.advance(minutes=5)
    assert not any(account in key for key in bucket())
    assert of(mon, account).describe_trails()["trailList"] == []


def test_rules_of_a_member_hear_of_its_calls(monitoring, cloudtrail):
    # without AWS Organizations, every account of the session is in one
    monitoring.bind("arn:aws:s3:::records", lambda call: None)
    everywhere(cloudtrail)
    heard, other = [], monitoring.at("111122223333")

    @other.event_bus.on({"detail-type": ["AWS API Call via CloudTrail"]})
    def hear(event):
        heard.append(event)

    of(monitoring, other.account, "logs").create_log_group(logGroupName="/a")
    assert [each["detail"]["recipientAccountId"] for each in heard] == [other.account]


def test_a_trail_becomes_an_organizations_and_an_accounts_again(
    mon, organizations, bucket, cloudtrail
):
    account = member(organizations)
    cloudtrail.create_trail(Name="main", S3BucketName="records")
    seen = of(mon, account).describe_trails
    assert seen()["trailList"] == []
    assert cloudtrail.update_trail(Name="main", IsOrganizationTrail=True)["IsOrganizationTrail"]
    assert len(seen()["trailList"]) == 1
    cloudtrail.update_trail(Name="main", IsOrganizationTrail=False)
    assert seen()["trailList"] == []


def test_a_delegated_administrator_manages_trails(mon, organizations, bucket, cloudtrail):
    # given an account that is delegated to
    account = member(organizations)
    theirs = of(mon, account)
    wanted = {"Name": "all", "S3BucketName": "records", "IsOrganizationTrail": True}
    assert refused(theirs.create_trail, **wanted) == "NotOrganizationMasterAccountException"
    cloudtrail.register_organization_delegated_admin(MemberAccountId=account)
    # when it makes a trail
    arn = theirs.create_trail(**wanted)["TrailARN"]
    # then it is the management account's, and it may go on managing it
    assert arn == f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/all"
    theirs.start_logging(Name=arn)
    assert cloudtrail.get_trail_status(Name="all")["IsLogging"] is True
    # until it isn't delegated to any more
    cloudtrail.deregister_organization_delegated_admin(DelegatedAdminAccountId=account)
    assert refused(theirs.stop_logging, Name=arn) == "NotOrganizationMasterAccountException"
    cloudtrail.delete_trail(Name="all")
    assert theirs.describe_trails()["trailList"] == []


def test_who_can_be_a_delegated_administrator(mon, organizations, cloudtrail):
    register = cloudtrail.register_organization_delegated_admin
    account = member(organizations)
    assert refused(register, MemberAccountId=ACCOUNT) == "CannotDelegateManagementAccountException"
    assert refused(register, MemberAccountId="999999999999") == "AccountNotFoundException"
    register(MemberAccountId=account)
    assert refused(register, MemberAccountId=account) == "AccountRegisteredException"
    theirs = of(mon, account).register_organization_delegated_admin
    code = "NotOrganizationManagementAccountException"
    assert refused(theirs, MemberAccountId=ACCOUNT) == code
    for name in ("ops", "test"):
        register(MemberAccountId=member(organizations, name))
    assert refused(register, MemberAccountId=member(organizations, "more")) == (
        "DelegatedAdminAccountLimitExceededException"
    )
    take = cloudtrail.deregister_organization_delegated_admin
    code = "AccountNotRegisteredException"
    assert refused(take, DelegatedAdminAccountId="999999999999") == code


def test_the_organization_must_be_there_and_trust_cloudtrail(mon, bucket, cloudtrail):
    wanted = {"Name": "all", "S3BucketName": "records", "IsOrganizationTrail": True}
    assert refused(cloudtrail.create_trail, **wanted) == "OrganizationsNotInUseException"
    organizations = client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    assert refused(cloudtrail.create_trail, **wanted) == "CloudTrailAccessNotEnabledException"
    organizations.enable_aws_service_access(ServicePrincipal=PRINCIPAL)
    assert cloudtrail.create_trail(**wanted)["IsOrganizationTrail"] is True


def test_an_organization_that_only_shares_bills(mon, bucket, cloudtrail):
    client("organizations").create_organization(FeatureSet="CONSOLIDATED_BILLING")
    wanted = {"Name": "all", "S3BucketName": "records", "IsOrganizationTrail": True}
    code = "OrganizationNotInAllFeaturesModeException"
    assert refused(cloudtrail.create_trail, **wanted) == code
