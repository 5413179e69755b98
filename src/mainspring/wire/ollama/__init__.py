"""Ollama's native chat (``POST /api/chat``), as an upstream speaks it: a stream of JSON lines."""
