"""The model call for a rewrite, and the validation of its answer."""

from __future__ import annotations

from typing import Any

from app.checks.subject import Reading
from app.errors import TransientFailure
from app.generation.model_call import ModelCall
from app.generation.prompts import Prompt
from app.rewriting import prompts
from app.rewriting.splice import Passage, fitted, lost_links

LONGEST_GROWTH = 20
ALLOWANCE = 4_000
"""An answer is too long with more than LONGEST_GROWTH times the passage's characters plus ALLOWANCE."""
EMPTY = "AI service returned no new passage"
LOST_LINK = "The new passage would have lost a link"
TOO_LONG = "AI service returned much more than a passage"


def passage_of(rewrite: dict[str, Any]) -> Passage:
    """The passage at the time of the request."""
    return Passage(rewrite["text"], rewrite["start"], rewrite["end"])


class RewriteCall(ModelCall):
    """Requests the replacement of a passage only, not of the whole text."""

    def prompt_of(self, content: dict[str, Any]) -> Prompt:
        return prompts.prompt_for(passage_of(content), content["asked"], content.get("feedback"))

    def judged(self, content: dict[str, Any], reading: Reading) -> str:
        """Returns the replacement fitted to the passage.

        Raises TransientFailure when it is empty, too long or lacks a link of the passage.
        """
        passage = passage_of(content)
        replacement = fitted(passage, reading.text)
        if not replacement:
            raise TransientFailure(EMPTY, failure_code="empty", feedback="It was empty.")
        if len(replacement) > LONGEST_GROWTH * len(passage.quote) + ALLOWANCE:
            feedback = "It was far too long: answer with the new passage alone."
            raise TransientFailure(TOO_LONG, failure_code="too_long", feedback=feedback)
        if lost := lost_links(passage, replacement):
            feedback = f"It has lost a link: keep {' and '.join(lost[:3])}."
            raise TransientFailure(LOST_LINK, failure_code="lost_link", feedback=feedback)
        return replacement
