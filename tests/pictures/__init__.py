"""Pictures: the report of a session, dashboards, charts."""
