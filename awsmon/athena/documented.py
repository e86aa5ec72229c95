"""The tables that AWS documents for CloudTrail's and AWS Config's files.

Lives here: `CLOUDTRAIL` and `CONFIG`: the columns and partitions of tables that `mon.sql` has
without any CREATE TABLE.
Source: Athena User Guide, "Query AWS CloudTrail logs"; AWS Management & Governance blog, "How to
query your AWS resource configuration states using AWS Config and Amazon Athena".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsmon.lang.presto_sql.types import INTEGER, MAP, TEXT

if TYPE_CHECKING:
    from awsmon.lang.presto_sql.types import Column

__all__ = ["CLOUDTRAIL", "CONFIG"]


def _texts(names: str) -> dict[str, Column]:
    return dict.fromkeys(names.split(), TEXT)


_ISSUER = _texts("type principalid arn accountid username")
_SESSION: dict[str, Column] = {
    "attributes": _texts("mfaauthenticated creationdate"), "sessionissuer": _ISSUER,
    "ec2roledelivery": TEXT,
    "webidfederationdata": {"federatedprovider": TEXT, "attributes": MAP},
}  # fmt: skip

CLOUDTRAIL: dict[str, Column] = {
    "eventversion": TEXT,
    "useridentity": {
        **_texts("type principalid arn accountid invokedby accesskeyid username"),
        "onbehalfof": _texts("userid identitystorearn"), "sessioncontext": _SESSION,
    },
    **_texts(
        "eventtime eventsource eventname awsregion sourceipaddress useragent errorcode "
        "errormessage requestparameters responseelements additionaleventdata requestid eventid"
    ),
    "resources": [_texts("arn accountid type")],
    **_texts(
        "eventtype apiversion readonly recipientaccountid serviceeventdetails sharedeventid "
        "vpcendpointid vpcendpointaccountid eventcategory"
    ),
    "addendum": _texts("reason updatedfields originalrequestid originaleventid"),
    "sessioncredentialfromconsole": TEXT, "edgedevicedetails": TEXT,
    "tlsdetails": _texts("tlsversion ciphersuite clientprovidedhostheader"),
    "insightdetails": TEXT,
}  # fmt: skip
"""A record; its parameters are JSON text."""

CONFIG: dict[str, Column] = {
    **_texts("fileversion configsnapshotid"),
    "configurationitems": [{
        **_texts("configurationitemversion configurationitemcapturetime"),
        "configurationstateid": INTEGER,
        **_texts(
            "awsaccountid configurationitemstatus resourcetype resourceid resourcename arn "
            "awsregion availabilityzone configurationstatemd5hash resourcecreationtime"
        ),
        "relatedevents": [TEXT],
        "relationships": [_texts("resourceid resourcename resourcetype relationshipname name")],
        "configuration": TEXT, "supplementaryconfiguration": MAP, "tags": MAP,
    }],
}  # fmt: skip
"""A snapshot or a history file, whose items ``UNNEST`` unfolds."""
