"""The key with which digest files are signed: RSA, SHA-256, PKCS #1 v1.5.

Lives here: `Key` and `key_of`. A key of ours guards nothing: it follows from the region, so that
the same run has the same signatures, which no library of cryptography would promise. Making one
takes part of a second, once in a process.
Source: RFC 8017; CloudTrail User Guide, "Custom implementations of CloudTrail log file integrity
validation".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from random import Random  # noqa: TID251 a key must not depend on what happened before

__all__ = ["Key", "key_of"]

_BITS, _EXPONENT = 2048, 65_537
_SMALL = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]
_SHA_256 = bytes.fromhex("3031300d060960864801650304020105000420")


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair.

    Attributes:
        modulus: the public part, with the exponent 65,537.
        private: the private exponent.
    """

    modulus: int
    private: int

    def sign(self, text: bytes) -> str:
        """The signature, hexadecimal."""
        length = _BITS // 8
        tail = b"\x00" + _SHA_256 + hashlib.sha256(text).digest()
        padded = b"\x00\x01" + b"\xff" * (length - 2 - len(tail)) + tail
        signed = pow(int.from_bytes(padded, "big"), self.private, self.modulus)
        return f"{signed:0{length * 2}x}"

    @property
    def der(self) -> bytes:
        """The public key in DER, as PKCS #1 has it."""
        return _tagged(0x30, _integer(self.modulus) + _integer(_EXPONENT))

    @property
    def fingerprint(self) -> str:
        """By which digests name the key."""
        return hashlib.md5(self.der, usedforsecurity=False).hexdigest()


@cache
def key_of(region: str) -> Key:
    """The key of a region."""
    chance = Random(region)
    one, other = _prime(chance), _prime(chance)
    private = pow(_EXPONENT, -1, (one - 1) * (other - 1))
    return Key(one * other, private)


def _prime(chance: Random) -> int:
    half = _BITS // 2
    while True:
        found = chance.getrandbits(half) | (0b11 << (half - 2)) | 1
        if all(found % small for small in _SMALL) and (found - 1) % _EXPONENT and _passes(found):
            return found


def _passes(number: int) -> bool:
    """Miller and Rabin's test, for some bases."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19):
        value = pow(base, odd, number)
        if value in (1, number - 1):
            continue
        for _ in range(twos - 1):
            value = value * value % number
            if value == number - 1:
                break
        else:
            return False
    return True


def _integer(number: int) -> bytes:
    return _tagged(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _tagged(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content
