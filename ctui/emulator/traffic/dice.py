"""Repeatable random numbers: everything random in the sample traffic follows from a seed and a name."""

import hashlib
import random

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


class Dice(random.Random):
    """Random numbers that are the same for the same seed and names, on every machine and at every start."""

    def __init__(self, seed: int, *names: str | int) -> None:
        text = "\0".join(str(part) for part in (seed, *names)).encode()
        super().__init__(int.from_bytes(hashlib.blake2b(text, digest_size=16).digest(), "big"))

    def hex(self, digits: int) -> str:
        """That many hexadecimal digits."""
        return f"{self.getrandbits(4 * digits):0{digits}x}"

    def uuid(self) -> str:
        """A random UUID (version 4), the form of eventID and of most request IDs."""
        bits = self.hex(32)
        return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-{'89ab'[int(bits[16], 16) % 4]}{bits[17:20]}-{bits[20:]}"

    def key_id(self, prefix: str) -> str:
        """An access key ID that is visibly an example: AKIA (user) or ASIA (session), with EXAMPLE at its end."""
        return prefix + "".join(self.choices(_BASE32, k=9)) + "EXAMPLE"

    def principal(self, prefix: str) -> str:
        """A unique ID like IAM's: AIDA for users, AROA for roles."""
        return prefix + "".join(self.choices(_BASE32, k=17))
