"""The operations of the boto3 client ``cloudwatch`` that say Alarm, a module for each noun."""
