"""Pictures of metric widgets: their bytes are looked at as colours of pixels."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta, timezone

import pytest
from botocore.exceptions import ClientError

from awsmon import MisuseError
from awsmon.errors import AwsError
from awsmon.metrics.charts.reading import drawn as shown
from awsmon.metrics.charts.tables import cells
from awsmon.metrics.charts.widget import read_widget
from tests.alarms.builders import alarm

image = pytest.importorskip("matplotlib.image")
np = pytest.importorskip("numpy")

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
BLUE, ORANGE, RED = (31, 119, 180), (255, 127, 14), (209, 50, 18)


@pytest.fixture
def mon(monitoring):
    """Three hours of two hosts: one at 20, the other at 60."""
    for host, value in (("a", 20), ("b", 60)):
        monitoring.metrics.put_series(
            "App", "Load", [(NOON - timedelta(minutes=n), value) for n in range(1, 180)],
            dimensions={"Host": host}, unit="Percent",
        )  # fmt: skip
    return monitoring


ROWS = [["App", "Load", "Host", "a"], ["...", "b"]]


def pixels(data):
    """Rows of red, green and blue."""
    found = image.imread(io.BytesIO(data), format="png")
    return (found[:, :, :3] * 255).round().astype(int)


def drawn(mon, **widget):
    return pixels(mon.metrics.widget_image({"metrics": ROWS, "width": 300, "height": 200} | widget))


def places(picture, color):
    """Where a colour is, or most of it upon white: the rows and the columns of its pixels."""
    white = 255 - np.array(color)
    share = ((255 - picture) * white).sum(axis=2) / (white**2).sum()
    rest = abs(255 - picture - share[:, :, None] * white).max(axis=2)
    return ((share > 0.4) & (share < 1.1) & (rest < 20)).nonzero()


def middle(picture, color):
    """The row around which most of a colour's pixels within the chart lie."""
    rows, _ = places(picture[:160, 70:240], color)
    return float(sum(rows) / len(rows))


def test_the_api_answers_a_png(mon, cloudwatch):
    cloudwatch.put_metric_data(Namespace="App", MetricData=[{"MetricName": "Load", "Value": 5}])
    found = cloudwatch.get_metric_widget_image(MetricWidget=json.dumps({"metrics": ROWS}))
    data = found["MetricWidgetImage"]
    assert data.startswith(b"\x89PNG")
    assert pixels(data).shape == (400, 600, 3)
    # the same state gives the same bytes
    assert cloudwatch.get_metric_widget_image(
        MetricWidget=json.dumps({"metrics": ROWS}), OutputFormat="image/png"
    )["MetricWidgetImage"] == data  # fmt: skip


def test_lines_lie_where_their_values_are(mon):
    picture = drawn(mon, yAxis={"left": {"min": 0, "max": 100}}, legend={"position": "hidden"})
    # the chart's top is 14 pixels from the edge, its bottom 38
    top, bottom = 14, 200 - 38
    for color, value in ((BLUE, 20), (ORANGE, 60)):
        expected = bottom - (bottom - top) * value / 100
        assert middle(picture, color) == pytest.approx(expected, abs=1.5)


def test_a_line_covers_the_time_of_its_points(mon):
    wide = drawn(mon, start="-PT6H", legend={"position": "hidden"})
    _, columns = places(wide, BLUE)
    # three of six hours: the right half of what is between 56 and 248
    assert min(columns) == pytest.approx(152, abs=4)


def test_stacked_areas_add_up(mon):
    picture = drawn(mon, stacked=True, yAxis={"left": {"min": 0, "max": 100}},
                    legend={"position": "hidden"})  # fmt: skip
    column = picture[:, 150]
    filled = [row for row in range(200) if not (column[row] > 225).all()]
    assert min(row for row in filled if row > 30) == pytest.approx(162 - 148 * 0.8, abs=3)


def test_annotations(mon):
    plain = drawn(mon)
    marked = drawn(mon, annotations={
        "horizontal": [{"value": 40, "fill": "above", "label": "limit"}],
        "vertical": [{"value": "2026-03-02T10:30:00Z"}],
    })  # fmt: skip
    assert len(places(plain, RED)[0]) == 0
    rows, _ = places(marked, RED)
    assert len(rows) > 100
    # what lies above is tinted, what lies below isn't
    assert tuple(marked[int(min(rows)) - 8, 100]) != (255, 255, 255)
    assert tuple(marked[int(max(rows)) + 8, 100]) == (255, 255, 255)


def test_a_band_between_two_values(mon):
    picture = drawn(mon, legend={"position": "hidden"}, yAxis={"left": {"min": 0, "max": 100}},
                    annotations={"horizontal": [[{"value": 30, "color": "#00ff00"},
                                                 {"value": 50}]]})  # fmt: skip
    inside, outside = picture[162 - 60, 100], picture[162 - 120, 100]
    assert inside[1] > inside[0]
    assert tuple(outside) == (255, 255, 255)


def test_a_right_axis_has_a_scale_of_its_own(mon):
    mon.metrics.put_series(
        "App", "Big", [(NOON - timedelta(minutes=n), 1e6) for n in range(1, 180)]
    )
    rows = [ROWS[0], ["App", "Big", {"yAxis": "right", "color": "#ff00ff"}]]
    picture = drawn(mon, metrics=rows)
    for color in (BLUE, (255, 0, 255)):
        assert len(places(picture, color)[0]) > 50


def test_an_anomaly_detection_band_is_shaded(mon):
    mon.metrics.put_series("App", "Week", [
        (NOON - timedelta(minutes=5 * n), 50 + n % 5) for n in range(1, 600)
    ])  # fmt: skip
    rows = [["App", "Week", {"id": "m"}],
            [{"expression": "ANOMALY_DETECTION_BAND(m, 5)", "color": "#00aa00"}]]  # fmt: skip
    picture = drawn(mon, metrics=rows)
    shaded = (picture[:, :, 1] - picture[:, :, 0] > 30).sum()
    assert shaded > 2000


@pytest.mark.parametrize("view", ["singleValue", "gauge", "bar", "pie"])
def test_views_of_numbers(mon, view):
    picture = drawn(mon, view=view, yAxis={"left": {"min": 0, "max": 100}})
    for color in (BLUE, ORANGE):
        assert len(places(picture, color)[0]) > 20


def test_bars_are_as_long_as_their_values(mon):
    picture = drawn(mon, view="bar")
    lengths = [max(columns) - min(columns) + 1 for columns in
               (places(picture, color)[1] for color in (BLUE, ORANGE))]  # fmt: skip
    assert lengths[1] / lengths[0] == pytest.approx(3, rel=0.05)


def test_slices_are_as_large_as_their_values(mon):
    picture = drawn(mon, view="pie", legend={"position": "hidden"})
    sizes = [len(places(picture, color)[0]) for color in (BLUE, ORANGE)]
    assert sizes[1] / sizes[0] == pytest.approx(3, rel=0.1)


def test_a_dark_theme(mon):
    assert tuple(drawn(mon, theme="dark")[2, 2]) == (22, 25, 31)


def test_times_are_told_in_the_widgets_zone(mon):
    utc, delhi = drawn(mon), drawn(mon, timezone="+0530")
    assert (utc != delhi).any()


def test_an_expression_and_what_is_not_visible(mon):
    rows = [["App", "Load", "Host", "a", {"id": "m", "visible": False}],
            [{"expression": "m * 2", "color": "#00ff00"}]]  # fmt: skip
    picture = drawn(mon, metrics=rows)
    assert len(places(picture, BLUE)[0]) == 0
    assert len(places(picture, (0, 255, 0))[0]) > 100


def test_the_metric_of_an_alarm_and_its_threshold(mon, cloudwatch):
    cloudwatch.put_metric_alarm(**alarm())
    mon.metrics.put("App", "Errors", 9, at=NOON - timedelta(minutes=5))
    assert len(places(of_alarm(mon, "too-many-errors"), RED)[0]) > 100


def of_alarm(mon, name, **widget):
    annotations = {"alarms": [mon.alarms[name].arn]}
    return pixels(mon.metrics.widget_image({"annotations": annotations, **widget}))


def test_what_an_alarm_upon_an_expression_looks_at(mon, cloudwatch):
    # given an alarm upon the sum of two hosts, 80, which are not returned themselves
    def load(host):
        named = {"Namespace": "App", "MetricName": "Load",
                 "Dimensions": [{"Name": "Host", "Value": host}]}  # fmt: skip
        stat = {"Metric": named, "Period": 60, "Stat": "Average"}
        return {"Id": host, "MetricStat": stat, "ReturnData": False}

    both = {"Id": "both", "Expression": "a + b", "ReturnData": True}
    cloudwatch.put_metric_alarm(
        AlarmName="math", EvaluationPeriods=1, Threshold=40, Metrics=[load("a"), load("b"), both],
        ComparisonOperator="GreaterThanThreshold",
    )  # fmt: skip
    # when it is drawn on a scale from 0 to 100
    axis = {"left": {"min": 0, "max": 100}}
    picture = of_alarm(mon, "math", yAxis=axis, legend={"position": "hidden"}, title=" ")
    # then the sum and the threshold are where they belong, 34 pixels from the top, 38 from the foot
    for color, value in ((BLUE, 80), (RED, 40)):
        rows, _ = places(picture[40:355, 120:540], color)
        assert sum(rows) / len(rows) + 40 == pytest.approx(362 - 328 * value / 100, abs=3)


def test_the_states_of_an_alarm_that_has_no_metric_of_its_own(mon, cloudwatch):
    # given a composite alarm in OK, upon an alarm that is in OK too
    cloudwatch.put_metric_alarm(**alarm(TreatMissingData="notBreaching"))
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule="ALARM(too-many-errors)")
    mon.clock.advance(minutes=10)
    # when it is drawn, then there are two lanes of OK
    picture = of_alarm(mon, "both", start="-PT5M", height=200)
    rows, _ = places(picture[:, 300:500], (29, 129, 2))
    assert len(set(rows)) > 50
    assert max(rows) - min(rows) > len(set(rows))  # with a gap between


def test_without_points_there_is_an_empty_chart(monitoring):
    assert drawn(monitoring).shape == (200, 300, 3)


@pytest.mark.parametrize(
    ("widget", "message"),
    [
        ("no JSON", "The MetricWidget is invalid: it is not a JSON object"),
        ({}, "The MetricWidget is invalid: /: Should have required property 'metrics'"),
        ({"metrics": ROWS, "view": "map"}, None),
        ({"metrics": ROWS, "width": 9000},
         "The MetricWidget is invalid: width must be between 1 and 2000"),
        ({"metrics": ROWS, "start": "yesterday"},
         "The MetricWidget is invalid: yesterday is no time"),
        ({"metrics": ROWS, "start": "P0D"},
         "The MetricWidget is invalid: start must be before end"),
        ({"metrics": ROWS, "timezone": "Paris"},
         "The MetricWidget is invalid: Paris is no time zone"),
        ({"metrics": [["App"]]}, None),
        ({"metrics": ROWS, "title": "x" * 102_400},
         "The MetricWidget is invalid: it is larger than 102400 bytes"),
    ],
)  # fmt: skip
def test_what_is_refused(cloudwatch, widget, message):
    text = widget if isinstance(widget, str) else json.dumps(widget)
    with pytest.raises(ClientError) as caught:
        cloudwatch.get_metric_widget_image(MetricWidget=text)
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidParameterValue"
    assert message is None or error["Message"] == message


def test_other_formats_are_refused(cloudwatch):
    with pytest.raises(ClientError, match="The value svg for parameter OutputFormat is invalid"):
        cloudwatch.get_metric_widget_image(MetricWidget="{}", OutputFormat="svg")


def test_metrics_of_other_regions_are_drawn(mon):
    # given a metric that has points in Ireland only
    here, there = ["App", "Abroad"], ["App", "Abroad", {"region": "eu-west-1"}]
    points = [(NOON - timedelta(minutes=n), 5) for n in range(1, 180)]
    mon.at(region="eu-west-1").metrics.put_series("App", "Abroad", points)
    # when it is drawn from here, then only with its region is there a line
    lines = [len(places(drawn(mon, metrics=[row])[:160], BLUE)[0]) for row in (here, there)]
    assert lines[0] == 0 < lines[1]


# -- tables ----------------------------------------------------------------------------------------
# Source: User Guide, "Using a data table widget in a CloudWatch dashboard".


def table(mon, **widget):
    """The texts of a table of half an hour, row by row; an asterisk where a cell is highlighted."""
    rows = {"metrics": ROWS, "view": "table", "start": "-PT30M", "period": 600, **widget}
    read = read_widget(json.dumps(rows), NOON, "us-east-1")
    found = cells(read, list(shown(mon.metrics, read)))
    return [" ".join(cell.text + "*" * bool(cell.fill) for cell in row) for row in found]


def test_a_table_has_summaries_and_points(mon):
    assert table(mon) == [
        " Min Max Sum Avg 11:50 11:40 11:30",
        "a 20 20 60 20 20 20 20",
        "b 60 60 180 60 60 60 60",
    ]


def test_what_a_table_shows_can_be_chosen(mon):
    chosen = {"layout": "vertical", "summaryColumns": ["AVG"], "stickySummary": True}
    marks = {"horizontal": [{"value": 50, "fill": "above"}, [{"value": 19}, {"value": 21}]]}
    assert table(mon, table=chosen, annotations=marks, timezone="+0100")[:3] == [
        " a b", "Avg 20 60", "12:50 20* 60*",
    ]  # fmt: skip
    assert table(mon, table={"showTimeSeriesData": False}, yAxis={"left": {"showUnits": True}}) == [
        " Min Max Sum Avg", "a (Percent) 20 20 60 20", "b (Percent) 60 60 180 60",
    ]  # fmt: skip
    mon.metrics.put("App", "Exact", 1234.56789, at=NOON - timedelta(minutes=5))
    only = {"metrics": [["App", "Exact"]], "table": {"summaryColumns": []}}
    assert table(mon, **only)[1] == "Exact 1.23k"
    assert table(mon, **only, singleValueFullPrecision=True)[1] == "Exact 1234.56789"


def test_a_table_is_drawn_and_cut_where_there_is_no_room(mon):
    marks = {"horizontal": [{"value": 50, "fill": "above", "color": "#00ff00"}]}
    picture = drawn(mon, view="table", annotations=marks)
    for color in (BLUE, ORANGE):  # before the names
        assert len(places(picture, color)[0]) == pytest.approx(81, abs=20)
    tinted = (picture[:, :, 1] - picture[:, :, 0] > 40).sum()
    assert tinted > 500
    assert drawn(mon, view="table", width=20, height=20).shape == (20, 20, 3)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [({"layout": "round"}, "/table/layout"), ({"stickySummary": 1}, "/table/stickySummary"),
     ({"summaryColumns": ["P99"]}, "/table/summaryColumns/0")],
)  # fmt: skip
def test_a_table_that_there_is_not(mon, wrong, path):
    with pytest.raises(AwsError, match=f"invalid: {path}: Should be"):
        drawn(mon, view="table", table=wrong)


def test_without_the_extra_the_error_names_it(mon, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MisuseError, match=r"pip install 'awsmon\[charts\]'"):
        drawn(mon)
