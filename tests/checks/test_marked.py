"""The passages that the checks of words and numbers mark or ignore, in many languages: one table per check."""

from __future__ import annotations

import pytest

from app.checks import cliches, placeholders, repetition, task_talk, to_verify
from app.checks.finding import Finding
from app.checks.subject import Reading, Subject
from tests.checks.texts import PARAGRAPHS

TO_VERIFY = [
    # text, request, what is marked
    ("Founded in 1987, it has 1,250 members.", "", ["1987", "1,250"]),
    ("Founded in 1987, it has 1,250 members.", "since 1987; 1250 members", []),
    ("Seit 1987 gibt es 1.250 Mitglieder.", "1250 Mitglieder seit 1987", []),
    ("Depuis 1987, il y a 1\u202f250 membres.", "1250 membres", ["1987"]),
    ("Desde 1987 hay 12,5 % más.", "", ["1987", "12,5"]),
    ("Dal 1987 ci sono 45 soci.", "45", ["1987"]),
    ("С 1987 года 45 %.", "", ["1987", "45"]),
    ("منذ عام ١٩٨٧ وفيها ٤٥ عضوا.", "1987", ["٤٥"]),
    ("१९८७ से ४५ सदस्य।", "", ["१९८७", "४५"]),
    ("1987年に45人。", "1987年", ["45"]),
    ("从1987年起有45人。", "", ["1987", "45"]),
    ("ตั้งแต่ปี ๒๕๓๐", "", ["๒๕๓๐"]),
    ("In 3 steps, 10 minutes and 7 tools.", "", []),
    ("It measures CO2 and uses MP3 and H2O.", "", []),
    ("Open from 9:30 to 17:45.", "9:30", ["17:45"]),
    ("See https://a.example/x1234 and www.", "", ["https://a.example/x1234"]),
    ("See [the page](https://a.example/1).", "https://www.a.example/1/", []),
    ("See [the page](https://a.example/1).", "", ["https://a.example/1"]),
    ("参见https://a.example/x1234。很好，约45人。", "", ["https://a.example/x1234", "45"]),
    ("و45 عضوا، 총45명, ב45", "", ["45", "45", "45"]),
    ("The T34, the Т34 and the A380 are names; so is PS5000.", "", []),
    ("Write to [us](mailto:a@b.example).", "", []),
    ("`port 8080` and\n\n```\n1234\n```", "", []),
    ("No number and no link.", "", []),
]

PLACEHOLDERS = [
    # text, what is marked
    ("Dear [Your Name],", ["[Your Name]"]),
    ("Call [phone number] or [Insert address here].", ["[phone number]", "[Insert address here]"]),
    ("Hallo [Ihr Name], am [Datum einfügen] um neun.", ["[Ihr Name]", "[Datum einfügen]"]),
    ("Bonjour [votre nom], [insérer la date].", ["[votre nom]", "[insérer la date]"]),
    ("Hola [su nombre], [insertar fecha].", ["[su nombre]", "[insertar fecha]"]),
    ("Ciao [il tuo nome].", ["[il tuo nome]"]),
    ("Olá [seu nome].", ["[seu nome]"]),
    ("Beste [uw naam],", ["[uw naam]"]),
    ("Cześć [twoje imię],", ["[twoje imię]"]),
    ("Здравствуйте, [ваше имя]!", ["[ваше имя]"]),
    ("尊敬的[您的姓名]：", ["[您的姓名]"]),
    ("【会社名】の皆さま", ["【会社名】"]),
    ("[이름] 님께", ["[이름]"]),
    ("Hi {{ name }}, {% if x %}", ["{{ name }}", "{% if x %}"]),
    ("TODO: check. TBD: price. Call XXX-XXXX.", ["TODO:", "TBD:", "XXX-XXXX"]),
    ("请TODO:价格。电话XXX-XXXX呼", ["TODO:", "XXX-XXXX"]),
    ("Go to <your city here>.", ["<your city here>"]),
    ("In code, `[Your Name]` and `{{ name }}` stay.", []),
    ("A [link](https://a.example), a note [1], [sic], and an array a[name].", []),
    ("He said: “[Your] mother called.”", []),
    ("The TODO list was long, and XXL was sold out.", []),
    ("[Date](https://a.example) is a link, and [name]: a definition.", []),
    ("Das Buch [...] ist [sehr] alt; les mots [en italique]; las palabras [sic].", []),
    ("【新着】お知らせ", []),
]

TASK_TALK = [
    # the beginning, the end, the words with which the marked places begin
    ("Sure! Here is the blog post about bees:", "", ["Sure!"]),
    ("Here's your product description:", "", ["Here's"]),
    ("I'm sorry, but I can't help with that.", "", ["I'm"]),
    ("Natürlich! Hier ist der Blogbeitrag über Bienen:", "", ["Natürlich!"]),
    ("Bien sûr ! Voici l'article de blog sur les abeilles :", "", ["Bien"]),
    ("¡Claro! Aquí tienes el artículo sobre las abejas:", "", ["¡Claro!"]),
    ("Certo! Ecco l'articolo sulle api:", "", ["Certo!"]),
    ("Claro! Aqui está o artigo sobre abelhas:", "", ["Claro!"]),
    ("Конечно! Вот статья о пчёлах:", "", ["Конечно!"]),
    ("好的，以下是关于蜜蜂的文章：", "", ["好的，以下是关于蜜蜂的文章"]),
    ("はい、以下がブログ記事です。", "", ["はい、以下がブログ記事"]),
    ("", "Let me know if you'd like me to change anything!", ["Let"]),
    ("", "Lass mich wissen, wenn ich etwas ändern soll!", ["Lass"]),
    ("", "N'hésitez pas à me dire si vous souhaitez des modifications.", ["N'hésitez"]),
    ("", "Avísame si quieres que cambie algo.", ["Avísame"]),
    ("", "Let me know if I should change anything.", ["Let"]),
    ("", "Låt mig veta om jag ska ändra något.", ["Låt"]),
    ("", "Let me know if I should write about wasps next!", []),
    ("", "Lass mich wissen, ob ich beim nächsten Mal über Wespen schreiben soll!", []),
    ("Of course, here is where the story turns: the queen leaves.", "", []),
    ("Sure enough, the bees came back.", "", []),
    ("Here is the post office where the bees live.", "", []),
    ("Natürlich ist Honig süß.", "", []),
    ("Bien sûr, les abeilles dorment en hiver.", "", []),
    ("Claro que las abejas duermen.", "", []),
    ("Вот пчела, а вот цветок.", "", []),
    ("", "Let me know in the comments what you think of bees!", []),
    ("", "Let us know if you have seen a swarm.", []),
    ("", "Schreib mir, wie deine Bienen heißen!", []),
    ("It works as an AI-powered triage tool.", "", []),
]

CLICHES = [
    # language, sentence, what is marked
    ("en", "We delve into gardens.", ["delve into"]),
    ("en", "They dug into the garden.", []),
    ("en", "It is a testament to patience.", ["a testament to"]),
    ("en", "Her will and testament was short.", []),
    ("de", "Das bringt den Garten auf das nächste Level.", ["auf das nächste Level"]),
    ("de", "Das nächste Beet liegt tiefer.", []),
    ("fr", "Il convient de noter que tout pousse.", ["Il convient de noter"]),
    ("fr", "Il note que tout pousse.", []),
]

REPETITION = [
    # text, what is marked
    ("The bees leave the hive when the sun is up. We wait. The bees leave the hive when the sun is up.",
     ["The bees leave the hive when the sun is up"]),
    ("The bees leave the hive. We wait a while and then look. The bees leave the hive.", []),
    ("Die Bienen verlassen den Stock, wenn die Sonne scheint. Gut. Die Bienen verlassen den Stock, wenn die Sonne scheint.",
     ["Die Bienen verlassen den Stock, wenn die Sonne scheint"]),
    ("Пчёлы вылетают из улья, когда встаёт тёплое летнее солнце. Да. Пчёлы вылетают из улья, когда встаёт тёплое летнее солнце.",
     ["Пчёлы вылетают из улья, когда встаёт тёплое летнее солнце"]),
    ("النحل يخرج من الخلية عندما تشرق الشمس في الصباح. نعم. النحل يخرج من الخلية عندما تشرق الشمس في الصباح.",
     ["النحل يخرج من الخلية عندما تشرق الشمس في الصباح"]),
    ("蜜蜂在太阳升起的时候离开蜂巢去寻找花朵。很好。蜜蜂在太阳升起的时候离开蜂巢去寻找花朵。", ["蜜蜂在太阳升起的时候离开蜂巢去寻找花朵"]),
    ("ผึ้งออกจากรังเมื่อพระอาทิตย์ขึ้นในตอนเช้า ดี ผึ้งออกจากรังเมื่อพระอาทิตย์ขึ้นในตอนเช้า",
     ["ผึ้งออกจากรังเมื่อพระอาทิตย์ขึ้นในตอนเช้า"]),
    ("One, two. One, two. One, two.", []),
]  # fmt: skip


def subject(text: str, request: str = "") -> Subject:
    return Subject(Reading(text), "blog", {}, request)


def marked(text: str, found: Finding) -> list[str]:
    """The text that the finding marks. Also checks that the finding fails if and only if it marks something."""
    assert (found.passed is False) == bool(found.spans)
    return [text[each.start : each.end] for each in found.spans]


@pytest.mark.parametrize(("text", "request_text", "expected"), TO_VERIFY)
def test_to_verify(text: str, request_text: str, expected: list[str]) -> None:
    assert sorted(marked(text, to_verify.check(subject(text, request_text)))) == sorted(expected)


@pytest.mark.parametrize(("text", "expected"), PLACEHOLDERS)
def test_placeholders(text: str, expected: list[str]) -> None:
    assert marked(text, placeholders.check(subject(text))) == expected


@pytest.mark.parametrize(("beginning", "end", "first_words"), TASK_TALK)
def test_task_talk(beginning: str, end: str, first_words: list[str]) -> None:
    text = "\n\n".join(filter(None, (beginning, PARAGRAPHS["en"], end)))
    assert [each.split()[0] for each in marked(text, task_talk.check(subject(text)))] == first_words


@pytest.mark.parametrize(("language", "sentence", "expected"), CLICHES)
def test_cliches(language: str, sentence: str, expected: list[str]) -> None:
    text = f"{PARAGRAPHS[language]} {sentence}"
    assert marked(text, cliches.check(subject(text))) == expected


@pytest.mark.parametrize(("text", "expected"), REPETITION)
def test_repetition(text: str, expected: list[str]) -> None:
    assert marked(text, repetition.check(subject(text))) == expected
