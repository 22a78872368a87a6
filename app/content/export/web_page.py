"""The HTML format: a self-contained page that loads nothing remote and runs no scripts."""

from __future__ import annotations

from html import escape

import nh3

from app.content.export.markdown import parser, tokens_of, without_controls

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "code": {"class"}}
_STYLE = (
    "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,serif}"
    "pre{overflow:auto;background:#f4f4f4;padding:1rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #bbb;padding:.3rem .6rem}"
)


def html_of(title: str, text: str) -> str:
    """Returns the page."""
    title = without_controls(title)
    body = body_of(text)
    heading = "" if body.lstrip().startswith("<h1>") else f'<h1 dir="auto">{escape(title)}</h1>\n'
    return (
        '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body dir="auto">\n{heading}{body}</body>\n</html>\n'
    )


def body_of(text: str) -> str:
    """Returns the text as an HTML fragment."""
    tokens = tokens_of(without_controls(text))
    rendered: str = parser().renderer.render(tokens, parser().options, {})
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
