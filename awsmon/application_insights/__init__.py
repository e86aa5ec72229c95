"""CloudWatch Application Insights: applications, what is watched of them, and their problems."""
