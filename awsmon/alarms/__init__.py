"""Alarms: datapoints to states, states to actions. The class is `awsmon.Alarms`."""
