"""The CloudWatch agent: tails files into Logs, measures this machine, and speaks boto3.

It stands outside the services: a client that happens to run on awsmon's clock. `Monitoring.agent`
makes one; `agent.py` is where to begin to read.
"""
