"""Resources and their tags: get, tag, untag; keys and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from awsmon.core import paging
from awsmon.core.operation import operation
from awsmon.core.tagging import tag_list
from awsmon.tagging.errors import InvalidParameterException, PaginationTokenExpiredException

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from awsmon.tagging.service import Tagging


@operation("GetResources")
def get_resources(tagging: Tagging, request: Mapping[str, Any]) -> dict[str, Any]:
    """Resources that have a tag; the token of a last page is empty, not absent."""
    arns = request.get("ResourceARNList", ())
    if arns and {"TagFilters", "ResourceTypeFilters"}.intersection(request):
        raise InvalidParameterException(
            "ResourceARNList can't be combined with TagFilters or ResourceTypeFilters."
        )
    filters = {each["Key"]: each.get("Values", ()) for each in request.get("TagFilters", ())}
    found = list(tagging.find(filters, request.get("ResourceTypeFilters", ()), arns))
    page, token = _page(found, request, request.get("ResourcesPerPage", 50), "GetResources")
    return {
        "PaginationToken": token,
        "ResourceTagMappingList": [
            {"ResourceARN": arn, "Tags": tag_list(tags)} for arn, tags in page
        ],
    }


@operation("GetTagKeys")
def get_tag_keys(tagging: Tagging, request: Mapping[str, Any]) -> dict[str, Any]:
    """Every key in use here."""
    keys = {key for _, tags in tagging.find({}, (), ()) for key in tags}
    page, token = _page(sorted(keys), request, 100, "GetTagKeys")
    return {"PaginationToken": token, "TagKeys": page}


@operation("GetTagValues")
def get_tag_values(tagging: Tagging, request: Mapping[str, Any]) -> dict[str, Any]:
    """Every value of one key."""
    key = request["Key"]
    values = {tags[key] for _, tags in tagging.find({key: ()}, (), ())}
    page, token = _page(sorted(values), request, 100, f"GetTagValues {key}")
    return {"PaginationToken": token, "TagValues": page}


@operation("TagResources")
def tag_resources(tagging: Tagging, request: Mapping[str, Any]) -> dict[str, Any]:
    """Those that aren't there are named; the others get their tags."""
    known, failed = _split(tagging, request["ResourceARNList"])
    for arn in known:
        tagging.tags.put(arn, request["Tags"])
    return {"FailedResourcesMap": failed}


@operation("UntagResources")
def untag_resources(tagging: Tagging, request: Mapping[str, Any]) -> dict[str, Any]:
    """Those that aren't there are named; the others lose their tags."""
    known, failed = _split(tagging, request["ResourceARNList"])
    for arn in known:
        tagging.tags.remove(arn, request["TagKeys"])
    return {"FailedResourcesMap": failed}


def _split(tagging: Tagging, arns: Iterable[str]) -> tuple[list[str], dict[str, Any]]:
    known = [arn for arn in arns if arn in tagging.tags]
    missing = {
        "StatusCode": 400,
        "ErrorCode": "InvalidParameterException",
        "ErrorMessage": "The resource doesn't exist.",
    }
    return known, {arn: missing for arn in arns if arn not in tagging.tags}


def _page(
    found: Sequence[Any], request: Mapping[str, Any], size: int, of: str
) -> tuple[Sequence[Any], str]:
    page, token = paging.page(
        found, request.get("PaginationToken") or None, size, of=of,
        bad_token=PaginationTokenExpiredException,
    )  # fmt: skip
    return page, token or ""
