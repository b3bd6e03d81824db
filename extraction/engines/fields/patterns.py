"""Regular expressions written by users, run so that no pattern can stall a worker.

Python's `re` has no time limit, so time is bounded before the run. A pattern may not repeat a group that
can itself match in several ways (the source of exponential time), refer back or look around. What is left
takes at most about length**k steps for k free choices, so each k gets a length limit that keeps the steps
near two million, i.e. well under a tenth of a second.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

MAX_PATTERN = 500
MAX_CHOICES = 8
LENGTH_FOR_CHOICES = (500, 500, 500, 200, 80, 48, 36, 30, 30)

_QUANTIFIER = re.compile(r"(?:[*+?]|\{(\d*)(,?)(\d*)\})[?+]?")


class UnsafePatternError(ValueError):
    """A pattern that is wrong or could take too long; the message says what to change."""


@dataclass(slots=True)
class _Group:
    choices: int = 0
    branches: int = 0


@dataclass(slots=True)
class _Scan:
    """Counts free choices group by group while walking over a pattern once."""

    pattern: str
    at: int = 0
    stack: list[_Group] = field(default_factory=lambda: [_Group()])

    def run(self) -> int:
        while self.at < len(self.pattern):
            self._step()
        return self.stack[0].choices

    def _step(self) -> None:
        char = self.pattern[self.at]
        if char == "(":
            self._open()
        elif char == "|":
            self.stack[-1].branches += 1
            self.at += 1
        elif char == ")":
            self.at += 1
            self._close()
        else:
            self._atom(char)

    def _atom(self, char: str) -> None:
        if char == "\\":
            if self.pattern[self.at + 1 : self.at + 2].isdigit():
                raise UnsafePatternError("References to earlier groups (\\1) are not allowed.")
            self.at += 2
        elif char == "[":
            self._skip_class()
        else:
            self.at += 1
        self._quantify(_Group())

    def _skip_class(self) -> None:
        at = self.at + (2 if self.pattern.startswith("[^", self.at) else 1)
        at += self.pattern.startswith("]", at)
        while at < len(self.pattern) and self.pattern[at] != "]":
            at += 2 if self.pattern[at] == "\\" else 1
        self.at = at + 1

    def _open(self) -> None:
        if self.pattern.startswith("(?", self.at):
            if not self.pattern.startswith("(?:", self.at):
                raise UnsafePatternError("Only plain and (?:…) groups are allowed.")
            self.at += 2
        self.at += 1
        self.stack.append(_Group())

    def _close(self) -> None:
        if len(self.stack) > 1:
            self._quantify(self.stack.pop())

    def _quantify(self, group: _Group) -> None:
        found = _QUANTIFIER.match(self.pattern, self.at)
        inner = group.choices + (1 if group.branches else 0)
        outer = self.stack[-1]
        outer.choices += inner
        if not found:
            return
        self.at = found.end()
        if inner and not found.group().startswith("?"):
            raise UnsafePatternError("A repeated group may not contain another repetition or an alternative.")
        if not found.group().startswith("{") or found[2]:
            outer.choices += 1


@lru_cache(maxsize=512)
def compile_safe(pattern: str) -> tuple[re.Pattern[str], int]:
    """The compiled pattern and the longest text it may be run on. Raises UnsafePatternError."""
    if len(pattern) > MAX_PATTERN:
        raise UnsafePatternError(f"A pattern has at most {MAX_PATTERN} characters.")
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise UnsafePatternError(f"This is not a regular expression: {error}.") from error
    return compiled, LENGTH_FOR_CHOICES[_choices(pattern)]


def _choices(pattern: str) -> int:
    choices = _Scan(pattern).run()
    if choices > MAX_CHOICES:
        raise UnsafePatternError(f"A pattern has at most {MAX_CHOICES} repetitions and alternatives.")
    return choices


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern; a text too long to be tried safely does not."""
    compiled, limit = compile_safe(pattern)
    return len(text) <= limit and compiled.fullmatch(text) is not None
