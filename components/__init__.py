"""The furniture of the screens: shell, lists, forms, charts."""
