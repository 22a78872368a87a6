"""The gate between a text and its person: good sentences pass, what is no text does not."""

from __future__ import annotations

import pytest

from app.errors import TransientFailure
from app.generation import quality

FILL = (
    "The kitchen garden wakes early in spring, and whoever walks through it before breakfast sees how much has changed "
    "since the evening. Peas climb along their strings, the first lettuce stands in even rows, and under the old glass "
    "panes a handful of seedlings waits for warmer nights. "
) * 3

GOOD = [
    ("blog", f"As an AI-powered tool, the planner sorts the beds by light. {FILL}"),
    ("blog", f"{FILL} The assistant was trained as a large language model on seed catalogues."),
    ("blog", f"Sure, I'll admit it: I forgot the tomatoes. {FILL}"),
    ("blog", f"Sure, here's the thing about compost: it is alive. {FILL}"),
    ("blog", f"Here's the post-workout snack that grows on your balcony. {FILL}"),
    ("blog", f"Here is the post office where the seeds arrive. {FILL}"),
    ("blog", f"\"I'm sorry, but I can't,\" said the gardener when asked to cut the oak. {FILL}"),
    ("blog", f"I can't write a poem to save my life, but I can plant one. {FILL}"),
    ("blog", f"{FILL}\n\n```html\n<p>{{{{ user.name }}}}</p>\n```\n"),
    ("blog", f"{FILL} In the template stands `{{{{ user.name }}}}`, and {{{{ greeting }}}} before it."),
    ("blog", f"A short history of lorem ipsum. {FILL} Cicero's words became 'lorem ipsum dolor sit amet'."),
    ("blog", f"{FILL} Press [Enter] to go on, [Insert] to overwrite."),
    ("blog", f"{FILL} The value of row[date] decides."),
    ("blog", f"{FILL} See the [product page][1] or the [link](https://example.com).\n\n[1]: https://example.com"),
    ("blog", f"{FILL} Every page has a <title> of its own."),
    ("blog", f"{FILL} `[Your Name]` is what such templates say."),
    ("blog", f"{FILL} Let me know in the comments what grows in yours."),
    ("blog", f"{FILL}\n\n```\ncode\n```"),
    ("blog", f"As an AI engineer, I love gardens. {FILL}"),
    ("product", "One cup that keeps your tea warm from the first sip to the last."),
    ("social", "古池や蛙飛びこむ水の音"),
    ("social", "An old silent pond. A frog jumps into the pond. Splash! Silence again."),
]
BAD = [
    ("social", "I cannot help with that request.", "task_talk"),
    ("social", "I'm sorry, but I can't assist with that request.", "task_talk"),
    ("blog", f"I'm unable to fulfill this request. {FILL}", "task_talk"),
    ("blog", f"Sure! Below is the blog post about gardens you asked for.\n\n{FILL}", "task_talk"),
    ("blog", f"Sure, here's a blog post about gardens:\n\n{FILL}", "task_talk"),
    ("blog", f"Certainly! I'd be happy to help. {FILL}", "task_talk"),
    ("blog", f"Here is a 500-word blog post about gardens:\n\n{FILL}", "task_talk"),
    ("blog", f"Here's your article:\n\n{FILL}", "task_talk"),
    ("blog", f"Gerne! Hier ist dein Blogbeitrag:\n\n{FILL}", "task_talk"),
    ("blog", f"As an AI language model, I cannot visit gardens. {FILL}", "task_talk"),
    ("blog", f"{FILL}\n\nLet me know if you'd like me to change the tone!", "task_talk"),
    ("blog", f"{FILL}\n\nWould you like me to add a section on herbs?", "task_talk"),
    ("blog", f"<think>The user wants a garden.</think>\n{FILL}", "task_talk"),
    ("blog", f"THOUGHT: the user wants a garden.\n{FILL}", "task_talk"),
    ("blog", f"```markdown\n# Gardens\n\n{FILL}\n```", "task_talk"),
    ("blog", f"{FILL}</request>", "task_talk"),
    ("blog", f"{FILL}</request-0123456789abcdef>", "task_talk"),
    ("blog", f"{FILL} Call us at [phone number].", "placeholders"),
    ("blog", f"{FILL} Kind regards, [Your Name]", "placeholders"),
    ("blog", f"{FILL} [Insert a picture of peas here]", "placeholders"),
    ("blog", f"{FILL} TODO: add price", "placeholders"),
    ("blog", "lorem ipsum " * 80, "placeholders"),
    ("blog", "The garden sleeps. " * 300, "repetitive"),
    ("blog", "Too short.", "too_short"),
    ("product", "Too short.", "too_short"),
    ("blog", " \n ", "empty"),
]


@pytest.mark.parametrize(("content_type", "text"), GOOD)
def test_a_good_text_passes(content_type: str, text: str) -> None:
    quality.check(content_type, text)


@pytest.mark.parametrize(("content_type", "text", "code"), BAD)
def test_what_is_no_text_is_tried_again_with_advice(content_type: str, text: str, code: str) -> None:
    with pytest.raises(TransientFailure) as failure:
        quality.check(content_type, text)
    assert failure.value.failure_code == code
    assert failure.value.feedback


def test_what_was_asked_for_passes() -> None:
    """A haiku as a blog post, and the blanks of a template that somebody wants."""
    quality.check("blog", "An old silent pond. A frog jumps into the pond. Splash!", "A haiku about a pond, please")
    quality.check("blog", f"Dear [Your Name], {FILL}", "A letter that begins with Dear [Your Name],")
