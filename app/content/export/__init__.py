"""Exports texts as Markdown, HTML, plain text, Word or JSON, singly or as a zip."""
