"""Data as they come and go: expression, pseudotime, reference networks, ranked edges."""
