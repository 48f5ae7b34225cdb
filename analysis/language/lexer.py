"""The words of an expression: numbers, names and signs, and nothing else."""

import re
from typing import NamedTuple

TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|'(?P<word>\w+)'|\"(?P<quoted>\w+)\"|(?P<sign><=|>=|==|!=|\*\*|&&|\|\||[-+*/%<>()\[\],.=@!]))",
    re.ASCII,
)


# What other languages write for the grammar's words.
WORDS = ("and", "or", "not")
SPELLINGS = {"&&": "and", "||": "or", "!": "not", **{word: word for word in WORDS}}
HINTS = {"&": "and", "|": "or", "≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "÷": "/", "−": "-"}


class Token(NamedTuple):
    """A word with its kind (number, name, word, sign or end) and where it begins."""

    kind: str
    text: str
    at: int


class UnreadableText(ValueError):
    """A character that no expression has."""


def tokenize(text: str) -> list[Token]:
    """Return the tokens of the text, an end token last; raise UnreadableText."""
    found: list[Token] = []
    at = 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            rest = text[at:].lstrip()
            hint = f" Write {HINTS[rest[0]]}." if rest[0] in HINTS else ""
            raise UnreadableText(f"Cannot read {rest[:20]!r} at character {len(text) - len(rest) + 1}.{hint}")
        kind = "word" if match.lastgroup == "quoted" else match.lastgroup
        word = match[match.lastgroup]
        if kind in ("name", "sign") and (meant := SPELLINGS.get(word.lower())):
            kind, word = "name", meant
        found.append(Token(kind, word, match.start(match.lastgroup)))
        at = match.end()
    return [*found, Token("end", "the end", len(text))]


class Cursor:
    """A place between tokens that moves on as they are taken."""

    def __init__(self, text: str) -> None:
        self._tokens = tokenize(text)
        self._place = 0

    @property
    def next(self) -> Token:
        """Return the token ahead."""
        return self._tokens[self._place]

    def ahead(self, count: int) -> Token:
        """Return the token n places further on."""
        return self._tokens[min(self._place + count, len(self._tokens) - 1)]

    def is_sign(self, *texts: str, ahead: int = 0) -> bool:
        """Return whether the token n places further on is one of these signs."""
        token = self.ahead(ahead)
        return token.kind == "sign" and token.text in texts

    def take(self) -> Token:
        """Return the token ahead and move behind it; the end is never passed."""
        token = self.next
        self._place += token.kind != "end"
        return token

    def accept(self, *texts: str) -> str | None:
        """Return the text of the token ahead and move behind it if it is one of these signs or words, else None."""
        token = self.next
        return self.take().text if token.kind in ("sign", "name") and token.text in texts else None

    def expect(self, text: str) -> None:
        """Move behind this sign or word; raise UnreadableText if something else is ahead."""
        if self.accept(text) is None:
            raise UnreadableText(f"Expected {text!r} at character {self.next.at + 1}, not {self.next.text!r}.")
