"""The Resource Groups Tagging API over awsmon's own resources."""
