"""Sample companies: invented, plausible, the same every time."""
