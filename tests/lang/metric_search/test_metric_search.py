"""Search expressions: the documented tokens, matches and forms; trees that print and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.lang.metric_search.parser import LONGEST, parse
from awsmon.lang.metric_search.tokens import phrase, squeezed
from awsmon.lang.metric_search.tree import ACCOUNT, And, Not, Or, Schema, Search, Term
from awsmon.lang.text import LanguageError

# -- User Guide, "Tokenization", "Partial matches", "Non-alphanumeric characters" ------------------


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("CustomCount1", ["customcount1", "custom", "count", "1"]),
        ("SDBFailure", ["sdbfailure", "sdb", "failure"]),
        ("Project2-trial333", ["project2trial333", "project", "2", "trial", "333"]),
        ("Network-Errors_2", ["network", "errors", "2"]),
    ],
)
def test_a_text_is_found_by_each_of_its_documented_tokens(text, tokens):
    for token in tokens:
        assert phrase(token).matches(text)
        assert squeezed(token) in squeezed(text)


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("count", "CustomCount1", True),
        ("Count", "CustomCount1", True),
        ("COUNT", "CustomCount1", True),
        ("couNT", "CustomCount1", False),
        ("CustomCount", "CustomCount1", True),
        ("Count1", "CustomCount1", True),
        ("customcount", "CustomCount1", False),
        ("count1", "CustomCount1", False),
        ("network/errors", "Network-Errors-2", True),
        ("network+errors", "Network-Errors-2", True),
        ("network-errors", "Network-Errors-2", True),
        ("Network_Errors", "Network-Errors-2", True),
        ("network/errors", "NetworkErrors2", True),
        ("network+errors", "NetworkErrors2", True),
        ("network-errors", "NetworkErrors2", True),
        ("Network_Errors", "NetworkErrors2", True),
        ("ReadOps", "VolumeReadOps", True),
        ("micro", "t2.micro", True),
        ("AWS", "AWS/EC2", True),
        ("EC2", "AWS/EC2", True),
        ("Errors", "ConnectionErrors", True),
        # by the rules: pieces follow one another, and are never cut
        ("Custom1", "CustomCount1", False),
        ("ustom", "CustomCount1", False),
        ("errors-network", "Network-Errors-2", False),
        ("-", "a-b", False),
        ("é", "é", False),
    ],
)
def test_when_a_term_matches_part_of_a_text(term, text, found):
    assert phrase(term).matches(text) is found


@given(st.text(alphabet="aAbB1 -/", min_size=1, max_size=8))
def test_a_text_is_found_by_itself_and_squeezed_holds_whatever_matches(text):
    assert phrase(text).matches(text) is bool(squeezed(text))
    if squeezed(text):
        assert phrase(squeezed(text)).matches(text)


@given(st.text("aAbB1-", max_size=6), st.text("aAbB1-", max_size=12))
def test_what_matches_holds_the_squeezed_term(term, text):
    if phrase(term).matches(text):
        assert squeezed(term) in squeezed(text)


# -- User Guide, "CloudWatch search expression syntax" and "... examples" --------------------------

CPU = Term("CPUUtilization", True, "MetricName")


@pytest.mark.parametrize(
    ("text", "schema", "rule"),
    [
        (' {AWS/EC2,InstanceId} MetricName="CPUUtilization" ', Schema("AWS/EC2", ("InstanceId",)),
         CPU),
        (' {MyNamespace}, "CustomCount1" ', Schema("MyNamespace"), Term("CustomCount1", True)),
        (' {AWS/NetworkELB, LoadBalancer} "ConsumedLCUs" OR flow ',
         Schema("AWS/NetworkELB", ("LoadBalancer",)),
         Or((Term("ConsumedLCUs", True), Term("flow")))),
        (' {"My Namespace", "Dimension@Name"}, "Custom:Name[Special_Characters" ',
         Schema("My Namespace", ("Dimension@Name",)), Term("Custom:Name[Special_Characters", True)),
        (' "AWS/EC2" MetricName="CPUUtilization" ', None, And((Term("AWS/EC2", True), CPU))),
        (" InstanceType=micro ", None, Term("micro", False, "InstanceType")),
        (' InstanceType="t2.micro" Namespace="AWS/EC2" ', None,
         And((Term("t2.micro", True, "InstanceType"), Term("AWS/EC2", True, "Namespace")))),
        (r'"Europe\\France Traffic\(Network\)"', None,
         Term(r"Europe\France Traffic(Network)", True)),
        ("{AWS/EC2,InstanceId} network AND packets", Schema("AWS/EC2", ("InstanceId",)),
         And((Term("network"), Term("packets")))),
        (" {AWS/EC2,InstanceId} network packets ", Schema("AWS/EC2", ("InstanceId",)),
         And((Term("network"), Term("packets")))),
        (' {AWS/EC2,InstanceId} MetricName="CPUUtilization" NOT i-1234567890123456 ',
         Schema("AWS/EC2", ("InstanceId",)), And((CPU, Not(Term("i-1234567890123456"))))),
        ("NOT Namespace=AWS ", None, Not(Term("AWS", False, "Namespace"))),
        (' MetricName="CPUUtilization" NOT "ProjectA" NOT "ProjectB" ', None,
         And((CPU, Not(Term("ProjectA", True)), Not(Term("ProjectB", True))))),
        (" (EC2 OR EBS) AND MetricName=ReadOps ", None,
         And((Or((Term("EC2"), Term("EBS"))), Term("ReadOps", False, "MetricName")))),
        (' MetricName="Errors" OR (MetricName="Invocations" AND (ProjectA OR ProjectB)) ', None,
         Or((Term("Errors", True, "MetricName"),
             And((Term("Invocations", True, "MetricName"),
                  Or((Term("ProjectA"), Term("ProjectB")))))))),
        ("{AWS/ECS, ClusterName}", Schema("AWS/ECS", ("ClusterName",)), None),
        (":aws.AccountId = 444455556666", None, Term("444455556666", True, ACCOUNT)),
        (":aws.AccountId='LOCAL'", None, Term("LOCAL", True, ACCOUNT)),
        ('"Dimension Name"="a b"', None, Term("a b", True, "Dimension Name")),
        ('InstanceId=("i-1" OR "i-2")', None,
         Or((Term("i-1", True, "InstanceId"), Term("i-2", True, "InstanceId")))),
        ("and or not", None, And((Term("and"), Term("or"), Term("not")))),
        ("a OR b c", None, Or((Term("a"), And((Term("b"), Term("c")))))),
    ],
)  # fmt: skip
def test_the_documented_forms(text, schema, rule):
    assert parse(text) == Search(schema, rule)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 0), ("  ", 2), ("{}", 1), ("{a", 2), ("{a,}", 3), ("a AND", 5), ("OR a", 0), ("(a", 2),
        ("a)", 1), ("a=", 2), ("a=b=c", 3), ("=a", 0), ('"a', 0), ("NOT", 3), ("a=(b=c)", 4),
        ("a" * (LONGEST + 1), LONGEST), ("(" * 60 + "a" + ")" * 60, 50), ("NOT " * 60 + "a", 200),
    ],
)  # fmt: skip
def test_what_is_no_search_is_refused_at_a_place(text, position):
    with pytest.raises(LanguageError) as caught:
        parse(text)
    assert caught.value.position == position


# -- properties ------------------------------------------------------------------------------------

_names = st.sampled_from(["Name", "a b", "AND", 'q"', "b\\", "(x)", "é"])
_terms = st.builds(Term, _names, st.just(True), st.none() | _names) | st.builds(
    Term, st.sampled_from(["count", "i-1", "and", "t2.micro"]), st.just(False), st.none() | _names
)
_rules = st.recursive(
    _terms,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.tuples(inner, inner))
        | st.builds(Or, st.tuples(inner, inner, inner))
    ),
    max_leaves=8,
)
_schemas = st.builds(Schema, _names, st.lists(_names, max_size=2).map(tuple))
_searches = st.builds(Search, _schemas, st.none() | _rules) | st.builds(Search, st.none(), _rules)


@given(_searches)
def test_a_tree_prints_as_source_that_reads_the_same(search):
    assert parse(str(search)) == search


@given(st.lists(st.sampled_from([*'aB1"\\(){},= ', "AND", "OR", "NOT "]), max_size=12))
def test_any_text_is_a_search_or_a_language_error(pieces):
    try:
        search = parse("".join(pieces))
    except LanguageError:
        return
    assert parse(str(search)) == search
