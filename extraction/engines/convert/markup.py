"""Plain text out of the light Markdown that liteparse puts into its blocks."""

from __future__ import annotations

import re

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~$])")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3})(?=\S)(.+?)(?<=[^\s\\])\1", re.S)


def plain_text(markdown: str) -> str:
    """The text without emphasis marks and escapes; stars the page itself prints are kept."""
    text = _EMPHASIS.sub(r"\2", markdown)
    return _ESCAPED.sub(r"\1", text).strip()
