"""Metrics: datapoints in, series and statistics out. The class is `awsmon.Metrics`."""
