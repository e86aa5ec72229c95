"""The patterns that grok knows, and how often one may be used.

Source: CloudWatch Logs User Guide, "Supported grok patterns", which tells what each matches; the
regular expressions are ours, in RE2's syntax.
"""

from __future__ import annotations

__all__ = ["LIMITS", "PATTERNS"]

_MONTH = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    "Sep(?:t(?:ember)?|tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_DAY = (
    "Mon(?:day)?|Tue(?:s|sday)?|Wed(?:nesday)?|Thu(?:r|rs|rsday)?|Fri(?:day)?|Sat(?:urday)?|"
    "Sun(?:day)?"
)
_LEVELS = (
    "[Aa]lert|ALERT|[Tt]race|TRACE|[Dd]ebug|DEBUG|[Nn]otice|NOTICE|[Ii]nfo(?:rmation)?|INFO|"
    "[Ww]arn(?:ing)?|WARN(?:ING)?|[Ee]rr(?:or)?|ERR(?:OR)?|[Cc]rit(?:ical)?|CRIT(?:ICAL)?|"
    "[Ff]atal|FATAL|[Ss]evere|SEVERE|[Ee]merg(?:ency)?|EMERG(?:ENCY)?"
)
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_HEX = "[0-9A-Fa-f]"

PATTERNS = {
    # general
    "USERNAME": "[a-zA-Z0-9._-]+",
    "USER": "[a-zA-Z0-9._-]+",
    "INT": "[+-]?[0-9]+",
    "BASE10NUM": r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)",
    "NUMBER": r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)",
    "BASE16NUM": "[+-]?(?:0x)?[0-9A-Fa-f]+",
    "POSINT": "[1-9][0-9]*",
    "NONNEGINT": "[0-9]+",
    "WORD": r"\b\w+\b",
    "NOTSPACE": r"\S+",
    "SPACE": r"\s*",
    "DATA": ".*?",
    "GREEDYDATA": ".*",
    "GREEDYDATA_MULTILINE": "(?s:.*)",
    "QUOTEDSTRING": r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""",
    "UUID": f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}",
    "URN": r"urn:[0-9A-Za-z][0-9A-Za-z-]{0,31}:\S+",
    "ARN": r"arn:(?:aws|aws-cn|aws-us-gov):[^:\s]+:[^:\s]+:[^:\s]+:[^\s/]+(?:/[^\s/]+){0,4}",
    # networking
    "CISCOMAC": rf"(?:{_HEX}{{4}}\.){{2}}{_HEX}{{4}}",
    "WINDOWSMAC": f"(?:{_HEX}{{2}}-){{5}}{_HEX}{{2}}",
    "COMMONMAC": f"(?:{_HEX}{{2}}:){{5}}{_HEX}{{2}}",
    "MAC": "%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC}",
    "IPV4": rf"(?:{_BYTE}\.){{3}}{_BYTE}",
    "IPV6": (
        f"(?:(?:{_HEX}{{1,4}}:){{7}}{_HEX}{{1,4}}|(?:{_HEX}{{1,4}}:){{1,7}}:|"
        f"(?:{_HEX}{{1,4}}:){{1,6}}(?::{_HEX}{{1,4}}){{1,6}}|:(?::{_HEX}{{1,4}}){{1,7}}|::|"
        rf"(?:{_HEX}{{0,4}}:){{2,6}}(?:{_BYTE}\.){{3}}{_BYTE})(?:%[0-9A-Za-z]+)?"
    ),
    "IP": "%{IPV6}|%{IPV4}",
    "HOSTNAME": r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,62})(?:\.[0-9A-Za-z](?:[0-9A-Za-z-]{0,62}))*\.?",
    "HOST": "%{HOSTNAME}",
    "IPORHOST": "%{IP}|%{HOSTNAME}",
    "HOSTPORT": "(?:%{IPORHOST}):(?P<PORT>[1-9][0-9]*)",
    "URIHOST": "(?:%{IPORHOST})(?::(?P<port>[1-9][0-9]*))?",
    # paths
    "UNIXPATH": r"(?:/[\w_%!$@:.,+~?&=-]*)+",
    "WINPATH": r"(?:[A-Za-z]:|\\)(?:\\[^\\?*\s]*)+",
    "PATH": "%{UNIXPATH}|%{WINPATH}",
    "TTY": "/dev/(?:pts|tty(?:[pq])?)(?:\\w+)?/?(?:[0-9]+)?",
    "URIPROTO": r"[A-Za-z]+(?:\+[A-Za-z+]+)?",
    "URIPATH": r"(?:/[0-9A-Za-z$.+!*'(){},~:;=@#%&_-]*)+",
    "URIPARAM": r"\?[0-9A-Za-z$.+!*'|(){},~@#%&/=:;_?\[\]<>-]*",
    "URIPATHPARAM": "(?:%{URIPATH})(?:%{URIPARAM})?",
    "URI": r"(?:%{URIPROTO})://(?:[a-zA-Z0-9._-]+(?::[^@\s]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?",
    # dates and times
    "MONTH": rf"\b(?:{_MONTH})\b",
    "MONTHNUM": "0?[1-9]|1[0-2]",
    "MONTHNUM2": "0[1-9]|1[0-2]",
    "MONTHDAY": "0[1-9]|[12][0-9]|3[01]|[1-9]",
    "YEAR": "[0-9]{4}|[0-9]{2}",
    "DAY": _DAY,
    "HOUR": "2[0-3]|[01]?[0-9]",
    "MINUTE": "[0-5][0-9]",
    "SECOND": "(?:60|[0-5]?[0-9])(?:[:.,][0-9]+)?",
    "TIME": "(?:%{HOUR}):(?:%{MINUTE}):(?:%{SECOND})",
    "DATE_US": "(?:%{MONTHNUM})[/-](?:%{MONTHDAY})[/-](?:%{YEAR})",
    "DATE_EU": "(?:%{MONTHDAY})[./-](?:%{MONTHNUM})[./-](?:%{YEAR})",
    "ISO8601_TIMEZONE": "Z|[+-](?:%{HOUR}):?(?:%{MINUTE})",
    "ISO8601_SECOND": "%{SECOND}",
    "TIMESTAMP_ISO8601": (
        "(?:%{YEAR})-(?:%{MONTHNUM})-(?:%{MONTHDAY})[T ](?:%{HOUR}):?(?:%{MINUTE})"
        "(?::?(?:%{SECOND}))?(?:%{ISO8601_TIMEZONE})?"
    ),
    "DATE": "%{DATE_US}|%{DATE_EU}",
    "DATESTAMP": "(?:%{DATE})[- ](?:%{TIME})",
    "TZ": "[PMCE][SD]T|UTC",
    "DATESTAMP_RFC822": "(?:%{DAY}) (?:%{MONTH}) (?:%{MONTHDAY}) (?:%{YEAR}) (?:%{TIME}) (?:%{TZ})",
    "DATESTAMP_RFC2822": (
        "(?:%{DAY}), (?:%{MONTHDAY}) (?:%{MONTH}) (?:%{YEAR}) (?:%{TIME}) (?:%{ISO8601_TIMEZONE})"
    ),
    "DATESTAMP_OTHER": "(?:%{DAY}) (?:%{MONTH}) (?:%{MONTHDAY}) (?:%{TIME}) (?:%{TZ}) (?:%{YEAR})",
    "DATESTAMP_EVENTLOG": (
        "(?:%{YEAR})(?:%{MONTHNUM2})(?:%{MONTHDAY})(?:%{HOUR})(?:%{MINUTE})(?:%{SECOND})"
    ),
    # logs
    "LOGLEVEL": _LEVELS,
    "HTTPDATE": "(?:%{MONTHDAY})/(?:%{MONTH})/(?:%{YEAR}):(?:%{TIME}) (?:%{INT})",
    "SYSLOGTIMESTAMP": "(?:%{MONTH}) +(?:%{MONTHDAY}) (?:%{TIME})",
    "PROG": r"[\w._/%-]+",
    "SYSLOGPROG": r"(?P<program>[\w._/%-]+)(?:\[(?P<pid>[1-9][0-9]*)\])?",
    "SYSLOGHOST": "%{HOST}|%{IP}",
    "SYSLOGFACILITY": r"<(?P<facility>[0-9]+)\.(?P<priority>[0-9]+)>",
}
"""By name; one may refer to others, and name what is in it."""

_FIVE = (
    "ARN", "DATA", "GREEDYDATA", "HOST", "HOSTNAME", "HOSTPORT", "IP", "IPORHOST", "IPV6",
    "NOTSPACE", "PATH", "SPACE", "SYSLOGHOST", "URI", "URIHOST", "URIPARAM", "URIPATHPARAM",
    "WINPATH",
)  # fmt: skip
LIMITS = {**dict.fromkeys(_FIVE, 5), "GREEDYDATA_MULTILINE": 1}
"""How often those may be used that may not be used twenty times."""
