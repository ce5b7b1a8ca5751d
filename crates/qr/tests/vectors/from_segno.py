#!/usr/bin/env python3
"""Writes segno.json beside this file: symbols of an independent encoder (segno 1.6.6, PyPI) to compare ours with.

Every version at every level once, every mask, and every mode; each payload is of one mode, because segno does not mix
them. A row of modules is packed into hexadecimal digits from the left, the last one filled up with zeros.

One fault of segno 1.6.6 is put right here: where the text ends at a byte boundary it adds a byte of zeros before the
padding (its issues 123 and 148), which ISO/IEC 18004 7.4.10 does not. Readers do not mind, but the matrix is another.

    python -m venv venv && venv/bin/pip install segno==1.6.6 && venv/bin/python crates/qr/tests/vectors/from_segno.py
"""

import hashlib
import json
import random
from pathlib import Path

import segno
import segno.encoder

MODES = {"numeric": "0123456789", "alphanumeric": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"}
BYTES = "abcdefghijklmnopqrstuvwxyz-._~/?=&"
KANJI = "点茗日本語東京都漢字かなカナ"


def write_padding_bits(buff, version, length):
    buff.extend([0] * (-length % 8))


def packed(code):
    rows = []
    for row in code.matrix:
        bits = "".join(str(int(module)) for module in row)
        bits += "0" * (-len(bits) % 4)
        rows.append(f"{int(bits, 2):0{len(bits) // 4}x}")
    return rows


def vector(text, mode, version, level, mask):
    encoding = None if mode == "kanji" else "utf-8"
    code = segno.make(
        text, error=level, version=version, mask=mask, mode=mode, encoding=encoding, eci=False, micro=False,
        boost_error=False,
    )
    assert (code.version, code.error, code.mask) == (version or code.version, level, mask)
    rows = packed(code)
    wanted = {"text": text, "mode": mode, "version": code.version, "level": level, "mask": mask}
    # A large symbol is told by its digest; a small one can be looked at.
    if code.version > 6:
        digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return {**wanted, "sha256": digest}
    return {**wanted, "rows": rows}


def main():
    segno.encoder.write_padding_bits = write_padding_bits
    chance = random.Random(18004)
    draw = lambda alphabet, count: "".join(chance.choice(alphabet) for _ in range(count))
    vectors = []
    for version in range(1, 41):
        for level in "LMQH":
            mode = ("numeric", "alphanumeric", "byte")[(version + "LMQH".index(level)) % 3]
            alphabet = MODES.get(mode, BYTES)
            # A letter at each end keeps a byte text from being anything else.
            text = draw(alphabet, 5 + version // 4)
            text = text if mode != "byte" else f"a{text}z"
            vectors.append(vector(text, mode, version, level, (version * 3 + "LMQH".index(level)) % 8))
    for mask in range(8):
        for level in "LMQH":
            vectors.append(vector("https://tessera.example/r/9Qm4?qr=1", "byte", 6, level, mask))
    for level in "LMQH":
        vectors.append(vector("Grüße aus Köln – ☕", "byte", None, level, 5))
        vectors.append(vector(draw(KANJI, 20), "kanji", None, level, 2))
        # As full as a symbol can be, for the terminator and the padding.
        for count in (16, 17, 18, 19, 20):
            vectors.append(vector(draw(MODES["alphanumeric"], count - 1) + "A", "alphanumeric", None, level, 7))
    for level, count in (("L", 2953), ("M", 2331), ("Q", 1663), ("H", 1273)):
        vectors.append(vector(draw(BYTES, count), "byte", 40, level, 0))
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors)
    Path(__file__).with_name("segno.json").write_text(f"[\n{lines}\n]\n")


main()
