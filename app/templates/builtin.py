"""The built-in templates, which every user has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def _made(name: str, content_type: str, title: str, prompt: str, **brief: Any) -> dict[str, Any]:
    return {"name": name, "content_type": content_type, "title": title, "prompt": prompt, "brief": brief or None}


BUILT_IN: Mapping[str, Mapping[str, Any]] = {
    "product-short": _made(
        "Product (short)",
        "product",
        "{{product_name}}",
        "Describe {{product_name}} in one short paragraph for a shop. What it is and does: {{features}}.",
        words=80,
    ),
    "product-seo": _made(
        "Product (SEO)",
        "product",
        "{{product_name}}",
        "Write a product description of {{product_name}} for people who search the web for {{keyword}}."
        " Features: {{features}}. Name the benefits before the features.",
        words=250,
        keywords=["{{keyword}}"],
    ),
    "blog-outline": _made(
        "Blog outline",
        "blog",
        "{{topic}}",
        "Write an outline of a blog post about {{topic}}: a heading for each section, and two or three points.",
        audience="{{audience}}",
    ),
    "newsletter": _made(
        "Newsletter",
        "blog",
        "{{subject}}",
        "Write a newsletter with the subject {{subject}}. News: {{news}}. End with one thing to do: {{action}}.",
        words=300,
    ),
    "linkedin-post": _made(
        "LinkedIn post",
        "social",
        "{{topic}}",
        "Write a LinkedIn post about {{topic}}. What I have learned: {{insight}}. End with a question to the readers.",
        words=150,
    ),
    "instagram-caption": _made(
        "Instagram caption",
        "social",
        "{{picture}}",
        "Write an Instagram caption for a picture of {{picture}}. Mood: {{mood}}. End with up to five hashtags.",
        words=60,
    ),
    "ad-copy": _made(
        "Ad copy",
        "social",
        "{{product_name}}",
        "Write an advertisement for {{product_name}} with one headline and two sentences. Offer: {{offer}}.",
        words=50,
    ),
}
