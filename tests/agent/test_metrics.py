"""What the agent measures of this machine, and how it names, joins and sends it."""

from __future__ import annotations

import os
import sys
from datetime import datetime, timezone

import boto3
import pytest

from awsmon.agent.catalogue import MEASUREMENTS
from tests.agent.conftest import metrics

psutil = pytest.importorskip("psutil")

NOW = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
STATES = [
    "active",
    "guest",
    "guest_nice",
    "idle",
    "iowait",
    "irq",
    "nice",
    "softirq",
    "steal",
    "system",
    "user",
]
TABLE = {
    # source: User Guide, "Metrics collected by the CloudWatch agent", Linux
    "cpu": [*(f"usage_{each}" for each in STATES), *(f"time_{each}" for each in STATES)],
    "disk": ["free", "total", "used", "used_percent", "inodes_free", "inodes_used", "inodes_total"],
    "diskio": ["reads", "writes", "read_bytes", "write_bytes", "read_time", "write_time",
               "io_time", "iops_in_progress"],
    "mem": ["active", "available", "available_percent", "buffered", "cached", "free", "inactive",
            "total", "used", "used_percent"],
    "net": ["bytes_sent", "bytes_recv", "drop_in", "drop_out", "err_in", "err_out", "packets_sent",
            "packets_recv"],
    "netstat": ["tcp_close", "tcp_close_wait", "tcp_closing", "tcp_established", "tcp_fin_wait1",
                "tcp_fin_wait2", "tcp_last_ack", "tcp_listen", "tcp_none", "tcp_syn_sent",
                "tcp_syn_recv", "tcp_time_wait", "udp_socket"],
    "processes": ["blocked", "dead", "idle", "paging", "running", "sleeping", "stopped", "total",
                  "total_threads", "wait", "zombies"],
    "swap": ["free", "used", "used_percent"],
}  # fmt: skip
UNITS = {
    "cpu_usage_idle": "Percent", "cpu_time_idle": "None", "disk_used_percent": "Percent",
    "disk_inodes_free": "Count", "diskio_io_time": "Milliseconds", "diskio_reads": "Count",
    "diskio_read_bytes": "Bytes", "mem_used_percent": "Percent", "mem_free": "Bytes",
    "net_bytes_sent": "Bytes", "net_err_in": "Count", "netstat_tcp_established": "Count",
    "processes_running": "Count", "swap_used_percent": "Percent", "swap_free": "Bytes",
}  # fmt: skip
FREEBSD = {"processes_idle", "processes_wait"}
"""That the guide says only FreeBSD tells."""
linux = pytest.mark.skipif(sys.platform != "linux", reason="the table is that of Linux")


def collected(**plugins):
    return {"metrics_collected": plugins}


def run(monitoring, section, seconds=60, **options):
    """An agent that ran for so long."""
    with monitoring.agent({"metrics": section}, hostname="web-1", **options) as agent:
        monitoring.clock.advance(seconds=seconds)
    return agent


def datapoints(name, dimensions, statistic="Sum", period=60):
    found = boto3.client("cloudwatch").get_metric_statistics(
        Namespace="CWAgent", MetricName=name, StartTime=NOW, EndTime="2026-03-02T13:00:00Z",
        Period=period, Statistics=[statistic],
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
    )  # fmt: skip
    return sorted(
        (each["Timestamp"], each[statistic], each["Unit"]) for each in found["Datapoints"]
    )


@linux
def test_every_metric_of_the_guides_table_is_collected_on_this_machine(monitoring):
    # given an agent that is to measure all there is
    more = {"cpu": {"resources": ["*"]}, "net": {"resources": ["*"]}}
    section = collected(**{plugin: {"measurement": names, **more.get(plugin, {})}
                           for plugin, names in TABLE.items()})  # fmt: skip
    # when a minute has passed
    agent = run(monitoring, section)
    # then ListMetrics knows every metric of the table but those that only FreeBSD has
    wanted = {f"{plugin}_{name}" for plugin, names in TABLE.items() for name in names} - FREEBSD
    without = wanted - set(metrics())
    if not psutil.disk_io_counters(perdisk=True):  # a container may see no disk
        without = {name for name in without if not name.startswith("diskio_")}
    assert without == set()
    assert set(metrics()) <= wanted
    # and the agent says which this machine doesn't tell
    assert {each for each in agent.log if "processes" in each} == {
        "processes: nothing tells idle on this machine",
        "processes: nothing tells wait on this machine",
    }


def test_the_agents_table_is_the_guides():
    for plugin, names in TABLE.items():
        assert set(MEASUREMENTS[plugin]) == set(names), plugin


@linux
def test_metrics_have_the_guides_dimensions_and_units(monitoring):
    plugins = {}
    for name in UNITS:
        plugin, _, measurement = name.partition("_")
        plugins.setdefault(plugin, {"measurement": []})["measurement"].append(measurement)
    run(monitoring, collected(**plugins))
    known = metrics()
    own = {"cpu": {"cpu"}, "disk": {"path", "device", "fstype"}, "diskio": {"name"},
           "net": {"interface"}}  # fmt: skip
    for name, unit in UNITS.items():
        for dimensions in known.get(name, []):
            assert set(dimensions) == {"host", *own.get(name.partition("_")[0], ())}, name
            assert {point[2] for point in datapoints(name, dimensions)} == {unit}, name
    assert known["cpu_usage_idle"] == [{"cpu": "cpu-total", "host": "web-1"}]
    [root] = [each for each in known["disk_free"] if each["path"] == "/"] if (
        "disk_free" in known) else [None]  # fmt: skip
    assert root is None or root["host"] == "web-1"


@linux
def test_what_is_measured_is_what_the_system_tells(monitoring):
    before = psutil.virtual_memory().total
    run(monitoring, collected(mem={"measurement": ["mem_total"]},
                              disk={"measurement": ["total"], "resources": ["/"],
                                    "drop_device": True}))  # fmt: skip
    assert datapoints("mem_total", {"host": "web-1"})[0][1] == before
    [disk] = metrics()["disk_total"]
    assert set(disk) == {"host", "path", "fstype"}
    assert datapoints("disk_total", disk)[0][1] == psutil.disk_usage("/").total


def test_shares_of_the_processor_are_of_the_time_since_the_last_measurement():
    from awsmon.agent.plugins.system import _shares, _told

    class Times:
        def __init__(self, **told):
            vars(self).update(told)

    before = _told(Times(user=100.0, guest=10.0, system=50.0, idle=800.0, iowait=50.0))
    now = _told(Times(user=130.0, guest=20.0, system=60.0, idle=850.0, iowait=60.0))
    shares = _shares(now, before)
    # 100 seconds have passed: 50 idle, 10 waiting, 10 system, 20 user, 10 guest
    assert {state: round(shares[state]) for state in ("idle", "iowait", "system", "user", "guest",
                                                      "active", "steal")} == {
        "idle": 50, "iowait": 10, "system": 10, "user": 20, "guest": 10, "active": 50, "steal": 0,
    }  # fmt: skip
    assert _shares(now, now)["idle"] == pytest.approx(100 * 850 / 1100)  # no tick: since the start


def test_counters_are_told_as_what_came_since(monitoring, monkeypatch):
    from collections import namedtuple

    nic = namedtuple("nic", "bytes_sent bytes_recv dropin dropout errin errout packets_sent "
                            "packets_recv")  # fmt: skip
    sent = iter([100, 150, 190, 20])

    def counters(**_):
        return {"eth0": nic(next(sent), *[0] * 7)}

    monkeypatch.setattr(psutil, "net_io_counters", counters)
    run(monitoring, collected(net={"measurement": ["bytes_sent"]}), seconds=180)
    told = datapoints("net_bytes_sent", {"interface": "eth0", "host": "web-1"})
    # 50 more, 40 more, and the machine began anew
    assert [value for _, value, _ in told] == [50, 40, 20]


def test_names_and_units_may_be_others(monitoring):
    run(monitoring, collected(mem={"measurement": [
        {"name": "used_percent", "rename": "Memory", "unit": "None"}, "mem_free"]}))  # fmt: skip
    assert set(metrics()) == {"Memory", "mem_free"}
    assert datapoints("Memory", {"host": "web-1"})[0][2] == "None"


def test_metrics_of_an_instance_say_which_and_are_sent_once_more_together(monitoring):
    # source: User Guide: append_dimensions takes the host away; aggregation_dimensions
    section = {
        "namespace": "CWAgent",
        "append_dimensions": {"InstanceId": "${aws:InstanceId}",
                              "AutoScalingGroupName": "${aws:AutoScalingGroupName}"},
        "aggregation_dimensions": [["InstanceId"], ["AutoScalingGroupName"], ["Nothing"], []],
        **collected(cpu={"measurement": ["usage_idle"], "resources": ["*"], "totalcpu": False,
                         "append_dimensions": {"tier": "web"},
                         "drop_original_metrics": ["cpu_usage_idle"]},
                    mem={"measurement": ["free"]}),
    }  # fmt: skip
    run(monitoring, section, instance_id="i-1", dimensions={"AutoScalingGroupName": "g"})
    both = {"InstanceId": "i-1", "AutoScalingGroupName": "g"}
    once = [{"InstanceId": "i-1"}, {"AutoScalingGroupName": "g"}, {}]

    def in_order(found):
        return sorted(map(sorted, map(dict.items, found)))

    assert in_order(metrics()["mem_free"]) == in_order([both, *once])
    assert in_order(metrics()["cpu_usage_idle"]) == in_order(once)
    [(_, count, _), *_] = datapoints("cpu_usage_idle", {}, "SampleCount")
    assert count == psutil.cpu_count()


def test_the_hostname_may_be_left_out(monitoring):
    told = {"agent": {"omit_hostname": True}, "metrics": collected(mem={"measurement": ["free"]})}
    with monitoring.agent(told):
        monitoring.clock.advance(minutes=1)
    assert metrics() == {"mem_free": [{}]}


def test_each_plugin_has_its_interval_and_below_a_minute_high_resolution(monitoring):
    told = {"agent": {"metrics_collection_interval": 30},
            "metrics": collected(mem={"measurement": ["free"], "metrics_collection_interval": 10},
                                 swap={"measurement": ["free"]})}  # fmt: skip
    with monitoring.agent(told, hostname="web-1") as agent:
        monitoring.clock.advance(seconds=59)
        assert metrics() == {}  # it sends each minute
        monitoring.clock.advance(seconds=1)
        assert len(datapoints("mem_free", {"host": "web-1"}, "SampleCount", 10)) == 6
        assert len(datapoints("swap_free", {"host": "web-1"}, "SampleCount", 10)) == 2
        assert agent.log == []


def test_metrics_wait_while_cloudwatch_cannot_be_reached(monitoring):
    with monitoring.agent({"metrics": collected(mem={"measurement": ["free"]})}, hostname="h"):
        monitoring.faults.throttle("cloudwatch", "PutMetricData")
        monitoring.clock.advance(minutes=1)
        monitoring.faults.clear()
        monitoring.clock.advance(minutes=1)
    counts = [count for _, count, _ in datapoints("mem_free", {"host": "h"}, "SampleCount")]
    assert counts == [1, 1]


# -- processes -------------------------------------------------------------------------------------

OF_PROCESS = [
    # source: User Guide, "Collect process metrics with the procstat plugin", Linux
    "cpu_time", "cpu_time_system", "cpu_time_user", "cpu_usage", "memory_data", "memory_locked",
    "memory_rss", "memory_stack", "memory_swap", "memory_vms", "num_fds", "num_threads", "pid",
    "read_bytes", "write_bytes", "read_count", "write_count", "voluntary_context_switches",
    "involuntary_context_switches", "realtime_priority", "nice_priority", "signals_pending",
    "rlimit_num_fds_soft", "rlimit_num_fds_hard", "rlimit_cpu_time_soft",
    "rlimit_memory_vms_hard",
]  # fmt: skip


@linux
def test_a_process_is_told_in_detail(monitoring, tmp_path):
    (tmp_path / "pid").write_text(f"{os.getpid()}\n")
    pid_file = str(tmp_path / "pid")
    run(monitoring, collected(procstat=[
        {"pid_file": pid_file, "measurement": [*OF_PROCESS, "pid_count"]}]))  # fmt: skip
    known = metrics()
    assert set(known) == {f"procstat_{name}" for name in OF_PROCESS} | {"procstat_lookup_pid_count"}
    dimensions = {"pidfile": pid_file, "process_name": psutil.Process().name(), "host": "web-1"}
    assert known["procstat_pid"] == [dimensions]
    assert datapoints("procstat_pid", dimensions, "Maximum")[0][1] == os.getpid()
    assert datapoints("procstat_memory_rss", dimensions)[0][2] == "Bytes"
    assert known["procstat_lookup_pid_count"] == [
        {"pidfile": pid_file, "pid_finder": "native", "host": "web-1"}]  # fmt: skip


@pytest.mark.parametrize(("by", "wanted", "count"), [
    ("exe", "no-such-process", 0), ("pattern", "pytest", 1),
])  # fmt: skip
def test_processes_are_found_by_name_or_command_line(monitoring, by, wanted, count):
    run(monitoring, collected(procstat=[{by: wanted, "measurement": ["pid_count"]}]))
    [dimensions] = metrics()["procstat_lookup_pid_count"]
    assert dimensions == {by: wanted, "pid_finder": "native", "host": "web-1"}
    assert (datapoints("procstat_lookup_pid_count", dimensions, "Minimum")[0][1] > 0) == bool(count)
