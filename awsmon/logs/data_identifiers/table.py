"""The managed data identifiers: what each looks like, and which cannot be found here.

Lives here: `Identifier`, `IDENTIFIERS`, `UNDETECTABLE`. AWS documents which identifiers there are,
their keywords and a few rules; what the data looks like is taken from who issues it, so that now
and then AWS may see it otherwise. Where there is no public form (names of persons, addresses; AWS
learns these by machine) an identifier is not built. No pattern repeats what repeats without bound.

Sources: User Guide, "CloudWatch Logs managed data identifiers for sensitive data types" and the
pages on each category.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from awsmon.logs.data_identifiers import checksums as check
from awsmon.logs.data_identifiers.keywords import KEYWORDS, PHONE, PHONE_BRAZIL
from awsmon.logs.data_identifiers.phones import PHONES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["IDENTIFIERS", "UNDETECTABLE", "Identifier"]


class Identifier(NamedTuple):
    """How data of one kind is found; patterns are regular expressions.

    Attributes:
        pattern: what it looks like.
        keywords: of which one must be near; empty: none is asked for.
        check: whether what looks like it is it; None: it is.
        anywhere: what it looks like where no keyword is asked for after all.
    """

    pattern: str
    keywords: tuple[str, ...] = ()
    check: Callable[[str], bool] | None = None
    anywhere: str | None = None


def _word(pattern: str) -> str:
    """Not a part of a longer word or number."""
    return rf"(?<![0-9A-Za-z])(?:{pattern})(?![0-9A-Za-z])"


def _number(pattern: str) -> str:
    """Nor of a decimal."""
    return rf"(?<![0-9A-Za-z.])(?:{pattern})(?![0-9A-Za-z]|\.\d)"


def _key(label: str) -> str:
    """A private key between its lines of dashes."""
    return rf"-----BEGIN {label}-----(?:(?!-----)[\s\S])+-----END {label}-----"


def _iban(country: str, length: int) -> str:
    """In groups of four, or without blanks."""
    groups, rest = divmod(length - 4, 4)
    spaced = " [0-9A-Z]{4}" * groups + (f" [0-9A-Z]{{{rest}}}" if rest else "")
    return _word(rf"{country}\d{{2}}(?:[0-9A-Z]{{{length - 4}}}|{spaced})")


_DNI, _NIE = r"\d{8}-?[A-Z]", r"[XYZ]-?\d{7}-?[A-Z]"
_NIR = _word(r"[12]\d{4}(?:\d{2}|2[AB])\d{8}|[12] \d{2} \d{2} (?:\d{2}|2[AB]) \d{3} \d{3} \d{2}")
_GERMAN = "[0-9CFGHJ-NPRTVWXYZ]"  # characters of German documents
_MEDICARE = "[AC-HJKMNP-RT-Y]"  # letters of a beneficiary number
_MBI = rf"[1-9]{_MEDICARE}[0-9AC-HJKMNP-RT-Y]\d-?{_MEDICARE}[0-9AC-HJKMNP-RT-Y]\d-?"
_FISCAL = "[0-9LMNP-V]"  # a digit of a codice fiscale, or what stands for it among namesakes
_NINO = "(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
_POSTAL = r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d"
_YEAR, _DAY = r"(?:19|20)\d{2}", "[0-3]?[0-9]"
_MONTH = "(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]u[nl]|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec)"
_MONTH += "[a-z]{0,6}"
_DATE = "|".join((
    f"{_YEAR}[ /-]{_DAY}[ /-]{_DAY}", rf"{_DAY}[ /-]{_DAY}[ /-](?:{_YEAR}|\d{{2}})",
    f"{_DAY}[ /-]{_MONTH}[ /-]{_YEAR}", f"{_MONTH}[ /-]{_DAY},?[ /-]{_YEAR}",
    rf"{_YEAR}[01]\d[0-3]\d", rf"[0-3]\d[0-3]\d{_YEAR}",
))  # fmt: skip
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IP = (
    rf"(?<![0-9A-Za-z.:])(?:{_OCTET}(?:\.{_OCTET}){{3}}(?![0-9A-Za-z]|\.\d)"
    r"|(?=[0-9A-Fa-f]{0,4}:)(?=:{0,2}[0-9A-Fa-f])[0-9A-Fa-f:.]{2,44}[0-9A-Fa-f:](?![0-9A-Za-z:]))"
)
_EMAIL = (
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63}"
    r"(?![A-Za-z0-9-])"
)
_LATITUDE = r"[+-]?(?:90\.0{1,12}|[0-8]?\d\.\d{1,12})"
_LONGITUDE = r"[+-]?(?:180\.0{1,12}|(?:1[0-7]\d|\d{1,2})\.\d{1,12})"

_WITHOUT_CHECK = {
    "AwsSecretKey": "(?<![A-Za-z0-9/+=])[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])",
    "BankAccountNumber-US": _number(r"\d{8,17}"),
    "CepCode-BR": _number(r"\d{5}-?\d{3}"),
    "CreditCardExpiration": _word(r"(?:0[1-9]|1[0-2]) ?[/-] ?(?:20)?\d{2}"),
    "CreditCardSecurityCode": _number(r"\d{3,4}"),
    "DateOfBirth": _word(_DATE),
    "DriversLicense-CA": _word(r"[A-Z]\d{4}-?\d{5}-?\d{5}|[A-Z]\d{12}|\d{5,9}"),
    "DriversLicense-DE": _word(r"[A-Z]\d{2}[0-9A-Z]{6}\d[0-9A-Z]"),
    "DriversLicense-FR": _number(r"\d{12}"),
    "DriversLicense-GB": _word(r"[A-Z9]{5}\d{6}[A-Z9]{2}\d[A-Z]{2}"),
    "DriversLicense-IT": _word(r"[A-Z]{2}\d{7}[A-Z]"),
    "DriversLicense-US": _word(r"[A-Z]{1,2}\d{3,14}[A-Z]?|\d{7,14}"),
    "ElectoralRollNumber-GB": _word(r"[A-Z]{2}\d{1,4}"),
    "EmailAddress": _EMAIL,
    "HealthInsuranceCardNumber-EU": _number(r"80\d{18}"),
    "HealthInsuranceClaimNumber-US": _word(r"\d{3}-?\d{2}-?\d{4}-?[A-Z][0-9A-Z]?"),
    "HealthcareProcedureCode-US": _word(r"[A-V]\d{4}|\d{4}[0-9FTU]"),
    "IndividualTaxIdentificationNumber-US": _number(
        r"9\d{2}-?(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])-?\d{4}"),
    "LatLong": _number(f"{_LATITUDE} ?[,;] ?{_LONGITUDE}"),
    "MedicareBeneficiaryNumber-US": _word(rf"{_MBI}{_MEDICARE}{{2}}\d{{2}}"),
    "NationalDrugCode-US": _number(
        r"\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2}|\d{5}-\d{4}-\d{1,2}"),
    "NationalIdentificationNumber-DE": _word(rf"[CFGHJ-NPRTVWXYZ]{_GERMAN}{{8}}\d?"),
    "NationalInsuranceNumber-GB": _word(rf"{_NINO}(?: ?\d{{2}}){{3}} ?[A-D]"),
    "OpenSshPrivateKey": _key("OPENSSH PRIVATE KEY"),
    "PassportNumber-CA": _word(r"[A-Z]{2}\d{6}|[A-Z]\d{6}[A-Z]{2}"),
    "PassportNumber-DE": _word(rf"[CFGHJK]{_GERMAN}{{8}}"),
    "PassportNumber-ES": _word(r"[A-Z]{2,3}\d{6}"),
    "PassportNumber-FR": _word(r"\d{2}[A-Z]{2}\d{5}"),
    "PassportNumber-GB": _number(r"\d{9}"),
    "PassportNumber-IT": _word(r"[A-Z]{2}\d{7}"),
    "PassportNumber-US": _word(r"[A-Z0-9]\d{8}"),
    "PermanentResidenceNumber-CA": _word(r"[A-Z]{2}\d{7,10}"),
    "PersonalHealthNumber-CA": _number(r"\d{4}[ -]?\d{3}[ -]?\d{3}"),
    "PgpPrivateKey": _key("PGP PRIVATE KEY BLOCK"),
    "PkcsPrivateKey": _key("(?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY"),
    "PostalCode-CA": _word(_POSTAL),
    "PuttyPrivateKey": r"PuTTY-User-Key-File-\d: (?:(?!PuTTY-User-Key-File-|Private-MAC: )[\s\S])+"
                       r"Private-MAC: [0-9a-f]+",
    "RgNumber-BR": _number(r"\d{1,2}\.?\d{3}\.?\d{3}-?[0-9Xx]"),
    "Ssn-US": _number(r"(?!000|666|9)\d{3}(?P<gap>[ -]?)(?!00)\d{2}(?P=gap)(?!0000)\d{4}"),
    "ZipCode-US": _number(r"\d{5}(?:-\d{4})?"),
}  # fmt: skip

_WITH_CHECK: dict[str, tuple[str, Callable[[str], bool]]] = {
    "BankAccountNumber-DE": (_iban("DE", 22), check.iban),
    "BankAccountNumber-ES": (_iban("ES", 24), check.iban),
    "BankAccountNumber-FR": (_iban("FR", 27), check.iban),
    "BankAccountNumber-GB": (_iban("GB", 22), check.iban),
    "BankAccountNumber-IT": (_iban("IT", 27), check.iban),
    "Cnpj-BR": (_number(r"\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}"), check.cnpj),
    "CpfCode-BR": (_number(r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}"), check.cpf),
    "CreditCardNumber": (_number(r"[2-6](?:[ -]?\d){12,18}"), check.card),
    "DriversLicense-ES": (_word(_DNI), check.dni),
    "DrugEnforcementAgencyNumber-US": (_word(r"[A-HJ-NPRSTUX][A-Z9]\d{7}"), check.dea),
    "HealthInsuranceNumber-FR": (_NIR, check.insee),
    "InseeCode-FR": (_NIR, check.insee),
    "IpAddress": (_IP, check.ip),
    "NationalIdentificationNumber-ES": (_word(_DNI), check.dni),
    "NationalIdentificationNumber-IT": (
        _word(f"[A-Z]{{6}}{_FISCAL}{{2}}[ABCDEHLMPRST]{_FISCAL}{{2}}[A-Z]{_FISCAL}{{3}}[A-Z]"),
        check.codice_fiscale),
    "NationalProviderId-US": (_number(r"[12]\d{9}"), check.npi),
    "NhsNumber-GB": (_number(r"\d{3}[ -]?\d{3}[ -]?\d{4}"), check.nhs),
    "NieNumber-ES": (_word(_NIE), check.dni),
    "NifNumber-ES": (_word(f"{_DNI}|{_NIE}"), check.dni),
    "SocialInsuranceNumber-CA": (_number(r"[1-79]\d{2}[ -]?\d{3}[ -]?\d{3}"), check.luhn),
    "Ssn-ES": (_number(r"[0-5]\d[ /-]?\d{8}[ /-]?\d{2}"), check.spanish_security),
    "TaxId-DE": (_number(r"[1-9]\d ?\d{3} ?\d{3} ?\d{3}"), check.steuer_id),
    "TaxId-ES": (_word(r"[A-HJNP-SUVW]-?\d{7}-?[0-9A-J]"), check.cif),
    "TaxId-FR": (_number(r"[0-3]\d ?\d{2} ?\d{3} ?\d{3} ?\d{3}"), check.spi),
    "TaxId-GB": (_number(r"\d{5} ?\d{5}"), check.utr),
    "VehicleIdentificationNumber": (_word("[0-9A-HJ-NPR-Z]{17}"), check.vehicle),
}  # fmt: skip


def _phone(country: str) -> Identifier:
    code, national, abroad = PHONES[country]
    words = PHONE_BRAZIL if country == "BR" else PHONE
    full = rf"(?<![0-9A-Za-z+])(?:\+|00){code}[ .-]?{abroad}(?![0-9A-Za-z])"
    return Identifier(f"{full}|{_number(national)}", words, anywhere=full)


IDENTIFIERS = {
    **{name: Identifier(pattern, KEYWORDS.get(name, ()))
       for name, pattern in _WITHOUT_CHECK.items()},
    **{name: Identifier(pattern, KEYWORDS.get(name, ()), test)
       for name, (pattern, test) in _WITH_CHECK.items()},
    **{f"PhoneNumber-{country}": _phone(country) for country in PHONES},
}  # fmt: skip
"""By name, as it stands at the end of its ARN."""

UNDETECTABLE = frozenset((
    "Address", "Name",
    *(f"DriversLicense-{country}" for country in (
        "AT", "AU", "BE", "BG", "CY", "CZ", "DK", "EE", "FI", "GR", "HR", "HU", "IE", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")),
))  # fmt: skip
"""What AWS has beside them."""
