"""Patterns in log messages. Source: CloudWatch Logs User Guide, "pattern", "Pattern analysis"."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.lang.log_patterns import Patterns, find_patterns, severity


@pytest.mark.parametrize(
    ("messages", "patterns"),
    [
        # the guide's sample
        (["[INFO] Request time: 327 ms", "[INFO] Request time: 21 ms"],
         [("[INFO] Request time: <Time-1> ms", 2)]),
        (["user=17 from 10.0.0.1 id 8f5f2b7c-7d2c-4a5e-9a43-8b4c1f2d3e4f"],
         [("user=<User-1> from <IPAddress-2> id <UUID-3>", 1)]),
        (["2026-03-02T12:00:00.123Z started", "2026-03-02 13:00:00 started"],
         [("<Timestamp-1> started", 2)]),
        (["took 12.5 of 7", "took 1 of 8"], [("took <Token-1> of <Token-2>", 2)]),
        (['{"status": 200}', '{"status": 500}'], [('{"status": <Status-1>}', 2)]),
        # words that differ become tokens where the rest is alike
        (["login of ann failed again", "login of bob failed again"],
         [("login of <Token-1> failed again", 2)]),
        (["connected", "closed"], [("connected", 1), ("closed", 1)]),
        (["v1 http2 ab12cd34ef"], [("v1 http2 <Token-1>", 1)]),
        ([], []), ([""], [("", 1)]),
    ],
)  # fmt: skip
def test_patterns(messages, patterns):
    assert find_patterns(messages) == patterns


@pytest.mark.parametrize(
    ("text", "label"),
    [("[ERROR] x", "Error"), ("java.lang.NullPointerException: y", "Error"), ("WARN a", "Warning"),
     ("warning", "Warning"), ("INFO", "Info"), ("DEBUG of an error", "Error"), ("FATAL", "Fatal"),
     ("TypeError: z", "Error"), ("informed", None), ("", None)],
)  # fmt: skip
def test_severities(text, label):
    assert severity(text) == label


@given(st.lists(st.text("ab1 .=:\0", max_size=10), max_size=12))
def test_each_message_has_one_pattern_whatever_their_order(messages):
    found = find_patterns(messages)
    assert sum(count for _, count in found) == len(messages)
    assert [count for _, count in found] == sorted((n for _, n in found), reverse=True)
    assert len(found) == len({pattern for pattern, _ in found})


def test_many_kinds_of_messages_are_told_apart():
    messages = [f"worker {number} did job {number * 7}" for number in range(50)]
    messages += [f"GET /items/{number} 200" for number in range(30)]
    assert Counter(dict(find_patterns(messages))) == {
        "worker <Token-1> did job <Token-2>": 50, "GET /items/<Token-1> <Token-2>": 30,
    }  # fmt: skip


@given(st.lists(st.text("ab1 .=:\0", max_size=10), max_size=12))
def test_a_learnt_pattern_gives_its_messages_back(messages):
    patterns = Patterns()
    numbers = [patterns.add(message) for message in messages]
    for number, message in zip(numbers, messages, strict=True):
        values = patterns.values(number, message)
        tokens = patterns.tokens(number)
        assert [t.place for t in tokens if t.place] == list(range(1, len(values) + 1))
        parts = [token.text or values[token.place - 1] for token in tokens]
        assert "".join(parts) == message.replace("\0", " ")
