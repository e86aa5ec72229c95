"""The demo: from a log's bytes to the story of its alarm."""

from __future__ import annotations

import gzip
import io
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from awsmon import demo
from awsmon.__main__ import main
from awsmon.demo.accesslog import LONGEST, Broken, Entry, LogFile, parse
from awsmon.demo.order import FAR, in_order
from awsmon.demo.replay import Ended, Notified, Sent, Watch, replay
from awsmon.demo.story import Progress, tell
from tests.demo import make_sample

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)
SENSITIVE = Watch(threshold=1, periods=3, datapoints=2)


def line(clock, status=200, request="GET /x HTTP/1.1"):
    """A line of that time of the day, written in a zone seven hours behind."""
    at = datetime.fromisoformat(f"2026-03-02T{clock}+00:00") - timedelta(hours=7)
    return f'192.0.2.7 - - [{at:%d}/Mar/{at:%Y:%H:%M:%S} -0700] "{request}" {status} 99 "-" "a"'


def numbered(texts):
    return [parse(number, text) for number, text in enumerate(texts, 1)]


def changes(texts, watch=SENSITIVE):
    """Each change of the alarm: when, and to what."""
    happenings = replay(numbered(texts), watch)
    return [(f"{h.at:%H:%M:%S}", h.after) for h in happenings if isinstance(h, Notified)]


# An incident of two minutes. By hand, more than one 5xx in two of three minutes:
#   12:00 1    12:01 2 over    12:02 2 over    12:03 0    12:04 0    12:05 0
#   looked at at 12:03: 1 2 2, ALARM; at 12:04: 2 2 0, still; at 12:05: 2 0 0, OK
INCIDENT = [
    line("12:00:10"), line("12:00:50", 500),
    line("12:01:05", 500), line("12:01:06", 503),
    line("12:02:10", 500), line("12:02:09", 200), line("12:02:59", 502),
    line("12:03:30"), line("12:04:30"), line("12:05:20"),
]  # fmt: skip


# -- lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "request_line", "status"),
    [
        (
            '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326 '
            '"http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"',
            "2000-10-10T20:55:36+00:00", "GET /apache_pb.gif HTTP/1.0", 200,
        ),  # Apache's own example
        (
            '::1 - - [29/feb/2024:23:59:59 +0530] "GET / HTTP/2.0" 304 - "-" "-"',
            "2024-02-29T18:29:59+00:00", "GET / HTTP/2.0", 304,
        ),
        (
            'h - - [01/Jan/2026:00:00:00 +0000] "GET /?q=\\"a\\\\\\" HTTP/1.1" 503 0 "\\"" "[\\"]"',
            "2026-01-01T00:00:00+00:00", 'GET /?q=\\"a\\\\\\" HTTP/1.1', 503,
        ),
        (
            'h - - [01/Jan/2026:00:00:00 +0000] "-" 408 - "-" "-"',
            "2026-01-01T00:00:00+00:00", "-", 408,
        ),
        (
            'h - - [01/Jan/2026:00:00:00 +0000] "\\x16\\x03\\x01" 400 157 "-" "-"',
            "2026-01-01T00:00:00+00:00", "\\x16\\x03\\x01", 400,
        ),
        (
            'h - - [01/Jan/2026:00:00:00 +0000] "" 400 0 "-" "-"',
            "2026-01-01T00:00:00+00:00", "", 400,
        ),
        (
            'h - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5',
            "2026-01-01T00:00:00+00:00", "GET / HTTP/1.1", 200,
        ),  # common format
        (
            'shop:443 h - John Doe [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "a" "-" '
            "0.003",
            "2026-01-01T00:00:00+00:00", "GET / HTTP/1.1", 200,
        ),  # a virtual host before, a duration behind, a user with a space
    ],
)  # fmt: skip
def test_a_line_of_a_log_is_read(text, at, request_line, status):
    entry = parse(7, text)
    assert entry == Entry(7, datetime.fromisoformat(at), request_line, status, text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \t", "empty"),
        ("kernel: out of memory", "no host and time"),
        ('h - - [10/Oct/2000 13:55:36] "GET / HTTP/1.1" 200 5', "no host and time"),
        ("h - - [10/Oct/2000:13:55:36 -0700", "no host and time"),
        ('h - - [10/Oct/2000:13:55:36 -0700] "GET / HT', "no whole request"),
        ('h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 20', "no status and size"),
        ('h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 2000 5', "no status and size"),
        ('h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 five', "no status and size"),
        ('h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" ٢٠٠ 5', "no status and size"),
        ('h - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 5 "-" "Moz', "no whole referer"),
        ('h - - [31/Feb/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 5', "no such time: 31/Feb/2000"),
        ('h - - [10/Okt/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 5', "no such time: 10/Okt"),
        ('h - - [10/Oct/2000:24:00:00 -0700] "GET / HTTP/1.1" 200 5', "no such time"),
        ('h - - [10/Oct/2000:13:55:36 -9900] "GET / HTTP/1.1" 200 5', "no such time"),
        ('h - - [10/Oct/9999:13:55:36 -0700] "GET / HTTP/1.1" 200 5', "no such time"),
        ('h - - [10/Oct/0000:13:55:36 -0700] "GET / HTTP/1.1" 200 5', "no such time"),
    ],
)
def test_a_broken_line_says_why(text, reason):
    broken = parse(3, text)
    assert isinstance(broken, Broken)
    assert (broken.number, broken.text) == (3, text)
    assert broken.reason.startswith(reason)


def pieces():
    """Text that looks a little like a log."""
    known = ["h - - ", "[10/Oct/2000:13:55:36 -0700] ", '"GET / HTTP/1.1" ', "200 5", ' "-" "-"',
             '"', "\\", " ", "[", "]", "99/Xxx/9999:99:99:99 +9999"]  # fmt: skip
    return st.lists(st.sampled_from(known) | st.text(max_size=4)).map("".join)


@pytest.mark.slow
@given(st.text() | pieces(), st.integers())
@example('h - - [10/Oct/2000:13:55:36 -0700] "' * 50, 1)
def test_any_text_is_an_entry_or_broken_for_a_reason(text, number):
    found = parse(number, text)
    assert (found.number, found.text) == (number, text)
    assert isinstance(found, Entry) or found.reason


QUOTABLE = st.text(st.characters(exclude_characters='"\\\n', exclude_categories=["Cs"])) | st.just(
    '\\"'
)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@pytest.mark.slow
@given(
    seconds=st.integers(631_300_000, 7_258_000_000),  # the years 1990 to 2199
    offset=st.integers(-14 * 4, 14 * 4),
    request_line=QUOTABLE,
    agent=QUOTABLE,
    status=st.integers(100, 599),
)
def test_what_a_server_writes_is_read_back(seconds, offset, request_line, agent, status):
    # given a line as a server in some zone writes it
    zone = timezone(timedelta(minutes=15 * offset))
    there = datetime.fromtimestamp(seconds, zone)
    text = (
        f"h - - [{there:%d}/{MONTHS[there.month - 1]}/{there:%Y:%H:%M:%S %z}] "
        f'"{request_line}" {status} 5 "-" "{agent}"'
    )
    # then it is read as what happened
    found = parse(1, text)
    assert isinstance(found, Entry)
    assert (found.at, found.request, found.status) == (there, request_line, status)
    assert found.failed is (status >= 500)


# -- order ---------------------------------------------------------------------------------------


def entry(number, hours):
    return Entry(number, NOON + timedelta(hours=hours), "GET / HTTP/1.1", 200, "text")


@pytest.mark.parametrize(
    ("hours", "broken"),
    [
        ([0, 1, 0.5, 2], {}),
        ([0, 900, 1, 2], {2: "its time lies over 37 days ahead of the next one's"}),
        ([900, 0, 1], {1: "its time lies over 37 days ahead of the next one's"}),
        ([0, 900, 901, 899], {}),  # silent for weeks
        ([0, 900], {}),
        ([100, 101, 70, 102], {3: "its time lies over 1 day behind the newest before it"}),
        ([-9000, 0, 1], {}),
        ([0, 900, 1800, 1801, 1], {5: "its time lies over 75 days behind the newest before it"}),
        ([], {}),
    ],
)
def test_a_time_that_no_neighbour_bears_out_is_broken(hours, broken):
    lines = list(in_order(entry(number, hour) for number, hour in enumerate(hours, 1)))
    assert {each.number: each.reason for each in lines if isinstance(each, Broken)} == broken
    assert [each.number for each in lines] == list(range(1, len(hours) + 1))


@given(st.lists(st.none() | st.integers(-2000, 2000)))
def test_no_line_gets_lost_and_none_lies_far_behind(hours):
    # given entries at any times, and broken lines between
    lines = [
        Broken(number, "", "cut") if hour is None else entry(number, hour)
        for number, hour in enumerate(hours, 1)
    ]
    # when their order is looked at
    found = list(in_order(lines))
    # then all are there, and what is believed suffices for a clock that doesn't go back
    assert sorted(each.number for each in found) == list(range(1, len(hours) + 1))
    times = [each.at for each in found if isinstance(each, Entry)]
    for place, at in enumerate(times):
        assert max(times[: place + 1]) - at <= FAR


# -- files ---------------------------------------------------------------------------------------


def read(path):
    with LogFile(path) as file:
        lines = list(file)
        assert file.fraction == 1
    return lines


def test_gzip_is_known_by_its_first_bytes(tmp_path):
    # given one log, plain under a name of gzip's, and gzip in two parts under a plain one
    text = "\n".join(INCIDENT)
    plain, packed = tmp_path / "log.gz", tmp_path / "log.txt"
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text[:300].encode()) + gzip.compress(text[300:].encode()))
    # then both are the same lines
    assert read(plain) == read(packed) == numbered(INCIDENT)


def test_strange_bytes_and_endless_lines_stop_nothing(tmp_path):
    # given bytes that are no text, a line without end, an empty one and Windows' line ends
    path = tmp_path / "log"
    long = b"x" * (3 * LONGEST)
    path.write_bytes(b"\xff\x00\x1b[2J\n" + long + b"\n\r\n" + INCIDENT[0].encode() + b"\r\n")
    # then each is one line
    reasons = [getattr(each, "reason", None) for each in read(path)]
    assert reasons[0].startswith("no host and time")
    assert reasons[1:] == [f"longer than {LONGEST} bytes", "empty", None]
    assert read(path)[3] == parse(4, INCIDENT[0])


# -- replay --------------------------------------------------------------------------------------


def test_a_small_log_has_the_outcome_worked_out_by_hand():
    assert changes(INCIDENT) == [("12:01:00", "OK"), ("12:03:00", "ALARM"), ("12:05:00", "OK")]


def test_a_change_tells_its_datapoints_and_what_was_notified():
    # when the incident is replayed
    happenings = list(replay(numbered(INCIDENT), SENSITIVE))
    # then the alarm's change has the figures of its three minutes
    [_, fired, _] = [each for each in happenings if isinstance(each, Notified)]
    told = [(f"{p.start:%H:%M}", p.value, p.samples) for p in fired.datapoints]
    assert told == [("12:00", 1, 2), ("12:01", 2, 2), ("12:02", 2, 3)]
    # and its topic had a message that says so
    assert fired.topic.endswith(":on-call")
    assert fired.subject == 'ALARM: "server-errors" in US East (N. Virginia)'
    assert fired.message["NewStateReason"].startswith(
        "Threshold Crossed: 2 out of the last 3 datapoints [2.0 (02/03/26 12:02:00), "
        "2.0 (02/03/26 12:01:00)] were greater than the threshold (1.0)"
    )
    assert happenings[-1] == Ended(NOON + timedelta(minutes=6), "OK", {"delivered": 3})


def test_every_line_is_sent_when_its_minute_is_over():
    sent = [each for each in replay(numbered(INCIDENT), SENSITIVE) if isinstance(each, Sent)]
    assert [len(each.entries) for each in sent] == [2, 2, 3, 1, 1, 1]
    assert [f"{each.at:%H:%M:%S}" for each in sent] == [
        "12:00:50", "12:01:06", "12:02:59", "12:03:30", "12:04:30", "12:05:20"
    ]  # fmt: skip


def test_a_late_line_counts_in_its_own_minute():
    # given a second failure of 12:01 that is written when that minute has been looked at
    texts = [
        line("12:00:10", 500), line("12:00:20", 500),
        line("12:01:05", 500),
        line("12:02:03"), line("12:01:59", 500),
    ]  # fmt: skip
    # then 12:00 and 12:01 are over the threshold, which is seen at 12:03
    assert changes(texts) == [("12:01:00", "OK"), ("12:03:00", "ALARM")]
    # and the line counts nowhere else
    in_time = [line("12:01:59") if text == texts[4] else text for text in texts]
    assert changes(in_time) == [("12:01:00", "OK")]


def test_an_alarm_clears_in_silence():
    # given a failure, and nothing for an hour
    texts = [line("12:00:10", 500), line("13:10:00")]
    # then the missing minutes are taken as good ones, before the log goes on
    [(fired, alarm), (cleared, ok)] = changes(texts, Watch(0, 1, 1))
    assert (fired, alarm, ok) == ("12:01:00", "ALARM", "OK")
    assert "12:01:00" < cleared < "12:10:00"


def test_a_log_without_entries_has_only_broken_lines():
    assert list(replay(numbered(["a", "b"]), SENSITIVE)) == numbered(["a", "b"])


# -- the story -----------------------------------------------------------------------------------


def story(texts, watch=SENSITIVE, **options):
    out = io.StringIO()
    tell(replay(numbered(texts), watch), watch, log="a log", out=out, **options)
    return out.getvalue()


def test_the_story_of_an_incident():
    text = story(INCIDENT)
    fired = text.partition("12:03:00  ALARM\n")[2].partition("\n\n")[0].splitlines()
    assert fired[:3] == [
        "  datapoints  12:00     1 of 2 answers 5xx",
        "              12:01     2 of 2 answers 5xx, over 1",
        "              12:02     2 of 3 answers 5xx, over 1",
    ]
    quoted = [re.sub(r"^( {2}lines|) +", "", each)[:7] for each in fired[3:7]]
    assert quoted == ["3  500 ", "4  503 ", "5  500 ", "7  502 "]
    assert fired[7] == '  notified    ALARM: "server-errors" in US East (N. Virginia)'
    assert "12:05:00  OK, after an incident for 2 minutes: 4 answers 5xx, " in text
    assert "2 of them 500 GET /x\n" in text
    assert "  incidents   1\n              2026-03-02 12:03  for 2 minutes: 4 answers 5xx" in text
    assert "10 read, of 6 minutes, 2026-03-02 12:00:10 to 2026-03-02 12:05:20\n" in text
    assert "1 stand up to 1 s too late" in text
    assert text.endswith("notified    3 delivered\n  in the end  the alarm is OK\n")


def test_an_incident_may_outlast_the_log():
    text = story(INCIDENT[:7])
    assert "2026-03-02 12:03  until the log ended: 4 answers 5xx" in text
    assert text.endswith("in the end  the alarm is ALARM\n")


def test_broken_lines_are_named_and_change_nothing():
    # given the incident with broken lines between, more than are named
    texts = [text for each in INCIDENT for text in (each, "kaputt")]
    # then the alarm does the same
    assert changes(texts) == changes(INCIDENT)
    # and the first are named with their numbers, the others counted
    text = story(texts)
    assert "20 read" in text
    assert "  broken      10\n              line 2: no host and time" in text
    assert [int(n) for n in re.findall(r" line (\d+): ", text)] == [2, 4, 6, 8, 10]
    assert " and 5 more\n" in text


def test_nothing_in_a_log_reaches_the_terminal_as_a_command():
    texts = [line("12:00:01", 500, "GET /\x1b]0;owned\x07\u202e\x9b HTTP/1.1"), "\x1b[2J\x00"]
    text = story(texts, Watch(0, 1, 1))
    assert "GET /\\x1b]0;owned\\x07\\u202e\\x9b" in text
    assert text.replace("\n", "").isprintable()
    assert text.isascii()


def test_states_are_coloured_where_asked():
    assert "\x1b[1;31mALARM\x1b[0m\n" in story(INCIDENT, colours=True)
    assert "\x1b" not in story(INCIDENT)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_moves_along_on_a_terminal_and_nowhere_else():
    # given three things of which one may be told
    happenings = [Sent(NOON, ()), Sent(NOON, ()), Ended(NOON, "OK", {}), Sent(NOON, ())]
    parts = iter([0.5, 0.5, 0.75, 1.0])
    terminal, file = Terminal(), io.StringIO()
    # when they pass by
    passed = list(Progress(terminal, lambda: next(parts)).along(happenings))
    list(Progress(file, lambda: 0.5).along(happenings))
    # then the bar was gone when it was told, and in the end
    assert passed == happenings
    half, most, whole = (f"[{'#' * n:<40}] {n * 5 // 2:3}%" for n in (20, 30, 40))
    drawn = terminal.getvalue().split("\r\x1b[K")[1:]
    assert drawn == [half, "", most, whole, ""]
    assert file.getvalue() == ""


# -- the command ---------------------------------------------------------------------------------


def refused(capsys, *arguments):
    """What a command says that ends with 2."""
    assert main(["demo", *map(str, arguments)]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("awsmon demo: ")
    return captured.err.removeprefix("awsmon demo: ")


def test_a_log_that_cannot_be_read_ends_with_2(capsys, tmp_path):
    missing, empty, other = tmp_path / "missing", tmp_path / "empty", tmp_path / "other"
    empty.touch()
    other.write_text("root:x:0\n\nbin:x:1\n")
    assert refused(capsys, "--log", missing) == (
        f"{missing} cannot be read: No such file or directory\n"
    )
    assert refused(capsys, "--log", tmp_path) == f"{tmp_path} cannot be read: Is a directory\n"
    assert refused(capsys, "--log", empty) == f"{empty} is empty\n"
    assert refused(capsys, "--log", other).startswith(
        f"{other}: none of its 3 lines is of an access log in combined format; line 1: no host"
    )


def test_a_gzip_file_that_breaks_off_ends_with_2(capsys, tmp_path):
    # given the first half of a gzip file, and one that is gzip by its first bytes alone
    half, fake = tmp_path / "half.gz", tmp_path / "fake"
    half.write_bytes(gzip.compress("\n".join(INCIDENT).encode())[:-10])
    fake.write_bytes(b"\x1f\x8bnonsense")
    # then both are named
    assert refused(capsys, "--log", half).startswith(f"{half} cannot be read beyond line ")
    assert refused(capsys, "--log", fake).startswith(f"{fake} cannot be read beyond line 0: ")


def test_options_set_the_alarm(capsys, tmp_path):
    # given a log, gzip
    path = tmp_path / "log"
    path.write_bytes(gzip.compress("\n".join(INCIDENT).encode()))
    # when the alarm is to fire at the first failure
    options = ["--threshold", "0", "--periods", "1"]
    assert main(["demo", "--log", str(path), *options]) == 0
    # then it does, and there is nothing but text in the output
    text = capsys.readouterr().out
    assert "more than 0 answers 5xx a minute, in 1 of 1 minutes" in text
    assert "12:01:00  ALARM, from its first datapoints\n" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colours_are_for_terminals_without_no_color(
    capsys, tmp_path, monkeypatch, no_color, coloured
):
    path = tmp_path / "log"
    path.write_text("\n".join(INCIDENT))
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["demo", "--log", str(path)]) == 0
    assert ("\x1b[" in capsys.readouterr().out) is coloured


def test_the_machines_own_configuration_plays_no_part(tmp_path, monkeypatch, capsys):
    # given an environment that boto3 would stumble over, or obey
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAHALF")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/no/such/file")
    path = tmp_path / "log"
    path.write_text("\n".join(INCIDENT[:2]))
    # then the demo runs as ever
    assert main(["demo", "--log", str(path)]) == 0
    assert "1 delivered" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "required: COMMAND"),
        (["demo", "--periods", "2", "--datapoints", "3"], "--datapoints 3 of --periods 2"),
        (["demo", "--periods", "0"], "'0' isn't a whole number of 1 to 1440"),
        (["demo", "--threshold", "-1"], "'-1' isn't a whole number of 0 to 1000000000"),
        (["demo", "--threshold", "nan"], "'nan' isn't a whole number"),
        (["demo", "--threshold", "9" * 5000], "isn't a whole number"),
    ],
)
def test_arguments_that_cannot_be_meant_are_refused_by_name(capsys, arguments, told):
    with pytest.raises(SystemExit) as refusal:
        main(arguments)
    assert refusal.value.code == 2
    assert told in capsys.readouterr().err


def test_the_version_is_told_without_loading_boto3():
    code = (
        "import sys\n"
        "from awsmon.__main__ import main\n"
        "try: main(['--version'])\n"
        "finally: assert not {'boto3', 'awsmon.mock', 'awsmon.demo'} & set(sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"awsmon \d+\.\d+\.\d+\n", told.stdout)


@pytest.mark.slow
def test_the_demo_runs_without_the_extras(tmp_path):
    path = tmp_path / "log"
    path.write_text("\n".join(INCIDENT))
    # given a Python in which none of them can be imported
    extras = ("moto", "time_machine", "freezegun", "pytest", "hypothesis", "matplotlib", "duckdb")
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({extras}))\n"
        "from awsmon.__main__ import main; sys.exit(main())"
    )
    # then it runs, and has nothing to complain of
    command = [sys.executable, "-c", code, "demo", "--log", str(path), "--threshold", "1"]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "3 delivered" in told.stdout
    assert told.stderr == ""


# -- the sample ----------------------------------------------------------------------------------


def test_the_shipped_log_is_what_the_generator_makes():
    assert make_sample.sample() == demo.SAMPLE.read_bytes()
    assert len(make_sample.sample()) < 600_000


def test_the_shipped_log_names_nobody():
    """Addresses from the ranges for documentation, names under .example."""
    text = demo.SAMPLE.read_text()
    hosts = {each.split()[0] for each in text.splitlines()} - {"[Mon"}
    assert {host.rpartition(".")[0] for host in hosts} == {
        "192.0.2", "198.51.100", "203.0.113"
    }  # fmt: skip
    assert all(name.endswith(".example") for name in re.findall(r"https?://([^/\"]+)", text))


def failures_by_minute():
    """5xx answers of each minute of the shipped log, by plain counting."""
    counts = dict.fromkeys((f"{h:02}:{m:02}" for h in range(6, 12) for m in range(60)), 0)
    for text in demo.SAMPLE.read_text().splitlines():
        if found := re.search(r"\[02/Mar/2026:(\d\d:\d\d):\d\d \+0000\] \".*?\" 5\d\d ", text):
            counts[found[1]] += 1
    return counts


@pytest.mark.slow
def test_the_shipped_log_has_two_incidents_and_a_blip(capsys):
    # given the minutes with more than five failures, and the 2-of-3 verdict at each minute's end
    counts = failures_by_minute()
    over = [count > 5 for count in counts.values()]
    verdicts = [sum(over[max(0, end - 3) : end]) >= 2 for end in range(1, len(over) + 1)]
    ends = [f"{h:02}:{m:02}" for h in range(6, 13) for m in range(60)][1:]
    expected, before = [("06:01", "OK")], False
    for end, alarm in zip(ends, verdicts, strict=False):
        if alarm is not before:
            expected.append((end, "ALARM" if alarm else "OK"))
            before = alarm
    # when the demo runs
    assert main(["demo"]) == 0
    told = capsys.readouterr().out
    # then the alarm fires and clears in those minutes, for two incidents
    assert re.findall(r"^2026-03-02 (\d\d:\d\d):00  ([A-Z]+)", told, re.MULTILINE) == expected
    assert [state for _, state in expected] == ["OK", "ALARM", "OK", "ALARM", "OK"]
    assert "all 500 GET /api/basket\n" in told
    assert "of them 503 GET /api/basket\n" in told
    # and not for the proxy's restart, though its minute is over the threshold
    assert counts["11:20"] > 5
    assert not any(at.startswith("11:") for at, _ in expected)
    # and both broken lines are named
    broken = Counter(re.findall(r" line (\d+): (no \w+ \w+)", told))
    assert broken == {("1188", "no whole request"): 1, ("2582", "no host and"): 1}


@pytest.mark.parametrize("name", ["demo.html", "log/demo.html"])
def test_the_demo_writes_a_report_or_says_why_not(tmp_path, capsys, name):
    path, page = tmp_path / "log", tmp_path / name
    path.write_text("\n".join(INCIDENT))
    code = main(["demo", "--log", str(path), "--report", str(page)])
    out, err = capsys.readouterr()
    if name == "demo.html":
        assert (code, err) == (0, "")
        assert f"report      {page}" in out
        assert "server-errors" in page.read_text(encoding="utf-8")
    else:  # in a folder that is a file
        assert code == 2
        assert "the report cannot be written" in err
