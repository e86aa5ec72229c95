"""The keywords near which data must stand to be sensitive, where a kind of data asks for any.

Lives here: `KEYWORDS`, by identifier; and lists that several share. Sources: User Guide, "Types of
data that you can protect": the tables of financial, health and personal data.
"""

from __future__ import annotations

__all__ = ["KEYWORDS", "PHONE", "PHONE_BRAZIL"]


def _words(text: str) -> tuple[str, ...]:
    """Keywords are written with commas between them."""
    return tuple(" ".join(each.split()) for each in text.split(",") if each.strip())


_ACCOUNT = """account code, account number, accountno#, accountnumber#, bban, customer account id,
    customer account number, customer bank account id, iban"""
_LICENSE = """dl#, dl:, dlno#, driver licence, driver licences, driver license, driver licenses,
    driver permit, drivers lic., drivers licence, driver's licence, drivers licences,
    driver's licences, drivers license, driver's license, drivers licenses, driver's licenses,
    drivers permit, driver's permit, drivers permit number, driving licence, driving license,
    driving permit"""
_FRENCH_ID = """assurance sociale, carte nationale d’identité, cni, code sécurité sociale,
    french social security number, fssn#, insee, insurance number, national id number, nationalid#,
    numéro d'assurance, sécurité sociale, sécurité sociale non., sécurité sociale numéro, social,
    social security, social security number, socialsecuritynumber, ss#, ssn, ssn#"""
_SPANISH_ID = """dni, dni#, dninúmero#, documento nacional de identidad, identidad único,
    identidadúnico#, insurance number, national identification number, national identity,
    nationalid#, nationalidno#, número nacional identidad, personal identification number,
    personal identity no, unique identity number, uniqueid#"""
_SPANISH_TAX = """cif, cif número, cifnúmero#, nie, nif, número de contribuyente,
    número de identidad de extranjero, número de identificación fiscal,
    número de impuesto corporativo, personal tax number, tax id, tax identification number,
    tax number, tin, tin#"""

PHONE = _words("""cell, contact, fax, fax number, mobile, phone, phone number, tel, telephone,
    telephone number""")
PHONE_BRAZIL = PHONE + _words("""cel, celular, fone, móvel, número residencial, numero residencial,
    telefone""")

KEYWORDS = {
    name: _words(text)
    for name, text in {
        # credentials and cards
        "AwsSecretKey": """aws_secret_access_key, credentials, secret access key, secret key,
            set-awscredential""",
        "CreditCardExpiration": "exp d, exp m, exp y, expiration, expiry",
        "CreditCardNumber": """account number, american express, amex, bank card, card,
            card number, card num, cc #, ccn, check card, credit, credit card#, dankort, debit,
            debit card, diners club, discover, electron, japanese card bureau, jcb, mastercard, mc,
            pan, payment account number, payment card number, pcn, union pay, visa""",
        "CreditCardSecurityCode": """card id, card identification code,
            card identification number, card security code, card validation code,
            card validation number, card verification data, card verification value, cvc, cvc2,
            cvv, cvv2, elo verification code""",
        # accounts
        "BankAccountNumber-DE": f"""{_ACCOUNT}, bankleitzahl, geheimzahl, kartennummer,
            kontonummer, kreditkartennummer, sepa""",
        "BankAccountNumber-ES": f"""{_ACCOUNT}, código cuenta, código cuenta bancaria,
            cuenta cliente id, número cuenta bancaria cliente, número cuenta cliente""",
        "BankAccountNumber-FR": f"{_ACCOUNT}, code bancaire, compte bancaire, numéro de compte",
        "BankAccountNumber-GB": f"{_ACCOUNT}, sepa",
        "BankAccountNumber-IT": f"{_ACCOUNT}, codice bancario, conto bancario, numero di conto",
        "BankAccountNumber-US": """bank account, bank acct, checking account, checking acct,
            deposit account, deposit acct, savings account, savings acct, chequing account,
            chequing acct""",
        # health
        "DrugEnforcementAgencyNumber-US": "dea number, dea registration",
        "HealthInsuranceCardNumber-EU": """assicurazione sanitaria numero,
            carta assicurazione numero, carte d’assurance maladie,
            carte européenne d'assurance maladie, ceam, ehic, ehic#, finlandehicnumber#,
            gesundheitskarte, hälsokort, health card, health card number, health insurance card,
            health insurance number, insurance card number, krankenversicherungskarte,
            krankenversicherungsnummer, medical account number, numero conto medico,
            numéro d’assurance maladie, numéro de carte d’assurance, numéro de compte medical,
            número de cuenta médica, número de seguro de salud, número de tarjeta de seguro,
            sairaanhoitokortin, sairausvakuutuskortti, sairausvakuutusnumero,
            sjukförsäkring nummer, sjukförsäkringskort, suomi ehic-numero, tarjeta de salud,
            terveyskortti, tessera sanitaria assicurazione numero, versicherungsnummer""",
        "HealthInsuranceClaimNumber-US": """health insurance claim number, hic no, hic no.,
            hic number, hic#, hicn, hicn#, hicno#""",
        "HealthInsuranceNumber-FR": "carte d'assuré social, carte vitale, insurance card",
        "HealthcareProcedureCode-US": """current procedural terminology, hcpcs,
            healthcare common procedure coding system""",
        "MedicareBeneficiaryNumber-US": "mbi, medicare beneficiary",
        "NationalDrugCode-US": "national drug code, ndc",
        "NationalProviderId-US": "hipaa, n.p.i., national provider, npi",
        "NhsNumber-GB": "national health service, nhs",
        "PersonalHealthNumber-CA": """canada healthcare number, msp number, care number, phn,
            soins de santé""",
        # persons
        "CepCode-BR": "cep, código de endereçamento postal, codigo de endereçamento postal",
        "Cnpj-BR": """cadastro nacional da pessoa jurídica, cadastro nacional da pessoa juridica,
            cnpj""",
        "CpfCode-BR": """cadastro de pessoas fisicas, cadastro de pessoas físicas,
            cadastro de pessoa física, cadastro de pessoa fisica, cpf""",
        "DateOfBirth": "dob, date of birth, birthdate, birth date, birthday, b-day, bday",
        "DriversLicense-CA": f"{_LICENSE}, permis de conduire",
        "DriversLicense-DE": """fuehrerschein, fuehrerschein-nr, fuehrerscheinnummer, fuhrerschein,
            führerschein, fuhrerschein-nr, führerschein-nr, fuhrerscheinnummer,
            führerscheinnummer""",
        "DriversLicense-ES": """carnet conducer, el carnet de conducer, licencia conducer,
            licencia de manejo, número carnet conducer, número de carnet de conducer,
            número de permiso conducer, número de permiso de conducer, número licencia conducer,
            número permiso conducer, permiso conducción, permiso conducer,
            permiso de conducción""",
        "DriversLicense-FR": "permis de conduire",
        "DriversLicense-GB": _LICENSE,
        "DriversLicense-IT": """patente di guida, patente di guida numero, patente guida,
            patente guida numero""",
        "DriversLicense-US": _LICENSE,
        "ElectoralRollNumber-GB": """electoral #, electoral number, electoral roll #,
            electoral roll no., electoral roll number, electoralrollno""",
        "IndividualTaxIdentificationNumber-US": """individual taxpayer identification number, itin,
            i.t.i.n.""",
        "InseeCode-FR": _FRENCH_ID,
        "LatLong": """coordinate, coordinates, lat long, latitude longitude, location,
            position""",
        "NationalIdentificationNumber-DE": """ausweisnummer, id number, identification number,
            identity number, insurance number, personal id, personalausweis""",
        "NationalIdentificationNumber-ES": _SPANISH_ID,
        "NationalIdentificationNumber-IT": """codice fiscal, dati anagrafici, ehic, health card,
            health insurance card, p. iva, partita i.v.a., personal data, tax code,
            tessera sanitaria""",
        "NationalInsuranceNumber-GB": """insurance no., insurance number, insurance#,
            national insurance number, nationalinsurance#, nationalinsurancenumber, nin, nino""",
        "NieNumber-ES": _SPANISH_TAX,
        "NifNumber-ES": _SPANISH_TAX,
        "PassportNumber-CA": """passeport, passeport#, passport, passport#, passportno,
            passportno#""",
        "PassportNumber-DE": """ausstellungsdatum, ausstellungsort, geburtsdatum, passport,
            passports, reisepass, reisepass–nr, reisepassnummer""",
        "PassportNumber-ES": """españa pasaporte, libreta pasaporte, número pasaporte, pasaporte,
            passport, passport book, passport no, passport number, spain passport""",
        "PassportNumber-FR": """numéro de passeport, passeport, passeport#, passeport #,
            passeportn °, passeport n °, passeportnon, passeport non""",
        "PassportNumber-GB": """passeport #, passeport n °, passeportnon, passeport non,
            passeportn °, passport #, passport no, passport number, passport#, passportid""",
        "PassportNumber-IT": """italian passport number, numéro passeport,
            numéro passeport italien, passaporto, passaporto italiana, passaporto numero,
            passport number, repubblica italiana passaporto""",
        "PassportNumber-US": "passport, travel document",
        "PermanentResidenceNumber-CA": """carte résident permanent,
            numéro carte résident permanent, numéro résident permanent, permanent resident card,
            permanent resident card number, permanent resident no, permanent resident no.,
            permanent resident number, pr no, pr no., pr non, pr number,
            résident permanent no., résident permanent non""",
        "RgNumber-BR": "registro geral, rg",
        "SocialInsuranceNumber-CA": """canadian id, numéro d'assurance sociale,
            social insurance number, sin""",
        "Ssn-ES": """número de la seguridad social, social security no., social security no,
            social security number, socialsecurityno#, ssn, ssn#""",
        "Ssn-US": "social security, ss#, ssn",
        "TaxId-DE": """identifikationsnummer, steuer id, steueridentifikationsnummer,
            steuernummer, tax id, tax identification number, tax number""",
        "TaxId-ES": _SPANISH_TAX,
        "TaxId-FR": """numéro d'identification fiscale, tax id, tax identification number,
            tax number, tin, tin#""",
        "TaxId-GB": """paye, tax id, tax id no., tax id number, tax identification,
            tax identification#, tax no., tax number, tax reference, tax#, taxid#,
            temporary reference number, tin, trn, unique tax reference, unique taxpayer reference,
            utr""",
        "VehicleIdentificationNumber": """fahrgestellnummer, niv, numarul de identificare,
            numarul seriei de sasiu, serie sasiu, numer vin,
            número de identificação do veículo, número de identificación de automóviles,
            numéro d'identification du véhicule, vehicle identification number, vin,
            vin numeris""",
        "ZipCode-US": "zip code, zip+4",
    }.items()
}
"""Written in lower case: the case plays no part."""
