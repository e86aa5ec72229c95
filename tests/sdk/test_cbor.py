"""CBOR as its standard shows it, and as botocore reads it."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from botocore.parsers import create_parser
from hypothesis import given
from hypothesis import strategies as st

from awsmon.core.errors import AwsmonError
from awsmon.sdk.protocols import cbor
from tests.sdk.answers import exact

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("value", "encoded"),
    [  # RFC 8949, appendix A
        (0, "00"),
        (23, "17"),
        (24, "1818"),
        (100, "1864"),
        (1000, "1903e8"),
        (1000000, "1a000f4240"),
        (1000000000000, "1b000000e8d4a51000"),
        (18446744073709551615, "1bffffffffffffffff"),
        (-18446744073709551616, "3bffffffffffffffff"),
        (-1, "20"),
        (-1000, "3903e7"),
        (1.1, "fb3ff199999999999a"),
        (1.0e300, "fb7e37e43c8800759c"),
        (False, "f4"),
        (True, "f5"),
        (None, "f6"),
        (
            datetime(2013, 3, 21, 20, 4, 0, 500000, tzinfo=timezone.utc),
            "c1fb41d452d9ec200000",
        ),
        (b"\x01\x02\x03\x04", "4401020304"),
        ("", "60"),
        ('"\\', "62225c"),
        ("水", "63e6b0b4"),
        ([], "80"),
        ([1, [2, 3], [4, 5]], "8301820203820405"),
        ({}, "a0"),
        ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    ],
)
def test_cbor_is_as_its_standard_shows_it(value, encoded):
    assert cbor.dumps(value).hex() == encoded


CBOR_SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.floats()
    | st.binary() | ANY_TEXT
)  # fmt: skip
CBOR_VALUES = st.recursive(
    CBOR_SCALARS,
    lambda inner: (
        st.lists(inner) | st.dictionaries(ANY_TEXT, inner.filter(lambda v: v is not None))
    ),
    max_leaves=20,
)


@given(value=CBOR_VALUES)
def test_botocore_reads_our_cbor(value):
    parser = create_parser("smithy-rpc-v2-cbor")
    assert exact(parser._initial_body_parse(cbor.dumps(value))) == exact(value)


@pytest.mark.parametrize("value", [2**64, -(2**64) - 1, {1, 2}, [object()]])
def test_what_cbor_lacks_is_our_mistake(value):
    with pytest.raises(AwsmonError):
        cbor.dumps(value)
