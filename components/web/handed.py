"""Files count for whom their address was sent to: with a link that somebody else got hold of, nobody fetches or puts anything."""

from __future__ import annotations

import re

KEPT = 1000
"""The latest addresses of each user."""
PLACES = ("/media/", "/_stcore/upload_file/")
_SENT = re.compile(rb"(/media/|/upload_file/)([0-9a-f-]+)")
_ASKED = re.compile(r"/media/([0-9a-f]+)(\.\w*)?|/_stcore/upload_file/([0-9a-f-]+)/[^/]*")


class Handed:
    """Streamlit asks only whether a file or a session is there, not whose it is; who was told its name is known at the gate.

    Kept in this process's memory, as Streamlit keeps the files: another process has neither the file nor the note, and after a new start both are gone.
    """

    def __init__(self) -> None:
        self._names: dict[int, dict[str, None]] = {}

    def note(self, user_id: int, data: bytes) -> None:
        """A message on its way to this user's browser."""
        for _, name in _SENT.findall(data):
            names = self._names.setdefault(user_id, {})
            names.pop(name.decode(), None)
            names[name.decode()] = None
            if len(names) > KEPT:
                names.pop(next(iter(names)))

    def may_use(self, user_id: int, path: str) -> bool:
        """Whether the path is no file's, or one that this user was sent."""
        if not path.startswith(PLACES):
            return True
        asked = _ASKED.fullmatch(path)
        return asked is not None and (asked[1] or asked[3]) in self._names.get(user_id, {})


HANDED = Handed()
