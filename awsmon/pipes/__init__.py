"""EventBridge Pipes: from a source, through filter and enrichment, to a target."""
