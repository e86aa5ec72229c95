"""The protocols of AWS's services, answering side: bodies and headers, no HTTP server."""
