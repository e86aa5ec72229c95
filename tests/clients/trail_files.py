"""Write the files that a trail delivers into a folder, for tools of others to read (`.ci/clients`).

python -m tests.clients.trail_files FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import boto3

from awsmon import mock_monitoring

NOW = "2026-03-02T12:00:00Z"


def main(folder: Path) -> None:
    """Some calls of a day, recorded."""

    def save(payload: dict) -> None:
        path = folder / payload["Key"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(payload["Body"])

    with mock_monitoring(now=NOW) as mon:
        mon.bind("arn:aws:s3:::records", save)
        trail, logs = boto3.client("cloudtrail"), boto3.client("logs")
        trail.create_trail(Name="main", S3BucketName="records")
        trail.start_logging(Name="main")
        logs.create_log_group(logGroupName="/a")
        boto3.client("cloudwatch").describe_alarms()
        mon.clock.advance(minutes=5)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
