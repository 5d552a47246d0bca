"""The HTTP interface for programs, /api/v1: made from the declarations, with the rules of the screens."""
