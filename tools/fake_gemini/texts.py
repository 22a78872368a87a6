"""Demonstration texts: plausible, labelled as such, and deterministic per prompt.

They include only the title and single keywords of the request, never whole sentences: one that begins with
"Here is what I want" would fail the product's quality rule against chat-like openings.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

from tools.fake_gemini.wire import Prompt

NOTICE = "*Demonstration text, written by the local Gemini stand-in. No AI was called.*"

PARAGRAPHS: dict[str, str] = tomllib.loads(Path(__file__).with_name("paragraphs.toml").read_text(encoding="utf-8"))
"""A paragraph per language, for briefs with a language."""
_ENGLISH = "en"
_CLOSE = 0.9
_FIRST_UNSPACED = "\u0dff"
_HANGUL = frozenset(map(chr, range(0xAC00, 0xD7B0)))
_TOPIC_LENGTH = 90
_TOPIC_WORDS = 8
_KEYWORD_LENGTHS = range(4, 21)
_COMMON = frozenset(
    """about above after again also article audience because before below blog blogs content could description
    detailed every friendly from have here include including into just length like make making many media
    more most much only other over please post posts prompt product short should social small some such than
    that their them then there these they this tone topic under very want what when where which while will
    with without words would write writing your""".split()  # noqa: SIM905 - easier to read than eighty quotes
)
_SOFT_BREAK = re.compile(r"(?<=\S)\n(?=[^\s#*-])")  # a line break inside a paragraph
_QUOTED = re.compile(r"[\"\u201c\u201e\u00ab]([^\"\u201c\u201d\u00ab\u00bb]+)[\"\u201c\u201d\u00bb]")
_SPARE_KEYWORDS = ("planning", "practice", "everyday", "progress")


class _Theme(NamedTuple):
    topic: str
    keywords: tuple[str, str, str]
    variant: int


def demonstration(prompt: Prompt) -> str:
    """Returns a Markdown text of the prompt's content type on its topic, including the notice.

    Follows the brief's number of words, and its language if there is a paragraph in that language.
    """
    if prompt.passage:
        return _rewritten(prompt)
    language = prompt.language.partition("-")[0].lower()
    if language in PARAGRAPHS and language != _ENGLISH:
        text = f"# {_theme(prompt).topic}\n\n{NOTICE}\n\n{PARAGRAPHS[language]}\n\n{PARAGRAPHS[language]}\n"
    else:
        language = _ENGLISH
        text = _SOFT_BREAK.sub(" ", _WRITERS[prompt.content_type](_theme(prompt)))
    return _of_words(text, prompt.words, PARAGRAPHS[language]) if prompt.words else text


def _of_words(text: str, words: int, filling: str) -> str:
    """Truncates or fills the text to about `words` words, in whole paragraphs."""
    kept: list[str] = []
    for paragraph in chain(text.rstrip().split("\n\n"), repeat(filling)):
        if kept and _amount(kept) >= words * _CLOSE:
            break
        kept.append(paragraph)
    return "\n\n".join(kept) + "\n"


def _amount(paragraphs: list[str]) -> int:
    whole = "\n".join(paragraphs)
    return max(len(whole.split()), sum(each > _FIRST_UNSPACED and each not in _HANGUL for each in whole) // 2)


def _rewritten(prompt: Prompt) -> str:
    """Returns half of the passage for "shorten", otherwise the passage plus the quoted parts of the instruction."""
    words = prompt.passage.split()
    if prompt.action == "shorten":
        return " ".join(words[: max(1, len(words) // 2)])
    wanted = _QUOTED.findall(prompt.instruction) or ["revised by the local Gemini stand-in"]
    return f"{prompt.passage.strip()} ({', '.join(wanted)})"


def _theme(prompt: Prompt) -> _Theme:
    topic = _topic(prompt.title or " ".join(prompt.request.split()[:_TOPIC_WORDS]))
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", f"{prompt.request} {topic}")]
    telling = [word for word in words if len(word) in _KEYWORD_LENGTHS and word not in _COMMON]
    first, second, third, *_ = dict.fromkeys([*telling, *_SPARE_KEYWORDS])
    digest = hashlib.blake2s(f"{prompt.title}\0{prompt.request}".encode(), digest_size=2).digest()
    return _Theme(topic, (first, second, third), int.from_bytes(digest, "big"))


def _topic(text: str) -> str:
    """Returns one clean line without Markdown or brackets (which look like a placeholder), truncated."""
    line = " ".join(re.sub(r"[\[\]<>*_#`|]+", " ", text).split()).rstrip(" .,:;!-")
    if len(line) > _TOPIC_LENGTH:
        line = line[:_TOPIC_LENGTH].rsplit(" ", 1)[0]
    return line or "A fresh start"


def _blog(theme: _Theme) -> str:
    topic, (first, second, third), variant = theme
    opening = _pick(_BLOG_OPENINGS, variant).format(topic=topic)
    closing = _pick(_BLOG_CLOSINGS, variant // 7).format(topic=topic)
    return _BLOG.format(
        topic=topic, notice=NOTICE, opening=opening, closing=closing, first=first, second=second, third=third
    )


def _product(theme: _Theme) -> str:
    topic, (first, second, third), variant = theme
    opening = _pick(_PRODUCT_OPENINGS, variant).format(topic=topic)
    return _PRODUCT.format(topic=topic, notice=NOTICE, opening=opening, first=first, second=second, third=third)


def _social(theme: _Theme) -> str:
    opening = _pick(_SOCIAL_OPENINGS, theme.variant).format(topic=theme.topic)
    hashtags = " ".join(f"#{word.capitalize()}" for word in theme.keywords)
    return _SOCIAL.format(opening=opening, hashtags=hashtags, notice=NOTICE)


def _pick(sentences: tuple[str, ...], variant: int) -> str:
    return sentences[variant % len(sentences)]


_BLOG = """# {topic}

{notice}

{opening} This article takes it one step at a time, with {first}, {second} and {third} as the thread to
follow.

## Why {first} comes first

Most people start in the middle: they compare offers, collect bookmarks and postpone the first real step. It
is easier to begin with one honest question about {first}: what should be different a month from now? Write
the answer down in a single sentence. It will settle half of the later choices before they turn into long
discussions, and it gives everybody involved the same picture of what a good result looks like.

## Making {second} part of the week

Good intentions need a place in the calendar. Reserve two short slots for {second}, one early in the week and
one near its end, and keep them small enough to survive a busy day:

- **Prepare** the evening before, so that the slot begins with the work itself.
- **Measure** one number only, the one that tells you whether {second} moves in the right direction.
- **Share** what you learned with one other person; explaining it shows which part is still unclear.

After three or four weeks the slots stop feeling like extra work. That is the moment to look back at the
sentence from the beginning and to change it if the goal has moved.

## What to watch out for

The usual mistake is to change everything at once. Pick the part where {third} matters most, improve it until
the difference is visible, and only then go on. A second mistake is to measure too late: small, early numbers
are rough, but they are cheap, and they warn in time. When something does not work, keep the note about it.
The next attempt begins there instead of at zero.

## Where to go from here

{closing} Choose a day this week, take the smallest useful step, and write down what happened. Everything
else grows from that page.
"""
_PRODUCT = """**{topic}**

{opening} Every detail was chosen with {first} in mind, from the first touch to the hundredth use. It is
quick to set up, simple to care for and built to stay at your side for years.

- **Made for {first}:** ready when you are, without a manual at hand
- **Thoughtful about {second}:** sturdy materials, clean lines, nothing superfluous
- **At ease with {third}:** one choice less to worry about on a full day

Try it for thirty days and see how much lighter the routine becomes.

{notice}
"""
_SOCIAL = """{opening} One small step this week, one number to watch, one friend to share it with.
Which step do you take first?

{hashtags} #Demo

{notice}
"""
_BLOG_OPENINGS = (
    "{topic}: few subjects look so simple from outside and reward a closer look so well.",
    "Behind {topic} lies more than the usual list of tips, and less mystery than the experts suggest.",
    "Whoever has spent an afternoon with {topic} knows the feeling: many opinions, little order.",
)
_BLOG_CLOSINGS = (
    "Nobody needs a perfect plan for {topic}; a plan that is looked at every week is enough.",
    "The next chapter of {topic} is written by doing.",
    "With these pieces in place, {topic} becomes a habit rather than a project.",
)
_PRODUCT_OPENINGS = (
    "Meet {topic}: the companion that does one thing very well and asks for nothing in return.",
    "{topic} brings calm to the busiest hour of the day.",
    "Some things earn their place within a week. {topic} is one of them.",
)
_SOCIAL_OPENINGS = (
    "{topic}: no reason to wait for Monday. 🚀",
    "What if {topic} were easier than it looks? ✨",
    "Today is a good day for {topic}. 🌱",
)
_WRITERS = {"blog": _blog, "product": _product, "social": _social}
