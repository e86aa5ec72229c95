"""The rules of composite alarms: text to tree, tree to a test of states."""
