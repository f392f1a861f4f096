#!/usr/bin/python3
"""Builds and trains the networks of the sweeps beside this folder with PyTorch, and writes them as ONNX.

    python3 conf/networks/networks.py NAME [FOLDER]    trains on the examples in FOLDER, data/NAME unless given, and
                                                       writes network.onnx there; examples.py makes the examples
    python3 conf/networks/networks.py --small FOLDER   every network with few units, of random weights, for tests

Needs PyTorch (Debian: python3-torch); tried with 1.13. The first four are the reference networks of MLPerf Tiny
(https://github.com/mlcommons/tiny, benchmark/training; Banbury et al., 2021, arXiv:2106.07597), layer by layer, and
have as many parameters as Keras counts in them, biases and statistics of batch normalization included.
"""

import csv
import math
import os
import sys

import numpy
import torch
from torch import nn

SEED = 1


def padding(size, kernel, stride):
    """The zeros before and after one side that TensorFlow calls "same": an odd one comes after."""
    zeros = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
    return zeros // 2, zeros - zeros // 2


def convolution(inputs, outputs, size, kernel, stride=1, groups=1):
    """A convolution over images of size (height, width) with biases and "same" padding."""
    top, bottom = padding(size[0], kernel[0], stride)
    left, right = padding(size[1], kernel[1], stride)
    if (top, left) == (bottom, right):
        return [nn.Conv2d(inputs, outputs, kernel, stride, (top, left), groups=groups)]
    return [nn.ZeroPad2d((left, right, top, bottom)), nn.Conv2d(inputs, outputs, kernel, stride, groups=groups)]


def smaller(size, stride):
    return math.ceil(size[0] / stride), math.ceil(size[1] / stride)


def normalization(channels):
    """With the constant of Keras."""
    return nn.BatchNorm2d(channels, eps=1e-3)


def normalized(inputs, outputs, size, kernel, stride=1, groups=1):
    return convolution(inputs, outputs, size, kernel, stride, groups) + [normalization(outputs), nn.ReLU()]


def separable(inputs, outputs, size, stride=1):
    """A depthwise convolution, and 1×1 that mixes its channels."""
    return normalized(inputs, inputs, size, (3, 3), stride, inputs) + normalized(
        inputs, outputs, smaller(size, stride), (1, 1)
    )


class Stack(nn.Module):
    """Two convolutions and a shortcut, which is a convolution, too, where the image becomes smaller."""

    def __init__(self, inputs, outputs, size, stride):
        super().__init__()
        self.inner = nn.Sequential(
            *normalized(inputs, outputs, size, (3, 3), stride),
            *convolution(outputs, outputs, smaller(size, stride), (3, 3)),
            normalization(outputs),
        )
        self.shortcut = nn.Sequential(*(convolution(inputs, outputs, size, (1, 1), stride) if stride > 1 else []))

    def forward(self, x):
        return torch.relu(self.shortcut(x) + self.inner(x))


def resnet_8(filters=16):
    """Of images 3×32×32."""
    return nn.Sequential(
        *normalized(3, filters, (32, 32), (3, 3)),
        Stack(filters, filters, (32, 32), 1),
        Stack(filters, 2 * filters, (32, 32), 2),
        Stack(2 * filters, 4 * filters, (16, 16), 2),
        nn.AvgPool2d(8),
        nn.Flatten(),
        nn.Linear(4 * filters, 10),
    )


def ds_cnn(filters=64):
    """Of 49 times 10 cepstral coefficients."""
    size = (25, 5)
    return nn.Sequential(
        *normalized(1, filters, (49, 10), (10, 4), 2),
        nn.Dropout(0.2),
        *[layer for _ in range(4) for layer in separable(filters, filters, size)],
        nn.Dropout(0.4),
        nn.AvgPool2d((24, 5)),
        nn.Flatten(),
        nn.Linear(filters, 12),
    )


def mobilenet(filters=8):
    """MobileNetV1 of images 3×96×96; 8 filters at first is a quarter of the width."""
    layers = normalized(3, filters, (96, 96), (3, 3), 2)
    size = (48, 48)
    for growth, stride in [(2, 1), (2, 2), (1, 1), (2, 2), (1, 1), (2, 2)] + 5 * [(1, 1)] + [(2, 2), (1, 1)]:
        layers += separable(filters, growth * filters, size, stride)
        filters *= growth
        size = smaller(size, stride)
    return nn.Sequential(*layers, nn.AvgPool2d(size), nn.Flatten(), nn.Linear(filters, 2))


def autoencoder(width=128):
    """Of five frames of 128 mel energies."""
    layers = []
    inputs = 640
    for units in 4 * [width] + [8] + 4 * [width]:
        layers += [nn.Linear(inputs, units), nn.BatchNorm1d(units, eps=1e-3), nn.ReLU()]
        inputs = units
    return nn.Sequential(*layers, nn.Linear(inputs, 640))


class Mlp(nn.Module):
    """Of the 16 columns of a table, whose standardization is part of it."""

    def __init__(self, width=128):
        super().__init__()
        self.register_buffer("mean", torch.zeros(16))
        self.register_buffer("deviation", torch.ones(16))
        self.layers = nn.Sequential(
            nn.Linear(16, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 26)
        )

    def fit(self, x):
        self.mean.copy_(x.mean(0))
        self.deviation.copy_(x.std(0))

    def forward(self, x):
        return self.layers((x - self.mean) / self.deviation)


STEPS, LANGUAGES = 16, 5


class Gru(nn.Module):
    """Of the bytes of a word."""

    def __init__(self, width=64):
        super().__init__()
        self.embedding = nn.Embedding(256, width // 2)
        self.gru = nn.GRU(width // 2, width, batch_first=True)
        self.dense = nn.Linear(width, LANGUAGES)

    def forward(self, x):
        return self.dense(self.gru(self.embedding(x))[0][:, -1])


class Transformer(nn.Module):
    """Of the bytes of a word."""

    def __init__(self, width=48):
        super().__init__()
        self.embedding = nn.Embedding(256, width)
        self.position = nn.Parameter(0.1 * torch.randn(1, STEPS, width))
        layer = nn.TransformerEncoderLayer(width, 4, 2 * width, 0.1, "gelu", batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(width))
        self.dense = nn.Linear(width, LANGUAGES)

    def forward(self, x):
        return self.dense(self.layers(self.embedding(x) + self.position).mean(1))


class Recipe:
    """How a network is built and trained.

    build     makes it, of as many units as it is given
    few       units of the one for tests
    shape     of an example, as the network reads it
    count     its parameters, as published
    divisor   of the examples' numbers; none of tokens
    """

    def __init__(self, build, few, shape, count, divisor=1, epochs=10, batch=64, rate=0.002):
        self.build = build
        self.few = few
        self.shape = shape
        self.count = count
        self.divisor = divisor
        self.epochs = epochs
        self.batch = batch
        self.rate = rate


RECIPES = {
    "resnet-8": Recipe(resnet_8, 6, (3, 32, 32), 78666, 255, 4, 64, 0.002),
    "ds-cnn": Recipe(ds_cnn, 12, (1, 49, 10), 24908, 1, 12, 64, 0.003),
    "mobilenet": Recipe(mobilenet, 2, (3, 96, 96), 221794, 255, 8, 32, 0.002),
    "autoencoder": Recipe(autoencoder, 12, (640,), 269992, 1, 20, 128, 0.001),
    "gru": Recipe(Gru, 12, (STEPS,), None, None, 5, 64, 0.003),
    "transformer": Recipe(Transformer, 8, (STEPS,), None, None, 5, 64, 0.002),
    "mlp": Recipe(Mlp, 12, (16,), None, 1, 40, 128, 0.002),
}


def parameters(model):
    """How many numbers a network has, the counters of batches excepted."""
    return sum(numbers.numel() for numbers in model.state_dict().values() if numbers.is_floating_point())


def table(path):
    """Features and labels of a CSV file whose first column is the class; classes count in alphabetical order."""
    with open(path) as file:
        rows = list(csv.reader(file))[1:]
    numbers = numpy.array([row[1:] for row in rows], numpy.float32)
    return numbers, numpy.unique([row[0] for row in rows], return_inverse=True)[1]


def text(path):
    """Lines of a class, a tab and a text, of whose bytes there are STEPS, zeros after the last one."""
    with open(path, "rb") as file:
        rows = [line.rstrip(b"\n").split(b"\t") for line in file]
    tokens = numpy.array([list(row[1][:STEPS].ljust(STEPS, b"\0")) for row in rows])
    return tokens, numpy.unique([row[0] for row in rows], return_inverse=True)[1]


def examples(folder, split):
    path = os.path.join(folder, split)
    if os.path.exists(path + ".txt"):
        return text(path + ".txt")
    if os.path.exists(path + ".csv"):
        return table(path + ".csv")
    return numpy.load(path + ".npy"), numpy.load(path + "-labels.npy").astype(numpy.int64)


def batches(x, y, recipe, order):
    for picked in order.split(recipe.batch):
        part = torch.from_numpy(x[picked.numpy()])
        if recipe.divisor:
            part = part.float().view(-1, *recipe.shape) / recipe.divisor
        yield part, torch.from_numpy(y[picked.numpy()])


def train(model, recipe, x, y, reconstructs):
    if hasattr(model, "fit"):
        model.fit(torch.from_numpy(x) / recipe.divisor)
    if reconstructs:
        x, y = x[y == 0], y[y == 0]
    optimizer = torch.optim.Adam(model.parameters(), recipe.rate)
    steps = recipe.epochs * math.ceil(len(x) / recipe.batch)
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for epoch in range(recipe.epochs):
        model.train()
        total = 0
        for part, labels in batches(x, y, recipe, torch.randperm(len(x))):
            optimizer.zero_grad()
            if reconstructs:
                loss = nn.functional.mse_loss(model(part), part)
            else:
                loss = nn.functional.cross_entropy(model(part), labels)
            loss.backward()
            optimizer.step()
            decay.step()
            total += loss.item() * len(part)
        print("epoch %d: loss %.4f" % (epoch + 1, total / len(x)), flush=True)


def error(model, recipe, x, y):
    wrong = 0
    for part, labels in batches(x, y, recipe, torch.arange(len(x))):
        wrong += (model(part).argmax(1) != labels).sum().item()
    return "test error %.2f %%" % (100 * wrong / len(x))


def area(model, recipe, x, y):
    """Under the ROC curve of telling what is labelled 1 by its error."""
    scores = numpy.concatenate(
        [((model(part) - part) ** 2).mean(1).numpy() for part, _ in batches(x, y, recipe, torch.arange(len(x)))]
    )
    ranks = scores.argsort().argsort() + 1
    odd = int((y == 1).sum())
    return "test AUC %.4f" % ((ranks[y == 1].sum() - odd * (odd + 1) / 2) / (odd * (len(y) - odd)))


def export(model, recipe, path):
    example = torch.rand(1, *recipe.shape) if recipe.divisor else torch.randint(0, 256, (1, *recipe.shape))
    for module in model.eval().modules():
        if isinstance(module, nn.TransformerEncoderLayer):
            # Neither one operator of all, which ONNX has not, nor one of its attention.
            module.activation_relu_or_gelu = 0
    torch.onnx.export(
        model, example, path, opset_version=17, input_names=["input"], output_names=["output"],
        dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
    )


def small(folder):
    os.makedirs(folder, exist_ok=True)
    for name, recipe in RECIPES.items():
        torch.manual_seed(SEED)
        model = recipe.build(recipe.few)
        for module in model.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                with torch.no_grad():
                    module.weight.uniform_(0.5, 1.5)
                    module.bias.uniform_(-0.5, 0.5)
                    module.running_mean.uniform_(-0.5, 0.5)
                    module.running_var.uniform_(0.5, 1.5)
        export(model, recipe, os.path.join(folder, name + ".onnx"))


def main(name, folder):
    recipe = RECIPES[name]
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    model = recipe.build()
    count = parameters(model)
    if recipe.count not in (None, count):
        sys.exit("%s has %d parameters; published are %d" % (name, count, recipe.count))
    print("%s: %d parameters" % (name, count))
    reconstructs = name == "autoencoder"
    train(model, recipe, *examples(folder, "train"), reconstructs)
    model.eval()
    with torch.no_grad():
        print((area if reconstructs else error)(model, recipe, *examples(folder, "test")))
    path = os.path.join(folder, "network.onnx")
    export(model, recipe, path)
    print(path)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--small":
        small(sys.argv[2])
    elif len(sys.argv) in (2, 3) and sys.argv[1] in RECIPES:
        main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else os.path.join("data", sys.argv[1]))
    else:
        sys.exit(__doc__ + "\nNAME is one of " + ", ".join(RECIPES))
