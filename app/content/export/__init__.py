"""Texts to take away: as Markdown, HTML, plain text, Word or JSON, one by one or many in a zip."""
