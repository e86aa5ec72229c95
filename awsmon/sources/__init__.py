"""What AWS services write to CloudWatch Logs by themselves, from what is described or observed."""
