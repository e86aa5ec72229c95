"""Digest files: the chain, the hashes, the signature."""

from __future__ import annotations

import gzip
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from awsmon.trail.signing import key_of
from tests.trail.conftest import ACCOUNT, client, logging, table


@pytest.fixture
def bucket(mon):
    client("s3").create_bucket(Bucket="records")


def digests():
    """Content and metadata of each digest, oldest first."""
    s3 = client("s3")
    prefix = f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/us-east-1/"
    found = []
    for each in s3.list_objects_v2(Bucket="records", Prefix=prefix).get("Contents", []):
        answer = s3.get_object(Bucket="records", Key=each["Key"])
        found.append((each["Key"], gzip.decompress(answer["Body"].read()), answer["Metadata"]))
    return found


def test_a_digest_for_each_hour_linked_to_the_one_before(mon, bucket, cloudtrail):
    # given a trail that validates
    logging(cloudtrail, EnableLogFileValidation=True)
    table()
    mon.clock.advance(hours=2, minutes=30)
    # then there are two digests; the first names the file, the second the first
    (first, one, _), (_, other, _) = digests()
    assert first.endswith(
        f"{ACCOUNT}_CloudTrail-Digest_us-east-1_main_us-east-1_20260302T130000Z.json.gz"
    )
    one, raw = json.loads(one), one
    assert (one["digestStartTime"], one["digestEndTime"]) == (
        "2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z",
    )  # fmt: skip
    (file,) = one["logFiles"]
    body = client("s3").get_object(Bucket="records", Key=file["s3Object"])["Body"].read()
    assert file["hashValue"] == hashlib.sha256(gzip.decompress(body)).hexdigest()
    assert one["previousDigestS3Object"] is None
    other = json.loads(other)
    assert other["previousDigestS3Object"] == first
    assert other["previousDigestHashValue"] == hashlib.sha256(raw).hexdigest()
    assert (other["logFiles"], other["newestEventTime"]) == ([], None)
    assert cloudtrail.get_trail_status(Name="main")["LatestDigestDeliveryTime"]


def test_the_signature_holds_by_the_public_key(mon, bucket, cloudtrail):
    logging(cloudtrail, EnableLogFileValidation=True)
    mon.clock.advance(hours=2)
    (key,) = cloudtrail.list_public_keys()["PublicKeyList"]
    public = load_der_public_key(_subject(key["Value"]))
    before = "null"
    for name, content, metadata in digests():
        digest = json.loads(content)
        assert digest["digestPublicKeyFingerprint"] == key["Fingerprint"]
        text = "\n".join([
            digest["digestEndTime"], f"records/{name}", hashlib.sha256(content).hexdigest(), before,
        ])  # fmt: skip
        signature = bytes.fromhex(metadata["signature"])
        public.verify(signature, text.encode(), padding.PKCS1v15(), SHA256())
        before = metadata["signature"]


def _subject(pkcs1):
    """PKCS #1 in the wrapper that the library reads: SubjectPublicKeyInfo of rsaEncryption."""
    bits = b"\x03" + _length(len(pkcs1) + 1) + b"\x00" + pkcs1
    content = bytes.fromhex("300d06092a864886f70d0101010500") + bits
    return b"\x30" + _length(len(content)) + content


def _length(number):
    return b"\x82" + number.to_bytes(2, "big")


def test_a_trail_that_stopped_begins_another_chain(mon, bucket, cloudtrail):
    logging(cloudtrail, EnableLogFileValidation=True)
    mon.clock.advance(hours=2)
    cloudtrail.stop_logging(Name="main")
    mon.clock.advance(hours=5)
    cloudtrail.start_logging(Name="main")
    mon.clock.advance(hours=1)
    found = [json.loads(content) for _, content, _ in digests()]
    assert [each["previousDigestS3Object"] is None for each in found] == [True, False, False, True]


def test_without_validation_there_are_none(mon, bucket, cloudtrail):
    logging(cloudtrail)
    mon.clock.advance(hours=3)
    assert digests() == []


def test_the_key_of_a_region_is_always_the_same():
    assert key_of("eu-west-1") == key_of("eu-west-1") != key_of("us-east-1")
    assert key_of("eu-west-1").modulus.bit_length() == 2048
