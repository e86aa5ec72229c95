"""CloudWatch Logs Insights queries: text to tree, tree to program, program over log events to rows.

    from awsmon.lang.insights_ql.parser import parse
    from awsmon.lang.insights_ql.compiler import compile_query
    from awsmon.lang.insights_ql.context import LogEvent, QueryContext
    from awsmon.lang.insights_ql.program import Result

    query = parse(text)                 # tree.Query; LanguageError (position, end, aws)
    query.source                        # tree.Source | None: the log groups that SOURCE names
    program = compile_query(query, QueryContext(start=ms, end=ms))  # LanguageError
    result = program.run(events)        # events: Iterable[LogEvent], in any order, read once

    LogEvent(timestamp, message, ingestion_time=ms, stream=s, log="account:group", pointer=s,
             clear=s | None)            # message is what readers see (masked); clear is unmask()'s

    QueryContext(start, end,            # ms, both inclusive
                 limit=None,            # StartQuery's limit; a query's own limit goes first
                 now=ms,                # now()
                 window=callable,       # (start, end) -> Iterable[LogEvent]: diff, logcompare
                 source=callable,       # tree.Source -> Iterable[LogEvent]: join, subqueries
                 table=callable)        # lookup table's name -> its rows

    result.rows                         # list[list[tuple[str, str]]]: AWS's form, nulls left out
    result.dicts()                      # list[dict[str, str]]
    result.matched, result.scanned, result.bytes_scanned

What AWS has and is not built is refused with `errors.Unsupported`, a LanguageError that names it.
"""
