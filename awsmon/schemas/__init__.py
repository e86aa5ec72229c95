"""EventBridge's schema registry: schemas, versions, discovery, code bindings."""
