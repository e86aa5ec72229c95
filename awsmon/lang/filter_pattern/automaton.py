"""Regular expressions at work, in time linear in the text whatever they are.

Lives here: `compile_regex`, from the branches that `regex.py` reads to a function of a text. All it
answers is whether a branch occurs, so a repeat at a loose end is cut to what it needs at least.

A branch is then run in the cheapest way that is linear:
- plain characters: `str`'s own search;
- Python's `re`, if it can retrace its steps only a bounded number of times at each character: few
  optional atoms, and at most one unbounded repeat, which no two starts can both run through;
- fixed pieces with ``.*`` between them: each piece is searched for behind the one before;
- all else: an automaton of bits, one step for each character.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from awsmon.lang.filter_pattern.regex import ALL, Atom, Branch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Search = Callable[[str], bool]

__all__ = ["Automaton", "compile_regex"]

_RETRACED = 500  # steps that `re` may take at one character
_REMEMBERED = 2000  # transitions of an automaton, after which it forgets and begins anew


def compile_regex(branches: Iterable[Branch]) -> Search:
    """A function that answers whether any of the branches occurs in a text."""
    searches: list[Search] = []
    slow: list[Branch] = []
    for branch in map(_trimmed, branches):
        search = _literal(branch) or _by_re(branch) or _by_pieces(branch)
        if search is None:
            slow.append(branch)
        else:
            searches.append(search)
    if slow:
        searches.append(Automaton(slow).search)
    if len(searches) == 1:
        return searches[0]
    return lambda text: any(search(text) for search in searches)


def _trimmed(branch: Branch) -> Branch:
    atoms = list(branch.atoms)
    if not branch.at_start:
        atoms = _loose_end(atoms)
    if not branch.at_end:
        atoms = _loose_end(atoms[::-1])[::-1]
    return branch._replace(atoms=tuple(atoms))


def _loose_end(atoms: list[Atom]) -> list[Atom]:
    """``x{m,n}y`` occurs where ``x{m}y`` does."""
    for index, atom in enumerate(atoms):
        if atom.least:
            return [atom._replace(most=atom.least), *atoms[index + 1 :]]
    return []


# -- str -------------------------------------------------------------------------------------------


def _literal(branch: Branch) -> Search | None:
    if any(a.most != a.least or a.characters.bit_count() != 1 for a in branch.atoms):
        return None
    if any(a.characters >> 128 for a in branch.atoms):
        return None
    text = "".join(chr(a.characters.bit_length() - 1) * a.least for a in branch.atoms)
    if branch.at_start and branch.at_end:
        return lambda message: message == text
    if branch.at_start:
        return lambda message: message.startswith(text)
    if branch.at_end:
        return lambda message: message.endswith(text)
    return lambda message: text in message


# -- re --------------------------------------------------------------------------------------------


def _by_re(branch: Branch) -> Search | None:
    if not _is_safe(branch):
        return None
    source = "".join(map(_source, branch.atoms))
    search = re.compile(
        (r"\A" if branch.at_start else "") + source + (r"\Z" if branch.at_end else "")
    ).search
    return lambda message: search(message) is not None


def _is_safe(branch: Branch) -> bool:
    """Whether `re` retraces at most `_RETRACED` steps at a character, or as many runs."""
    atoms = branch.atoms
    choices = math.prod(atom.most - atom.least + 1 for atom in atoms if atom.most is not None)
    length = sum(atom.least + 1 if atom.most is None else atom.most for atom in atoms)
    if choices * length > _RETRACED:
        return False
    unbounded = [index for index, atom in enumerate(atoms) if atom.most is None]
    if not unbounded:
        return True
    if len(unbounded) > 1:
        return False
    # Two starts run through the same characters only if what stands before the repeat fits into it.
    repeat = unbounded[0]
    return branch.at_start or any(
        atom.least and not atom.characters & atoms[repeat].characters for atom in atoms[:repeat]
    )


def _source(atom: Atom) -> str:
    if (atom.least, atom.most) == (1, 1):
        return _set_source(atom.characters)
    most = "" if atom.most is None else atom.most
    return f"{_set_source(atom.characters)}{{{atom.least},{most}}}"


def _set_source(characters: int) -> str:
    if characters == ALL:
        return r"[\s\S]"
    beyond = characters >> 128
    members = ALL ^ characters if beyond else characters
    listed = "".join(f"\\x{code:02x}" for code in range(128) if members >> code & 1)
    if not listed:
        return r"(?!)"
    return f"[^{listed}]" if beyond else f"[{listed}]"


# -- pieces ----------------------------------------------------------------------------------------


def _by_pieces(branch: Branch) -> Search | None:
    pieces: list[list[Atom]] = [[]]
    gaps = [0]
    for atom in branch.atoms:
        if atom.characters == ALL and atom.most is None:
            pieces.append([])
            gaps.append(atom.least)
        elif atom.most == atom.least:
            pieces[-1].append(atom)
        else:
            return None
    return _search_pieces(branch, pieces, gaps)


def _search_pieces(branch: Branch, pieces: Sequence[list[Atom]], gaps: list[int]) -> Search | None:
    lengths = [sum(atom.least for atom in piece) for piece in pieces]
    if any(length * len(pieces) > _RETRACED for length in lengths):
        return None
    compiled = [re.compile("".join(map(_source, piece))) for piece in pieces]
    first = compiled[0].match if branch.at_start else compiled[0].search
    middle = [(each.search, gap) for each, gap in zip(compiled[1:], gaps[1:], strict=True)]
    last = middle.pop()
    final, final_gap, final_length = compiled[-1].match, last[1], lengths[-1]

    def search(text: str) -> bool:
        found = first(text)
        for following, gap in middle:
            if found is None or found.end() + gap > len(text):
                return False
            found = following(text, found.end() + gap)
        if found is None:
            return False
        behind = found.end() + final_gap
        if not branch.at_end:
            return behind <= len(text) and last[0](text, behind) is not None
        begin = len(text) - final_length
        return begin >= behind and final(text, begin) is not None

    return search


# -- bits ------------------------------------------------------------------------------------------


class _State:
    """A set of places in the branches; what follows it is filled in as texts ask for it."""

    __slots__ = ("at_end", "bits", "following", "verdict")

    def __init__(self, bits: int, accepted: int, accepted_at_end: int) -> None:
        self.bits = bits
        self.at_end = bool(bits & accepted_at_end)
        self.verdict = True if bits & accepted else (None if bits else False)
        self.following: dict[str, _State] = {}


class Automaton:
    """Branches as bits, each a place before an atom; a step moves all places at once.

    Steps once taken are remembered, at most `_REMEMBERED` of them. Another step costs a few
    operations on numbers with a bit for each atom: a text costs at worst its length times theirs.
    """

    def __init__(self, branches: Iterable[Branch]) -> None:
        self._fits = [0] * 129  # character -> places whose atom it fits
        self._loops = self._optional = self._accepted = self._accepted_at_end = 0
        self._starts = self._first_starts = 0
        place = 0
        for branch in branches:
            if branch.at_start:
                self._first_starts |= 1 << place
            else:
                self._starts |= 1 << place
            for atom in branch.atoms:
                place = self._add(atom, place)
            if branch.at_end:
                self._accepted_at_end |= 1 << place
            else:
                self._accepted |= 1 << place
            place += 1
        # Runs of optional places: each run's first bit, and the bit behind its last.
        self._run_starts = self._optional & ~(self._optional << 1)
        self._run_ends = ~self._optional & (self._optional << 1)
        self._starts = self._closed(self._starts)
        self._forget()

    def _add(self, atom: Atom, place: int) -> int:
        """Write an atom's repeats out from *place* on; answers the place behind."""
        count = max(atom.least, 1) if atom.most is None else atom.most
        span = ((1 << count) - 1) << place
        for code in range(129):
            if atom.characters >> code & 1:
                self._fits[code] |= span
        self._optional |= span & ~((1 << (place + atom.least)) - 1)
        if atom.most is None:
            self._loops |= 1 << (place + count - 1)
        return place + count

    def _closed(self, bits: int) -> int:
        """With the places reached by leaving optional atoms out: all runs in one subtraction."""
        marked = bits | self._run_ends
        skipped = ~((marked - self._run_starts) ^ marked)
        return bits | (skipped & (self._optional | self._run_ends))

    def _forget(self) -> None:
        self._states: dict[int, _State] = {}
        self._steps = 0
        self._first = self._state(self._closed(self._first_starts) | self._starts)

    def _state(self, bits: int) -> _State:
        found = self._states.get(bits)
        if found is None:
            found = self._states[bits] = _State(bits, self._accepted, self._accepted_at_end)
        return found

    def _step(self, state: _State, character: str) -> _State:
        if self._steps >= _REMEMBERED:
            self._forget()
        self._steps += 1
        code = ord(character)
        moved = state.bits & self._fits[min(code, 128)]
        found = self._state(self._closed((moved << 1) | (moved & self._loops)) | self._starts)
        state.following[character] = found
        return found

    def search(self, text: str) -> bool:
        """Whether a branch occurs in the text."""
        state = self._first
        if state.verdict is not None:
            return state.verdict
        for character in text:
            following = state.following.get(character) or self._step(state, character)
            if following.verdict is not None:
                return following.verdict
            state = following
        return state.at_end
