"""EventBridge Scheduler: schedules, their groups, and what they set off."""
