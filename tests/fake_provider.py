"""A fake model provider that returns scripted answers, one for each call."""

from __future__ import annotations

from collections.abc import Iterator

from app.generation.prompts import Prompt
from app.generation.providers.base import Completion, Piece, StopSignal
from app.usage.tokens import TokenUsage

TEXT = "A social post about owls: they hunt at night, and they turn their heads a long way round. #owls"


class FakeProvider:
    """Yields each text word by word, and raises each exception. The last answer is repeated."""

    model = "fake"

    def __init__(self, *answers: str | Exception | Completion) -> None:
        self._answers = list(answers) or [TEXT]
        self.prompts: list[Prompt] = []

    def stream(self, prompt: Prompt, max_output_tokens: int, stop: StopSignal) -> Iterator[Piece | Completion]:
        self.prompts.append(prompt)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        completion = answer if isinstance(answer, Completion) else completed(answer)
        yield from (Piece(f"{word} ") for word in completion.text.split())
        yield completion


def completed(text: str, *, cut_off: bool = False) -> Completion:
    return Completion(text, TokenUsage(input_tokens=10, output_tokens=len(text.split())), "fake", cut_off)
