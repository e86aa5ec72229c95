"""The agent tails a file that is rotated under it, and loses no line and sends none twice."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from awsmon.agent.tail import Tail
from awsmon.errors import MisuseError
from tests.agent.conftest import append, messages


@pytest.fixture
def log(tmp_path):
    return tmp_path / "app.log"


def rename(log):
    """As logrotate does it: older files move up, the program opens a new one."""
    for number in range(20, 0, -1):
        old = log.with_name(f"app.log.{number}")
        if old.exists():
            old.rename(log.with_name(f"app.log.{number + 1}"))
    log.rename(log.with_name("app.log.1"))
    log.touch()


def copy_and_truncate(log):
    """As logrotate's ``copytruncate``: the program goes on writing to the same file."""
    for number in range(20, 0, -1):
        old = log.with_name(f"app.log.{number}")
        if old.exists():
            old.rename(log.with_name(f"app.log.{number + 1}"))
    shutil.copy2(log, log.with_name("app.log.1"))
    os.truncate(log, 0)


@pytest.mark.parametrize("rotate", [rename, copy_and_truncate])
def test_no_line_is_lost_when_the_file_is_rotated(monitoring, tailing, log, rotate):
    # given an agent that reads each five seconds
    append(log, "before 1\nbefore 2\n")
    tailing().start()
    monitoring.clock.advance(seconds=5)
    # when lines are written, the file is rotated, and more are written, again and again
    expected = ["before 1", "before 2"]
    for round_ in range(4):
        append(log, f"last {round_}\n")
        rotate(log)
        append(log, f"first {round_}\nsecond {round_}\n")
        expected += [f"last {round_}", f"first {round_}", f"second {round_}"]
        monitoring.clock.advance(seconds=5)
    # then all are there, once, in their order
    assert messages() == expected


def test_files_that_come_and_go_between_two_looks_are_read(monitoring, tailing, log):
    append(log, "1\n")
    tailing().start()
    monitoring.clock.advance(seconds=5)
    for number in (2, 3, 4):
        rename(log)
        append(log, f"{number}\n")
    monitoring.clock.advance(seconds=5)
    assert messages() == ["1", "2", "3", "4"]


def test_what_is_rotated_before_the_first_look_is_read(monitoring, tailing, log):
    log.touch()
    tailing().start()
    for number in (1, 2):
        append(log, f"{number}\n")
        rename(log)
        append(log, f"{number} and a half\n")
        copy_and_truncate(log)
    monitoring.clock.advance(seconds=5)
    assert messages() == ["1", "1 and a half", "2", "2 and a half"]


def test_what_was_rotated_before_isnt_read(monitoring, tailing, log):
    append(log, "old\n")
    rename(log)
    append(log, "new\n")
    tailing().start()
    monitoring.clock.advance(seconds=5)
    rename(log)
    append(log, "newer\n")
    monitoring.clock.advance(seconds=5)
    assert messages() == ["new", "newer"]


def test_a_compressed_file_isnt_text(monitoring, tailing, log):
    append(log, "1\n")
    tailing().start()
    monitoring.clock.advance(seconds=5)
    rename(log)
    append(log.with_name("app.log.0.gz"), "\x1f\x8b\n")
    append(log, "2\n")
    monitoring.clock.advance(seconds=5)
    assert messages() == ["1", "2"]


def test_a_truncated_file_that_has_outgrown_itself_is_noticed(monitoring, tailing, log):
    append(log, "1\n")
    tailing().start()
    monitoring.clock.advance(seconds=5)
    os.truncate(log, 0)
    append(log, "a line that is longer than all that was there before\n")
    monitoring.clock.advance(seconds=5)
    assert messages() == ["1", "a line that is longer than all that was there before"]


def test_the_last_line_of_a_rotated_file_needs_no_newline(monitoring, tailing, log):
    append(log, "1\nhalf")
    tailing().start()
    monitoring.clock.advance(seconds=5)
    assert messages() == ["1"]  # the rest may come yet
    append(log, " and half")
    rename(log)
    append(log, "2\n")
    monitoring.clock.advance(seconds=5)
    assert messages() == ["1", "half and half", "2"]


def test_a_wildcard_follows_the_newest_file(monitoring, tailing, tmp_path):
    first, second = tmp_path / "app-01.log", tmp_path / "app-02.log"
    append(tmp_path / "app-00.log", "long ago\n")
    os.utime(tmp_path / "app-00.log", (1, 1))
    append(first, "1\n")
    tailing(file_path=str(tmp_path / "app-*.log"), auto_removal=True).start()
    monitoring.clock.advance(seconds=5)
    append(first, "2\n")
    append(second, "3\n")
    os.utime(second, (os.stat(first).st_mtime + 1,) * 2)
    monitoring.clock.advance(seconds=5)
    assert messages() == ["1", "2", "3"]
    assert not first.exists()  # auto_removal: it was read, and another has come


def test_two_files_of_one_wildcard_written_in_turn_are_read_once(monitoring, tailing, tmp_path):
    one, other = tmp_path / "app-a.log", tmp_path / "app-b.log"
    append(one, "a1\n")
    tailing(file_path=str(tmp_path / "app-*.log")).start()
    monitoring.clock.advance(seconds=5)
    for number, path in enumerate([other, one, other, one], start=2):
        append(path, f"{path.stem}{number}\n")
        os.utime(path, (2_000_000_000 + number,) * 2)
        monitoring.clock.advance(seconds=5)
    assert messages() == ["a1", "app-b2", "app-a3", "app-b4", "app-a5"]


def test_each_file_may_be_a_log_of_its_own(monitoring, tailing, tmp_path):
    append(tmp_path / "a.log", "a\n")
    append(tmp_path / "b.log", "b\n")
    append(tmp_path / "secret.log", "c\n")
    tailing(file_path=str(tmp_path / "*.log"), publish_multi_logs=True, blacklist="^secret").start()
    monitoring.clock.advance(seconds=5)
    name = str(tmp_path).replace("/", "_")
    assert messages(stream=f"s_{name}_a.log") == ["a"]
    assert sorted(messages()) == ["a", "b"]


def test_a_file_that_comes_later_is_found(monitoring, tailing, log):
    tailing().start()
    monitoring.clock.advance(seconds=5)
    append(log, "1\n")
    monitoring.clock.advance(seconds=5)
    log.unlink()
    monitoring.clock.advance(seconds=5)
    append(log, "2\n")
    monitoring.clock.advance(seconds=5)
    assert messages() == ["1", "2"]


def test_another_agent_goes_on_where_one_stopped(monitoring, log, tmp_path):
    # given an agent that keeps how far it came
    listed = {"file_path": str(log), "log_group_name": "app", "log_stream_name": "s"}
    told = {"logs": {"logs_collected": {"files": {"collect_list": [listed]}}}}
    state = str(tmp_path / "state")
    append(log, "1\n2\n")
    with monitoring.agent(told, state_file=state):
        pass
    # when the file is rotated while none runs, then the next reads on, there and here
    append(log, "3\n")
    rename(log)
    append(log, "4\n")
    monitoring.clock.advance(seconds=1)
    with monitoring.agent(told, state_file=state):
        pass
    assert messages() == ["1", "2", "3", "4"]


def test_a_file_that_cannot_be_read_is_told_and_others_are_read(
    monitoring, tailing, log, monkeypatch
):
    append(log, "1\n")
    opened = Tail._open

    def refused(self, *args):
        raise PermissionError(13, "Permission denied")

    agent = tailing().start()
    monkeypatch.setattr(Tail, "_open", refused)
    rename(log)
    append(log, "2\n")
    monitoring.clock.advance(seconds=5)
    assert agent.log == [f"{log}: Permission denied"]
    monkeypatch.setattr(Tail, "_open", opened)
    monitoring.clock.advance(seconds=5)
    assert messages() == ["1", "2"]


@pytest.mark.parametrize("text", ["{", '{"a": 1}', "[]"])
def test_a_state_that_is_none_is_refused(monitoring, tmp_path, log, text):
    (tmp_path / "state").write_text(text)
    listed = {"file_path": str(log), "log_group_name": "app"}
    told = {"logs": {"logs_collected": {"files": {"collect_list": [listed]}}}}
    with pytest.raises(MisuseError, match="holds no state of the agent"):
        monitoring.agent(told, state_file=str(tmp_path / "state"))


class _Program:
    """Writes numbered lines to a file that is rotated, and reads them as the agent does."""

    def __init__(self, folder):
        self.log = folder / "app.log"
        self.tail = Tail(str(self.log))
        self.written, self.read = [], []
        self.poll()

    def write(self):
        line = f"line {len(self.written)}"
        append(self.log, f"{line}\n")
        self.written.append(line)

    def rename(self):
        self.move()
        self.log.touch()

    def move(self):
        """The program makes a new file when it writes the next line."""
        if self.log.exists():
            rename(self.log)
            self.log.unlink()

    def copy_and_truncate(self):
        if self.log.exists():
            copy_and_truncate(self.log)

    def restart(self):
        """Another run goes on where one stopped."""
        if self.tail.reached is not None:
            self.tail.close()
            self.tail = Tail(str(self.log), at=self.tail.reached)

    def poll(self):
        self.read += [line for line in self.tail.lines() if line is not None]


STEPS = ["write", "write", "rename", "move", "copy_and_truncate", "poll", "restart"]


@given(st.lists(st.sampled_from(STEPS), max_size=14))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["write", "copy_and_truncate", "write", "copy_and_truncate", "write"])
@example(["write", "poll", "write", "copy_and_truncate", "write", "rename", "write"])
@example(["write", "poll", "write", "rename", "write", "copy_and_truncate", "write"])
def test_whatever_happens_to_the_file_each_line_is_read_once(tmp_path_factory, steps):
    program = _Program(tmp_path_factory.mktemp("log"))
    for step in steps:
        getattr(program, step)()
    program.write()
    program.poll()
    assert program.read == program.written
    program.tail.close()
