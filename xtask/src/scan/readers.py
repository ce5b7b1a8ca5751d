"""Reads the images of `make test-scan` with zxing-cpp and OpenCV, two readers that share no code with ours.

Takes lines of `path<TAB>text` from standard input, the text escaped as in Rust's source (all of it is ASCII); answers
`path<TAB>zxing<TAB>opencv`, 1 for each reader that reads the text in the image and 0 for one that does not. OpenCV is asked
where zxing-cpp did not read.
"""

import sys

import cv2
import numpy
import zxingcpp


def grey(path):
    """On white paper: what is transparent is not black."""
    image = cv2.imread(path, cv2.IMREAD_UNCHANGED)
    if image is None:
        return None
    if image.ndim == 3 and image.shape[2] == 4:
        alpha = image[:, :, 3:].astype(numpy.float32) / 255
        image = (image[:, :, :3] * alpha + 255 * (1 - alpha)).astype(numpy.uint8)
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image


def read_by_opencv(detector, image):
    try:
        return detector.detectAndDecode(image)[0]
    except cv2.error:
        return None


def main():
    # As many batches are read at once as there are cores.
    cv2.setNumThreads(1)
    detector = cv2.QRCodeDetector()
    for line in sys.stdin:
        path, escaped = line.rstrip("\n").split("\t")
        text = escaped.encode().decode("unicode_escape")
        image = grey(path)
        if image is None:
            print(f"{path}\t0\t0")
            continue
        zxing = any(found.text == text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode))
        # The slowest of all, and the one that finds no round corner square: asked where the other did not read.
        opencv = not zxing and read_by_opencv(detector, image) == text
        print(f"{path}\t{int(zxing)}\t{int(opencv)}")


main()
