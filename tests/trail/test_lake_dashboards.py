"""Dashboards: widgets' queries, refreshes by hand and by schedule."""

from __future__ import annotations

import pytest

from awsmon.core.errors import NotImplementedByAwsmon
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
    with pytest.raises(NotImplementedByAwsmon, match="managed"):
        create(Name="AWSCloudTrail-Highlights")


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
