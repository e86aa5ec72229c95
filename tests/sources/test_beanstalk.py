"""Elastic Beanstalk: log files of instances."""

from __future__ import annotations

from datetime import timedelta

from tests.sources.conftest import events, messages, streams

WEB = "/aws/elasticbeanstalk/shop-prod/var/log/web.stdout.log"
NGINX = "/aws/elasticbeanstalk/shop-prod/var/log/nginx/access.log"
INSTANCE = "i-01234567890123456"


def test_a_file_has_a_group_and_an_instance_a_stream(monitoring):
    output = monitoring.sources.beanstalk.output
    output("shop-prod", INSTANCE, ["started"])
    output("shop-prod", "i-2", ["started"])
    output("shop-prod", INSTANCE, ['10.0.0.1 - - "GET / HTTP/1.1" 200'], log="nginx/access.log")
    assert streams(WEB) == [INSTANCE, "i-2"]
    assert messages(WEB) == ["started", "started"]
    assert messages(NGINX) == ['10.0.0.1 - - "GET / HTTP/1.1" 200']


def test_syslog_begins_each_line(monitoring):
    later = monitoring.clock.now() + timedelta(seconds=5)
    monitoring.sources.beanstalk.output(
        "shop-prod", INSTANCE, ["a", (later, "b")], syslog="ip-172-31-8-53 web[2513]"
    )
    assert events(WEB) == [
        (1772452800000, "Mar  2 12:00:00 ip-172-31-8-53 web[2513]: a"),
        (1772452805000, "Mar  2 12:00:05 ip-172-31-8-53 web[2513]: b"),
    ]
