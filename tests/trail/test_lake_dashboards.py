"""Dashboards: widgets' queries, refreshes by hand and by schedule."""

from __future__ import annotations

import pytest

from tests.trail.conftest import ACCOUNT
from tests.trail.test_event_data_stores import group, refused, store

VIEW = {"Height": "2", "Width": "4", "Title": "Groups", "View": "Table"}


@pytest.fixture
def of(cloudtrail):
    """A store of management events."""
    return store(cloudtrail)


def widget(of, *parameters, where="eventName = 'CreateLogGroup'"):
    statement = f"SELECT element_at(requestParameters, 'logGroupName') AS n FROM {of} WHERE {where}"
    found = {"QueryStatement": statement, "ViewProperties": VIEW}
    return {**found, "QueryParameters": list(parameters)} if parameters else found


def between(of):
    """A widget that is told the time."""
    where = "eventName = 'CreateLogGroup' AND eventTime > '?' AND eventTime < '?' ORDER BY 1"
    return widget(of, "$StartTime$", "$EndTime$", where=where)


def found(monitoring, cloudtrail, dashboard, **more):
    """What the last refresh of a dashboard's first widget found."""
    monitoring.clock.advance(seconds=1)
    shown = cloudtrail.get_dashboard(DashboardId=dashboard)
    query = cloudtrail.describe_query(
        QueryAlias=shown["Widgets"][0]["QueryAlias"], RefreshId=shown["LastRefreshId"]
    )
    answer = cloudtrail.get_query_results(QueryId=query["QueryId"])
    return [row[0]["n"] for row in answer["QueryResultRows"]]


def test_a_refresh_runs_the_widgets_queries(monitoring, cloudtrail, of):
    created = cloudtrail.create_dashboard(
        Name="board", Widgets=[widget(of), widget(of)], TagsList=[{"Key": "a", "Value": "b"}]
    )
    assert created["DashboardArn"] == f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:dashboard/board"
    assert (created["Type"], created["Name"]) == ("CUSTOM", "board")
    assert created["Widgets"][0]["ViewProperties"] == VIEW
    group("/a")
    refresh = cloudtrail.start_dashboard_refresh(DashboardId="board")["RefreshId"]
    assert cloudtrail.get_dashboard(DashboardId="board")["LastRefreshId"] == refresh
    assert found(monitoring, cloudtrail, "board") == ["/a"]
    assert len(cloudtrail.list_queries(EventDataStore=of)["Queries"]) == 2
    # and what happens later is in the next refresh
    group("/b")
    assert found(monitoring, cloudtrail, "board") == ["/a"]
    cloudtrail.start_dashboard_refresh(DashboardId=created["DashboardArn"])
    assert sorted(found(monitoring, cloudtrail, "board")) == ["/a", "/b"]


def test_parameters_take_the_places_of_question_marks(monitoring, cloudtrail, of):
    cloudtrail.create_dashboard(Name="board", Widgets=[between(of)])
    for name in ("/a", "/b", "/c"):
        group(name)
        monitoring.clock.advance(hours=1)
    cloudtrail.start_dashboard_refresh(DashboardId="board", QueryParameterValues={
        "$StartTime$": "2026-03-02T12:30:00Z", "$EndTime$": "2026-03-02T13:30:00Z"})  # fmt: skip
    assert found(monitoring, cloudtrail, "board") == ["/b"]
    # without, it is the last day
    monitoring.clock.advance(hours=21)
    cloudtrail.start_dashboard_refresh(DashboardId="board")
    assert found(monitoring, cloudtrail, "board") == ["/b", "/c"]
    # and the widget's alias runs it by itself
    alias = cloudtrail.get_dashboard(DashboardId="board")["Widgets"][0]["QueryAlias"]
    query = cloudtrail.start_query(
        QueryAlias=alias, QueryParameters=["2026-03-02 11:00:00", "2026-03-02 12:10:00"]
    )["QueryId"]
    monitoring.clock.advance(seconds=1)
    rows = cloudtrail.get_query_results(QueryId=query)["QueryResultRows"]
    assert rows == [[{"n": "/a"}]]
    assert cloudtrail.describe_query(QueryAlias=alias)["QueryId"] == query
    refused("InvalidQueryStatementException", cloudtrail.start_query, QueryAlias=alias)
    refused("QueryIdNotFoundException", cloudtrail.start_query, QueryAlias="nosuch")


@pytest.mark.parametrize(
    ("schedule", "before", "after"),
    [
        ({"Frequency": {"Unit": "HOURS", "Value": 1}, "TimeOfDay": "09:15"}, 14, 15),
        ({"Frequency": {"Unit": "HOURS", "Value": 6}}, 359, 360),
        ({"Frequency": {"Unit": "DAYS", "Value": 1}, "TimeOfDay": "13:30"}, 89, 90),
    ],
)
def test_a_schedule_refreshes_again_and_again(monitoring, cloudtrail, of, schedule, before, after):
    def refreshes():
        return len(cloudtrail.list_queries(EventDataStore=of)["Queries"])

    cloudtrail.create_dashboard(Name="board", Widgets=[widget(of)], RefreshSchedule=schedule)
    monitoring.clock.advance(minutes=before)  # after noon
    assert refreshes() == 0
    monitoring.clock.advance(minutes=after - before)
    assert refreshes() == 1
    every = schedule["Frequency"]
    monitoring.clock.advance(hours=2 * every["Value"] * (24 if every["Unit"] == "DAYS" else 1))
    assert refreshes() == 3
    cloudtrail.update_dashboard(
        DashboardId="board", RefreshSchedule={**schedule, "Status": "DISABLED"}
    )
    monitoring.clock.advance(days=2)
    assert refreshes() == 3
    assert cloudtrail.get_dashboard(DashboardId="board")["Status"] == "UPDATED"


def test_a_refresh_that_cannot_be_is_told(monitoring, cloudtrail, of):
    cloudtrail.create_dashboard(
        Name="board", Widgets=[widget(of)],
        RefreshSchedule={"Frequency": {"Unit": "HOURS", "Value": 1}},
    )  # fmt: skip
    cloudtrail.delete_event_data_store(EventDataStore=of)
    refused("InactiveEventDataStoreException", cloudtrail.start_dashboard_refresh,
            DashboardId="board")  # fmt: skip
    monitoring.clock.advance(hours=1)
    told = cloudtrail.get_dashboard(DashboardId="board")
    assert "inactive" in told["LastRefreshFailureReason"]
    # and once it can be, that is forgotten
    cloudtrail.restore_event_data_store(EventDataStore=of)
    monitoring.clock.advance(hours=1)
    assert "LastRefreshFailureReason" not in cloudtrail.get_dashboard(DashboardId="board")


def test_ten_queries_at_a_time(monitoring, cloudtrail, of):
    cloudtrail.create_dashboard(Name="board", Widgets=[widget(of)] * 6)
    cloudtrail.start_dashboard_refresh(DashboardId="board")
    refused("ServiceQuotaExceededException", cloudtrail.start_dashboard_refresh,
            DashboardId="board")  # fmt: skip
    monitoring.clock.advance(seconds=1)
    cloudtrail.start_dashboard_refresh(DashboardId="board")


def test_widgets_that_cannot_be(monitoring, cloudtrail, of):
    create = cloudtrail.create_dashboard
    refused("ServiceQuotaExceededException", create, Name="board", Widgets=[widget(of)] * 11)
    for wrong in (widget(of, where="nosuch = 1"), widget(of, "$StartTime$"),
                  widget(of, "$Other$", where="eventName = '?'"),
                  widget(of, where="eventName = '?'")):  # fmt: skip
        refused("InvalidQueryStatementException", create, Name="board", Widgets=[wrong])
    refused("EventDataStoreNotFoundException", create, Name="board", Widgets=[widget("nowhere")])
    for schedule in ({"Frequency": {"Unit": "HOURS", "Value": 5}}, {"TimeOfDay": "25:00"}):
        refused("InvalidParameterException", create, Name="board", RefreshSchedule=schedule)
    assert cloudtrail.list_dashboards()["Dashboards"] == []


def test_dashboards_are_listed_changed_and_deleted(monitoring, cloudtrail, of):
    for name in ("ops-1", "ops-2", "other"):
        cloudtrail.create_dashboard(Name=name, TerminationProtectionEnabled=True)
    refused("ConflictException", cloudtrail.create_dashboard, Name="ops-1")
    listed = cloudtrail.list_dashboards(NamePrefix="ops", MaxResults=1)
    rest = cloudtrail.list_dashboards(NamePrefix="ops", NextToken=listed["NextToken"])
    arns = [each["DashboardArn"].rpartition("/")[2] for each in
            listed["Dashboards"] + rest["Dashboards"]]  # fmt: skip
    assert arns == ["ops-1", "ops-2"]
    assert cloudtrail.list_dashboards(Type="MANAGED")["Dashboards"] == []
    changed = cloudtrail.update_dashboard(DashboardId="ops-1", Widgets=[widget(of)])
    assert len(changed["Widgets"]) == 1
    refused("ConflictException", cloudtrail.delete_dashboard, DashboardId="ops-1")
    cloudtrail.update_dashboard(DashboardId="ops-1", TerminationProtectionEnabled=False)
    arn = cloudtrail.get_dashboard(DashboardId="ops-1")["DashboardArn"]
    cloudtrail.add_tags(ResourceId=arn, TagsList=[{"Key": "a", "Value": "b"}])
    cloudtrail.delete_dashboard(DashboardId="ops-1")
    refused("ResourceNotFoundException", cloudtrail.get_dashboard, DashboardId="ops-1")
    refused("ResourceNotFoundException", cloudtrail.list_tags, ResourceIdList=[arn])


def test_dashboards_are_in_a_snapshot(monitoring, cloudtrail, of):
    cloudtrail.create_dashboard(Name="board", Widgets=[widget(of)], RefreshSchedule={})
    kept = monitoring.snapshot()
    cloudtrail.delete_dashboard(DashboardId="board")
    monitoring.restore(kept)
    group("/a")
    monitoring.clock.advance(hours=12)
    assert found(monitoring, cloudtrail, "board") == ["/a"]


HIGHLIGHTS = "AWSCloudTrail-Highlights"
SIX_HOURS = {"Status": "ENABLED", "Frequency": {"Unit": "HOURS", "Value": 6}}


def test_the_highlights_are_refreshed_every_six_hours(monitoring, cloudtrail, of):
    made = cloudtrail.create_dashboard(Name=HIGHLIGHTS, RefreshSchedule=SIX_HOURS)
    assert made["Type"] == "MANAGED"
    assert cloudtrail.list_dashboards(Type="MANAGED")["Dashboards"] == [
        {"DashboardArn": made["DashboardArn"], "Type": "MANAGED"}
    ]
    # given calls, one of another account's, one that failed
    group("/a")
    monitoring.trail.add_call("sns", "CreateTopic", {"Name": "t"}, user="111111111111")
    monitoring.trail.add_call(
        "sns", "DeleteTopic", {"TopicArn": "t"}, user="ann", error=("AuthorizationError", "No.")
    )
    # when six hours are over
    monitoring.clock.advance(hours=6, seconds=2)
    # then each widget has what it shows
    dashboard = cloudtrail.get_dashboard(DashboardId=HIGHLIGHTS)
    shown = {}
    for each in dashboard["Widgets"]:
        query = cloudtrail.describe_query(
            QueryAlias=each["QueryAlias"], RefreshId=dashboard["LastRefreshId"]
        )
        rows = cloudtrail.get_query_results(QueryId=query["QueryId"])["QueryResultRows"]
        shown[each["ViewProperties"]["Title"]] = rows
    assert shown["Total cross-account access"] == [[{"calls": "1"}]]
    assert shown["Failed calls by error"] == [[{"errorCode": "AuthorizationError"}, {"calls": "1"}]]
    assert shown["Most active users"][0][0] == {"caller": "arn:aws:iam::123456789012:user/awsmon"}


def test_cloudtrail_chooses_the_widgets_of_the_highlights(monitoring, cloudtrail, of):
    create = cloudtrail.create_dashboard
    refused("InvalidParameterException", create, Name=HIGHLIGHTS)
    for schedule in ({**SIX_HOURS, "Status": "DISABLED"}, {"Status": "ENABLED"}):
        refused("InvalidParameterException", create, Name=HIGHLIGHTS, RefreshSchedule=schedule)
    refused("InvalidParameterException", create, Name=HIGHLIGHTS, RefreshSchedule=SIX_HOURS,
            Widgets=[widget(of)])  # fmt: skip
    create(Name=HIGHLIGHTS, RefreshSchedule=SIX_HOURS)
    refused("InvalidParameterException", cloudtrail.update_dashboard, DashboardId=HIGHLIGHTS,
            Widgets=[widget(of)])  # fmt: skip
    # stores that come later are in the next refresh, as many as fit
    before = cloudtrail.get_dashboard(DashboardId=HIGHLIGHTS)["Widgets"]
    for name in ("shop", "bank", "ship"):
        cloudtrail.create_event_data_store(Name=name)
    cloudtrail.start_dashboard_refresh(DashboardId=HIGHLIGHTS)
    after = cloudtrail.get_dashboard(DashboardId=HIGHLIGHTS)["Widgets"]
    assert (len(before), len(after)) == (3, 10)
