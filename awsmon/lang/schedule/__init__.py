"""Schedule expressions: ``cron(...)``, ``rate(...)``, ``at(...)``.

from awsmon.lang.schedule.parser import parse, parse_five

schedule = parse("cron(0 9 ? * MON-FRI *)")             # LanguageError: it is none
schedule.next(after, zone=ZoneInfo("Europe/Berlin"))    # aware; None: never again
"""
