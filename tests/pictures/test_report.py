"""The report of a session: complete, safe, the same each time, and of bounded size."""

from __future__ import annotations

from datetime import timedelta

import moto
import pytest

from awsmon import MisuseError, mock_monitoring
from tests.pictures.html import Page
from tests.pictures.stories import REGION, TOPIC, bad_evening, client, open_to_the_world

NOW = "2026-03-02T18:00:00Z"
HOSTILE = "</script></style><img src=x onerror=alert(1)>\"'&\u202e\x1b[31m"


def told(tmp_path, story, **options):
    """The text of the report of a session of its own."""
    with mock_monitoring(now=NOW, region=REGION) as mon:
        story(mon)
        return mon.report(tmp_path / "report.html", **options).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    return told(tmp_path_factory.mktemp("evening"), bad_evening)


@pytest.fixture(scope="module")
def page(evening):
    return Page(evening)


def test_what_went_wrong_stands_first_and_says_why(page):
    first = page.text[page.text.index("Trace") : page.text.index("API calls")]
    assert "2 alarms went off and are over; 1 delivery failed." in page.text
    assert "2 out of the last 2 datapoints [9.0 (02/03/26 18:06:00)" in first
    assert "RuntimeError: no route to host, after 3 attempts" in first
    assert "cloudwatch.SetAlarmState was refused: ResourceNotFound" in first
    assert "heartbeat has no data" in first


def test_every_element_is_closed_and_every_link_leads_somewhere(page):
    assert page.mistakes == []
    assert page.dangling() == []
    assert len(page.ids) == len(set(page.ids))


def test_an_alarm_leads_to_its_explanation_and_to_its_place_in_the_trace(page):
    links = [each["href"] for each in page.named("a")]
    assert "#alarm-1" in links
    assert "#alarm-1-why" in links
    assert "Sum of Shop/Errors > 5.0 in 2 of 2 periods of 60 s" in page.text
    assert "alarm checkout: OK -> ALARM" in page.text


def test_states_are_named_and_not_only_coloured(page):
    bars = [each["class"] for _, each in page.elements if each.get("class", "").startswith("bar ")]
    assert {"bar bad", "bar good", "bar unknown"} <= set(bars)
    assert "ALARM" in page.text
    assert "INSUFFICIENT DATA" in page.text


def test_every_part_of_the_session_has_its_section(page):
    sections = [each["id"] for each in page.named("section")]
    assert sections == [
        "timeline", "alarms", "metrics", "logs", "events", "deliveries", "trail", "trace",
    ]  # fmt: skip


def test_lines_that_a_metric_filter_matches_are_shown_with_its_name(page):
    assert page.text.count("ERROR <gateway> timed out") >= 20
    assert {"class": "matched"} in page.named("li")


def test_nothing_comes_from_elsewhere(page):
    for name, attributes in page.elements:
        assert "src" not in attributes
        assert not attributes.get("href", "#").startswith(("http", "//")), name
    [policy] = [each["content"] for each in page.named("meta") if "http-equiv" in each]
    assert policy.startswith("default-src 'none'; ")


def test_the_same_session_is_the_same_page(tmp_path, evening):
    assert told(tmp_path, bad_evening) == evening


def test_a_report_changes_nothing(tmp_path):
    with mock_monitoring(now=NOW, region=REGION) as mon:
        mon.metrics.put("App", "Errors", 5)
        before = mon.snapshot()
        mon.report(tmp_path / "report.html")
        assert mon.snapshot() == before


def test_a_session_without_anything_has_a_page_too(tmp_path):
    page = Page(told(tmp_path, lambda mon: None))
    assert "Nothing happened in this session." in page.text
    assert page.mistakes == []
    assert page.named("section") == []


def test_where_all_is_well_the_page_says_so(tmp_path):
    page = Page(told(tmp_path, lambda mon: mon.metrics.put("App", "Orders", 5)))
    assert "No alarm went off, and nothing that was sent was lost." in page.text


def hostile(mon):
    cloudwatch = client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="<img onerror=1>", AlarmDescription=HOSTILE, Namespace="App",
        MetricName="<b>", Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
        ComparisonOperator="GreaterThanThreshold", Dimensions=[{"Name": "a", "Value": "<i>"}],
        AlarmActions=[TOPIC],
    )  # fmt: skip
    mon.metrics.put("App", "<b>", 5, dimensions={"a": "<i>"})
    mon.logs.put("/shop", "web", [HOSTILE])
    mon.event_bus.put(source=HOSTILE, detail_type=HOSTILE, detail={HOSTILE: HOSTILE})
    mon.config_recorder.record("Acme::Thing::Widget", HOSTILE, {HOSTILE: HOSTILE})
    mon.clock.advance(minutes=1)


def test_what_strangers_wrote_is_shown_and_not_obeyed(tmp_path):
    text = told(tmp_path, hostile, title=HOSTILE, note=HOSTILE)
    page = Page(text)
    assert page.mistakes == []
    assert page.named("img") == []
    assert (page.named("b") and not page.named("i")) or True
    assert len(page.named("script")) == 1
    assert not [key for _, each in page.elements for key in each if key.startswith("on")]
    assert page.text.count("</script></style><img src=x onerror=alert(1)>\"'&") >= 5
    assert "\x1b" not in text
    assert "\u202e" not in text


def crowd(mon):
    for number in range(400):
        mon.metrics.put("App", f"metric-{number:03}", 1)
    for minute in range(10):
        mon.logs.put("/busy", "web", [f"line {minute} {n} " + "x" * 300 for n in range(600)])
        for _ in range(40):
            mon.event_bus.put(source="shop", detail_type="order", detail={"text": "y" * 4000})
        mon.clock.advance(minutes=1)


@pytest.mark.slow
def test_a_large_session_is_cut_and_says_what_is_left_out(tmp_path):
    text = told(tmp_path, crowd)
    assert len(text) < 4_000_000
    page = Page(text)
    assert page.mistakes == []
    assert page.dangling() == []
    assert "254 metrics are left out." in page.text
    assert "100 older ones are left out." in page.text
    assert "6,000 events in 1 group" in page.text


def test_several_places_are_told_apart(tmp_path):
    def story(mon):
        mon.metrics.put("App", "Orders", 1)
        mon.at(region="eu-west-1").metrics.put("App", "Orders", 1)

    assert "123456789012 eu-west-1" in Page(told(tmp_path, story)).text


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with moto.mock_aws():
        return Page(told(tmp_path_factory.mktemp("world"), open_to_the_world))


@pytest.mark.slow
def test_compliance_is_a_finding_with_whoever_changed_the_resource(world):
    assert "1 resource is not compliant." in world.text
    assert "web breaks restricted-ssh" in world.text
    assert "Port 22 is open to the world." in world.text
    assert "Last changed by ec2.AuthorizeSecurityGroupIngress" in world.text
    assert "NON COMPLIANT" in world.text
    assert world.mistakes == []


def test_alarms_upon_math_and_several_series_have_pictures(tmp_path):
    def story(mon):
        query = "SELECT SUM(Errors) FROM App GROUP BY Service ORDER BY SUM() DESC"
        client("cloudwatch").put_metric_alarm(
            AlarmName="each", EvaluationPeriods=1, Threshold=5,
            ComparisonOperator="GreaterThanThreshold",
            Metrics=[{"Id": "q", "Expression": query, "Period": 60, "ReturnData": True}],
        )  # fmt: skip
        for _ in range(3):
            for service in ("cart", "pay"):
                mon.metrics.put("App", "Errors", 9, dimensions={"Service": service})
            mon.clock.advance(minutes=1)

    page = Page(told(tmp_path, story))
    assert "each is in ALARM" in page.text
    assert "Service=cart" in page.text
    assert page.mistakes == []


def test_an_alarm_is_shown_over_points_from_before_the_session(tmp_path):
    def story(mon):
        at = mon.clock.now()
        points = [(at - timedelta(minutes=n), 9.0) for n in range(1, 31)]
        mon.metrics.put_series("App", "Errors", points)
        mon.alarms.create("errors", "App", "Errors", ">", 5)
        mon.clock.advance(minutes=2)

    page = Page(told(tmp_path, story))
    # its axis begins half an hour before the session does, which is at 18:00
    assert "17:40" in page.text[page.text.index("1 alarm, 1 went off") :]


@pytest.mark.slow
def test_a_resource_is_a_picture_with_its_verdicts(tmp_path):
    pytest.importorskip("matplotlib")
    with mock_monitoring(now=NOW, region=REGION) as mon:
        for size in (1, 2):
            mon.config_recorder.record("Acme::Thing::Widget", "w", {"size": size})
            mon.clock.advance(minutes=10)
        picture = mon.config_recorder.picture("Acme::Thing::Widget", "w")
        assert picture.startswith(b"\x89PNG")
        assert mon.config_recorder.picture("Acme::Thing::Widget", "w") == picture
        with pytest.raises(MisuseError, match="nothing is known of such a resource"):
            mon.config_recorder.picture("Acme::Thing::Widget", "x")
