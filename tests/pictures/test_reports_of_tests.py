"""``--awsmon-report``: a page for each failed test, from pytest itself."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

TESTS = """
    import boto3, pytest
    from awsmon import mock_monitoring

    @pytest.mark.monitoring(now="2026-03-02T12:00:00Z")
    def test_with_the_fixture(monitoring):
        monitoring.metrics.put("App", "Errors", 5)
        assert monitoring.clock.now() is None, "<b>not</b> yet"

    @mock_monitoring(now="2026-03-02T12:00:00Z")
    def test_with_the_decorator():
        boto3.client("cloudwatch", "us-east-1").put_metric_data(
            Namespace="Decorated", MetricData=[{"MetricName": "Errors", "Value": 1}])
        raise RuntimeError("decorated")

    @pytest.mark.parametrize("text", ["a/b", "../../up"])
    def test_of_a_case(monitoring, text):
        assert not text

    def test_that_passes(monitoring):
        monitoring.metrics.put("App", "Errors", 5)

    def test_without_awsmon():
        assert False
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_each_failed_test_that_used_awsmon_has_its_page(pytester, workers):
    # given tests of which four used awsmon and failed
    pytester.makepyfile(test_shop=TESTS)
    # when reports are wanted
    result = pytester.runpytest_subprocess(
        "--awsmon-report=reports", "-p", "no:randomly", "-p", "no:cacheprovider", *workers
    )
    # then there are four, inside of the folder, named after the tests
    result.assert_outcomes(failed=5, passed=1)
    pages = {path.name: path.read_text() for path in pytester.path.glob("reports/**/*")}
    assert len(pages) == 4
    fixture, decorator = (
        pages[f"test_shop.py-test_with_the_{name}.html"] for name in ("fixture", "decorator")
    )
    assert "&lt;b&gt;not&lt;/b&gt; yet" in fixture
    assert "test_shop.py::test_with_the_fixture" in fixture
    assert "RuntimeError: decorated" in decorator
    assert "cloudwatch.PutMetricData" in decorator
    assert any("test_of_a_case[a-b]" in name for name in pages)
    result.stdout.fnmatch_lines(["*awsmon report*", "*test_with_the_fixture.html"])


def test_without_the_option_nothing_is_written(pytester):
    pytester.makepyfile(test_shop="def test_x(monitoring): assert monitoring is None")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    assert [path.name for path in pytester.path.iterdir() if path.suffix == ".html"] == []
