"""Official documents: data once, Word and PDF from it. Knows no policy and no domain (docs/adr/0013-documents.md)."""
