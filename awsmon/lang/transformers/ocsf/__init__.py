"""Events of the Open Cybersecurity Schema Framework (OCSF), made of AWS's own logs."""
