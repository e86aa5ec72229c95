"""Athena, for tables over files of JSON: what CloudTrail and AWS Config delivered."""
