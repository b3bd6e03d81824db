"""Language models behind an OpenAI-compatible endpoint. Nothing here is needed to read a document."""
