"""What transformers refuse, what they pass over, and that they never fail."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmon.lang.text import LanguageError
from awsmon.lang.transformers.compiler import PROCESSORS, compile_transformer
from tests.lang.transformers.test_documented import JSON, grok, transformed


def dates(*patterns, target="yyyy-MM-dd'T'HH:mm:ss.SSS'Z", **more):
    config = {"source": "at", "target": "out", "matchPatterns": list(patterns), **more}
    return {"dateTimeConverter": {**config, "targetFormat": target}}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ([], "A transformer must have between 1 and 20 processors"),
        ([JSON] + [{"trimString": {"withKeys": ["a"]}}] * 20,
         "A transformer must have between 1 and 20 processors"),
        ([{"trimString": {"withKeys": ["a"]}}], "The first processor must be a parser"),
        ([JSON] * 6, "A transformer can have at most 5 parsers"),
        ([JSON, {"parseVPC": {}}], "parseVPC must be the first processor"),
        ([grok("%{INT:a}"), grok("%{INT:a}")], "A transformer can have at most one grok processor"),
        ([JSON, *[{"addKeys": {"entries": [{"key": "a", "value": "b"}]}}] * 2],
         "A transformer can have at most one addKeys processor"),
        ([JSON, *[{"copyValue": {"entries": [{"source": "a", "target": "b"}]}}] * 2],
         "A transformer can have at most one copyValue processor"),
        ([{"parseVPC": {"source": "x"}}], "parseVPC can only have @message as its source"),
        ([{"parseJSON": {"source": "a.b.c.d"}}], "a.b.c.d is nested more than 3 levels deep"),
        ([{"nothing": {}}], "There is no processor nothing"),
        ([{**JSON, **grok("%{INT:a}")}], "Each processor must be given by exactly one name"),
        ([grok("%{NOPE:a}")], "Invalid grok: there is no grok pattern NOPE"),
        ([grok("no pattern")], "Invalid grok: a grok pattern refers to patterns as %{NAME:field}"),
        ([grok(" ".join(["%{DATA:a}"] * 6))],
         "Invalid grok: the grok pattern DATA is used too often"),
        ([grok(" ".join(["%{INT:a}"] * 21))], "Invalid grok: at most 20 grok patterns are allowed"),
        ([grok("%{APACHE_ACCESS_LOG} %{SYSLOG5424}")],
         "Invalid grok: a common log pattern comes first, with nothing but DATA or GREEDYDATA "
         "behind it"),
        ([grok("%{NGINX_ACCESS_LOG} %{NUMBER:num}")],
         "Invalid grok: a common log pattern comes first, with nothing but DATA or GREEDYDATA "
         "behind it"),
        ([grok("%{GREEDYDATA:logMsg} %{SYSLOG5424}")],
         "Invalid grok: a common log pattern comes first, with nothing but DATA or GREEDYDATA "
         "behind it"),
        ([{"csv": {"delimiter": "ab"}}],
         "Invalid csv: the delimiter must be one character, \\t or \\s"),
        ([JSON, {"listToMap": {"source": "a", "key": "b", "flatten": True}}],
         "Invalid listToMap: flattenedElement is required where flatten is true"),
        ([JSON, {"substituteString": {"entries": [{"source": "a", "from": "(", "to": "b"}]}}],
         None),
        ([JSON, {"substituteString": {"entries": [{"source": "a", "from": "a", "to": "$1"}]}}],
         "Invalid substituteString: there is no group 1"),
        ([JSON, dates("yyyy", sourceTimezone="Mars/Base")],
         "Invalid dateTimeConverter: there is no time zone Mars/Base"),
        ([JSON, dates("yyyy", locale="tlh")],
         "Invalid dateTimeConverter: the locale tlh is not known"),
        ([JSON, dates("yyyy QQ")], "Invalid dateTimeConverter: the letter Q is not known"),
        ([JSON, {"trimString": {}}], "Invalid trimString: withKeys is required"),
        ([JSON, {"addKeys": {"entries": [{"key": "a"}]}}],
         "Invalid addKeys: value is required in each entry"),
        ([JSON, {"addKeys": {"entries": ["a"]}}],
         "Invalid addKeys: entries must be an array of objects"),
        ([{"parseJSON": 5}], "parseJSON must be an object"),
    ],
)  # fmt: skip
def test_what_is_refused(config, message):
    with pytest.raises(LanguageError) as caught:
        compile_transformer(config)
    assert message is None or caught.value.message == message


@pytest.mark.parametrize(
    ("text", "pattern", "expected", "more"),
    [
        # worked out by hand
        ("2024-05-06 07:08:09", "yyyy-MM-dd HH:mm:ss", "2024-05-06T07:08:09.000Z", {}),
        ("6/5/24 7:08 PM", "d/M/yy h:mm a", "2024-05-06T19:08:00.000Z", {}),
        ("2024-05-06T07:08:09.123+0200", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", "2024-05-06T05:08:09.123Z",
         {}),
        ("06/May/2024:07:08:09 -03:00", "dd/MMM/yyyy:HH:mm:ss XXX", "2024-05-06T10:08:09.000Z", {}),
        ("2024-07-01 12:00", "yyyy-MM-dd HH:mm", "2024-07-01T16:00:00.000Z",
         {"sourceTimezone": "America/New_York"}),
        ("Mon, 06 May 2024", "EEE, dd MMM yyyy", "06.05.2024", {"target": "dd.MM.yyyy"}),
        ("2024-05-06 00:30", "yyyy-MM-dd HH:mm", "Sonntag, 5. Mai 2024, 8:30 nachts? -0400",
         {"target": "EEEE, d. MMMM yyyy, h:mm 'nachts?' Z", "locale": "de",
          "targetTimezone": "America/New_York"}),
        ("2024-125", "yyyy-DDD", "2024-05-04T00:00:00.000Z", {}),
    ],
)  # fmt: skip
def test_dates(text, pattern, expected, more):
    found = transformed({"at": text}, JSON, dates(pattern, **more))
    assert found["out"] == expected


def test_the_first_date_pattern_that_fits_is_taken():
    config = dates("dd.MM.yyyy", "yyyy-MM-dd", "MM-dd-yyyy")
    assert transformed({"at": "2024-05-06"}, JSON, config)["out"] == "2024-05-06T00:00:00.000Z"
    assert "out" not in transformed({"at": "May"}, JSON, config)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("200", "integer", 200), ("2.9", "integer", 2), ("x", "integer", "x"),
        ("1.5", "double", 1.5),
        (5, "string", "5"), (True, "string", "true"), ("TRUE", "boolean", True),
        ("yes", "boolean", "yes"), ([1], "string", [1]), (None, "integer", None),
        ("1e999", "integer", "1e999"),
    ],
)  # fmt: skip
def test_types(value, kind, expected):
    config = {"typeConverter": {"entries": [{"key": "a", "type": kind}]}}
    assert transformed({"a": value}, JSON, config) == {"a": expected}


@pytest.mark.parametrize(
    "processor",
    [
        {"addKeys": {"entries": [{"key": "a", "value": "new"}]}},
        {"copyValue": {"entries": [{"source": "b", "target": "a"}]}},
        {"renameKeys": {"entries": [{"key": "b", "renameTo": "a"}]}},
        {"moveKeys": {"entries": [{"source": "b", "target": "a"}]}},
    ],
)
def test_what_is_there_is_overwritten_only_if_it_is_said(processor):
    assert transformed({"a": 1, "b": 2}, JSON, processor) == {"a": 1, "b": 2}
    [(name, config)] = processor.items()
    [entry] = config["entries"]
    over = {name: {"entries": [{**entry, "overwriteIfExists": True}]}}
    assert transformed({"a": 1, "b": 2}, JSON, over)["a"] in (2, "new")


@pytest.mark.parametrize("message", ["no JSON", "[1]", "5", '"text"', "", "{"])
def test_a_message_that_cannot_be_read_is_not_transformed(message):
    assert compile_transformer([JSON]).transformed(message) is None


def test_a_later_parser_may_fail():
    config = [JSON, {"parseKeyValue": {"source": "nowhere"}}, {"csv": {"source": "a"}}]
    assert transformed({"a": "x,y"}, *config) == {"a": "x,y", "column_1": "x", "column_2": "y"}


def test_a_message_of_half_a_mebibyte_is_too_long():
    text = json.dumps({"a": "x" * 512 * 1024})
    assert compile_transformer([JSON]).transformed(text) is None


paths = st.sampled_from(["a", "b", "a.b", "c.0", "@message", "x.y.z"])
texts = st.text(max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)
entries = st.lists(
    st.fixed_dictionaries({
        "key": paths, "value": texts, "source": paths, "target": paths, "renameTo": paths,
        "delimiter": st.sampled_from([",", "ab", " "]), "from": st.sampled_from(["a+", "(b|c)*"]),
        "to": texts, "type": st.sampled_from(["integer", "double", "string", "boolean"]),
        "overwriteIfExists": st.booleans(),
    }),
    min_size=1, max_size=2,
)  # fmt: skip
configs = st.fixed_dictionaries({
    "source": paths, "target": paths, "key": st.sampled_from("abc"), "entries": entries,
    "withKeys": st.lists(paths, min_size=1, max_size=2), "match": st.just("%{INT:a} %{DATA:b}"),
    "matchPatterns": st.just(["yyyy-MM-dd"]),
})  # fmt: skip


@given(
    message=values.map(json.dumps) | texts,
    chosen=st.lists(st.tuples(st.sampled_from(sorted(PROCESSORS)), configs), max_size=4),
)
@settings(max_examples=150)
def test_a_transformer_yields_an_object_or_nothing(message, chosen):
    config = [JSON, *({name: each} for name, each in chosen)]
    try:
        transformer = compile_transformer(config)
    except LanguageError:
        return
    found = transformer.transformed(message)
    assert found is None or isinstance(json.loads(found), dict)
