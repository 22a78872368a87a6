"""The model provider interface, and its Gemini implementation."""
