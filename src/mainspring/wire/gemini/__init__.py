"""Google's Gemini ``generateContent``, as an upstream speaks it (API version v1beta)."""
