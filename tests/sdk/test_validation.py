"""Constraints of the models: a walk over every one of them, and the words of single ones."""

from __future__ import annotations

import contextlib
import functools
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from awsmon.core.errors import AwsError
from awsmon.sdk.patterns import fullmatch, python_pattern
from awsmon.sdk.validation import validator, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import OperationModel

Kinds = tuple[str, ...]
CLIENTS = (
    "cloudwatch",
    "logs",
    "events",
    "schemas",
    "scheduler",
    "pipes",
    "cloudtrail",
    "config",
    "application-insights",
    "oam",
)
SESSION = botocore.session.Session()
ACCOUNT = "111111111111"
IDENTIFIER = "-".join("a" * length for length in (8, 4, 4, 4, 12))

SAMPLES = (
    *("a", "aa", "aaa", "1", "1.1", "1" * 10, ACCOUNT, "a" * 9, "a" * 36, "$", "$.a", "[a]"),
    *("a.a", "a:1", "11:11", "default", "SampleCount", "aws.partner/a/a", "s3://aaa", "events:a"),
    *("aa::aa::aa", "guard-2.x.x", "subnet-a", "sg-a", "vpce-1", "a.amazonaws.com", "https://a"),
    *(f"{letter}-{IDENTIFIER}" for letter in "opw"),
    "a@aa.iam.gserviceaccount.com",
    "projects/1/locations/global/workloadIdentityPools/a/providers/a",
    *(
        f"arn:aws:{rest}"
        for rest in (
            f"config:us-east-1:{ACCOUNT}:stored-query/a/query-a",
            f"events:us-east-1:{ACCOUNT}:connection/a/a",
            f"events:us-east-1:{ACCOUNT}:event-bus/a",
            f"firehose:us-east-1:{ACCOUNT}:deliverystream/a",
            f"iam::{ACCOUNT}:role/a",
            f"kms:us-east-1:{ACCOUNT}:key/a",
            f"logs:us-east-1:{ACCOUNT}:log-group:a",
            f"oam:us-east-1:{ACCOUNT}:sink",
            "route53:::healthcheck/a",
            f"scheduler:us-east-1:{ACCOUNT}:schedule-group/a",
            f"secretsmanager:us-east-1:{ACCOUNT}:secret:a",
            f"sqs:us-east-1:{ACCOUNT}:a",
            f"vpc-lattice:us-east-1:{ACCOUNT}:resourceconfiguration/rcfg-{'a' * 17}",
        )
    ),
)
MISFITS = ("\n", "\x00", " ", "é", ":", "!", "*", "")


# --- samples --------------------------------------------------------------------------------------


def text(shape: Any) -> str | None:
    """A text that keeps to a shape, or None where none of the samples does."""
    if shape.enum:
        return str(shape.enum[0])
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 1 << 20)
    matches = matching(shape)
    for sample in SAMPLES:
        longer = sample + sample[-1] * (least - len(sample))
        if len(longer) <= most and matches(longer):
            return longer
    return None


def matching(shape: Any) -> Any:
    pattern = shape.metadata.get("pattern")
    return fullmatch(pattern) if pattern is not None else lambda value: True


def minimal(shape: Any) -> Any:
    """The least value that keeps to a shape; None where no sample text fits."""
    stated = shape.metadata
    match shape.type_name:
        case "structure":
            union = getattr(shape, "is_tagged_union", False)
            names = list(shape.members)[:1] if union else shape.required_members
            return {name: minimal(shape.members[name]) for name in names}
        case "list":
            return [minimal(shape.member)] * stated.get("min", 0)
        case "map":
            return entries(shape, stated.get("min", 0))
        case "string":
            return text(shape)
        case "boolean":
            return True
        case "timestamp":
            return datetime(2026, 3, 2, tzinfo=timezone.utc)
        case "blob":
            return b""
    return stated.get("min", min(1, stated.get("max", 1)))


def entries(shape: Any, count: int) -> dict[str, Any]:
    key = minimal(shape.key)
    if shape.key.enum:
        return {each: minimal(shape.value) for each in shape.key.enum[:count]}
    return {key[: len(key) - len(str(n))] + str(n): minimal(shape.value) for n in range(count)}


def broken(shape: Any) -> Iterator[tuple[Kinds, Any]]:
    """For each constraint that a shape itself states: its kind, and a value that breaks it.

    A text of a wrong size may match no more: then it is told for its pattern, too.
    """
    stated, kind = shape.metadata, shape.type_name
    for bound, step in (("min", -1), ("max", 1)):
        if bound in stated and not getattr(shape, "enum", None):
            size = stated[bound] + step
            value = size if number(shape) else sized(shape, size) if size >= 0 else None
            if value is not None:
                wrong = kind == "string" and not matching(shape)(value)
                size_kind = f"{bound}_{'value' if number(shape) else 'length'}"
                yield (size_kind, "pattern") if wrong else (size_kind,), value
    if kind == "string" and shape.enum:
        yield ("enum",), "x" * max(stated.get("min", 1), 1)
    elif "pattern" in stated and (value := misfit(shape)) is not None:
        yield ("pattern",), value
    if getattr(shape, "is_tagged_union", False):
        yield ("union",), {}


def number(shape: Any) -> bool:
    return shape.type_name in ("integer", "long", "float", "double")


def sized(shape: Any, size: int) -> Any:
    match shape.type_name:
        case "list":
            return [minimal(shape.member)] * size
        case "map":
            return entries(shape, size)
        case "string":
            matches = matching(shape)
            texts = (sample[:size] + sample[-1] * (size - len(sample)) for sample in SAMPLES)
            return next((each for each in texts if matches(each)), "a" * size)
    return bytes(size)


def misfit(shape: Any) -> str | None:
    matches, least = matching(shape), shape.metadata.get("min", 0)
    most = shape.metadata.get("max", 1 << 20)
    texts = (sign + "a" * (least - len(sign)) for sign in MISFITS)
    return next((each for each in texts if len(each) <= most and not matches(each)), None)


# --- the walk -------------------------------------------------------------------------------------

Case = tuple[tuple[Any, ...], Kinds, Any]  # where it is told, its kind, a value


def cases(shape: Any, path: tuple[Any, ...] = ()) -> Iterator[Case]:
    """Every constraint beneath a shape: where it is told, its kind, and a value for the shape."""
    for kinds, value in broken(shape):
        yield path, kinds, value
    match shape.type_name:
        case "structure":
            yield from member_cases(shape, path)
        case "list":
            rest = [minimal(shape.member)] * (shape.metadata.get("min", 1) - 1)
            for where, kinds, value in element_cases(shape.member, path, 1):
                yield where, kinds, [value, *rest]
        case "map":
            rest, key = entries(shape, shape.metadata.get("min", 1) - 1), minimal(shape.key)
            for where, kinds, value in element_cases(shape.key, path, key):
                yield where, kinds, {**rest, value: minimal(shape.value)}
            for where, kinds, value in element_cases(shape.value, path, key):
                yield where, kinds, {**rest, key: value}


def element_cases(shape: Any, path: tuple[Any, ...], step: Any) -> Iterator[Case]:
    """What texts and numbers in a container break is told of the container, and once."""
    if shape.type_name in ("structure", "list", "map"):
        yield from cases(shape, (*path, step))
        return
    for _, kinds, value in cases(shape):
        yield path, kinds[:1], value


def member_cases(shape: Any, path: tuple[Any, ...]) -> Iterator[Case]:
    union = getattr(shape, "is_tagged_union", False)
    least = {} if union else minimal(shape)
    for name in () if union else shape.required_members:
        yield (*path, name), ("required",), {key: least[key] for key in least if key != name}
    for name, member in shape.members.items():
        for where, kinds, value in cases(member, (*path, name)):
            yield where, kinds, {**least, name: value}


def constraints(shape: Any) -> int:
    """How many there are, counted by themselves, so that the walk can't leave any out unseen."""
    stated = shape.metadata
    match shape.type_name:
        case "structure":
            union = getattr(shape, "is_tagged_union", False)
            own = 1 if union else len(shape.required_members)
            return own + sum(map(constraints, shape.members.values()))
        case "list":
            inner = constraints(shape.member)
        case "map":
            inner = constraints(shape.key) + constraints(shape.value)
        case _:
            inner = 0
    if getattr(shape, "enum", None):
        return 1
    names = ("min", "max", "pattern") if stated.get("min") or number(shape) else ("max", "pattern")
    return inner + sum(name in stated for name in names)


@functools.cache
def model(client: str, operation: str) -> OperationModel:
    return service(client).operation_model(operation)


@functools.cache
def service(client: str) -> Any:
    return SESSION.get_service_model(client)


OPERATIONS = [(client, name) for client in CLIENTS for name in service(client).operation_names]


@pytest.mark.parametrize(("client", "operation"), OPERATIONS)
def test_each_constraint_of_an_operation_is_told_where_it_is_broken(client, operation):
    # given the least request that keeps to the model
    wanted = model(client, operation)
    shape = wanted.input_shape
    check = validator(wanted)
    request = minimal(shape) if shape is not None else {}
    # when it is checked, then it passes
    check(request)
    assert violations(wanted, request) == []
    # and when a single constraint of it is broken, then just that is told
    for path, kinds, changed in cases(shape) if shape is not None else ():
        found = [(each.path, each.kind) for each in violations(wanted, changed)]
        assert found == [(path, kind) for kind in kinds], changed
        with pytest.raises(AwsError) as refused:
            check(changed)
        assert refused.value.message


def test_few_constraints_are_left_out_of_the_walk():
    # given every constraint of the ten models, counted
    shapes = [shape for each in OPERATIONS if (shape := model(*each).input_shape) is not None]
    stated = sum(map(constraints, shapes))
    # when the walk breaks them
    walked = sum(1 for shape in shapes for _ in cases(shape))
    # then what it can't break is little: patterns that match all there is
    assert 0 <= stated - walked <= 20
    assert stated > 3000


# --- patterns -------------------------------------------------------------------------------------


def patterns() -> dict[str, Any]:
    """Every pattern of the ten clients' requests, with a shape that states it."""
    found: dict[str, Any] = {}

    def walk(shape: Any) -> None:
        if "pattern" in shape.metadata:
            found[shape.metadata["pattern"]] = shape
        inner = getattr(shape, "members", {}).values()
        for each in (*inner, *(getattr(shape, name, None) for name in ("member", "key", "value"))):
            if each is not None:
                walk(each)

    for each in OPERATIONS:
        if (shape := model(*each).input_shape) is not None:
            walk(shape)
    return found


PATTERNS = patterns()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_translated_and_matches_its_sample(pattern):
    assert text(PATTERNS[pattern]) is not None


@pytest.mark.parametrize("pattern", PATTERNS)
def test_matching_comes_to_an_end_whatever_the_text(pattern):
    # given texts as long as may be, that nearly match
    shape = PATTERNS[pattern]
    most, start = shape.metadata.get("max", 4000) - 2, text(shape) or ""
    pumps = ("a", "-", ".", "/", ":", " ", "\t", "a ", "a.", " \t", "::", ".a", "-a", "1", "?")
    texts = [(start + pump * most)[:most] + end for pump in pumps for end in ("\n", "\x00", "é")]
    # when they are matched, then there is an answer in our lifetime
    for each in texts:
        fullmatch(pattern)(each)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        (r"[\w-_]+", "a-_", "é"),
        (r"[a-z-_.]+", "a-.", "A"),
        (r"^a$", "a", "a\n"),
        (r"a|b", "b", "ab"),
        (r".+", "a\tb", "a\u2028b"),
        (r"(?s).*", "a\nb", None),
        (r"[\p{L}\p{Z}]+", "ä é\u3000", "1"),
        (r"\p{Lu}+", "Ä", "ä"),
        (r"[^\x00-\x1F:]+", "a b", "a:b"),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a\U0001f600", "\x00"),
        (r"([:/].+)*$", ":a/b", "a"),
        (r"^arn:(\w|-)+:oam:.+:.+:.+", "arn:aws:oam::::::a", "arn:aws:oam:a:a"),
    ],
)
def test_patterns_mean_what_they_mean_in_java(pattern, yes, no):
    assert fullmatch(pattern)(yes)
    assert no is None or not fullmatch(pattern)(no)


@pytest.mark.parametrize(
    "pattern", [r"a*+b", r"[a[b]]", r"[a&&b]", r"\Qa\E", r"\p{Foo}", r"[a-\d]"]
)
def test_a_pattern_that_means_something_else_in_python_is_refused(pattern):
    with pytest.raises(ValueError, match=re.escape(pattern) + "|Foo"):
        python_pattern(pattern)


@pytest.mark.parametrize(
    "sample", ["a", "a b", "\ta\t\tb ", "", "\t", " ", "a:b", "a\x7f", "\x01", "é", " \t a \t"]
)
@pytest.mark.parametrize(
    "pattern",
    [
        r"[ \t]*[^\x00-\x1F:\x7F]+([ \t]+[^\x00-\x1F:\x7F]+)*[ \t]*",
        r"[ \t]*[\x20-\x7E]+([ \t]+[\x20-\x7E]+)*[ \t]*",
    ],
)
def test_what_is_matched_at_once_is_what_the_model_says(pattern, sample):
    assert bool(fullmatch(pattern)(sample)) == bool(re.fullmatch(pattern, sample))


# --- words ----------------------------------------------------------------------------------------

LONG = "x" * 600


def refused(client: str, operation: str, **request: Any) -> AwsError:
    with pytest.raises(AwsError) as caught:
        validator(model(client, operation))(request)
    return caught.value


WORDS = [
    # LocalStack's snapshot, 2025
    (
        "cloudwatch",
        "SetAlarmState",
        {"AlarmName": "a", "StateValue": "X", "StateReason": "r"},
        "ValidationError",
        "1 validation error detected: Value 'X' at 'stateValue' failed to satisfy constraint: "
        "Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]",
    ),
    # LocalStack's snapshot, 2026-02-05
    (
        "logs",
        "FilterLogEvents",
        {"logGroupName": "a", "limit": 10001},
        "InvalidParameterException",
        "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: "
        "Member must have value less than or equal to 10000",
    ),
    # LocalStack's snapshot, 2026-02-03
    (
        "logs",
        "CreateLogGroup",
        {"logGroupName": LONG},
        "InvalidParameterException",
        "Invalid LogGroup or LogStream, both must have length less than or equal to 512.",
    ),
    # pino-cloudwatch issue 12, fluent-plugin-cloudwatch-logs issue 140
    (
        "logs",
        "PutLogEvents",
        {
            "logGroupName": "a",
            "logStreamName": "a",
            "logEvents": [{"timestamp": 1, "message": each} for each in ("", "a", "")],
        },
        "InvalidParameterException",
        "2 validation errors detected: Value '' at 'logEvents.1.member.message' failed to satisfy "
        "constraint: Member must have length greater than or equal to 1; Value '' at "
        "'logEvents.3.member.message' failed to satisfy constraint: Member must have length "
        "greater than or equal to 1",
    ),
    # winston-cloudwatch issue 136
    (
        "logs",
        "PutLogEvents",
        {"logGroupName": "a", "logStreamName": "a", "logEvents": []},
        "InvalidParameterException",
        "1 validation error detected: Value '[]' at 'logEvents' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1",
    ),
    # LocalStack's provider, after its snapshot
    (
        "events",
        "PutTargets",
        {"Rule": "r", "Targets": [{"Id": "a!", "Arn": "a"}]},
        "ValidationException",
        "1 validation error detected: Value 'a!' at 'targets.1.member.id' failed to satisfy "
        r"constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
    ),
    # serverless-artillery pull request 148
    (
        "events",
        "PutRule",
        {"Name": "#" * 65},
        "ValidationException",
        f"2 validation errors detected: Value '{'#' * 65}' at 'name' failed to satisfy constraint: "
        f"Member must have length less than or equal to 64; Value '{'#' * 65}' at 'name' failed "
        r"to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_A-Za-z0-9]+",
    ),
    # webiny-js pull request 5445
    (
        "scheduler",
        "GetSchedule",
        {"Name": "/" * 65},
        "ValidationException",
        f"2 validation errors detected: Value '{'/' * 65}' at 'name' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+; Value "
        f"'{'/' * 65}' at 'name' failed to satisfy constraint: Member must have length less than "
        "or equal to 64",
    ),
    # As Lambda's answer for cors.allowMethods, 2025
    (
        "cloudwatch",
        "UntagResource",
        {"ResourceARN": "arn:a", "TagKeys": ["a", ""]},
        "ValidationError",
        "1 validation error detected: Value '[a, ]' at 'tagKeys' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must have length less than or equal to 128, "
        "Member must have length greater than or equal to 1, Member must not be null]",
    ),
    # collectd-cloudwatch pull request 46
    (
        "cloudwatch",
        "PutMetricData",
        {
            "Namespace": "a",
            "MetricData": [
                {"MetricName": "m", "Dimensions": [{"Name": "d", "Value": ""}]} for _ in range(2)
            ],
        },
        "MissingParameter",
        "The parameter MetricData.member.1.Dimensions.member.1.Value is required.\n"
        "The parameter MetricData.member.2.Dimensions.member.1.Value is required.",
    ),
    # amazon-cloudwatch-agent issue 240, with the limit of today
    (
        "cloudwatch",
        "PutMetricData",
        {
            "Namespace": "a",
            "MetricData": [{"MetricName": "m", "Dimensions": [{"Name": "d", "Value": "v" * 1025}]}],
        },
        "InvalidParameterValue",
        "The parameter MetricData.member.1.Dimensions.member.1.Value must be shorter than 1025 "
        "characters.",
    ),
    (
        "cloudwatch",
        "GetMetricStatistics",
        {"Namespace": "a", "MetricName": "m", "Statistics": ["X"]},
        "MissingParameter",
        "The parameter StartTime is required.\nThe parameter EndTime is required.\n"
        "The parameter Period is required.",
    ),
    (
        "cloudtrail",
        "LookupEvents",
        {"MaxResults": 51},
        "InvalidMaxResultsException",
        "A max results value of 51 is invalid. Specify max results between 1 and 50.",
    ),
    (
        "config",
        "DescribeConfigRules",
        {"ConfigRuleNames": None, "NextToken": None, "Filters": {"EvaluationMode": "X"}},
        "ValidationException",
        "1 validation error detected: Value 'X' at 'filters.evaluationMode' failed to satisfy "
        "constraint: Member must satisfy enum value set: [DETECTIVE, PROACTIVE]",
    ),
    (
        "oam",
        "GetLink",
        {},
        "InvalidParameterException",
        "1 validation error detected: Value null at 'identifier' failed to satisfy constraint: "
        "Member must not be null",
    ),
    (
        "events",
        "CreateConnection",
        {
            "Name": "c",
            "AuthorizationType": "BASIC",
            "AuthParameters": {"BasicAuthParameters": {"Username": "u", "Password": "p" * 513}},
        },
        "ValidationException",
        "1 validation error detected: Value at 'authParameters.basicAuthParameters.password' failed"
        " to satisfy constraint: Member must have length less than or equal to 512",
    ),
]


@pytest.mark.parametrize(("client", "operation", "request_", "code", "message"), WORDS)
def test_a_refusal_has_the_words_of_its_service(client, operation, request_, code, message):
    error = refused(client, operation, **request_)
    # botocore's models before 1.43 anchor the pattern of a schedule's name
    told = (error.message or "").replace("^[0-9a-zA-Z-_.]+$;", "[0-9a-zA-Z-_.]+;")
    assert (error.code, error.status, told) == (code, 400, message)


def test_values_are_told_as_java_prints_them():
    # given eleven entries, where ten are the most
    entry = {"Source": "s", "Detail": "{}", "Resources": ["a", "b"]}
    # when they are put
    error = refused("events", "PutEvents", Entries=[entry] * 11)
    # then the answer holds them with every member (LocalStack's snapshot)
    one = (
        "PutEventsRequestEntry(time=null, source=s, resources=[a, b], detailType=null, detail={}, "
        "eventBusName=null, traceHeader=null, kmsKeyIdentifier=null, internalMetadata=null)"
    )
    assert error.message == (
        f"1 validation error detected: Value '[{', '.join([one] * 11)}]' at 'entries' failed to "
        "satisfy constraint: Member must have length less than or equal to 10"
    )


@pytest.mark.parametrize(
    "request_",
    [
        {"Namespace": 5, "MetricData": 7},
        {"Namespace": ["a"], "MetricData": {"MetricName": "m"}},
        {"Namespace": "a", "MetricData": "text"},
        {"Namespace": "a", "MetricData": [None]},
        {
            "Namespace": b"a",
            "MetricData": [{"MetricName": {}, "Unit": [], "StorageResolution": ""}],
        },
        {"Namespace": "a", "MetricData": [{"MetricName": "m", "Dimensions": [["Name"]]}]},
        {"Namespace": object(), "MetricData": [object()]},
    ],
)
def test_other_types_than_the_models_are_left_alone_or_refused(request_):
    with contextlib.suppress(AwsError):
        validator(model("cloudwatch", "PutMetricData"))(request_)


def test_a_validator_is_made_once_for_all_clients():
    # given two models of one operation, as two clients have them
    first, second = (
        botocore.session.Session().get_service_model("logs").operation_model("PutLogEvents")
        for _ in range(2)
    )
    # then one validator serves both
    assert first is not second
    assert validator(first) is validator(second)


def test_a_text_that_is_far_too_long_is_refused_soon():
    error = refused("events", "PutRule", Name="a" * 10_000_000)
    assert error.message is not None
    assert error.message.startswith("1 validation error detected")
