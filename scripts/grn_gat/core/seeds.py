"""Named random streams: every draw of the workflow descends from one integer in the config."""

import zlib

import numpy as np


def seed_sequence(seed: int, *names: str | int) -> np.random.SeedSequence:
    """Return the SeedSequence of a named stream.

    `names` say what the stream is for, e.g. `("simulate", "HSC", 3)`. Strings enter through their
    CRC-32, so that the stream of one network does not depend on which others the config lists.
    """
    key = tuple(zlib.crc32(n.encode()) if isinstance(n, str) else int(n) for n in names)
    return np.random.SeedSequence(entropy=seed, spawn_key=key)


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """Return numpy's default generator on the named stream."""
    return np.random.default_rng(seed_sequence(seed, *names))


def integer_seed(seed: int, *names: str | int) -> int:
    """Return a 63-bit integer of the named stream, for libraries that take plain integers."""
    return int(seed_sequence(seed, *names).generate_state(1, np.uint64)[0] >> 1)


def derangement(n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a permutation of n >= 2 items that leaves none in its place, all equally likely."""
    while True:
        order = rng.permutation(n)
        if (order != np.arange(n)).all():
            return order
