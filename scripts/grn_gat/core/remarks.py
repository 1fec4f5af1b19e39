"""What was done with an input that its owner should know: said, never silent.

A remark is kept beside the result (`remarks.tsv`), printed once, and shown on top of the page.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

LEFT_OUT = "left out"
GUESSED = "guessed"
DOUBTFUL = "doubtful"
COLUMNS = ("kind", "about", "text")


@dataclass(frozen=True)
class Remark:
    """One thing to know: its kind, the file it is about, and a sentence with counts and names."""

    kind: str
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.about}: {self.text}"


@dataclass
class Remarks:
    """Remarks in the order in which they were made, each once."""

    made: list[Remark] = field(default_factory=list)

    def __iter__(self) -> Iterator[Remark]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)

    def add(self, kind: str, about: object, text: str) -> None:
        """Make a remark."""
        remark = Remark(kind, str(about), text)
        if remark not in self.made:
            self.made.append(remark)

    def left_out(self, about: object, text: str) -> None:
        """Say what was not taken."""
        self.add(LEFT_OUT, about, text)

    def guessed(self, about: object, text: str) -> None:
        """Say what was taken to be meant."""
        self.add(GUESSED, about, text)

    def doubtful(self, about: object, texts: Iterable[str]) -> None:
        """Say what may be wrong."""
        for text in texts:
            self.add(DOUBTFUL, about, text)
