"""Managed rules about EC2's instances and their volumes."""

from __future__ import annotations

from datetime import datetime, timedelta

from awsmon.config_recorder.rules.judging import (
    REQUIRED,
    Given,
    NotApplicable,
    Reading,
    managed,
    must_be_set,
)

_INSTANCE, _VOLUME = "AWS::EC2::Instance", "AWS::EC2::Volume"


@managed("APPROVED_AMIS_BY_ID", _INSTANCE, amiIds=REQUIRED)
def approved_amis(instance: Reading, given: Given) -> str | None:
    """Instances run approved images."""
    image = instance["imageId"]
    return None if image in given.list("amiIds") else f"{image} isn't an approved image."


@managed("APPROVED_AMIS_BY_TAG", _INSTANCE, asks=True, periodic=True,
         amisByTagKeyAndValue=REQUIRED)  # fmt: skip
def approved_tags(instance: Reading, given: Given) -> str | None:
    """Instances run images that have one of some tags."""
    image = instance["imageId"]
    for found in given.ask("ec2").all("DescribeImages", "Images", ImageIds=[image]):
        tags = {each["Key"]: each["Value"] for each in found.get("Tags", ())}
        for each in given.list("amisByTagKeyAndValue"):
            key, colon, value = each.partition(":")
            if key in tags and (not colon or tags[key] == value):
                return None
    return f"{image} has none of the tags."


@managed("DESIRED_INSTANCE_TENANCY", _INSTANCE, tenancy=REQUIRED, imageId=None, hostId=None)
def desired_tenancy(instance: Reading, given: Given) -> str | None:
    """Instances of some images, or on some hosts, have a tenancy."""
    images, hosts = given.list("imageId"), given.list("hostId")
    if images and instance["imageId"] not in images:
        raise NotApplicable
    if hosts and instance.get("placement.hostId") not in hosts:
        raise NotApplicable
    tenancy = instance["placement.tenancy"]
    if tenancy.lower() == (given.text("tenancy") or "").lower():
        return None
    return f"The tenancy is {tenancy}."


@managed("DESIRED_INSTANCE_TYPE", _INSTANCE, instanceType=REQUIRED)
def desired_type(instance: Reading, given: Given) -> str | None:
    """Instances are of some types."""
    found = instance["instanceType"]
    return None if found in given.list("instanceType") else f"The type is {found}."


ebs_optimized = must_be_set(
    "EBS_OPTIMIZED_INSTANCE", _INSTANCE, "ebsOptimized", "The instance isn't EBS-optimized."
)


@managed("EC2_IMDSV2_CHECK", _INSTANCE)
def imdsv2(instance: Reading, _: Given) -> str | None:
    """The metadata service wants a token."""
    tokens = instance["metadataOptions.httpTokens"]
    return None if tokens == "required" else f"metadataOptions.httpTokens is {tokens}."


@managed("EC2_INSTANCE_DETAILED_MONITORING_ENABLED", _INSTANCE)
def detailed_monitoring(instance: Reading, _: Given) -> str | None:
    """Metrics come every minute."""
    state = instance["monitoring.state"]
    return None if state == "enabled" else "Detailed monitoring is off."


@managed("EC2_INSTANCE_NO_PUBLIC_IP", _INSTANCE)
def no_public_ip(instance: Reading, _: Given) -> str | None:
    """No instance is reachable by an address of its own."""
    address = instance.get("publicIpAddress")
    return f"The instance has the address {address}." if address else None


@managed("EC2_INSTANCE_PROFILE_ATTACHED", _INSTANCE, IamInstanceProfileArnList=None)
def profile_attached(instance: Reading, given: Given) -> str | None:
    """Instances have a profile, one of a list where there is one."""
    profile, allowed = instance.get("iamInstanceProfile.arn"), given.list(
        "IamInstanceProfileArnList"
    )  # fmt: skip
    if not profile:
        return "The instance has no profile."
    return f"The profile is {profile}." if allowed and profile not in allowed else None


@managed("INSTANCES_IN_VPC", _INSTANCE, vpcId=None)
def in_vpc(instance: Reading, given: Given) -> str | None:
    """Instances are in a VPC, or in that one."""
    vpc, wanted = instance.get("vpcId"), given.text("vpcId")
    if not vpc:
        return "The instance is in no VPC."
    return f"The instance is in {vpc}." if wanted and vpc != wanted else None


@managed("EC2_STOPPED_INSTANCE", _INSTANCE, change=False, AllowedDays=30)
def stopped(instance: Reading, given: Given) -> str | None:
    """Nobody stays stopped for long."""
    if instance["state.name"] != "stopped":
        return None
    since = _stopped_at(instance)
    days = given.number("AllowedDays") or 0
    if given.now - since <= timedelta(days=days):
        return None
    return f"The instance is stopped since {since:%Y-%m-%d}."


def _stopped_at(instance: Reading) -> datetime:
    """As the reason says, ``User initiated (2026-03-02 12:00:00 UTC)``."""
    said = instance["stateTransitionReason"].partition("(")[2].partition(")")[0]
    return datetime.fromisoformat(said.replace(" UTC", "+00:00").replace(" GMT", "+00:00"))


@managed("ENCRYPTED_VOLUMES", _VOLUME, kmsId=None)
def encrypted_volumes(volume: Reading, given: Given) -> str | None:
    """Volumes that are attached are encrypted, by that key where one is told."""
    if not volume.get("attachments"):
        raise NotApplicable
    if not volume["encrypted"]:
        return "The volume isn't encrypted."
    key, wanted = volume.get("kmsKeyId"), given.text("kmsId")
    if wanted and (key or "").rpartition("/")[2] != wanted.rpartition("/")[2]:
        return f"The volume is encrypted by {key}."
    return None


@managed("EC2_VOLUME_INUSE_CHECK", _VOLUME, deleteOnTermination=None)
def volume_in_use(volume: Reading, given: Given) -> str | None:
    """Volumes are attached, and deleted with their instance where that is wanted."""
    attachments = volume.get("attachments") or []
    if not attachments:
        return "The volume isn't attached."
    wanted = given.flag("deleteOnTermination")
    if wanted is not None and any(each.get("deleteOnTermination") != wanted
                                  for each in attachments):  # fmt: skip
        return f"deleteOnTermination isn't {str(wanted).lower()}."
    return None


@managed("EC2_EBS_ENCRYPTION_BY_DEFAULT")
def encryption_by_default(_: Reading, given: Given) -> str | None:
    """New volumes are encrypted unasked."""
    answer = given.ask("ec2")("GetEbsEncryptionByDefault")
    return None if answer["EbsEncryptionByDefault"] else "Encryption by default is off."


@managed("EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK")
def public_snapshots(_: Reading, given: Given) -> str | None:
    """No snapshot may be restored by everybody."""
    found = given.ask("ec2").all("DescribeSnapshots", "Snapshots", OwnerIds=["self"],
                                 RestorableByUserIds=["all"])  # fmt: skip
    ids = [each["SnapshotId"] for each in found if _public(given, each["SnapshotId"])]
    return f"Public snapshots: {', '.join(sorted(ids))}." if ids else None


def _public(given: Given, snapshot: str) -> bool:
    answer = given.ask("ec2")("DescribeSnapshotAttribute", SnapshotId=snapshot,
                              Attribute="createVolumePermission")  # fmt: skip
    return any(each.get("Group") == "all" for each in answer.get("CreateVolumePermissions", ()))
