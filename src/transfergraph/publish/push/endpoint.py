"""What a server wants to know of who writes: from the environment alone, never from a call or a file."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from transfergraph.errors import UsageError

USER, PASSWORD, TOKEN = (f"TRANSFERGRAPH_PUSH_{name}" for name in ("USER", "PASSWORD", "TOKEN"))


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A name with its password, or a token; all empty where the server asks for nothing."""

    user: str = ""
    password: str = ""
    token: str = ""

    @property
    def authorization(self) -> str:
        """The value of the field ``Authorization``: Basic (RFC 7617) or Bearer (RFC 6750); perhaps empty."""
        if self.token:
            return f"Bearer {self.token}"
        if self.user:
            pair = f"{self.user}:{self.password}".encode()
            return f"Basic {base64.b64encode(pair).decode('ascii')}"
        return ""


def read_credentials(environment: Mapping[str, str]) -> Credentials:
    """The credentials that the environment has; raises :class:`UsageError` for half of them."""
    user, password, token = (environment.get(name, "") for name in (USER, PASSWORD, TOKEN))
    if token and (user or password):
        raise UsageError(f"{TOKEN} and {USER} are both set; the server is given one of them.")
    if bool(user) != bool(password):
        raise UsageError(f"{USER} and {PASSWORD} belong together; set both or neither.")
    if any(ord(character) < 32 or ord(character) == 127 for character in user + password + token):
        raise UsageError(f"{USER}, {PASSWORD} and {TOKEN} are single lines without control characters.")
    return Credentials(user, password, token)
