"""The operations of the boto3 client ``cloudwatch`` that don't say Alarm, by noun."""
