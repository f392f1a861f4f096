#!/usr/bin/python3
"""Makes the examples of the sweeps beside this folder: train and test files in data/NAME.

    python3 conf/networks/examples.py NAME [--published FOLDER] [FOLDER]

The data that MLPerf Tiny names (CIFAR-10, Speech Commands, Visual Wake Words, ToyADMOS) are in no package that could be
named here. With --published they are read from a folder as their authors' archives leave it; without it, other examples
of the same shape stand in for them, which are weaker: what a sweep of them shows is what becomes of the network, not of the
task.

  resnet-8     Fashion-MNIST with a border, in grey, for CIFAR-10 (--published cifar-10-batches-bin)
  ds-cnn       keywords spoken by espeak-ng (Debian: espeak-ng) in noise, for Speech Commands (--published
               speech_commands_v0.02)
  mobilenet    scenes with an item of Fashion-MNIST: is it worn on feet? For Visual Wake Words (--published
               vw_coco2014_96; needs Debian's python3-pil)
  autoencoder  synthetic sounds of a motor, healthy or not, for ToyADMOS (--published ToyCar)
  mlp          the letters of Frey and Slate (1991), as published
  gru, transformer
               words of five languages from Debian's lists: which language is it?

resnet-8 and mobilenet read data/fashion-mnist, mlp reads data/letters, gru and transformer read data/words:
deploy/bin/fetch-data brings them. Needs NumPy (Debian: python3-numpy). All draws are seeded.
"""

import bz2
import gzip
import io
import lzma
import os
import struct
import subprocess
import sys
import wave
from concurrent.futures import ThreadPoolExecutor

import numpy

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data")
SEED = 1
RATE = 16000


def save(folder, split, x, y):
    numpy.save(os.path.join(folder, split + ".npy"), x)
    numpy.save(os.path.join(folder, split + "-labels.npy"), y.astype(numpy.uint8))
    print("%s: %d examples of %s" % (split, len(x), "×".join(map(str, x.shape[1:]))))


# Images


def idx(name):
    with gzip.open(os.path.join(DATA, "fashion-mnist", name + "-ubyte.gz")) as file:
        content = file.read()
    rank = content[3]
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * rank).reshape(struct.unpack_from(">%di" % rank, content, 4))


def fashion(kind, count):
    return idx(kind + "-images-idx3")[:count], idx(kind + "-labels-idx1")[:count]


def bordered(images):
    """1 channel of 28×28 as 3 of 32×32."""
    return numpy.repeat(numpy.pad(images, ((0, 0), (2, 2), (2, 2)))[:, None], 3, axis=1)


def cifar(folder, names):
    records = numpy.concatenate(
        [numpy.fromfile(os.path.join(folder, name), numpy.uint8).reshape(-1, 1 + 3072) for name in names]
    )
    return records[:, 1:].reshape(-1, 3, 32, 32), records[:, 0]


def resnet_8(folder, published):
    if published:
        save(folder, "train", *cifar(published, ["data_batch_%d.bin" % (i + 1) for i in range(5)]))
        save(folder, "test", *cifar(published, ["test_batch.bin"]))
        return
    for split, kind, count in [("train", "train", 6000), ("test", "t10k", 2000)]:
        images, labels = fashion(kind, count)
        save(folder, split, bordered(images), labels)


def resized(image, side):
    """A square image by bilinear interpolation."""
    places = numpy.linspace(0, len(image) - 1, side)
    low = numpy.minimum(places.astype(int), len(image) - 2)
    share = places - low
    rows = image[low] * (1 - share)[:, None] + image[low + 1] * share[:, None]
    return rows[:, low] * (1 - share) + rows[:, low + 1] * share


def scene(image, random):
    """An item of any colour, size and place, before boxes of other colours."""
    scene = numpy.empty((3, 96, 96))
    scene[:] = random.uniform(0, 200, (3, 1, 1))
    for _ in range(3):
        y, x = random.integers(0, 80, 2)
        height, width = random.integers(8, 48, 2)
        scene[:, y : y + height, x : x + width] = random.uniform(0, 200, (3, 1, 1))
    side = random.integers(64, 94)
    y, x = random.integers(0, 96 - side, 2)
    item = resized(image / 255.0, side)
    cover = numpy.minimum(1, 4 * item)
    part = scene[:, y : y + side, x : x + side]
    part[:] = part * (1 - cover) + cover * item * random.uniform(120, 255, (3, 1, 1))
    return numpy.clip(scene + random.normal(0, 8, scene.shape), 0, 255).astype(numpy.uint8)


def photographs(folder):
    """The images of person and of non_person, the last tenth of each for the test."""
    from PIL import Image

    splits = {"train": ([], []), "test": ([], [])}
    for label, name in enumerate(["non_person", "person"]):
        files = sorted(os.listdir(os.path.join(folder, name)))
        for i, file in enumerate(files):
            with Image.open(os.path.join(folder, name, file)) as image:
                pixels = numpy.asarray(image.convert("RGB").resize((96, 96)))
            images, labels = splits["test" if 10 * i >= 9 * len(files) else "train"]
            images.append(pixels.transpose(2, 0, 1))
            labels.append(label)
    return splits


def mobilenet(folder, published):
    if published:
        for split, (images, labels) in photographs(published).items():
            save(folder, split, numpy.stack(images), numpy.array(labels))
        return
    random = numpy.random.default_rng(SEED)
    for split, kind, count in [("train", "train", 3000), ("test", "t10k", 1000)]:
        images, labels = fashion(kind, 3 * count)
        worn = numpy.isin(labels, [5, 7, 9])
        picked = random.permutation(numpy.concatenate(
            [numpy.flatnonzero(worn)[: count // 2], numpy.flatnonzero(~worn)[: count - count // 2]]
        ))
        save(folder, split, numpy.stack([scene(images[i], random) for i in picked]), worn[picked])


# Sounds


def read_wave(content):
    """Of 16 bits, as mono at RATE."""
    with wave.open(content) as file:
        rate = file.getframerate()
        # espeak-ng writes to a pipe before it knows the length.
        samples = numpy.frombuffer(file.readframes(1 << 30), numpy.int16)[:: file.getnchannels()] / 32768.0
    return samples if rate == RATE else numpy.interp(numpy.arange(0, len(samples), rate / RATE), numpy.arange(len(samples)), samples)


def mel(bins, low, high, points):
    """Triangles on the mel scale, [points / 2 + 1 × bins]."""
    scale = lambda hertz: 1127 * numpy.log1p(hertz / 700.0)
    edges = numpy.linspace(scale(low), scale(high), bins + 2)
    places = scale(numpy.linspace(0, RATE / 2, points // 2 + 1))[:, None]
    up = (places - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - places) / (edges[2:] - edges[1:-1])
    return numpy.maximum(0, numpy.minimum(up, down))


def spectrum(sound, window, step, points):
    """Magnitudes, [frames × points / 2 + 1]."""
    frames = numpy.lib.stride_tricks.sliding_window_view(sound, window)[::step]
    return numpy.abs(numpy.fft.rfft(frames * numpy.hanning(window), points))


MEL_40 = mel(40, 20, 4000, 512)
COSINES = numpy.cos(numpy.pi / 40 * numpy.outer(numpy.arange(40) + 0.5, numpy.arange(10))) / numpy.sqrt(80)


def cepstrum(sound):
    """49×10 coefficients of a second: windows of 30 ms, steps of 20 ms."""
    sound = numpy.pad(sound[:RATE], (0, max(0, RATE - len(sound))))
    return (numpy.log(spectrum(sound, 480, 320, 512) @ MEL_40 + 1e-6) @ COSINES).astype(numpy.float32)


KEYWORDS = ["down", "go", "left", "no", "off", "on", "right", "stop", "up", "yes"]
SILENCE, UNKNOWN = 10, 11
OTHERS = ["bed", "bird", "cat", "dog", "happy", "house", "tree", "wow", "seven", "nine"]


def spoken(word, voice, speed, pitch):
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", word]
    return read_wave(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout))


def noisy(sound, random):
    """At any time within a second, at any loudness, in noise."""
    second = numpy.zeros(RATE)
    sound = sound[: RATE - 1]
    start = random.integers(0, RATE - len(sound))
    second[start : start + len(sound)] = sound * random.uniform(0.2, 1)
    colour = random.uniform(0, 0.95)
    noise = random.normal(0, 1, RATE)
    noise[1:] += colour * noise[:-1]
    return second + noise * 10 ** random.uniform(-3.2, -1.3)


def keywords(random, voices, count):
    """Of each class so many: every word is spoken once for three examples."""
    words = [(label, word) for label, word in enumerate(KEYWORDS) for _ in range(count // 3)]
    words += [(UNKNOWN, OTHERS[i % len(OTHERS)]) for i in range(count // 3)]
    said = [
        (word, voices[random.integers(len(voices))], random.integers(110, 230), random.integers(10, 90))
        for _, word in words
    ]
    with ThreadPoolExecutor(2) as pool:
        sounds = list(pool.map(lambda call: spoken(*call), said))
    examples = [(cepstrum(noisy(sound, random)), label) for (label, _), sound in zip(words, sounds) for _ in range(3)]
    examples += [(cepstrum(noisy(numpy.zeros(1), random)), SILENCE) for _ in range(count)]
    order = random.permutation(len(examples))
    return numpy.stack([examples[i][0] for i in order])[:, None], numpy.array([examples[i][1] for i in order])


def commands(folder):
    """The files that testing_list.txt names are for the test; silence is cut from the background noises."""
    random = numpy.random.default_rng(SEED)
    with open(os.path.join(folder, "testing_list.txt")) as file:
        tests = set(file.read().split())
    splits = {"train": [], "test": []}
    for word in sorted(os.listdir(folder)):
        if word.startswith("_") or not os.path.isdir(os.path.join(folder, word)):
            continue
        for name in sorted(os.listdir(os.path.join(folder, word))):
            # Of all that are unknown about as many as of a keyword.
            if word not in KEYWORDS and random.random() > 0.04:
                continue
            sound = cepstrum(read_wave(os.path.join(folder, word, name)))
            label = KEYWORDS.index(word) if word in KEYWORDS else UNKNOWN
            splits["test" if word + "/" + name in tests else "train"].append((sound, label))
    noises = os.path.join(folder, "_background_noise_")
    noises = [read_wave(os.path.join(noises, name)) for name in sorted(os.listdir(noises)) if name.endswith(".wav")]
    for examples in splits.values():
        for _ in range(max(1, len(examples) // 11)):
            noise = noises[random.integers(len(noises))]
            start = random.integers(0, max(1, len(noise) - RATE))
            examples.append((cepstrum(noise[start : start + RATE] * random.uniform(0, 1)), SILENCE))
    return {
        split: (numpy.stack([sound for sound, _ in examples])[:, None], numpy.array([label for _, label in examples]))
        for split, examples in splits.items()
    }


def ds_cnn(folder, published):
    if published:
        for split, (sounds, labels) in commands(published).items():
            save(folder, split, sounds, labels)
        return
    random = numpy.random.default_rng(SEED)
    accents = ["en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-029"]
    train = [accent + "+" + kind for accent in accents for kind in ["m1", "m2", "m3", "m4", "f1", "f2", "f3"]]
    test = [accent + "+" + kind for accent in accents for kind in ["m5", "m7", "f4", "f5"]]
    save(folder, "train", *keywords(random, train, 480))
    save(folder, "test", *keywords(random, test, 180))


MEL_128 = mel(128, 0, RATE / 2, 1024)


def frames(sound, step):
    """Vectors of five frames' 128 mel energies in decibels, one in so many."""
    energies = 10 * numpy.log10(spectrum(sound, 1024, 512, 1024) ** 2 @ MEL_128 + 1e-10)
    five = numpy.lib.stride_tricks.sliding_window_view(energies, 5, axis=0)[::step]
    return five.transpose(0, 2, 1).reshape(-1, 640).astype(numpy.float32)


def motor(random, fault):
    """Two seconds of a motor: harmonics of a wandering speed and noise. Faults are a worn gear, another speed or a rattle."""
    time = numpy.arange(2 * RATE) / RATE
    kind = random.integers(3)
    speed = [70, 95, 125][random.integers(3)] * random.uniform(0.98, 1.02)
    if fault and kind == 0:
        speed *= random.choice([0.88, 1.13])
    wander = numpy.cumsum(numpy.interp(time, numpy.linspace(0, 2, 9), random.normal(0, 0.6, 9)))
    phase = 2 * numpy.pi * (speed * time + wander / RATE)
    sound = numpy.zeros(len(time))
    for harmonic in range(1, 40):
        loudness = (1 + (harmonic % 3 == 0) + 2 * (harmonic % 7 == 0)) / harmonic
        sound += loudness * random.uniform(0.8, 1.2) * numpy.sin(harmonic * phase + random.uniform(0, 6.28))
    noise = random.normal(0, 1, len(time))
    if fault and kind == 1:
        sound *= 1 + 0.5 * numpy.sign(numpy.sin(2 * numpy.pi * random.uniform(8, 14) * time))
    if fault and kind == 2:
        band = numpy.fft.rfft(random.normal(0, 1, len(time)))
        hertz = numpy.fft.rfftfreq(len(time), 1 / RATE)
        centre = random.uniform(2500, 6000)
        band[abs(hertz - centre) > 400] = 0
        noise += 1.2 * numpy.fft.irfft(band, len(time))
    return 0.05 * sound + 0.01 * noise


def motors(random, healthy, faulty):
    sounds = [frames(motor(random, i >= healthy), 8) for i in range(healthy + faulty)]
    labels = numpy.repeat(numpy.arange(healthy + faulty) >= healthy, [len(sound) for sound in sounds])
    order = random.permutation(len(labels))
    return numpy.concatenate(sounds)[order], labels[order]


def recordings(folder, split):
    names = sorted(os.listdir(os.path.join(folder, split)))
    return [(frames(read_wave(os.path.join(folder, split, name)), 8), name.startswith("anomaly")) for name in names]


def joined(sounds):
    labels = numpy.repeat([odd for _, odd in sounds], [len(sound) for sound, _ in sounds])
    return numpy.concatenate([sound for sound, _ in sounds]), labels


def autoencoder(folder, published):
    if published:
        # Anomalies among the validation examples are what the AUC needs; nothing is trained on them.
        test = recordings(published, "test")
        save(folder, "train", *joined(recordings(published, "train") + test[::2]))
        save(folder, "test", *joined(test[1::2]))
        return
    random = numpy.random.default_rng(SEED)
    save(folder, "train", *motors(random, 1100, 220))
    save(folder, "test", *motors(random, 250, 250))


# Tables


class RData:
    """What R has saved in a file: vectors, lists, their attributes. Format: R Internals, section 1.8."""

    def __init__(self, content):
        if content.startswith(b"BZh"):
            content = bz2.decompress(content)
        elif content.startswith(b"\xfd7zXZ"):
            content = lzma.decompress(content)
        elif content.startswith(b"\x1f\x8b"):
            content = gzip.decompress(content)
        if not content.startswith(b"RDX2\nX\n"):
            raise ValueError("no file of R's save() in XDR format, version 2")
        self.content = content
        self.place = 7 + 12
        self.symbols = []

    def numbers(self, form, count):
        values = struct.unpack_from(">%d%s" % (count, form), self.content, self.place)
        self.place += struct.calcsize(">%d%s" % (count, form))
        return list(values)

    def count(self):
        return self.numbers("i", 1)[0]

    def text(self):
        return self.value()

    def attributes(self, flags):
        return self.value() if flags & 0x200 else {}

    def value(self):
        flags = self.count()
        kind = flags & 0xFF
        if kind == 254:
            return {}
        if kind == 255:
            return self.symbols[(flags >> 8) - 1]
        if kind == 1:
            self.symbols.append(self.value())
            return self.symbols[-1]
        if kind == 2:
            pairs = {}
            while kind == 2:
                self.attributes(flags)
                name = self.value() if flags & 0x400 else None
                pairs[name] = self.value()
                flags = self.count()
                kind = flags & 0xFF
            return pairs
        if kind == 9:
            length = self.count()
            start = self.place
            self.place += max(length, 0)
            return self.content[start : self.place].decode()
        if kind in (10, 13):
            values = self.numbers("i", self.count())
        elif kind == 14:
            values = self.numbers("d", self.count())
        elif kind in (16, 19):
            values = [self.value() for _ in range(self.count())]
        else:
            raise ValueError("R's type %d is not read here" % kind)
        return (values, self.attributes(flags)) if flags & 0x200 else (values, {})


def mlp(folder, published):
    with gzip.open(os.path.join(published or os.path.join(DATA, "letters"), "LetterRecognition.rda.gz")) as file:
        columns, attributes = RData(file.read()).value()["LetterRecognition"]
    names = attributes["names"][0]
    letters = [columns[0][1]["levels"][0][i - 1] for i in columns[0][0]]
    rows = list(zip(letters, *[[int(value) for value in column[0]] for column in columns[1:]]))
    # The division of the first paper on them: the last 4,000 are for the test.
    for split, part in [("train", rows[:16000]), ("test", rows[16000:])]:
        with open(os.path.join(folder, split + ".csv"), "w") as file:
            file.write(",".join(names) + "\n")
            file.writelines(",".join(map(str, row)) + "\n" for row in part)
        print("%s: %d rows" % (split, len(part)))


# Text

LANGUAGES = ["american-english", "french", "italian", "ngerman", "spanish"]


def words(folder, published):
    """In small letters, of which German nouns would be known else, of 3 to 16 bytes; those of two languages are left out."""
    random = numpy.random.default_rng(SEED)
    lists = []
    for name in LANGUAGES:
        with gzip.open(os.path.join(DATA, "words", name + ".gz"), "rt", encoding="utf-8") as file:
            lists.append({word for word in (line.strip().lower() for line in file) if word.isalpha()})
    rows = []
    for i, name in enumerate(LANGUAGES):
        others = set().union(*lists[:i], *lists[i + 1 :])
        own = sorted(word for word in lists[i] - others if 3 <= len(word.encode()) <= 16)
        rows += [(name, own[place]) for place in random.choice(len(own), 5000, replace=False)]
    order = random.permutation(len(rows))
    for split, part in [("train", order[5000:]), ("test", order[:5000])]:
        with open(os.path.join(folder, split + ".txt"), "w", encoding="utf-8") as file:
            file.writelines("%s\t%s\n" % rows[place] for place in part)
        print("%s: %d words" % (split, len(part)))


MAKERS = {
    "resnet-8": resnet_8,
    "ds-cnn": ds_cnn,
    "mobilenet": mobilenet,
    "autoencoder": autoencoder,
    "mlp": mlp,
    "gru": words,
    "transformer": words,
}


def main(arguments):
    published = None
    if "--published" in arguments[:-1]:
        at = arguments.index("--published")
        published = arguments[at + 1]
        del arguments[at : at + 2]
    if len(arguments) not in (1, 2) or arguments[0] not in MAKERS:
        sys.exit(__doc__ + "\nNAME is one of " + ", ".join(MAKERS))
    folder = arguments[1] if len(arguments) == 2 else os.path.join(DATA, arguments[0])
    os.makedirs(folder, exist_ok=True)
    MAKERS[arguments[0]](folder, published)


if __name__ == "__main__":
    main(sys.argv[1:])
