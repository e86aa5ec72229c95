"""SEARCH through GetMetricData: which metrics are found, how their series are called, limits."""

from __future__ import annotations

from datetime import timedelta

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsmon.core.neighbours import MetricKey
from awsmon.lang.metric_search.parser import parse
from awsmon.metrics.search import Catalogue
from tests.metrics.test_metric_math import NOON, ask, refused, results, values
from tests.oam.conftest import HOME, SOURCE, client, link, policy


def found(client_, search, **more):
    """The labels of what a search finds, in order of their names."""
    quoted = search.replace("'", "\\'")
    return sorted(values(client_, {"Id": "e1", "Expression": f"SEARCH('{quoted}', 'Sum', 60)",
                                   "Label": LABEL, **more}))  # fmt: skip


LABEL = "${PROP('Namespace')} ${PROP('MetricName')} ${PROP('Dim.InstanceId')}"


@pytest.fixture
def fleet(monitoring):
    """What the examples of the User Guide search."""
    put = monitoring.metrics.put
    for name in ("CPUUtilization", "NetworkPacketsIn", "DiskReadOps"):
        for instance in ("i-1", "i-1234567890123456"):
            put("AWS/EC2", name, 1, dimensions={"InstanceId": instance})
    for kind in ("t2.micro", "t3.micro", "m5.large"):
        put("AWS/EC2", "CPUUtilization", 2, dimensions={"InstanceType": kind})
    put("AWS/EC2", "CPUUtilization", 3)
    put("AWS/EBS", "VolumeReadOps", 4, dimensions={"VolumeId": "vol-1"})
    put("AWS/Lambda", "Errors", 5, dimensions={"FunctionName": "ProjectA-get"})
    put("AWS/Lambda", "Invocations", 5, dimensions={"FunctionName": "ProjectA-get"})
    put("AWS/Lambda", "Invocations", 5, dimensions={"FunctionName": "ProjectC-get"})
    put("Custom-Namespace", "ErrorCount", 6, dimensions={"Dimension Name With Spaces": "x"})
    put("Custom-Namespace", "ErrorCount", 6, dimensions={"InstanceId": "CPUUtilization"})
    return monitoring.metrics


def ec2(name, *instances):
    return sorted(f"AWS/EC2 {name} {instance}" for instance in instances)


BOTH = ("i-1", "i-1234567890123456")


@pytest.mark.parametrize(
    ("search", "expected"),
    [  # User Guide, "CloudWatch search expression examples" and "... syntax"
        (' {AWS/EC2,InstanceId} MetricName="CPUUtilization" ', ec2("CPUUtilization", *BOTH)),
        (' {AWS/EC2} MetricName="CPUUtilization" ', ["AWS/EC2 CPUUtilization --"]),
        (' {AWS/EC2,InstanceId} MetricName="CPUUtilization" NOT i-1234567890123456 ',
         ec2("CPUUtilization", "i-1")),
        ("{AWS/EC2,InstanceId} network AND packets", ec2("NetworkPacketsIn", *BOTH)),
        ("{AWS/EC2,InstanceId} network packets", ec2("NetworkPacketsIn", *BOTH)),
        (" (EC2 OR EBS) AND MetricName=ReadOps ",
         ["AWS/EBS VolumeReadOps --", *ec2("DiskReadOps", *BOTH)]),
        (' {AWS/Lambda,FunctionName} MetricName="Errors" OR (MetricName="Invocations" AND '
         "(ProjectA OR ProjectB)) ", ["AWS/Lambda Errors --", "AWS/Lambda Invocations --"]),
        (" NOT Namespace=AWS ",
         ["Custom-Namespace ErrorCount --", "Custom-Namespace ErrorCount CPUUtilization"]),
        (' {"Custom-Namespace", "Dimension Name With Spaces"}, ErrorCount ',
         ["Custom-Namespace ErrorCount --"]),
        (' "Errors" ', ["AWS/Lambda Errors --"]),
        (' {AWS/EC2, InstanceId} "i-1" DiskReadOps', ec2("DiskReadOps", "i-1")),
        ('"InstanceId"=("i-1" OR "i-2") cpu', ec2("CPUUtilization", "i-1")),
        ("{AWS/EC2,InstanceId,InstanceType}", []),
        ("{AWS/EC2,Nothing} cpu", []),
        # a term without a property is looked for in names and values of dimensions too
        ('"CPUUtilization" NOT Namespace="AWS/EC2"',
         ["Custom-Namespace ErrorCount CPUUtilization"]),
        ("InstanceId NOT AWS", ["Custom-Namespace ErrorCount CPUUtilization"]),
        ("InstanceId=CPU", ["Custom-Namespace ErrorCount CPUUtilization"]),
        ("MetricName=nothing", []),
    ],
)  # fmt: skip
def test_the_documented_searches(cloudwatch, fleet, search, expected):
    assert found(cloudwatch, search) == expected


def test_a_search_for_each_instance_type(cloudwatch, fleet):
    # User Guide, "CloudWatch search expression examples"; the label is what tells them apart
    schema = "{AWS/EC2,InstanceType}"
    found = values(cloudwatch, f"SEARCH('{schema} MetricName=\"CPUUtilization\"', 'Average', 300)")
    assert found == {"m5.large": [2], "t2.micro": [2], "t3.micro": [2]}
    micro = f"SEARCH('{schema} InstanceType=micro MetricName=\"CPUUtilization\"', 'Sum', 300)"
    assert list(values(cloudwatch, micro)) == ["t2.micro", "t3.micro"]
    exact = f"SEARCH('{schema} InstanceType=\"t2.micro\"', 'Sum', 300)"
    assert list(values(cloudwatch, exact)) == ["CPUUtilization"]


def test_special_characters_are_escaped_where_a_name_is_meant_exactly(cloudwatch, monitoring):
    monitoring.metrics.put("App", "Europe\\France Traffic(Network)", 1)
    text = r"""SEARCH('"Europe\\France Traffic\(Network\)"', 'Sum', 60)"""
    assert values(cloudwatch, text) == {"Europe\\France Traffic(Network)": [1]}


def test_math_on_what_is_found(cloudwatch, fleet):
    # User Guide, "Using math expressions", on two lines and on one
    search = "SEARCH(' {AWS/Lambda, FunctionName}, MetricName=\"Invocations\" ', 'Sum', 300)"
    assert values(cloudwatch, search, "SUM(e1)")["e2"] == [10]
    assert values(cloudwatch, f"SUM({search}) / METRIC_COUNT({search})") == {"e1": [5]}
    assert list(values(cloudwatch, f"SORT({search}, SUM, DESC, 1)")) == ["ProjectA-get"]


def test_the_period_is_the_search_s_else_the_query_s(cloudwatch, fleet, monitoring):
    monitoring.metrics.put("AWS/EC2", "CPUUtilization", 7, at=NOON + timedelta(minutes=1))
    search = "SEARCH('{AWS/EC2} CPUUtilization', 'Sum')"
    assert values(cloudwatch, search.replace("'Sum'", "'Sum', 60 * 2")) == {"CPUUtilization": [10]}
    query = {"Id": "e1", "Expression": search, "Period": 60}
    assert values(cloudwatch, query) == {"CPUUtilization": [3, 7]}
    assert refused(cloudwatch, search) == (
        "ValidationError",
        "Error in expression 'e1': Period is a required field when using SEARCH function within an "
        "expression",
    )


@pytest.mark.parametrize(
    ("expression", "code", "message"),
    [
        ("SEARCH('', 'Sum', 60)", "ValidationError", "Error in expression 'e1': Invalid syntax"),
        ("SEARCH('a AND', 'Sum', 60)", "ValidationError",
         "Error in expression 'e1': Invalid syntax"),
        ("SEARCH('" + "a" * 1025 + "', 'Sum', 60)", "ValidationError",
         "Error in expression 'e1': Invalid syntax"),
        ("SEARCH(a, 'Sum', 60)", "ValidationError", "Error in expression 'e1': ID 'a' not found"),
        ("SEARCH('a', 'sum', 60)", "InvalidParameterValue",
         "The value sum for parameter Stat is not supported."),
        ("SEARCH('a', 'Sum', 61)", "InvalidParameterValue",
         "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; it was 61.0."),
        ("SEARCH('a', 'Sum', 1 / 0)", "InvalidParameterValue",
         "The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; it was nan."),
    ],
)  # fmt: skip
def test_searches_that_are_refused(cloudwatch, fleet, expression, code, message):
    assert refused(cloudwatch, expression) == (code, message)


def test_a_hundred_searches_at_most(cloudwatch):
    searches = ["SEARCH('a', 'Sum', 60)"] * 100
    assert results(cloudwatch, *searches) == []
    code, message = refused(cloudwatch, *searches, "SEARCH('a', 'Sum', 60)")
    assert (code, message) == (
        "ValidationError", "At most 100 SEARCH expressions are allowed."
    )  # fmt: skip


def test_five_hundred_series_at_most(cloudwatch, monitoring):
    for number in range(501):
        monitoring.metrics.put("App", "m", 1, dimensions={"N": f"{number:03}"})
    answer = ask(cloudwatch, "SEARCH('{App,N}', 'Sum', 60)")
    assert len(answer["MetricDataResults"]) == 500
    assert answer["MetricDataResults"][-1]["Label"] == "499"
    assert answer["Messages"] == [
        {"Code": "MaxMetricsExceeded", "Value": "Maximum number of allowed metrics exceeded"}
    ]


def test_only_metrics_with_data_of_the_last_two_weeks_are_found(cloudwatch, monitoring):
    monitoring.metrics.put("App", "old", 1)
    monitoring.clock.advance(days=14, seconds=-1)
    assert found(cloudwatch, "old") == ["App old --"]
    monitoring.clock.advance(seconds=2)
    assert found(cloudwatch, "old") == []


def test_metrics_that_came_after_the_first_search_are_found(cloudwatch, monitoring):
    monitoring.metrics.put("App", "one", 1)
    assert found(cloudwatch, "{App}") == ["App one --"]
    monitoring.metrics.put("App", "two", 1)
    assert found(cloudwatch, "{App}") == ["App one --", "App two --"]


# -- other accounts --------------------------------------------------------------------------------


@pytest.fixture
def accounts(monitoring):
    """A source account that shares its metrics with this one, and a metric in both."""
    sink = client(monitoring, HOME).create_sink(Name="sink")["Arn"]
    client(monitoring, HOME).put_sink_policy(SinkIdentifier=sink, Policy=policy("*"))
    client(monitoring, SOURCE).create_link(**link(sink))
    for account, value in ((HOME, 1), (SOURCE, 2)):
        monitoring.at(account=account, region="us-east-1").metrics.put("App", "m", value)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("m", [HOME, SOURCE]),
        (f"m :aws.AccountId = {SOURCE}", [SOURCE]),
        (":aws.AccountId='LOCAL'", [HOME]),
        ("NOT :aws.AccountId='LOCAL'", [SOURCE]),
    ],
)
def test_linked_accounts_are_searched(cloudwatch, accounts, search, expected):
    # User Guide, "CloudWatch search expression syntax", :aws.AccountId
    label = "${PROP('AccountId')}"
    assert found(cloudwatch, search, Label=label) == sorted(expected)


def test_a_label_tells_how_the_account_of_a_metric_is_linked(monitoring, cloudwatch):
    # given a source account that is linked by a label of its own
    oam = boto3.client("oam", region_name="us-east-1")
    sink = oam.create_sink(Name="central")["Arn"]
    oam.put_sink_policy(SinkIdentifier=sink, Policy=policy())
    client(monitoring, SOURCE).create_link(**link(sink, label="checkout"))
    for account in (HOME, SOURCE):
        monitoring.at(account=account, region="us-east-1").metrics.put("App", "m", 1)
    # then its metrics are told by it; the monitoring account itself has no label
    label = "${PROP('AccountId')}: ${PROP('AccountLabel')}"
    assert found(cloudwatch, "m", Label=label) == [f"{SOURCE}: checkout", f"{HOME}: --"]


def test_a_query_may_be_of_one_account(cloudwatch, accounts):
    query = {"Id": "e1", "Expression": "SEARCH('m', 'Sum', 60)", "AccountId": SOURCE}
    assert [each["Values"] for each in results(cloudwatch, query)] == [[2]]


# -- the catalogue ---------------------------------------------------------------------------------

_texts = st.sampled_from(["App", "CustomCount1", "count", "i-1", "Host"])
_keys = st.builds(MetricKey.of, _texts, _texts, st.dictionaries(_texts, _texts, max_size=2))
_searches = st.sampled_from(
    ["count", '"count"', "Host=i-1", "NOT count", "{App,Host}", "{App} count", "Custom OR 1 host",
     "MetricName=count Namespace=App", "customcount", 'NOT ("App" OR Host)', "i"]
)  # fmt: skip


def test_a_catalogue_notices_that_one_metric_took_the_place_of_another():
    x, y, z = (MetricKey.of("App", name) for name in "xyz")
    catalogue = Catalogue()
    catalogue.learn([x, y])
    catalogue.learn([z, y])
    found = catalogue.find(parse('MetricName="z"'), ())
    assert found == [z]


@given(st.lists(_keys, max_size=8), st.lists(_keys, max_size=3), st.data(), _searches)
def test_a_catalogue_that_grows_and_shrinks_is_as_good_as_a_new_one(first, later, data, search):
    keys = dict.fromkeys(first)
    catalogue = Catalogue()
    catalogue.learn(keys)
    for gone in data.draw(st.lists(st.sampled_from(first), max_size=2)) if first else []:
        keys.pop(gone, None)
    keys.update(dict.fromkeys(later))
    catalogue.learn(keys)
    fresh = Catalogue()
    fresh.learn(keys)
    assert catalogue.find(parse(search), ()) == fresh.find(parse(search), ())
