"""Metric math: the documented functions, types, errors; random expressions, calculated twice."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsmon.lang.metric_math.compiler import compile_expression
from awsmon.lang.metric_math.parser import parse
from awsmon.lang.metric_math.tree import Operation, names_in
from awsmon.lang.metric_math.types import Type
from awsmon.lang.text import LanguageError
from tests.lang.metric_math import naive, strategies
from tests.lang.metric_math.worlds import GRID, START, World, listed, series

_ = None  # no point

# -- User Guide, "Comparison and logical operators" ------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("(metric1 < metric2)", [0, 0, 1, 0]),
        ("(metric1 >= 30)", [1, 0, 0, 0]),
        ("(metric1 > 15 AND metric2 > 15)", [1, 0, 0, 0]),
        ("metric1 > 15 && metric2 > 15", [1, 0, 0, 0]),
        ("metric1 > 25 OR metric2 > 15", [1, 0, 1, 0]),  # and those that follow: by hand
        ("metric1 > 25 || metric2 > 15", [1, 0, 1, 0]),
        ("metric1 == 0", [0, 0, 1, 1]),
        ("metric1 != metric2", [1, 1, 1, 0]),
        ("metric2 <= 20", [1, _, 1, _]),
    ],
)
def test_the_documented_comparisons(expression, expected):
    world = World(metric1=[30, 20, 0, 0, _], metric2=[20, _, 20, _, _])
    assert world.run(expression) == [*expected, _]


# -- User Guide, "Using IF expressions" ------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("IF(metric1, metric2, metric3)", [30, 0, 20, _, _]),
        ("IF(metric1, 5, metric3)", [5, 5, 20, _, _]),
        ("IF(metric1, metric2, 5)", [30, 0, 5, 5, _]),
        ("IF(1, metric2, metric3)", [30, _, 0, 0, 30]),
        ("IF(0, metric2, metric3)", [0, 0, 20, _, 20]),
        ("IF(0, metric2)", [_, _, _, _, _]),
        ("IF(metric1, metric2)", [30, 0, _, _, _]),
        ("IF(metric2 < 10, metric2)", [_, _, 0, 0, _]),
        ("IF(metric2 < 10, 10, 2)", [2, _, 10, 10, 2]),
        ("IF(SUM(metric2) > 10, 1, metric2)", [1, 1, 1, 1, 1]),  # decided here, as the next
        ("IF(1 / 0, metric2, 5)", [_, _, _, _, _]),
    ],
)
def test_the_documented_conditions(expression, expected):
    world = World(
        metric1=[1, 1, 0, 0, _], metric2=[30, _, 0, 0, 30], metric3=[0, 0, 20, _, 20]
    )  # fmt: skip
    assert world.run(expression) == expected


# -- User Guide, "Functions supported for metric math": each, on values worked out by hand ---------

M1, M2 = [4, -2, _, 0, 2.5], [2, 0, 6, _, _]
FUNCTIONS = [
    ("ABS(m1 - m2)", [2, 2, 6, 0, 2.5]),
    ("MIN(ABS([m1, m2]))", [2, 0, 6, 0, 2.5]),
    ("SUM([m1,m2])/AVG(m2)", [6 / 1.6, -2 / 1.6, 6 / 1.6, 0, 2.5 / 1.6]),
    ("AVG(METRICS())", [3, -1, 3, 0, 1.25]),  # missing values count as 0
    ("CEIL(m1)", [4, -2, _, 0, 3]),
    ("FLOOR(-m1)", [-4, 2, _, 0, -3]),
    ("SUM(m2) / DATAPOINT_COUNT(m2) * m1", [4 * 8 / 3, -2 * 8 / 3, _, 0, 2.5 * 8 / 3]),
    ("DATAPOINT_COUNT(METRICS())", [2, 2, 1, 1, 1]),
    ("DIFF(m1)", [_, -6, _, 2, 2.5]),
    ("DIFF_TIME(METRICS())", [[_, 60, _, 120, 60], [_, 60, 60, _, _]]),
    ("RATE(m1)", [_, -0.1, _, 2 / 120, 2.5 / 60]),
    ("RUNNING_SUM([m1,m2])", [[4, 2, _, 2, 4.5], [2, 2, 8, _, _]]),
    ("FILL(m1,10)", [4, -2, 10, 0, 2.5]),
    ("FILL(METRICS(), 0)", [[4, -2, 0, 0, 2.5], [2, 0, 6, 0, 0]]),
    ("FILL(METRICS(), m1)", [[4, -2, _, 0, 2.5], [2, 0, 6, 0, 2.5]]),
    ("FILL(m1, MIN(m1))", [4, -2, -2, 0, 2.5]),
    ("FILL(m2, REPEAT)", [2, 0, 6, 6, 6]),
    ("FILL(DIFF(m1), REPEAT)", [_, -6, -6, 2, 2.5]),
    ("FILL(METRICS(), LINEAR)", [[4, -2, -1, 0, 2.5], [2, 0, 6, _, _]]),
    ("IF(FIRST(SORT(METRICS(), AVG, DESC))>1, 1, 0)", [1, 0, 1, _, _]),
    ("LAST(SORT(METRICS(), AVG, DESC))", M1),
    ("LOG(m1)", [math.log(4), _, _, _, math.log(2.5)]),
    ("LOG10([m2])", [[math.log10(2), _, math.log10(6), _, _]]),
    ("MAX(m1)/m1", [1, -2, _, _, 1.6]),
    ("MAX(METRICS())", [4, 0, 6, 0, 2.5]),
    ("m1/METRIC_COUNT(METRICS())", [2, -1, _, 0, 1.25]),
    ("METRICS('1')", [M1]),
    ('METRICS("m")', [M1, M2]),
    ("SUM([METRICS('1'), METRICS('2')])", [6, -2, 6, 0, 2.5]),
    ("METRICS('none')", []),
    ("m1-MIN(m1)", [6, 0, _, 2, 4.5]),
    ("MINUTE(m1)", [0, 1, 2, 3, 4]),
    ("HOUR(m2)", [12, 12, 12, 12, 12]),
    ("DAY(m1)", [1, 1, 1, 1, 1]),  # a Monday
    ("DATE(m1)", [2, 2, 2, 2, 2]),
    ("MONTH(m1)", [3, 3, 3, 3, 3]),
    ("YEAR(m1)", [2026, 2026, 2026, 2026, 2026]),
    ("EPOCH(m1)", [START, START + 60, START + 120, START + 180, START + 240]),
    ("IF(DAY(m1)<6,m1)", [4, -2, 0, 0, 2.5]),
    ("IF(MONTH(m1) == 4,m1)", [_, _, _, _, _]),
    ("m1/PERIOD(m1)*60", M1),
    ("REMOVE_EMPTY([m1, LOG(-ABS(m1)), m2])", [M1, M2]),
    ("SLICE(SORT(METRICS(), SUM, DESC), 0, 1)", [M2]),
    ("SLICE(SORT(METRICS(), AVG, ASC), 1)", [M2]),
    ("SLICE(METRICS(), 5)", []),
    ("SORT(METRICS(), MAX, ASC)", [M1, M2]),
    ("SORT(METRICS(), MIN, DESC, 1)", [M2]),
    ("m2/STDDEV(m2)", [2 / math.sqrt(5.44), 0, 6 / math.sqrt(5.44), _, _]),
    ("STDDEV(METRICS())", [1, 1, 3, 0, 1.25]),
    ("SUM(METRICS())/SUM(m1)", [6 / 4.5, -2 / 4.5, 6 / 4.5, 0, 2.5 / 4.5]),
    ("TIME_SERIES(MAX(m1))", [4, 4, 4, 4, 4]),
    ("TIME_SERIES(5*AVG(m1))", [4.5, 4.5, 4.5, 4.5, 4.5]),
    ("TIME_SERIES(10)", [10, 10, 10, 10, 10]),
    # operators
    ("PERIOD(m1)/60 + m2", [3, 1, 7, _, _]),
    ("5 * m1", [20, -10, _, 0, 12.5]),
    ("m1 - m2", [2, -2, -6, 0, 2.5]),
    ("SUM(100/[m1, m2])", [75, -50, 100 / 6, _, 40]),
    ("AVG([m1,m2]/m1)", [0.75, 0.5, _, _, 0.5]),
    ("METRICS()*100", [[400, -200, _, 0, 250], [200, 0, 600, _, _]]),
    ("m1 + METRICS()", [[8, -4, _, 0, 5], [6, -2, 6, 0, 2.5]]),
    ("-5*m1", [-20, 10, _, 0, -12.5]),
    ("SUM(-[m1, m2])", [-6, 2, -6, 0, -2.5]),
    ("m2 ^ 2", [4, 0, 36, _, _]),
    ("m1 / m2", [2, _, 0, _, _]),  # division by zero drops the point
]


@pytest.mark.parametrize(("expression", "expected"), FUNCTIONS)
def test_the_documented_functions(expression, expected):
    found = World(m1=M1, m2=M2).run(expression)
    if expected and isinstance(expected[0], list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert one == approximately(other)
    else:
        assert found == approximately(expected)


def approximately(values):
    return pytest.approx(values, nan_ok=True) if values else values


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("SUM(m1)", 4.5), ("AVG(m1)", 0.9), ("MIN(m1)", -2), ("MAX(m1)", 4),
        ("DATAPOINT_COUNT(m1)", 4), ("METRIC_COUNT(METRICS())", 2), ("PERIOD(m1)", 60),
        ("STDDEV(m2)", math.sqrt(5.44)),
        # which operator binds closer, and from which side
        ("1 + 2 * 3", 7), ("8 - 2 - 1", 5), ("8 / 4 / 2", 1), ("2 ^ 3 ^ 2", 512), ("-2 ^ 2", -4),
        ("2 ^ -1", 0.5), ("2 * -3", -6), ("(1 + 2) * 3", 9), ("--3", 3), ("1 + 1 == 2", 1),
        ("0 AND 0 OR 1", 1), ("1 OR 0 AND 0", 1), ("1 < 2 AND 3 > 2", 1), ("1 == 1 == 1", 1),
        ("1e-36 * 1E36", 1), (".5 + 5.", 5.5),
        # of nothing
        ("DATAPOINT_COUNT(LOG(m1 * 0))", 0),
    ],
)  # fmt: skip
def test_scalars(expression, expected):
    assert World(m1=M1, m2=M2).run(expression) == pytest.approx(expected)


@pytest.mark.parametrize(
    "expression", ["1 / 0", "SUM(LOG(m1 * 0))", "AVG(LOG(m1 * 0))", "(0 - 8) ^ 0.5", "1e308 * 10"]
)
def test_a_scalar_that_is_no_number_makes_no_points(expression):
    world = World(m1=M1)
    assert math.isnan(world.run(expression))
    for use in ("m1 + {}", "m1 < {}", "TIME_SERIES({})", "IF(m1, {}, {})"):
        assert world.run(use.replace("{}", f"({expression})")) == [_] * 5
    assert world.run(f"FILL(m1, {expression})") == M1


def test_points_that_are_no_numbers_are_remembered():
    world = World(m1=M1, m2=M2)

    def dropped(text):
        found = compile_expression(text, {"m1": Type.METRIC, "m2": Type.METRIC}).run(world)
        return found.dropped

    assert not dropped("m1 + m2")
    assert dropped("m1 / m2")
    assert dropped("ABS(m1 / m2) + 1")
    assert dropped("LOG(m1)")
    assert dropped("TIME_SERIES(1 / 0)")


def test_series_of_different_periods_meet_where_they_begin_together():
    slow = series([10, 20], range(START, START + 300, 180))
    world = World(m1=[1, 2, 3, 4, 5], m2=slow)
    assert world.run("m1 + m2") == [11, 2, 3, 24, 5]
    assert world.run("m2 + m1") == [11, 2, 3, 24, 5]
    assert world.run("SUM(METRICS())") == [11, 2, 3, 24, 5]


def test_the_surroundings_are_asked_for_what_no_expression_knows():
    world = World(m1=M1)
    text = (
        """SUM(SEARCH('{App} "a b" \\\\ \\'', "Sum", 60)) + LAST(ANOMALY_DETECTION_BAND(m1, 3))"""
    )
    compiled = compile_expression(text, {"m1": Type.METRIC})
    assert [call.function for call in compiled.outside] == ["SEARCH", "ANOMALY_DETECTION_BAND"]
    compiled.run(world)
    assert world.asked == [
        ("SEARCH", ('{App} "a b" \\\\ \'', "Sum", 60.0)),
        ("ANOMALY_DETECTION_BAND", (world.value("m1"), 3.0)),
    ]


# -- what is refused -------------------------------------------------------------------------------

S, TS, TSS = "Scalar", "TimeSeries", "Array[TimeSeries]"
REFUSED = [  # User Guide, "Functions supported for metric math": the arguments of each
    ("METRICS() + METRICS()", "+", f"{TSS}, {TSS}"),
    ("'a' + 1", "+", f"String, {S}"),
    ("-'a'", "-", "String"),
    ("[m1, 1]", "[]", f"{TS}, {S}"),
    ("ABS(1)", "ABS", S), ("AVG(1)", "AVG", S), ("AVG()", "AVG", ""),
    ("AVG(m1, m1)", "AVG", f"{TS}, {TS}"),
    ("DIFF(5)", "DIFF", S), ("FILL(m1)", "FILL", TS),
    ("FILL(m1, METRICS())", "FILL", f"{TS}, {TSS}"), ("FILL(m1, AVG)", "FILL", f"{TS}, String"),
    ("FIRST(m1)", "FIRST", TS), ("IF(METRICS(), 1)", "IF", f"{TSS}, {S}"),
    ("IF(m1, METRICS())", "IF", f"{TS}, {TSS}"), ("IF(1, 2, 3)", "IF", f"{S}, {S}, {S}"),
    ("IF(m1)", "IF", TS), ("METRIC_COUNT(m1)", "METRIC_COUNT", TS), ("METRICS(1)", "METRICS", S),
    ("MINUTE(METRICS())", "MINUTE", TSS), ("PERIOD(m1 + 0)", "PERIOD", TS),
    ("PERIOD(METRICS())", "PERIOD", TSS), ("REMOVE_EMPTY(m1)", "REMOVE_EMPTY", TS),
    ("SLICE(METRICS())", "SLICE", TSS), ("SLICE(m1, 1)", "SLICE", f"{TS}, {S}"),
    ("SORT(METRICS(), ASC, AVG)", "SORT", f"{TSS}, String, String"),
    ("SORT(METRICS(), AVG)", "SORT", f"{TSS}, String"),
    ("TIME_SERIES(m1)", "TIME_SERIES", TS), ("SEARCH('a')", "SEARCH", "String"),
    ("ANOMALY_DETECTION_BAND(METRICS())", "ANOMALY_DETECTION_BAND", TSS),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "operation", "types"), REFUSED)
def test_what_has_the_wrong_type_is_refused(expression, operation, types):
    with pytest.raises(LanguageError) as caught:
        World(m1=M1).run(expression)
    assert caught.value.aws == f"Unsupported operand type(s) for {operation}: '[{types}]'"


@pytest.mark.parametrize(
    ("expression", "aws", "position"),
    [
        ("", None, 0), ("m1 +", None, 4), ("m1 m1", None, 3), ("+m1", None, 0), ("m1 = 1", None, 3),
        ("(m1", None, 3), ("[]", None, 1), ("SUM(m1", None, 6), ("5m1", None, 1), ("'a", None, 0),
        ("m1 and m1", None, 3), ("1e999", None, 0), ("!m1", None, 0), ("m1,", None, 2),
        ("m2 + 1", "ID 'm2' not found", 0), ("SUM(M1)", "ID 'M1' not found", 4),
        ("1 + ANOMALY_DETECTOR(m1)", "Function 'ANOMALY_DETECTOR' not found", 4),
        ("sum(m1)", "Function 'sum' not found", 0),
        ("(" * 60 + "m1" + ")" * 60, None, 50), ("-" * 60 + "m1", None, 49),
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused_at_a_place(expression, aws, position):
    with pytest.raises(LanguageError) as caught:
        World(m1=M1).run(expression)
    assert (caught.value.aws, caught.value.position) == (aws, position)


# -- properties ------------------------------------------------------------------------------------

HELD = st.fixed_dictionaries(dict.fromkeys(strategies.METRICS, strategies.values))


@settings(max_examples=150)
@given(strategies.expressions)
def test_a_tree_prints_as_source_that_reads_the_same(tree):
    merged = parse(str(tree))
    assert parse(str(merged)) == merged
    assert names_in(merged) == names_in(tree)


@settings(max_examples=300)
@given(strategies.expressions, HELD)
def test_random_expressions_agree_with_a_naive_evaluator(tree, metrics):
    found = World(**metrics).run(str(tree))
    expected = naive.evaluate(parse(str(tree)), metrics, GRID)
    if isinstance(expected, tuple):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert alike(one, other)
    elif isinstance(expected, list):
        assert alike(found, expected)
    else:
        assert alike([found], [expected])


def alike(one, other):
    return all(
        (x is None and y is None)
        or (x is not None and y is not None
            and x == pytest.approx(y, rel=1e-6, abs=1e-6, nan_ok=True))
        for x, y in zip(one, other, strict=True)
    )  # fmt: skip


PIECES = ["m1", "SUM(", "FILL(", "IF(", ")", "(", "[", "]", ",", "+", "-", "^", "==", "AND", "'a'",
          '"', "1", "1e9", "REPEAT", "METRICS()", " ", "x", "é", "SEARCH("]  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=12))
def test_any_text_is_an_expression_or_a_language_error(text):
    try:
        compiled = compile_expression(text, {"m1": Type.METRIC})
    except LanguageError:
        return
    compiled.run(World(m1=M1))


def test_long_and_deep_expressions_do_not_exhaust_the_stack():
    world = World(m1=[1, 1, 1, 1, 1])
    assert world.run("+".join(["m1"] * 682)) == [682] * 5
    deepest = "1||1&&1==1+1*(" * 48 + "m1" + ")" * 48
    assert isinstance(parse(deepest), Operation)
    assert world.run(deepest) == [1] * 5
    assert world.run("-" * 48 + "m1") == [1] * 5
    assert listed(world.value("m1")) == [1] * 5
