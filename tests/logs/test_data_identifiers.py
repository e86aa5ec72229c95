"""Sensitive data in texts: what the managed identifiers find, and custom ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmon.lang.text import LanguageError
from awsmon.logs.data_identifiers.checksums import TEST_CARDS, card, luhn
from awsmon.logs.data_identifiers.custom import CustomPattern
from awsmon.logs.data_identifiers.detection import Detector
from awsmon.logs.data_identifiers.keywords import KEYWORDS
from awsmon.logs.data_identifiers.table import IDENTIFIERS, UNDETECTABLE

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "sensitive_data.jsonl").read_text().splitlines()
]
CARD = "4539148803436467"


def found(text, *identifiers):
    spans = Detector(identifiers, ()).find(text)
    return [text[start:end] for each in spans.values() for start, end in each]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['identifier']}: {case['source']}")
def test_a_managed_identifier_finds_its_data(case):
    assert found(case["text"], case["identifier"]) == case["found"]


def test_every_identifier_has_a_case():
    assert {case["identifier"] for case in CASES if case["found"]} == set(IDENTIFIERS)


DOCUMENTED = """
    AwsSecretKey OpenSshPrivateKey PgpPrivateKey PkcsPrivateKey PuttyPrivateKey IpAddress
    BankAccountNumber-DE,ES,FR,GB,IT,US CreditCardExpiration CreditCardNumber
    CreditCardSecurityCode DrugEnforcementAgencyNumber-US HealthcareProcedureCode-US
    HealthInsuranceCardNumber-EU HealthInsuranceClaimNumber-US HealthInsuranceNumber-FR
    MedicareBeneficiaryNumber-US NationalDrugCode-US NationalInsuranceNumber-GB
    NationalProviderId-US NhsNumber-GB PersonalHealthNumber-CA Address CepCode-BR Cnpj-BR
    CpfCode-BR DriversLicense-AT,AU,BE,BG,CA,CY,CZ,DE,DK,EE,ES,FI,FR,GB,GR,HR,HU,IE,IT,LT,LU,LV,MT,NL,PL,PT,RO,SE,SI,SK,US
    ElectoralRollNumber-GB EmailAddress IndividualTaxIdentificationNumber-US InseeCode-FR LatLong
    Name NationalIdentificationNumber-DE,ES,IT NieNumber-ES NifNumber-ES
    PassportNumber-CA,DE,ES,FR,GB,IT,US PermanentResidenceNumber-CA
    PhoneNumber-BR,DE,ES,FR,GB,IT,US PostalCode-CA RgNumber-BR SocialInsuranceNumber-CA Ssn-ES,US
    TaxId-DE,ES,FR,GB VehicleIdentificationNumber ZipCode-US DateOfBirth
"""  # noqa: E501 the list as it is
"""Source: User Guide, the ARNs of each category; DateOfBirth is only in a table there."""


def test_the_documented_identifiers_are_known():
    documented = set()
    for entry in DOCUMENTED.split():
        name, dash, countries = entry.partition("-")
        documented |= {f"{name}{dash}{country}" for country in countries.split(",")}
    assert not UNDETECTABLE & set(IDENTIFIERS)
    assert documented == UNDETECTABLE | set(IDENTIFIERS)
    assert set(KEYWORDS) <= set(IDENTIFIERS)


# -- keywords --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("visa" + " " * 30 + CARD, True),
        ("visa" + " " * 31 + CARD, False),
        (CARD + " " * 30 + "visa", True),
        (CARD + " " * 31 + "visa", False),
        ("VISA " + CARD, True),
        ("card_number=" + CARD, True),
        ("card-number=" + CARD, True),
        ("cardNumber=" + CARD, True),
        ("discarding " + CARD, False),
        ("cards " + CARD, False),
    ],
)
def test_a_keyword_must_be_within_thirty_characters(text, near):
    """Source: User Guide, "CloudWatch Logs managed data identifiers"."""
    assert (found(text, "CreditCardNumber") == [CARD]) is near


def test_cards_for_tests_are_never_found():
    """Source: User Guide, "Financial information": none of them is reported."""
    assert any(luhn(number) for number in TEST_CARDS)
    assert not any(card(number) for number in TEST_CARDS)


# -- custom ----------------------------------------------------------------------------------------


def test_a_custom_identifier_finds_all_that_its_expression_matches():
    """Source: User Guide, "Custom data identifiers": the example."""
    text = "EmployeeID-123456789, EmployeeID-12345678 and EmployeeID-1234567890"
    spans = list(CustomPattern(r"EmployeeID-\d{9}").spans(text))
    assert [text[start:end] for start, end in spans] == ["EmployeeID-123456789"] * 2


@pytest.mark.parametrize(
    ("regex", "text", "expected"),
    [
        ("a|ab|abc", "xabcab", ["abc", "ab"]),
        ("^a+", "aaba", ["aa"]),
        ("a+$", "aabaa", ["aa"]),
        ("a*", "baab", ["aa"]),
        ("x*", "abc", []),
        ("[0-9]{2}", "12345", ["12", "34"]),
        (".b", "éb", ["éb"]),
    ],
)
def test_the_longest_match_from_the_left_is_taken(regex, text, expected):
    assert [text[start:end] for start, end in CustomPattern(regex).spans(text)] == expected


@pytest.mark.parametrize("regex", ["(a)", "a:b", "a!", "é", "[a", "a{2,1}", "*"])
def test_an_expression_may_be_none(regex):
    with pytest.raises(LanguageError):
        CustomPattern(regex)


PIECES = st.lists(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "a*", "b+", "a?", ".{1,2}", "b{0,2}", "|"]),
    min_size=1, max_size=6,
).map("".join)  # fmt: skip


@settings(max_examples=150)
@given(PIECES.filter(lambda regex: "||" not in f"|{regex}|"), st.text("abc", max_size=12))
def test_spans_are_those_that_python_s_re_would_accept(regex, text):
    pattern = re.compile(f"(?:{regex})", re.DOTALL)
    expected, at = [], 0
    while at < len(text):
        ends = [end for end in range(at + 1, len(text) + 1) if pattern.fullmatch(text, at, end)]
        if ends:
            expected.append((at, ends[-1]))
        at = ends[-1] if ends else at + 1
    assert list(CustomPattern(regex).spans(text)) == expected


@settings(max_examples=50)
@given(st.text(max_size=60))
def test_any_text_can_be_looked_through(text):
    for spans in Detector(tuple(IDENTIFIERS), ()).find(text).values():
        assert all(0 <= start < end <= len(text) for start, end in spans)
