"""CloudTrail: every API call, recorded, looked up, delivered."""
