"""The operations of the client `application-insights`."""
