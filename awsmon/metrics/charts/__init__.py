"""Pictures of metric widgets, with the extra ``charts`` (matplotlib)."""
