"""EventBridge: buses, rules, targets, archives, API destinations."""
