"""The catalogues of words, and how they are kept complete."""
