"""The operations of EventBridge Scheduler."""
