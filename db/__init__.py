"""Everything that is true without a screen: declarations, permission, validation, storage, questions."""
