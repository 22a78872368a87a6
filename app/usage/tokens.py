"""The number of tokens that a call to the model used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TokenUsage:
    """The tokens used by a call. `estimated` means that the provider did not report them."""

    input_tokens: int = 0
    output_tokens: int = 0
    thinking_tokens: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        return self.input_tokens + self.output_tokens + self.thinking_tokens
