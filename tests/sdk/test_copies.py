"""A copy of botocore under another name, as awscli 2 carries it, is hooked as well."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import botocore
import pytest

_RENAMED = [
    (r"^(\s*)from botocore\b", r"\1from awscli.botocore"),
    (r"^(\s*)import botocore$", r"\1from awscli import botocore"),
    (r"^(\s*)import botocore(\.\S+) as", r"\1import awscli.botocore\2 as"),
    (
        r"^(\s*)import botocore(\.\S+)$",
        r"\1import awscli.botocore\2\n\1from awscli import botocore",
    ),
]


@pytest.fixture
def copy(tmp_path):
    """A package `awscli` with nothing but a botocore of its own, as awscli 2 has it."""
    source = Path(botocore.__file__).parent
    target = tmp_path / "awscli" / "botocore"
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("data", "__pycache__"))
    (target / "data").symlink_to(source / "data")
    for path in target.rglob("*.py"):
        text = path.read_text()
        for old, new in _RENAMED:
            text = re.sub(old, new, text, flags=re.MULTILINE)
        path.write_text(text)
    (tmp_path / "awscli" / "__init__.py").write_text("")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("imported", ["before", "after"])
def test_a_copy_of_botocore_is_hooked(copy, imported):
    get = "import awscli.botocore.session as session, awscli.botocore.client as module\n"
    code = (
        f"import sys; sys.path.insert(0, {str(copy)!r})\n"
        "from awsmon import NoMockForService, mock_monitoring\n"
        "import botocore.client\n"
        f"{get if imported == 'before' else ''}"
        "with mock_monitoring(now='2026-03-02T12:00:00Z') as mon:\n"
        f"    {get}"
        "    assert module.BaseClient is not botocore.client.BaseClient\n"
        "    client = session.Session().create_client('cloudwatch')\n"
        "    assert isinstance(client, module.BaseClient)\n"
        "    client.put_metric_data(Namespace='A', MetricData=[{'MetricName': 'x', 'Value': 1}])\n"
        "    assert [metric.name for metric in mon.metrics] == ['x']\n"
        "    mon.faults.throttle('cloudwatch', times=1)\n"
        "    assert client.list_metrics()['ResponseMetadata']['RetryAttempts'] == 1\n"
        "    try:\n"
        "        session.Session().create_client('sqs').list_queues()\n"
        "    except NoMockForService:\n"
        "        pass\n"
        "assert 'awsmon' not in module.BaseClient._make_request.__module__\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
