"""The columns of event data stores, by the category of their events.

Lives here: `COLUMNS`. Names are in lower case, as the tables have them. What CloudTrail keeps as
JSON of any form (``requestParameters``) is a map of names to text.
Source: CloudTrail User Guide, "CloudTrail Lake supported event schemas".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.presto_sql.types import BOOLEAN, DOUBLE, INTEGER, MAP, TEXT, TIMESTAMP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from awsmon.lang.presto_sql.types import Column

__all__ = ["COLUMNS"]


def _texts(names: str) -> dict[str, Column]:
    return dict.fromkeys(names.split(), TEXT)


_ADDENDUM: Column = _texts("reason updatedfields originalrequestid originaleventid")
_HEAD: dict[str, Column] = {
    **_texts("eventversion eventcategory eventtype eventid"), "eventtime": TIMESTAMP,
    **_texts("awsregion recipientaccountid"), "addendum": _ADDENDUM,
}  # fmt: skip
_SESSION: Column = {
    "attributes": {"creationdate": TIMESTAMP, "mfaauthenticated": TEXT},
    "sessionissuer": _texts("type principalid arn accountid username"),
    "webidfederationdata": {"federatedprovider": TEXT, "attributes": MAP},
    "sourceidentity": TEXT, "ec2roledelivery": TEXT, "ec2issuedinvpc": TEXT,
}  # fmt: skip
_IDENTITY: Column = {
    **_texts("type principalid arn accountid accesskeyid username"), "sessioncontext": _SESSION,
    **_texts("invokedby identityprovider"), "credentialid": TEXT,
    "onbehalfof": _texts("userid identitystorearn"), "inscopeof": _texts(
        "sourcearn sourceaccount issuertype credentialsissuedto"),
}  # fmt: skip
_EVENTS: dict[str, Column] = {
    "eventversion": TEXT, "useridentity": _IDENTITY, "eventtime": TIMESTAMP,
    **_texts("eventsource eventname awsregion sourceipaddress useragent errorcode errormessage"),
    "requestparameters": MAP, "responseelements": MAP, "additionaleventdata": MAP,
    "requestid": TEXT, "eventid": TEXT, "readonly": BOOLEAN,
    "resources": [_texts("accountid type arn arnprefix")],
    "eventtype": TEXT, "apiversion": TEXT, "managementevent": BOOLEAN,
    **_texts("recipientaccountid sharedeventid annotation vpcendpointid vpcendpointaccountid"),
    "serviceeventdetails": MAP, "addendum": _ADDENDUM, "edgedevicedetails": MAP,
    "insightdetails": MAP, "eventcategory": TEXT,
    "tlsdetails": _texts("tlsversion ciphersuite clientprovidedhostheader"),
    "sessioncredentialfromconsole": TEXT, "eventjson": TEXT, "eventjsonchecksum": TEXT,
    "eventcontext": MAP,
}  # fmt: skip
_INSIGHTS: dict[str, Column] = {
    **_HEAD,
    **_texts("sharedeventid insightsource insightstate insighteventsource insighteventname "
             "insighterrorcode insighttype"),
    "insightcontext": {
        "baselineaverage": DOUBLE, "insightaverage": DOUBLE, "baselineduration": INTEGER,
        "insightduration": INTEGER,
        "attributions": [{
            "attribute": TEXT, "insightvalue": TEXT, "insightaverage": DOUBLE,
            "baselinevalue": TEXT, "baselineaverage": DOUBLE,
            **{each: [{"value": TEXT, "average": DOUBLE}] for each in ("insight", "baseline")},
        }],
    },
}  # fmt: skip
_EVIDENCE: dict[str, Column] = {
    **_HEAD,
    "eventdata": {
        "attributes": MAP,
        **_texts("awsaccountid awsorganization compliancecheck datasource eventname eventsource "
                 "evidenceawsaccountid evidencebytype iamid evidenceid"), "time": TIMESTAMP,
        **_texts("assessmentid controlsetid controlid controlname controldomainname "
                 "frameworkname frameworkid service servicecategory resourcearn resourcetype "
                 "evidencefolderid description manualevidences3resourcepath "
                 "evidencefoldername resourcecompliancecheck"),
    },
}  # fmt: skip
_CONFIGURATION: dict[str, Column] = {
    **_HEAD,
    "eventdata": {
        **_texts("configurationitemversion configurationitemcapturetime configurationitemstatus "
                 "configurationstateid accountid resourcetype resourceid resourcename arn "
                 "awsregion availabilityzone resourcecreationtime"),
        "configuration": MAP, "supplementaryconfiguration": MAP, "relatedevents": TEXT,
        "relationships": [_texts("name resourcetype resourceid resourcename")], "tags": MAP,
    },
}  # fmt: skip
_ACTIVITY: dict[str, Column] = {
    **_HEAD,
    "metadata": _texts("ingestiontime channelarn"),
    "eventdata": {
        "version": TEXT,
        "useridentity": {"type": TEXT, "principalid": TEXT, "details": MAP},
        **_texts("useragent eventsource eventname eventtime uid"),
        "requestparameters": MAP, "responseelements": MAP,
        **_texts("errorcode errormessage sourceipaddress recipientaccountid"),
        "additionaleventdata": MAP,
    },
}  # fmt: skip

COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "Management": _EVENTS, "Data": _EVENTS, "NetworkActivity": _EVENTS, "Insight": _INSIGHTS,
    "ConfigurationItem": _CONFIGURATION, "ActivityAuditLog": _ACTIVITY, "Evidence": _EVIDENCE,
}  # fmt: skip
"""By the value of ``eventCategory`` in a store's selectors."""
