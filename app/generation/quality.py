"""Whether a text is good enough to show; what is wrong with it becomes advice for the next attempt."""

from __future__ import annotations

import re
from collections import Counter

from app.errors import TransientFailure

MINIMUM_WORDS = {"blog": 100, "product": 8, "social": 5}

_CODE = re.compile(r"^(```+|~~~+).*?^\1[ \t]*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
_ALL_IN_A_FENCE = re.compile(
    r"\A\s*(```+|~~~+)[ \t]*(?:markdown|md|text|txt|html)?[ \t]*\n(?:(?!^\1).*\n)*^\1\s*\Z",
    re.MULTILINE | re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"""
      (?<![\w\])]) \[ (?:
          (?: insert | enter | add(?!\ to\b) | your | name\ of ) \ [^\]\n]{1,80}
        | (?: company | product | brand | customer | client | recipient | first | last | full )(?:['\u2019]s)?[\ _-]name
        | (?: phone | telephone | contact )[\ _-]number | (?: e-?mail | postal | website )[\ _-]address
        | date | link | url | name | company | brand | product | price | city | placeholder
      ) \] (?! [(\[:] )
    | \b (?-i: TODO | FIXME ) :
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FILLER = frozenset(
    """lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor incididunt labore dolore magna aliqua
    enim minim veniam quis nostrud exercitation ullamco laboris nisi aliquip commodo consequat duis aute irure
    reprehenderit voluptate velit esse cillum fugiat nulla pariatur excepteur sint occaecat cupidatat""".split()  # noqa: SIM905 - easier to read than quotes
)
_FILLER_SHARE = 0.3

_TEXT_NOUNS = (
    r"(?:post|blog(?:post|beitrag|artikel)?|article|description|text|draft|copy|caption|version"
    r"|beitrag|artikel|entwurf|produktbeschreibung|texte|billet|artículo|texto|descripción|articolo|testo|descrizione)"
)
_HERE_IS = (
    r"(?:here(?:['\u2019]s|\ is|\ are)|below\ (?:is|are|you)"
    r"|hier\ (?:ist|sind|kommt)|voici|aquí\ (?:está|tienes)|ecco)\b"
)
_TASK_TALK_AT_THE_START = re.compile(
    rf"""
    \A [\s\#*_>-]* (?:
        (?: sure | certainly | of\ course | absolutely | okay | ok | gladly | great
          | gerne | natürlich | selbstverständlich | klar | bien\ sûr | por\ supuesto | claro | certo | certamente
        )\b [!,.:\ \n—\u2013-]* (?:
            {_HERE_IS} (?:[\ -][\w'\u2019-]+){{0,6}}? [\ -] {_TEXT_NOUNS} \b (?!-)
          | i(?:['\u2019](?:d|ll)|\ can|\ will)\ (?:be\ (?:happy|glad)|help|write|create|draft|gladly|love\ to) )
      | {_HERE_IS} (?:[\ ][\w'\u2019-]+){{0,6}}? \ {_TEXT_NOUNS} (?:
            [:.!\n] | \ (?:you|as)\ (?:asked|requested|wanted) | \b(?!-)[^\n.!?]{{0,100}}:[ \t*_]*\n )
      | as\ an?\ (?:ai|artificial\ intelligence|(?:ai\ |large\ )?language\ model)
        (?:\ (?:language\ )?(?:model|assistant))?,?\ i\b
      | (?: (?:i['\u2019]m|i\ am)\ (?:very\ |so\ )?sorry | sorry | unfortunately | i\ apologi[sz]e )? ,?\ ?(?:but\ )?
        i(?:\ can(?:['\u2019]t|not|\ not) | (?:['\u2019]m|\ am)\ (?:unable|not\ able)\ to | \ won['\u2019]t )\ (?:
            (?:help|assist)(?:\ you)?\ with\b
          | (?:fulfil+|comply|complete|process)\b[^.\n]{{0,30}}\brequest
          | (?:write|create|generate|provide|produce)\ (?:that|this|such|content|the\ requested)\b )
      | es\ tut\ mir\ leid,?\ (?:aber\ )?ich\ kann
      | je\ suis\ désolée?,?\ (?:mais\ )?je\ ne\ peux
      | lo\ siento,?\ (?:pero\ )?no\ puedo
      | </?think(?:ing)?> | (?-i: THOUGHTS?: )
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TASK_TALK_AT_THE_END = re.compile(
    r"""
      \b let\ me\ know\ if\ you (?:['\u2019]d|\ would)?\ (?:like|want|need)\ (?:
          me\ to | any\ (?:changes|adjustments|edits|revisions) )
    | \b would\ you\ like\ me\ to\ (?:adjust|change|revise|rewrite|write|make|create|add|shorten|expand)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LEFT_OVER = re.compile(r"</think(?:ing)?>|</request>|</?(?:request|title)-[0-9a-f]{16}>", re.IGNORECASE)
_END = 400
"""Characters at the end of a text in which a closing remark about the task would stand."""

_SHORT_WANTED = re.compile(
    r"""
      \b (?: haiku | haïku | limerick | couplet | epigram | slogan | tagline | headline | one-liner | tweet ) s? \b
    | \b (?: one | a | single | two | 1 | 2 | ein(?:en)? | une | una )[\ -](?:single\ )?
      (?: sentence | line | satz | phrase | frase )s? \b
    | \b [1-9]\d?[\ -](?: word | character | wörter | mots | palabras )
    | 俳句 | 川柳 | 一句
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = re.compile(r"[.!?。！？\n]+\s*")  # noqa: RUF001 - Chinese ends of sentences
_REPEATED_TIMES = 100
_REPEATED_SHARE = 0.9
_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
UNSPACED_CHARACTERS_PER_WORD = 2
"""In scripts without spaces between words (Chinese, Japanese, Thai, …) about two characters make a word."""


def check(content_type: str, text: str, request: str = "") -> None:
    """Raises TransientFailure, with advice for the model, for a text that must not be shown.

    `request` is what the person asked for: something short, perhaps, or a text with placeholders.
    """
    if not text.strip():
        raise TransientFailure("AI service returned empty content", failure_code="empty", feedback="It was empty.")
    prose = _CODE.sub(" ", text)
    if _has_placeholders(prose, request):
        raise TransientFailure(
            "AI service returned a text with placeholders",
            failure_code="placeholders",
            feedback="It contained placeholders; write every detail out, or leave it away.",
        )
    if _talks_about_the_task(text, prose):
        raise TransientFailure(
            "AI service talked about the task instead of writing",
            failure_code="task_talk",
            feedback="It talked about the task or about itself; give the finished text alone.",
        )
    _check_length(content_type, text, request)
    _check_repetition(text)


def count_words(text: str) -> int:
    """Words, in scripts with and without spaces between them."""
    unspaced = len(_UNSPACED.findall(text))
    spaced = len(_WORD.findall(_UNSPACED.sub(" ", text)))
    return spaced + unspaced // UNSPACED_CHARACTERS_PER_WORD


def _has_placeholders(prose: str, request: str) -> bool:
    """Blanks to be filled in that the request does not have, or filler where a text should be."""
    asked_for = request.lower()
    if any(found[0].lower() not in asked_for for found in _PLACEHOLDER.finditer(prose)):
        return True
    words = _WORD.findall(prose.lower())
    return "lorem" in words and sum(word in _FILLER for word in words) > _FILLER_SHARE * len(words)


def _talks_about_the_task(text: str, prose: str) -> bool:
    return bool(
        _ALL_IN_A_FENCE.search(text)
        or _TASK_TALK_AT_THE_START.search(text)
        or _TASK_TALK_AT_THE_END.search(text[-_END:])
        or _LEFT_OVER.search(prose)
    )


def _check_length(content_type: str, text: str, request: str) -> None:
    minimum = 1 if _SHORT_WANTED.search(request) else MINIMUM_WORDS[content_type]
    if (words := count_words(text)) < minimum:
        raise TransientFailure(
            "AI service returned a text that is too short",
            failure_code="too_short",
            feedback=f"It had {words} words; at least {minimum} are needed.",
        )


def _check_repetition(text: str) -> None:
    sentences = Counter(sentence.strip().lower() for sentence in _SENTENCE_END.split(text) if sentence.strip())
    most = max(sentences.values(), default=0)
    if most >= _REPEATED_TIMES and most >= _REPEATED_SHARE * sentences.total():
        raise TransientFailure(
            "AI service returned one sentence over and over",
            failure_code="repetitive",
            feedback="It repeated one sentence over and over; write a whole text.",
        )
