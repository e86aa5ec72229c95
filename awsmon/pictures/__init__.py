"""Pictures for people: the report of a session, dashboards as pages, charts as inline SVG.

Loads when somebody asks for a picture. What PNGs need of matplotlib is in `metrics/charts`; the
pages' CSS and JavaScript are in `awsmon/templates`.
"""
