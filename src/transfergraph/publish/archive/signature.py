"""The signature of an archive's checksums, as the program minisign makes and reads it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from transfergraph.errors import MissingExtra, UsageError
from transfergraph.messages import explained
from transfergraph.publish.archive.description_files import CHECKSUMS

SIGNATURE = f"{CHECKSUMS}.minisig"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A file with a secret key of minisign, and its password where it has one."""

    file: Path
    password: str | None = None

    def sign(self, checksums: bytes, release: str) -> tuple[bytes, str]:
        """The signature, which also vouches for the name of the release, and the public key in Base64.

        The same key and bytes give the same signature: it has no time. Raises :class:`MissingExtra` without
        the extra ``signing``, :class:`UsageError` for a file that is no secret key and for a wrong password.
        """
        if find_spec("minisign") is None:
            raise MissingExtra(explained("error.extra.signing"))
        from minisign import Error, PublicKey, SecretKey

        try:
            with SecretKey.from_file(self.file) as secret:
                if secret.is_encrypted():
                    secret.decrypt(self._password())
                made = secret.sign(checksums, trusted_comment=f"{CHECKSUMS} of {release}")
                public = PublicKey.from_secret_key(secret).to_base64().decode()
        except (Error, OSError) as error:
            raise UsageError(explained("error.archive.key", file=self.file, error=error)) from error
        return bytes(made), public

    def _password(self) -> str:
        if self.password is None:
            raise UsageError(explained("error.archive.key-password", file=self.file))
        return self.password
