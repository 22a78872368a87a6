"""Model prices in US dollars per million tokens. Thinking tokens cost as much as output tokens.

The defaults are from https://ai.google.dev/gemini-api/docs/pricing (paid tier, prompts of up to 200,000 tokens), as
published in October 2026; AI_PRICES extends and overrides them. The cost of a model without a price is None, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CURRENCY = "USD"
_MILLION = 1_000_000
_DIGITS = 6


@dataclass(frozen=True)
class Price:
    """The price of a million tokens."""

    input: float
    output: float


DEFAULTS: Mapping[str, Price] = {
    "gemini-3.8-flash": Price(0.75, 3.75),
    "gemini-3.5-flash": Price(1.5, 9.0),
    "gemini-3.5-flash-lite": Price(0.3, 2.5),
    "gemini-3.1-pro-preview": Price(2.0, 12.0),
    "gemini-2.5-pro": Price(1.25, 10.0),
    "gemini-2.5-flash": Price(0.3, 2.5),
    "gemini-2.5-flash-lite": Price(0.1, 0.4),
}


class Prices:
    """The default prices, overridden by the `given` ones: (input, output) by model."""

    def __init__(self, given: Mapping[str, tuple[float, float]]) -> None:
        self._by_model = {**DEFAULTS, **{model: Price(*each) for model, each in given.items()}}

    def cost_of(self, model: str, input_tokens: int, output_tokens: int, thinking_tokens: int) -> float | None:
        """Returns the cost in US dollars, or None if the model's price is not known."""
        price = self._by_model.get(model.removeprefix("models/"))
        if price is None:
            return None
        return (input_tokens * price.input + (output_tokens + thinking_tokens) * price.output) / _MILLION


def shown_cost(amount: float | None) -> dict[str, object] | None:
    """Returns a cost in the API's format, or None if it is not known."""
    return None if amount is None else {"amount": round(amount, _DIGITS), "currency": CURRENCY}
