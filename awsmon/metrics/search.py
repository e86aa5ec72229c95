"""SEARCH: which metrics a search expression finds.

Lives here: `Catalogue`, which keeps the metrics of one place by their texts, to be searched and
listed, and `found`, over all that an account may read. When a text matches a term is
`lang/metric_search`'s. Source: User Guide, "CloudWatch search expression syntax".
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice
from typing import TYPE_CHECKING, Any

from awsmon.lang.metric_search.tokens import phrase, squeezed
from awsmon.lang.metric_search.tree import ACCOUNT, And, Not, Or, Term
from awsmon.metrics.linked import readable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from awsmon.core.neighbours import MetricKey
    from awsmon.lang.metric_search.tree import Rule, Schema, Search
    from awsmon.metrics.linked import Readable
    from awsmon.metrics.service import Metrics

__all__ = ["Catalogue", "found"]

ACTIVE = 14 * 86_400  # seconds
"""A metric without a datapoint for so long isn't found."""


def found(
    metrics: Metrics, search: Search, account: str | None = None
) -> Iterator[tuple[Readable, MetricKey]]:
    """The metrics that a search finds, in order of account, namespace, name and dimensions.

    Args:
        metrics: of the account that asks; those that linked accounts share with it count too.
        search: as `parse` made it.
        account: only this one's.
    """
    since = metrics.now - ACTIVE
    for place in readable(metrics):
        if account not in (None, place.account):
            continue
        names = {place.account, "LOCAL"} if place.metrics is metrics else {place.account}
        for key in place.metrics.catalogue.find(search, names):
            newest = place.metrics.stored.newest(key)
            if newest is not None and newest >= since and place.passes(key.namespace):
                yield place, key


def _order(key: MetricKey) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return key.namespace, key.name, key.dimensions


class Catalogue:
    """The metrics of one place, to be searched; it learns of new ones when it is asked.

    It is no state: a copy begins anew.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._keys: list[MetricKey] = []  # others refer to them by their places here
        self._schemas: dict[tuple[str, frozenset[str]], list[int]] = {}
        self._texts: dict[str, dict[str | None, list[int]]] = {}  # text, then property
        self._squeezed: dict[str, str] = {}
        self._listed: tuple[Any, list[MetricKey]] | None = None  # what was listed last

    def __reduce__(self) -> tuple[Any, ...]:
        return (Catalogue, ())

    def learn(self, keys: Collection[MetricKey]) -> None:
        """Take in those that are new: *keys* grow at the end, unless some went; then all."""
        now = list(keys)
        if now[: len(self._keys)] != self._keys:
            self._forget()
        for key in now[len(self._keys) :]:
            self._add(key)
            self._listed = None

    def _add(self, key: MetricKey) -> None:
        place = len(self._keys)
        self._keys.append(key)
        names = frozenset(name for name, _ in key.dimensions)
        self._schemas.setdefault((key.namespace, names), []).append(place)
        self._file("Namespace", key.namespace, place)
        self._file("MetricName", key.name, place)
        for name, value in key.dimensions:
            self._file(None, name, place)
            self._file(name, value, place)

    def _file(self, of: str | None, text: str, place: int) -> None:
        filed = self._texts.get(text)
        if filed is None:
            filed = self._texts[text] = {}
            self._squeezed[text] = squeezed(text)
        filed.setdefault(of, []).append(place)

    def listed(
        self, namespace: str | None, name: str | None, dimensions: Sequence[tuple[str, str | None]],
        after: MetricKey | None,
    ) -> Iterator[MetricKey]:  # fmt: skip
        """The metrics of a namespace, name and dimensions, in order, behind one of them.

        Args:
            namespace: None: any, as for *name*.
            name: of the metric.
            dimensions: names that a metric has, and their values; None: any.
            after: None: from the first on.
        """
        asked = namespace, name, tuple(dimensions)
        if self._listed is None or self._listed[0] != asked:
            self._listed = asked, sorted(self._having(*asked), key=_order)
        keys = self._listed[1]
        start = 0 if after is None else bisect_right(keys, _order(after), key=_order)
        return islice(keys, start, None)

    def _having(
        self, namespace: str | None, name: str | None, dimensions: Sequence[tuple[str, str | None]]
    ) -> Iterator[MetricKey]:
        wanted: list[tuple[str | None, str | None]]
        wanted = [(namespace, "Namespace"), (name, "MetricName")]
        wanted += [(key, None) if value is None else (value, key) for key, value in dimensions]
        places: list[Collection[int]] = [
            self._texts.get(text, {}).get(of, ()) for text, of in wanted if text is not None
        ]
        for place in min(places, key=len, default=range(len(self._keys))):
            key = self._keys[place]
            has = dict(key.dimensions)
            if (
                namespace in (None, key.namespace)
                and name in (None, key.name)
                and all(each in has and value in (None, has[each]) for each, value in dimensions)
            ):
                yield key

    def find(self, search: Search, accounts: Collection[str]) -> list[MetricKey]:
        """The metrics that a search finds; *accounts* are the names of the account."""
        places: Collection[int] = self._of_schema(search.schema)
        if search.rule is not None:
            places = set(places) & self._of(search.rule, accounts)
        keys = [self._keys[place] for place in places]
        return sorted(keys, key=_order)

    def _of_schema(self, schema: Schema | None) -> Collection[int]:
        if schema is None:
            return range(len(self._keys))
        return self._schemas.get((schema.namespace, frozenset(schema.dimensions)), [])

    def _of(self, rule: Rule, accounts: Collection[str]) -> set[int]:
        match rule:
            case And(rules):
                return set.intersection(*(self._of(each, accounts) for each in rules))
            case Or(rules):
                return set().union(*(self._of(each, accounts) for each in rules))
            case Not(inner):
                return set(range(len(self._keys))) - self._of(inner, accounts)
            case Term(text, _, of) if of == ACCOUNT:
                return set(range(len(self._keys))) if text in accounts else set()
            case Term():
                return self._of_term(rule)

    def _of_term(self, term: Term) -> set[int]:
        places: set[int] = set()
        for text in self._matching(term):
            filed = self._texts[text]
            for of in filed if term.property is None else (term.property,):
                places.update(filed.get(of, ()))
        return places

    def _matching(self, term: Term) -> Collection[str]:
        """The texts that match, wherever they stand."""
        if term.exact:
            return [term.text] if term.text in self._texts else []
        wanted = phrase(term.text)
        part = wanted.squeezed
        candidates = [text for text, whole in self._squeezed.items() if part in whole]
        return [text for text in candidates if wanted.matches(text)]
