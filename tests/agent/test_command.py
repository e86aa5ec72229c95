"""The agent from the command line, for a second of real time."""

from __future__ import annotations

import json

from awsmon.__main__ import main
from tests.agent.conftest import append


def test_what_the_agent_sends_is_told(tmp_path, capsys, monkeypatch):
    # given a configuration whose agent measures each second, and a clock that nobody waits for
    monkeypatch.setattr("awsmon.agent.command._wait", lambda mon, seconds: mon.clock.advance(
        seconds=seconds))  # fmt: skip
    append(tmp_path / "app.log", "one\ntwo\n")
    told = {
        "metrics": {"metrics_collected": {"mem": {"measurement": ["total"]}},
                    "append_dimensions": {"InstanceId": "${aws:InstanceId}"}},
        "logs": {"logs_collected": {"files": {"collect_list": [
            {"file_path": str(tmp_path / "app.log"), "log_group_name": "app"}]}}},
    }  # fmt: skip
    (tmp_path / "agent.json").write_text(json.dumps(told))
    # when it runs
    status = main(["agent", "--config", str(tmp_path / "agent.json"), "--instance-id", "i-1"])
    # then events and metrics are told
    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert lines[:3] == ["app, i-1: 2 events", "  one", "  two"]
    assert lines[3].startswith("CWAgent/mem_total{InstanceId=i-1}: ")


def test_a_configuration_that_isnt_valid_is_refused(tmp_path, capsys):
    (tmp_path / "agent.json").write_text('{"metrics": {}}')
    assert main(["agent", "--config", str(tmp_path / "agent.json")]) == 2
    assert "under /metrics: metrics_collected is missing" in capsys.readouterr().err
