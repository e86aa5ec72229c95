"""VPC flow logs: packets, gathered into records."""

from __future__ import annotations

import pytest

from awsmon import MisuseError, Monitoring
from tests.sources.conftest import events, messages, streams

ENI = "eni-1235b8ca123456789"
NOON = 1772452800  # 2026-03-02T12:00:00Z
V3 = (
    "version vpc-id subnet-id instance-id interface-id account-id type srcaddr dstaddr srcport "
    "dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status"
)
V5 = (
    "version srcaddr dstaddr srcport dstport protocol start end type packets bytes account-id "
    "vpc-id subnet-id instance-id interface-id region az-id sublocation-type sublocation-id action "
    "tcp-flags pkt-srcaddr pkt-dstaddr pkt-src-aws-service pkt-dst-aws-service traffic-path "
    "flow-direction log-status"
)
INTERFACE = {
    "vpc_id": "vpc-abcdefab012345678",
    "subnet_id": "subnet-aaaaaaaa012345678",
    "instance_id": "i-01234567890123456",
}


def custom(names: str) -> str:
    return " ".join(f"${{{name}}}" for name in names.split())


@pytest.fixture
def flow_logs(monitoring):
    return monitoring.sources.flow_logs


# Source: VPC User Guide, "Flow log record examples".
@pytest.mark.parametrize(
    ("packets", "line"),
    [
        (
            [("172.31.16.139", "172.31.16.21", 20641, 22, "tcp", 10, 2000, "ACCEPT", 1418530010),
             ("172.31.16.139", "172.31.16.21", 20641, 22, "tcp", 10, 2249, "ACCEPT", 1418530070)],
            "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 "
            "1418530010 1418530070 ACCEPT OK",
        ),
        (
            [("172.31.9.69", "172.31.9.12", 49761, 3389, 6, 1, 49, "REJECT", 1418530010),
             ("172.31.9.69", "172.31.9.12", 49761, 3389, 6, 19, 4200, "REJECT", 1418530070)],
            "2 123456789010 eni-1235b8ca123456789 172.31.9.69 172.31.9.12 49761 3389 6 20 4249 "
            "1418530010 1418530070 REJECT OK",
        ),
        (
            [("203.0.113.12", "172.31.16.139", 0, 0, "icmp", 3, 252, "ACCEPT", 1432917027),
             ("203.0.113.12", "172.31.16.139", 0, 0, "icmp", 1, 84, "ACCEPT", 1432917142)],
            "2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.139 0 0 1 4 336 "
            "1432917027 1432917142 ACCEPT OK",
        ),
        (
            [("2001:db8:1234:a100:8d6e:3477:df66:f105", "2001:db8:1234:a102:3304:8879:34cf:4071",
              34892, 22, "tcp", 50, 8000, "ACCEPT", 1477913708),
             ("2001:db8:1234:a100:8d6e:3477:df66:f105", "2001:db8:1234:a102:3304:8879:34cf:4071",
              34892, 22, "tcp", 4, 855, "ACCEPT", 1477913820)],
            "2 123456789010 eni-1235b8ca123456789 2001:db8:1234:a100:8d6e:3477:df66:f105 "
            "2001:db8:1234:a102:3304:8879:34cf:4071 34892 22 6 54 8855 1477913708 1477913820 "
            "ACCEPT OK",
        ),
    ],
)  # fmt: skip
def test_packets_become_the_records_of_aws_s_examples(packets, line):
    # given a flow log on an interface before that hour
    first = packets[0][-1]
    mon = Monitoring(now=instant(first), account="123456789010")
    mon.sources.flow_logs.create(ENI, group="/vpc")
    # when packets pass at their instants, and the interval ends
    for *five, count, size, action, at in packets:
        mon.clock.run_until(instant(at))
        mon.sources.flow_logs.packet(ENI, *five, packets=count, bytes=size, action=action)
    mon.settle()
    # then there is the one record that AWS shows
    assert [event.message for event in mon.logs.tail("/vpc")] == [line]


def instant(seconds: int) -> str:
    from datetime import datetime, timezone

    return datetime.fromtimestamp(seconds, timezone.utc).isoformat()


# Source: as above, "TCP flag sequence".
@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        (["SYN"], 2), (["SYN ACK"], 18), (["FIN ACK"], 1), (["SYN", "ACK", "FIN ACK"], 3),
        (["SYN-ACK", "PSH ACK", "FIN"], 19), (["RST"], 4), (["ACK"], 0), ([""], 0),
    ],
)  # fmt: skip
def test_tcp_flags_of_one_record_are_ored(monitoring, flow_logs, flags, shown):
    flow_logs.create(ENI, group="/vpc", log_format=custom("tcp-flags"))
    for each in flags:
        flow_logs.packet(ENI, "10.0.0.62", "52.213.180.42", 5001, 43416, bytes=60, flags=each)
    monitoring.settle()
    assert messages("/vpc") == [str(shown)]


def test_a_custom_format_of_version_3(flow_logs, monitoring):
    # given the format and the interface of AWS's example of TCP flags
    flow_logs.create(
        ENI, group="/vpc", log_format=custom(V3), interval=60, nodata=False, **INTERFACE
    )
    # when packets with a SYN pass
    flow_logs.packet(
        ENI, "52.213.180.42", "10.0.0.62", 43416, 5001, bytes=568, packets=8, flags="SYN"
    )
    monitoring.settle()
    # then the record is AWS's, at these instants and in this account
    assert messages("/vpc") == [
        "3 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-01234567890123456 "
        "eni-1235b8ca123456789 123456789012 IPv4 52.213.180.42 10.0.0.62 43416 5001 "
        f"52.213.180.42 10.0.0.62 6 568 8 {NOON} {NOON} ACCEPT 2 OK"
    ]


def test_a_custom_format_of_version_5(monitoring):
    # given the example of an instance that calls S3
    place = monitoring.at(region="ap-southeast-2").sources.flow_logs
    place.create(
        ENI, group="/vpc", log_format=custom(V5),
        **{**INTERFACE, "instance_id": "i-0c50d5961bcb2d47b"}, az_id="apse2-az3",
    )  # fmt: skip
    # when packets come and go
    place.packet(
        ENI, "52.95.128.179", "10.0.0.71", 80, 34210, bytes=15044, packets=14,
        flags="SYN ACK FIN", pkt_src_aws_service="S3", flow_direction="ingress",
    )  # fmt: skip
    place.packet(
        ENI, "10.0.0.71", "52.95.128.179", 34210, 80, bytes=471, packets=7,
        flags="SYN FIN", pkt_dst_aws_service="S3", traffic_path=8, flow_direction="egress",
    )  # fmt: skip
    monitoring.settle()
    # then the records are AWS's, at these instants
    where = (
        "123456789012 vpc-abcdefab012345678 subnet-aaaaaaaa012345678 i-0c50d5961bcb2d47b "
        "eni-1235b8ca123456789 ap-southeast-2 apse2-az3 - - ACCEPT"
    )
    assert messages("/vpc", "ap-southeast-2") == [
        f"5 52.95.128.179 10.0.0.71 80 34210 6 {NOON} {NOON} IPv4 14 15044 {where} 19 "
        "52.95.128.179 10.0.0.71 S3 - - ingress OK",
        f"5 10.0.0.71 52.95.128.179 34210 80 6 {NOON} {NOON} IPv4 7 471 {where} 3 "
        "10.0.0.71 52.95.128.179 - S3 8 egress OK",
    ]


def test_through_a_nat_gateway_the_packet_s_addresses_differ(flow_logs, monitoring):
    names = custom("instance-id interface-id srcaddr dstaddr pkt-srcaddr pkt-dstaddr")
    flow_logs.create(ENI, group="/vpc", log_format=names)
    flow_logs.packet(ENI, "10.0.1.5", "10.0.0.220", 4000, 443, bytes=1, pkt_dstaddr="203.0.113.5")
    monitoring.settle()
    assert messages("/vpc") == ["- eni-1235b8ca123456789 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5"]


@pytest.mark.parametrize(
    ("names", "version"),
    [
        ("version", 2), ("version vpc-id", 3), ("version az-id vpc-id", 4),
        ("version traffic-path", 5), ("version ecs-task-id", 7), ("version reject-reason", 8),
        ("version resource-id srcaddr", 9), ("version encryption-status", 10),
    ],
)  # fmt: skip
def test_the_version_is_the_highest_of_the_fields(flow_logs, monitoring, names, version):
    flow_logs.create(ENI, group="/vpc", log_format=custom(names))
    flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", bytes=1)
    monitoring.settle()
    assert messages("/vpc")[0].split(" ")[0] == str(version)


def test_each_interval_has_records_of_its_own(flow_logs, monitoring):
    # given intervals of a minute, and one of ten beside it
    flow_logs.create(ENI, group="/minute", interval=60)
    flow_logs.create(ENI, group="/ten")
    # when something passes in each of two minutes
    for size in (100, 50):
        flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", 1, 2, bytes=size)
        monitoring.clock.advance(seconds=60)
    monitoring.clock.advance(minutes=8)
    # then the minutes were counted apart, and the ten together; idle minutes say so
    counted = [message.split(" ")[9:14] for message in messages("/minute")]
    assert counted[:2] == [
        ["100", str(NOON), str(NOON), "ACCEPT", "OK"],
        ["50", str(NOON + 60), str(NOON + 60), "ACCEPT", "OK"],
    ]
    assert counted[2] == ["-", str(NOON + 120), str(NOON + 180), "-", "NODATA"]
    assert len(counted) == 10
    assert [message.split(" ")[9] for message in messages("/ten")] == ["150"]


def test_idle_intervals_may_be_left_out(flow_logs, monitoring):
    flow_logs.create(ENI, group="/vpc", interval=60, nodata=False)
    # given a record, and then an idle hour
    flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", bytes=7)
    monitoring.clock.advance(hours=1, seconds=10)
    # when records are skipped
    flow_logs.skip(ENI)
    monitoring.settle()
    # then nothing else was told, and the interval is that of the skipping
    lines = [line.split(" ") for line in messages("/vpc")]
    assert [line[13] for line in lines] == ["OK", "SKIPDATA"]
    assert lines[1][10:12] == [str(NOON + 3600), str(NOON + 3660)]


def test_an_event_has_the_time_at_which_its_flow_began(flow_logs, monitoring):
    flow_logs.create(ENI, group="/vpc")
    monitoring.clock.advance(seconds=30)
    flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", bytes=1)
    monitoring.settle()
    assert [time for time, _ in events("/vpc")] == [(NOON + 30) * 1000]


def test_skipped_records_are_told(flow_logs, monitoring):
    flow_logs.create(ENI, group="/vpc", interval=60)
    flow_logs.skip(ENI)
    monitoring.clock.advance(minutes=1)
    assert messages("/vpc") == [f"2 123456789012 {ENI} - - - - - - - {NOON} {NOON + 60} - SKIPDATA"]


def test_the_stream_is_the_interface_and_the_traffic(flow_logs, monitoring):
    # given flow logs of all traffic and of what is rejected
    flow_logs.create(ENI, group="/vpc")
    flow_logs.create(ENI, group="/vpc", traffic="REJECT")
    # when a packet is accepted and one is rejected
    for action in ("ACCEPT", "REJECT"):
        flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", bytes=1, action=action)
    monitoring.settle()
    # then each has its own
    assert streams("/vpc") == [f"{ENI}-all", f"{ENI}-reject"]
    assert [line.split(" ")[12] for line in messages("/vpc")] == ["ACCEPT", "REJECT", "REJECT"]


def test_a_deleted_flow_log_writes_what_it_had_and_no_more(flow_logs, monitoring):
    flow_logs.create(ENI, group="/vpc")
    flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", bytes=7)
    flow_logs.delete(ENI)
    monitoring.clock.advance(hours=1)
    assert [line.split(" ")[9] for line in messages("/vpc")] == ["7"]
    assert list(flow_logs) == []
    with pytest.raises(MisuseError, match="create"):
        flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", bytes=7)


def test_a_snapshot_keeps_the_packets_of_the_interval():
    mon = Monitoring(now="2026-03-02T12:00:00Z")
    mon.sources.flow_logs.create(ENI, group="/vpc")
    mon.sources.flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", bytes=7)
    saved = mon.snapshot()
    other = Monitoring()
    other.restore(saved)
    other.sources.flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", bytes=5)
    for each in (mon, other):
        each.settle()
    sizes = [[e.message.split(" ")[9] for e in each.logs.tail("/vpc")] for each in (mon, other)]
    assert sizes == [["7"], ["12"]]


def test_insights_discovers_the_fields(flow_logs, monitoring):
    flow_logs.create(ENI, group="/vpc")
    for size in (100, 20):
        flow_logs.packet(ENI, "10.0.0.1", "203.0.113.9", 4000 + size, 443, bytes=size)
    monitoring.settle()
    rows = monitoring.logs.query("/vpc", "stats sum(bytes) as total by srcAddr, dstPort, action")
    assert [{name: row[name] for name in ("srcAddr", "dstPort", "action", "total")}
            for row in rows] == [
        {"srcAddr": "10.0.0.1", "dstPort": "443", "action": "ACCEPT", "total": "120"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"interval": 30}, "60 or 600"),
        ({"traffic": "all"}, "ALL"),
        ({"log_format": "srcaddr dstaddr"}, "between single blanks"),
        ({"log_format": "${srcaddr},${dstaddr}"}, "between single blanks"),
        ({"log_format": ""}, "between single blanks"),
        ({"log_format": "${srcaddr} ${colour}"}, "no field colour"),
        ({"colour": "red"}, "colour"),
        ({"bytes": "5"}, "bytes"),
    ],
)
def test_what_cannot_be_created_is_refused(flow_logs, options, message):
    with pytest.raises(MisuseError, match=message):
        flow_logs.create(ENI, group="/vpc", **options)
    assert list(flow_logs) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"protocol": "carrier pigeon"}, "IANA"),
        ({"action": "DROP"}, "ACCEPT or REJECT"),
        ({"flags": "SYM"}, "SYM"),
        ({"srcport": 5}, "srcport"),
    ],
)
def test_what_cannot_pass_is_refused(flow_logs, monitoring, options, message):
    flow_logs.create(ENI, group="/vpc")
    with pytest.raises(MisuseError, match=message):
        flow_logs.packet(ENI, "10.0.0.1", "10.0.0.2", bytes=1, **options)
    with pytest.raises(MisuseError, match="already"):
        flow_logs.create(ENI, group="/vpc")
