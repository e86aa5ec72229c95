"""Links of a source account to the sinks of monitoring accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.lang.oam_filter.compiler import compile_filter
from awsmon.lang.text import LanguageError
from awsmon.oam.accounts import label
from awsmon.oam.errors import InvalidParameterException
from awsmon.oam.model import FILTERED, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mypy_boto3_oam.type_defs import (
        CreateLinkInputTypeDef,
        DeleteLinkInputTypeDef,
        GetLinkInputTypeDef,
        ListLinksInputTypeDef,
        UpdateLinkInputTypeDef,
    )

    from awsmon.oam.service import Oam

ITEM = ("Arn", "Id", "Label", "ResourceTypes", "SinkArn")
"""What ListLinks shows of a link."""
EVERYTHING = "*"
"""In place of a filter: there is none."""


@operation("CreateLink")
def create_link(oam: Oam, request: CreateLinkInputTypeDef) -> dict[str, Any]:
    """To a sink in the same region of another account, whose policy must allow it."""
    sink = oam.reach(request["SinkIdentifier"])
    types = _distinct(request["ResourceTypes"])
    oam.authorize("oam:CreateLink", sink, types)
    configuration = _configuration({}, request.get("LinkConfiguration", {}))
    oam.check_room(sink)
    number = oam.ids.uuid()
    link = Link(
        arn=oam.scope.arn("oam", f"link/{number}"),
        id=number,
        label=label(request["LabelTemplate"], oam.scope),
        label_template=request["LabelTemplate"],
        resource_types=types,
        link_configuration=configuration,
        sink_arn=sink.arn,
    )
    oam.attach(link, sink, request.get("Tags", {}))
    return _shown(oam, link, with_tags=True)


@operation("UpdateLink")
def update_link(oam: Oam, request: UpdateLinkInputTypeDef) -> dict[str, Any]:
    """Replaces the resource types; a filter that isn't given stays, ``*`` takes it away."""
    link = oam.link(request["Identifier"])
    types = _distinct(request["ResourceTypes"])
    oam.authorize("oam:UpdateLink", oam.reach(link.sink_arn), types)
    before, given = link.link_configuration or {}, request.get("LinkConfiguration", {})
    link.link_configuration = _configuration(before, given)
    link.resource_types = types
    return _shown(oam, link, with_tags=request.get("IncludeTags", False))


def _distinct(types: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(types))


def _configuration(before: Mapping[str, Any], given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The filters that hold from now on; None where there are none."""
    for member, subject in FILTERED.values():
        if member in given and given[member]["Filter"] != EVERYTHING:
            try:
                compile_filter(given[member]["Filter"], subject)
            except LanguageError as error:
                raise InvalidParameterException.filter(member, error) from None
    merged = {**before, **given}
    kept = {member: dict(each) for member, each in merged.items() if each["Filter"] != EVERYTHING}
    return kept or None


@operation("GetLink")
def get_link(oam: Oam, request: GetLinkInputTypeDef) -> dict[str, Any]:
    """With its tags where they are asked for."""
    link = oam.link(request["Identifier"])
    return _shown(oam, link, with_tags=request.get("IncludeTags", False))


def _shown(oam: Oam, link: Link, *, with_tags: bool) -> dict[str, Any]:
    return {**link.to_aws(), "Tags": oam.tags.of(link.arn) if with_tags else None}


@operation("ListLinks")
def list_links(oam: Oam, request: ListLinksInputTypeDef) -> dict[str, Any]:
    """In order of ARN."""
    items, token = paging.page(
        oam.links, request.get("NextToken"), request.get("MaxResults", 5), of="ListLinks",
        key=lambda link: link.arn, bad_token=InvalidParameterException.token,
    )  # fmt: skip
    shown = [link.to_aws() for link in items]
    return {
        "Items": [{member: each[member] for member in ITEM} for each in shown],
        "NextToken": token,
    }


@operation("DeleteLink")
def delete_link(oam: Oam, request: DeleteLinkInputTypeDef) -> None:
    """In the source account."""
    oam.detach(request["Identifier"])
