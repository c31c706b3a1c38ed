# SPDX-License-Identifier: MIT
"""Pixels: screenshots, reference images, and what differs between them. Standard library only."""
import struct
import zlib


class Picture:
    """Opaque pixels, three bytes each, row by row."""

    def __init__(self, width, height, data):
        self.width, self.height, self.data = width, height, bytes(data)
        if len(self.data) != 3 * width * height:
            raise ValueError(f"{len(self.data)} bytes for {width}x{height}")

    @classmethod
    def from_ppm(cls, data):
        magic, width, height, most, pixels = data.split(maxsplit=4) if data[:2] == b"P6" else (None,) * 5
        if magic != b"P6" or most != b"255":
            raise ValueError("not a binary PPM of eight bits")
        # split() would eat pixels that look like white space; exactly one byte of it ends the header.
        start = len(data) - 3 * int(width) * int(height)
        return cls(int(width), int(height), data[start:])

    @classmethod
    def plain(cls, width, height, colour):
        return cls(width, height, bytes(colour) * (width * height))

    def at(self, x, y):
        start = 3 * (y * self.width + x)
        return tuple(self.data[start:start + 3])

    def crop(self, x, y, width, height):
        x, y = max(0, x), max(0, y)
        width, height = min(width, self.width - x), min(height, self.height - y)
        rows = (self.data[3 * ((y + row) * self.width + x):3 * ((y + row) * self.width + x + width)] for row in range(height))
        return Picture(width, height, b"".join(rows))

    def pasted(self, other, x, y):
        """A copy with `other` at (x, y); all of it must lie inside."""
        data = bytearray(self.data)
        for row in range(other.height):
            start = 3 * ((y + row) * self.width + x)
            data[start:start + 3 * other.width] = other.data[3 * row * other.width:3 * (row + 1) * other.width]
        return Picture(self.width, self.height, data)

    def enlarged(self, factor):
        """Each pixel `factor` times as wide and high."""
        rows = []
        for y in range(self.height):
            row = b"".join(bytes(self.at(x, y)) * factor for x in range(self.width))
            rows.append(row * factor)
        return Picture(self.width * factor, self.height * factor, b"".join(rows))

    def colours(self):
        """colour → how many pixels have it."""
        counts = {}
        for start in range(0, len(self.data), 3):
            colour = self.data[start:start + 3]
            counts[colour] = counts.get(colour, 0) + 1
        return {tuple(colour): count for colour, count in counts.items()}

    def distances(self, other):
        """For each pixel the largest difference of a channel, 0 to 255."""
        if (self.width, self.height) != (other.width, other.height):
            raise ValueError(f"{self.width}x{self.height} against {other.width}x{other.height}")
        a, b = self.data, other.data
        return [max(abs(a[i] - b[i]), abs(a[i + 1] - b[i + 1]), abs(a[i + 2] - b[i + 2])) for i in range(0, len(a), 3)]

    def difference(self, other):
        """(how many pixels differ clearly, the mean distance of all)."""
        distances = self.distances(other)
        return sum(1 for distance in distances if distance > 48), sum(distances) / len(distances)

    def box_unlike(self, background, tolerance=8):
        """(x, y, width, height) of all that is not the background's colour; None when nothing is."""
        xs, ys = [], []
        for y in range(self.height):
            for x in range(self.width):
                if max(abs(a - b) for a, b in zip(self.at(x, y), background)) > tolerance:
                    xs.append(x)
                    ys.append(y)
        return (min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1) if xs else None

    def save_png(self, path):
        def chunk(kind, content):
            return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        rows = b"".join(b"\0" + self.data[3 * y * self.width:3 * (y + 1) * self.width] for y in range(self.height))
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


class Stencil:
    """An image with transparency: red, green, blue, alpha, a byte each, not premultiplied."""

    def __init__(self, width, height, data):
        self.width, self.height, self.data = width, height, bytes(data)
        if len(self.data) != 4 * width * height:
            raise ValueError(f"{len(self.data)} bytes for {width}x{height}")

    @classmethod
    def from_argb(cls, width, height, data):
        """From alpha, red, green, blue: what a StatusNotifierItem sends."""
        data = bytes(data)
        pixels = bytearray(len(data))
        pixels[0::4], pixels[1::4], pixels[2::4], pixels[3::4] = data[1::4], data[2::4], data[3::4], data[0::4]
        return cls(width, height, pixels)

    def over(self, background):
        """Laid on the middle of a Picture."""
        left, top = (background.width - self.width) // 2, (background.height - self.height) // 2
        data = bytearray(background.data)
        for y in range(self.height):
            for x in range(self.width):
                start = 4 * (y * self.width + x)
                alpha = self.data[start + 3]
                place = 3 * ((top + y) * background.width + left + x)
                for channel in range(3):
                    data[place + channel] = (self.data[start + channel] * alpha + data[place + channel] * (255 - alpha) + 127) // 255
        return Picture(background.width, background.height, data)

    def ink(self):
        """The mean colour of what is opaque."""
        solid = [self.data[i:i + 3] for i in range(0, len(self.data), 4) if self.data[i + 3] > 250]
        return tuple(sum(pixel[channel] for pixel in solid) / len(solid) for channel in range(3)) if solid else None
