"""Dashboards as pages and as pictures: places, views, time, variables, safety.

Source: API reference, "Dashboard Body Structure and Syntax".
"""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from awsmon import mock_monitoring
from awsmon.core.errors import MisuseError
from awsmon.pictures.dashboards.body import read_body
from awsmon.pictures.dashboards.markdown import plain, rendered
from tests.pictures.boards import VARIABLE, WIDGETS, log, metric, put
from tests.pictures.html import Page
from tests.pictures.stories import REGION, bad_evening

NOW = "2026-03-02T18:00:00Z"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The session, and a page of its dashboard."""
    with mock_monitoring(now=NOW, region=REGION) as mon:
        bad_evening(mon)
        put(*WIDGETS, start="-PT30M", variables=[VARIABLE])
        path = mon.dashboard("shop").html(tmp_path_factory.mktemp("shop") / "shop.html")
    return mon, Page(path.read_text(encoding="utf-8"))


@pytest.fixture
def page(shop):
    return shop[1]


def seen(mon, tmp_path, **options):
    path = mon.dashboard("shop", **options).html(tmp_path / "deep" / "shop.html")
    return Page(path.read_text(encoding="utf-8"))


def test_each_widget_stands_in_its_cells(page):
    places = [each["style"] for each in page.named("section")]
    assert len(places) == len(WIDGETS)
    assert "grid-column:7/span 12;grid-row:1/span 6" in places
    assert page.mistakes == []


def test_numbers_are_the_latest_and_a_table_has_their_range(page):
    # nine errors a minute from 18:05 to 18:12, none before and after; one line or ten
    shown = page.text[page.text.index("Table") :]
    assert re.match(r"Tablemetricminmaxmeanlast(Errors|Shop Errors)093\.60lines1104\.61", shown)


def test_a_query_of_logs_is_run_for_real(page):
    assert page.text.count("ERROR <gateway> timed out") == 3
    assert "INFO20" in page.text
    assert "ERROR72" in page.text


def test_alarms_stand_with_their_states_and_those_that_are_gone_are_left_out(page):
    shown = page.text[page.text.index("Alarms") : page.text.index("Now")]
    assert shown.index("INSUFFICIENT DATA") < shown.index("checkout")
    assert "shop-down" in shown
    assert "long-gone" not in shown


def test_an_alarms_widget_has_its_threshold_and_its_states(page):
    assert "Threshold" in page.text
    assert {"zone ALARM"} <= {each["class"] for each in page.named("rect")}


def test_what_is_not_drawn_says_so(page):
    assert "Widgets of type custom are not drawn." in page.text


def test_text_is_markdown_and_nothing_else(page):
    assert "Shop in production" in page.text
    assert "<script>alert(1)</script>" in page.text
    assert len(page.named("script")) == 1
    assert page.named("img") == []
    links = [each["href"] for each in page.named("a")]
    assert links == [
        "https://example.com/h", "https://example.com/deploy", "https://example.com/p.png",
    ]  # fmt: skip


def test_variables_have_their_default_or_what_is_given(shop, tmp_path):
    mon, page = shop
    assert "Stage: production" in page.text
    assert "Shop in test" in seen(mon, tmp_path, variables={"env": "test"}).text
    with pytest.raises(MisuseError, match="the dashboard has no stage"):
        mon.dashboard("shop", variables={"stage": "test"})


def test_the_time_is_the_bodys_unless_another_is_given(shop, tmp_path):
    mon, page = shop
    assert "2 Mar 2026, 17:50:00 to 18:20:00 UTC" in page.text
    given = seen(mon, tmp_path, start="2026-03-02T18:00:00Z", end="2026-03-02T18:10:00Z")
    assert "2 Mar 2026, 18:00:00 to 18:10:00 UTC" in given.text
    with pytest.raises(MisuseError, match="start must be before end"):
        mon.dashboard("shop", start="2026-03-02T19:00:00Z")


def test_a_dashboard_that_is_not_there_is_aws_error(monitoring):
    with pytest.raises(Exception, match="nothing"):
        monitoring.dashboard("nothing")


def test_metrics_of_other_regions_are_drawn(monitoring, tmp_path):
    monitoring.metrics.put("Shop", "Orders", 3)
    monitoring.at(region="eu-west-1").metrics.put("Shop", "Orders", 41)
    rows = [["Shop", "Orders"], ["...", {"region": "eu-west-1", "label": "Dublin"}]]
    put(metric("singleValue", 0, 0, 6, 6, metrics=rows))
    monitoring.clock.advance(minutes=1)
    assert "41 Dublin" in seen(monitoring, tmp_path).text


def test_a_widget_that_fails_says_why_and_spares_the_others(monitoring, tmp_path):
    monitoring.metrics.put("Shop", "Orders", 3)
    put(metric("timeSeries", 0, 0, 6, 6, metrics=[[{"expression": "SUM(("}]]), log("fields x"),
        metric("singleValue", 6, 0, 6, 6, metrics=[["Shop", "Orders"]]))  # fmt: skip
    monitoring.clock.advance(minutes=1)
    text = seen(monitoring, tmp_path).text
    assert "Invalid syntax" in text
    assert "The specified log group does not exist." in text
    assert "Orders" in text


def test_an_empty_dashboard_is_a_page(monitoring, tmp_path):
    put()
    assert "This dashboard is empty." in seen(monitoring, tmp_path).text


@pytest.mark.slow
def test_the_same_dashboard_is_the_same_picture(shop, tmp_path):
    image = pytest.importorskip("PIL.Image")
    pytest.importorskip("matplotlib")
    mon, _ = shop
    first, again = (mon.dashboard("shop").png(tmp_path / name) for name in ("a.png", "b.png"))
    assert first.read_bytes() == again.read_bytes()
    picture = image.open(io.BytesIO(first.read_bytes()))
    assert picture.size == (1440, 26 * 50)


# -- places ----------------------------------------------------------------------------------------


def places(*widgets):
    body = {"widgets": [{"type": "text", "properties": {}, **each} for each in widgets]}
    found = read_body(json.dumps(body), {}).widgets
    return [(each.x, each.y, each.width, each.height) for each in found]


def test_widgets_without_a_place_follow_one_another():
    # the default is six by six, on a grid of 24
    assert places(*[{}] * 5) == [
        (0, 0, 6, 6), (6, 0, 6, 6), (12, 0, 6, 6), (18, 0, 6, 6), (0, 6, 6, 6),
    ]  # fmt: skip
    assert places({"width": 20}, {"width": 5}) == [(0, 0, 20, 6), (0, 6, 5, 6)]


def test_a_property_variable_changes_properties_and_dimensions():
    body = """{
        "widgets": [{"type": "metric", "properties": {"region": "us-east-1", "metrics": [
            ["AWS/Lambda", "Errors", "FunctionName", "one", {"stat": "Sum"}]]}}],
        "variables": [{"type": "property", "property": "FunctionName", "id": "f",
                       "inputType": "input", "defaultValue": "two"},
                      {"type": "property", "property": "region", "id": "r", "inputType": "input"}]
    }"""
    [widget] = read_body(body, {"r": "eu-west-1"}).widgets
    assert widget.properties["metrics"][0][3] == "two"
    assert widget.properties["region"] == "eu-west-1"


def test_periods_follow_the_range_where_the_body_says_so():
    body = """{"periodOverride": "auto", "widgets": [
        {"type": "metric",
         "properties": {"period": 60, "metrics": [["A", "b", {"period": 10}]]}}]}"""
    [widget] = read_body(body, {}).widgets
    assert widget.properties == {"metrics": [["A", "b", {}]]}


# -- Markdown --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "html"), [
    ("## Two", '<h4 class="level-2">Two</h4>'),
    ("a *b* **c** `d` ~~e~~",
     "<p>a <em>b</em> <strong>c</strong> <code>d</code> <del>e</del></p>"),
    ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
    ("snake_case_name", "<p>snake_case_name</p>"),
    ("```\n<b>\n```", "<pre><code>&lt;b&gt;</code></pre>"),
    ("---", "<hr>"),
    ("[x](data:text/html,1)", "<p><span>x</span></p>"),
    ('[x](https://a/"onclick=1)',
     '<p><a href="https://a/&quot;onclick=1" rel="noopener noreferrer">x</a></p>'),
])  # fmt: skip
def test_markdown_is_rendered(text, html):
    assert rendered(text) == html


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from("ab <>&\"'[]()!*_`~#|-\n1.:/"), max_size=60))
@example("|a\n|-\n")
@example("```")
def test_whatever_is_written_the_page_stays_whole(text):
    page = Page(rendered(text))
    assert page.mistakes == []
    assert {name for name, _ in page.elements} <= {
        "p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "del", "code", "pre", "hr",
        "a", "span", "div", "table", "thead", "tbody", "tr", "th", "td",
    }  # fmt: skip
    assert plain(text)
