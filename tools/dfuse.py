#!/usr/bin/env python3
"""Packs raw images into one .dfu file, as dfu-util writes it to an STM32.

The format is DfuSe 1.1a (ST's UM0391): a prefix; one target, the internal flash, which the chip's
own loader offers as alternate setting 0; in it an element for each image; the suffix of USB's DFU.

usage: dfuse.py OUTPUT ADDRESS:IMAGE...
       dfuse.py camera.dfu 0x08000000:cm7.bin 0x08100000:cm4.bin
"""
import os
import struct
import sys
import zlib

FLASH = range(0x08000000, 0x08200000)
VENDOR, PRODUCT, ANY_RELEASE = 0x0483, 0xDF11, 0xFFFF  # ST's loader in the system memory
DFUSE_VERSION = 0x011A


class Refused(Exception):
    pass


def read_image(spec):
    """ADDRESS:IMAGE, as (address, bytes)."""
    number, colon, path = spec.partition(":")
    try:
        address = int(number, 0)
    except ValueError:
        colon = ""
    if not colon:
        raise Refused(f"{spec}: not ADDRESS:IMAGE, for example 0x08000000:cm7.bin")
    with open(path, "rb") as file:
        image = file.read()
    if not image:
        raise Refused(f"{path} is empty")
    if address not in FLASH or address + len(image) > FLASH.stop:
        raise Refused(f"{path}: {len(image)} bytes at 0x{address:08x} are not in the flash, "
                      f"0x{FLASH.start:08x} to 0x{FLASH.stop - 1:08x}")
    return address, image


def check_apart(images):
    for (address, image), (following, _) in zip(images, images[1:]):
        if address + len(image) > following:
            raise Refused(f"the image at 0x{address:08x} has {len(image)} bytes and runs into "
                          f"the one at 0x{following:08x}")


def pack(images):
    elements = b"".join(struct.pack("<II", address, len(image)) + image
                        for address, image in images)
    target = struct.pack("<6sBI255sII", b"Target", 0, 1, b"Internal Flash", len(elements),
                         len(images)) + elements
    prefix_size = 11
    file = struct.pack("<5sBIB", b"DfuSe", 1, prefix_size + len(target), 1) + target
    file += struct.pack("<HHHH3sB", ANY_RELEASE, PRODUCT, VENDOR, DFUSE_VERSION, b"UFD", 16)
    # DFU 1.1, appendix B: CRC-32 over all before it, without the last inversion.
    return file + struct.pack("<I", zlib.crc32(file) ^ 0xFFFFFFFF)


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    output = sys.argv[1]
    try:
        images = sorted(read_image(spec) for spec in sys.argv[2:])
        check_apart(images)
        with open(output + ".part", "wb") as file:
            file.write(pack(images))
        os.replace(output + ".part", output)
    except (Refused, OSError) as problem:
        print(f"dfuse.py: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
