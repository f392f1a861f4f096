"""Writes the ONNX files of the tests, with inputs and PyTorch's outputs beside them.

    python3 executors/src/test/python/export_onnx.py executors/src/test/resources/dev/pare/onnx
    python3 executors/src/test/python/export_onnx.py digits driver/src/test/resources/dev/pare conf/quickstart
    python3 executors/src/test/python/export_onnx.py mixed driver/src/test/resources/dev/pare/mixed

Needs PyTorch 1.13 and onnx 1.12 (Debian: python3-torch, python3-onnx). NAME.inputs and NAME.outputs are
little-endian floats, BATCH examples, channels first; inputs are as they are before division by 255.
"""

import gzip
import os
import shutil
import struct
import sys

import onnx
import torch
from torch import nn

BATCH = 7
# What the search for damaged files starts from.
SEEDS = ["mlp", "cnn-opset-9", "resnet", "lstm-hidden", "layer-normalization-opset-13", "channels-last"]
DIVISOR = 255.0


class Mlp(nn.Module):
    """With the standardization of its features inside."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.rand(6))
        self.register_buffer("deviation", torch.rand(6) + 0.5)
        self.layers = nn.Sequential(
            nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 5), nn.Tanh(), nn.Dropout(0.3), nn.Linear(5, 3)
        )

    def forward(self, x):
        return self.layers((x - self.mean) / self.deviation)


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3)
        self.norm1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 6, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(6)
        self.dense1 = nn.Linear(6 * 2 * 2, 10)
        self.norm3 = nn.BatchNorm1d(10)
        self.dense2 = nn.Linear(10, 4)

    def forward(self, x):
        x = torch.max_pool2d(torch.relu(self.norm1(self.conv1(x))), 2)
        x = torch.relu(torch.max_pool2d(self.norm2(self.conv2(x)), 2))
        x = nn.functional.dropout(x, 0.5, self.training)
        x = x.view(x.size(0), -1)
        x = torch.sigmoid(self.norm3(self.dense1(x)))
        return torch.softmax(self.dense2(x), 1)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)

    def forward(self, x):
        inner = self.norm2(self.conv2(torch.relu(self.norm1(self.conv1(x)))))
        return torch.relu(inner + x)


class Resnet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.block1 = Block(4)
        self.down = nn.Sequential(nn.Conv2d(4, 6, 3, stride=2, padding=1), nn.ReLU())
        self.block2 = Block(6)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dense = nn.Linear(6, 3)

    def forward(self, x):
        x = self.block2(self.down(self.block1(self.stem(x))))
        return self.dense(torch.flatten(self.pool(x), 1))


class PreActivation(nn.Module):
    """A residual network whose sums go on without a rectifier, and a mean over places."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.conv1 = nn.Conv2d(4, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.dense = nn.Linear(4, 3)

    def forward(self, x):
        x = self.stem(x)
        x = x + self.conv1(torch.relu(self.norm(x)))
        x = x + self.conv2(torch.relu(x))
        return torch.log_softmax(self.dense(x.mean([2, 3])), 1)


class Lstm(nn.Module):
    def __init__(self, last):
        super().__init__()
        self.last = last
        self.lstm = nn.LSTM(5, 6, num_layers=2, batch_first=True)
        self.dense = nn.Linear(6, 3)

    def forward(self, x):
        outputs, (hidden, _) = self.lstm(x)
        return self.dense(outputs[:, -1] if self.last else hidden[-1])


class StepsFirst(nn.Module):
    """As PyTorch has it by default: the batch is the second axis."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 6)
        self.dense = nn.Linear(6, 3)

    def forward(self, x):
        return self.dense(self.lstm(x)[0][-1])


class Normalized(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(6, 8), nn.LayerNorm(8), nn.ReLU(), nn.Linear(8, 5), nn.LayerNorm(5), nn.Linear(5, 3)
        )

    def forward(self, x):
        return self.layers(x)


class Sequence1d(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(2, 4, 3, stride=2, padding=1), nn.ReLU(), nn.Conv1d(4, 3, 2), nn.Tanh(), nn.Flatten(),
            nn.Linear(3 * 5, 3)
        )

    def forward(self, x):
        return self.layers(x)


class ChannelsLast(nn.Module):
    """As converters from TensorFlow write it."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3)
        self.dense = nn.Linear(4 * 4 * 3, 3)

    def forward(self, x):
        x = torch.relu(self.conv(x.permute(0, 3, 1, 2))).permute(0, 2, 3, 1)
        return self.dense(x.reshape(x.size(0), -1))


class Refused(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x).flatten(1)


class Projection(nn.Module):
    """A residual block whose shortcut is a convolution."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.inner = nn.Sequential(
            nn.Conv2d(4, 6, 3, padding=1, stride=2, bias=False), nn.BatchNorm2d(6), nn.ReLU(),
            nn.Conv2d(6, 6, 3, padding=1, bias=False), nn.BatchNorm2d(6),
        )
        self.skip = nn.Sequential(nn.Conv2d(4, 6, 1, stride=2, bias=False), nn.BatchNorm2d(6))
        self.dense = nn.Linear(6 * 3 * 3, 3)

    def forward(self, x):
        x = self.stem(x)
        return self.dense(torch.relu(self.inner(x) + self.skip(x)).flatten(1))


class Excitation(nn.Module):
    """Squeeze and excitation, as in MobileNetV3."""

    def __init__(self, width):
        super().__init__()
        self.layers = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(width, 2, 1), nn.ReLU(), nn.Conv2d(2, width, 1), nn.Hardsigmoid()
        )

    def forward(self, x):
        return self.layers(x) * x


class Inverted(nn.Module):
    """An inverted residual block with depthwise convolutions, as in MobileNetV2."""

    def __init__(self, inputs, width, outputs, stride, function, excited):
        super().__init__()
        self.residual = stride == 1 and inputs == outputs
        self.layers = nn.Sequential(
            nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width), function(),
            nn.Conv2d(width, width, 3, stride, 1, groups=width, bias=False), nn.BatchNorm2d(width), function(),
            Excitation(width) if excited else nn.Identity(),
            nn.Conv2d(width, outputs, 1, bias=False), nn.BatchNorm2d(outputs),
        )

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


class MobileNet(nn.Module):
    def __init__(self, function, excited):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), function(),
            Inverted(4, 8, 4, 1, function, excited), Inverted(4, 8, 6, 2, function, excited),
            nn.Conv2d(6, 10, 1, bias=False), nn.BatchNorm2d(10), function(),
        )
        self.dense = nn.Sequential(nn.Dropout(0.2), nn.Linear(10, 4))

    def forward(self, x):
        return self.dense(nn.functional.adaptive_avg_pool2d(self.layers(x), 1).flatten(1))


class Shuffled(nn.Module):
    """A unit of ShuffleNetV2: one half of the channels goes through, then they change places."""

    def __init__(self, width):
        super().__init__()
        half = width // 2
        self.layers = nn.Sequential(
            nn.Conv2d(half, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(),
            nn.Conv2d(half, half, 3, padding=1, groups=half, bias=False), nn.BatchNorm2d(half),
            nn.Conv2d(half, half, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(),
        )

    def forward(self, x):
        one, other = x.chunk(2, dim=1)
        x = torch.cat((one, self.layers(other)), dim=1)
        count, channels, height, width = x.size()
        x = x.view(count, 2, channels // 2, height, width)
        return torch.transpose(x, 1, 2).contiguous().view(count, -1, height, width)


class ShuffleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1), Shuffled(8),
            Shuffled(8), nn.Conv2d(8, 10, 1, bias=False), nn.BatchNorm2d(10), nn.ReLU(),
        )
        self.dense = nn.Linear(10, 4)

    def forward(self, x):
        return self.dense(self.layers(x).mean([2, 3]))


class Grown(nn.Module):
    """A layer of DenseNet, which reads all before it."""

    def __init__(self, inputs):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm2d(inputs), nn.ReLU(), nn.Conv2d(inputs, 6, 1, bias=False),
            nn.BatchNorm2d(6), nn.ReLU(), nn.Conv2d(6, 3, 3, padding=1, bias=False),
        )

    def forward(self, x):
        return torch.cat((x, self.layers(x)), 1)


class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(3, 2, 1),
            Grown(4), Grown(7), nn.BatchNorm2d(10), nn.ReLU(), nn.Conv2d(10, 5, 1, bias=False), nn.AvgPool2d(2),
            Grown(5), nn.BatchNorm2d(8), nn.ReLU(),
        )
        self.dense = nn.Linear(8, 4)

    def forward(self, x):
        return self.dense(nn.functional.adaptive_avg_pool2d(self.layers(x), (1, 1)).flatten(1))


class Fire(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.squeeze = nn.Sequential(nn.Conv2d(inputs, 3, 1), nn.ReLU())
        self.one = nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU())
        self.three = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU())

    def forward(self, x):
        x = self.squeeze(x)
        return torch.cat((self.one(x), self.three(x)), 1)


class SqueezeNet(nn.Module):
    """Without a dense layer: its classes are channels, whose places are averaged."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 6, 3, 2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), Fire(6), Fire(8),
            nn.Dropout(0.5), nn.Conv2d(8, 4, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
        )

    def forward(self, x):
        return self.layers(x).flatten(1)


class Functions(nn.Module):
    """Activation functions, some of which exporters write as arithmetic."""

    def __init__(self):
        super().__init__()
        functions = [
            nn.GELU(), nn.SiLU(), nn.Softplus(), nn.ELU(0.5), nn.SELU(), nn.PReLU(), nn.LeakyReLU(0.1), nn.Hardswish(),
            nn.Hardsigmoid(), nn.Mish(), nn.Hardtanh(-0.5, 0.75),
        ]
        self.layers = nn.Sequential()
        for function in functions:
            self.layers.append(nn.Linear(6, 6)).append(function)
        self.dense = nn.Linear(6, 3)

    def forward(self, x):
        return self.dense(self.layers(x))


class Uneven(nn.Module):
    """Gaps, padding of one end, windows that are no squares, and averages with zeros."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.ZeroPad2d((0, 1, 2, 1)), nn.Conv2d(2, 4, (3, 2), dilation=(1, 2)), nn.ReLU(),
            nn.AvgPool2d((2, 3), (1, 2), (1, 1)), nn.Conv2d(4, 6, 3, padding=2, groups=2, dilation=2), nn.ReLU6(),
            nn.MaxPool2d((3, 1), 2, (1, 0), ceil_mode=True), nn.Conv2d(6, 4, 1, padding=1), nn.Tanh(),
        )
        self.dense = nn.Linear(4, 3)

    def forward(self, x):
        return self.dense(self.layers(x).mean([2, 3]))


class UNet(nn.Module):
    """An encoder, and a decoder that also reads what the encoder has made on its way, then places as tokens."""

    def __init__(self):
        super().__init__()
        self.down1 = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.GroupNorm(2, 4), nn.PReLU(4))
        self.down2 = nn.Sequential(
            nn.Conv2d(4, 6, 3, 2, 1), nn.InstanceNorm2d(6, affine=True), nn.SiLU()
        )
        self.down3 = nn.Sequential(nn.Conv2d(6, 8, 3, 2, 1), nn.GroupNorm(4, 8), nn.PReLU(8))
        self.up1 = nn.Sequential(nn.ConvTranspose2d(8, 6, 3, 2, 1, output_padding=1, groups=2), nn.ReLU())
        self.up2 = nn.Sequential(nn.ConvTranspose2d(12, 4, 2, 2), nn.BatchNorm2d(4), nn.ReLU())
        self.side = nn.Sequential(nn.Conv2d(8, 3, 1), nn.Softmax(1))
        self.places = nn.Sequential(nn.Conv2d(2, 1, 3, padding=1), nn.Sigmoid())
        self.merge = nn.Conv2d(15, 6, 3, 2, 1)
        self.norm = nn.LayerNorm(6)
        self.tokens = nn.Linear(6, 5)
        self.across = nn.Linear(20, 4)
        self.dense = nn.Linear(5 * 4 + 6, 3)
        for module in self.modules():
            if isinstance(module, nn.PReLU):
                module.weight.data.uniform_(0.1, 0.5)

    def forward(self, x):
        one = self.down1(x)
        two = self.down2(one)
        three = self.down3(two)
        resize = nn.functional.interpolate
        y = self.up1(three)[:, :, :3, : two.shape[3]]
        y = torch.cat((resize(y, size=two.shape[2:], mode="nearest"), two), 1)
        y = torch.cat((self.up2(y), one), 1)
        side = resize(self.side(three), scale_factor=4, mode="bilinear", align_corners=False)[:, :, :, :10]
        more = resize(y[:, 2:6], size=(5, 6), mode="bilinear", align_corners=True)
        y = torch.cat((y, side, resize(more, size=one.shape[2:], mode="nearest")), 1)
        y = y * self.places(torch.cat((y.mean(1, keepdim=True), y.amax(1, keepdim=True)), 1))
        y = self.merge(y)
        tokens = self.tokens(self.norm(y.flatten(2).transpose(1, 2)))
        tokens = torch.log_softmax(self.across(tokens.transpose(1, 2)), 1)
        return self.dense(torch.cat((tokens.flatten(1), y.sum((2, 3))), 1))


class AutoEncoder(nn.Module):
    """Makes images of images."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(2, 4, 3, 2, 1), nn.InstanceNorm2d(4), nn.PReLU(4), nn.Upsample(scale_factor=2),
            nn.Conv2d(4, 3, 3, padding=1), nn.ReLU(), nn.ConvTranspose2d(3, 2, 3, padding=1),
        )

    def forward(self, x):
        return self.layers(x)


NORMALIZATIONS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm2d)


class TwoInputs(nn.Module):
    """An image and a table's row, whose features meet."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3, padding=1)
        self.table = nn.Linear(3, 5)
        self.dense = nn.Linear(9, 3)

    def forward(self, image, table):
        seen = torch.relu(self.conv(image)).mean((2, 3))
        return self.dense(torch.cat((torch.tanh(self.table(table)), seen), 1))


class TokensAndNumbers(nn.Module):
    """Two tokens of a table's row, of six and of four, and three numbers."""

    def __init__(self):
        super().__init__()
        self.first = nn.Embedding(6, 4)
        self.second = nn.Embedding(4, 3)
        self.layers = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Linear(16, 3))

    def forward(self, tokens, numbers):
        vectors = self.first(tokens[:, 0]), self.second(tokens[:, 1])
        return self.layers(torch.cat((*vectors, numbers), 1))


def settle(model):
    """Gives every batch normalization statistics and factors of its own."""
    for module in model.modules():
        if isinstance(module, NORMALIZATIONS) and module.weight is not None:
            with torch.no_grad():
                module.weight.uniform_(0.5, 1.5)
                module.bias.uniform_(-0.5, 0.5)
                if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                    module.running_mean.uniform_(-0.5, 0.5)
                    module.running_var.uniform_(0.5, 1.5)
    return model.eval()


def write(path, values):
    with open(path, "wb") as out:
        flat = values.flatten().tolist()
        out.write(struct.pack("<%df" % len(flat), *flat))


def export(folder, name, model, shape, opset, fixed=False, fold=True, keep=False, last=False):
    """Exports a network; with keep, operators stay as in training; with last, channels come last."""
    path = os.path.join(folder, name + ".onnx")
    examples = torch.randint(0, 256, (BATCH, *shape)).float()
    axes = None if fixed else {"input": {0: "batch"}, "output": {0: "batch"}}
    torch.onnx.export(
        model, examples[:1] / DIVISOR if fixed else examples / DIVISOR, path, opset_version=opset,
        do_constant_folding=fold,
        training=torch.onnx.TrainingMode.PRESERVE if keep else torch.onnx.TrainingMode.EVAL,
        input_names=["input"], output_names=["output"], dynamic_axes=axes,
    )
    shortened(path)
    with torch.no_grad():
        output = model(examples / DIVISOR)
    # Pare has channels first.
    write(os.path.join(folder, name + ".inputs"), examples.permute(0, 3, 1, 2) if last else examples)
    write(os.path.join(folder, name + ".outputs"), output)


def steps_first(folder, name, model, shape, opset):
    path = os.path.join(folder, name + ".onnx")
    examples = torch.randint(0, 256, (BATCH, *shape)).float()
    steps = (examples / DIVISOR).transpose(0, 1)
    torch.onnx.export(
        model, steps[:, :1], path, opset_version=opset, input_names=["input"], output_names=["output"],
        dynamic_axes={"input": {1: "batch"}, "output": {0: "batch"}},
    )
    shortened(path)
    with torch.no_grad():
        write(os.path.join(folder, name + ".outputs"), model(steps))
    write(os.path.join(folder, name + ".inputs"), examples)


def several(folder, name, model, *shapes):
    """A network of several inputs; examples have their numbers one after the other."""
    path = os.path.join(folder, name + ".onnx")
    examples = [torch.randint(0, 256, (BATCH, *shape)).float() for shape in shapes]
    names = ["input%d" % i for i in range(len(shapes))]
    parts = tuple(x / DIVISOR for x in examples)
    torch.onnx.export(
        model, parts, path, opset_version=17, input_names=names, output_names=["output"],
        dynamic_axes={n: {0: "batch"} for n in names + ["output"]},
    )
    shortened(path)
    with torch.no_grad():
        write(os.path.join(folder, name + ".outputs"), model(*parts))
    write(os.path.join(folder, name + ".inputs"), torch.cat([x.flatten(1) for x in examples], 1))


def shortened(path):
    """Takes out where in its source each operator came from."""
    model = onnx.load(path)
    for node in model.graph.node:
        node.doc_string = ""
    onnx.save(model, path)


def external(folder, name, source):
    """The same with its weights in a file beside it."""
    model = onnx.load(os.path.join(folder, source + ".onnx"))
    weights = name + ".weights"
    if os.path.exists(os.path.join(folder, weights)):
        os.remove(os.path.join(folder, weights))
    onnx.save_model(
        model, os.path.join(folder, name + ".onnx"), save_as_external_data=True, location=weights, size_threshold=0
    )


def images(folder, kind, count):
    with gzip.open(os.path.join(folder, kind + "-images-idx3-ubyte.gz")) as file:
        pixels = file.read()[16:16 + 784 * count]
    with gzip.open(os.path.join(folder, kind + "-labels-idx1-ubyte.gz")) as file:
        labels = file.read()[8:8 + count]
    return torch.tensor(list(pixels)).float().view(-1, 784) / DIVISOR, torch.tensor(list(labels))


def refusals(folder):
    os.makedirs(folder, exist_ok=True)
    x = torch.rand(1, 2, 6, 5)

    def one(name, model, opset=17):
        path = os.path.join(folder, name + ".onnx")
        torch.onnx.export(settle(model), x, path, opset_version=opset, input_names=["input"], output_names=["output"],
                          dynamic_axes={"input": {0: "batch"}})
        shortened(path)

    one("reflected", Refused(nn.ReflectionPad2d(1)))
    one("upsampled", Refused(nn.Upsample(scale_factor=2, mode="bicubic")))

    @torch.jit.script
    def choose(values):
        if bool(values.sum() > 0):
            values = values * 2.0
        for i in range(3):
            values = values + float(i)
        return values

    class Choosing(nn.Module):
        def forward(self, values):
            return choose(values).flatten(1)

    path = os.path.join(folder, "control-flow.onnx")
    torch.onnx.export(torch.jit.script(Choosing()), x, path, opset_version=17, input_names=["input"],
                      output_names=["output"])
    shortened(path)

    helper = onnx.helper
    value = helper.make_tensor_value_info
    node = helper.make_node("Warp", ["input"], ["output"], name="warp", domain="com.example")
    graph = helper.make_graph(
        [node], "g", [value("input", onnx.TensorProto.FLOAT, ["n", 4])], [value("output", onnx.TensorProto.FLOAT, None)]
    )
    imports = [helper.make_opsetid("", 17), helper.make_opsetid("com.example", 1)]
    onnx.save(helper.make_model(graph, opset_imports=imports), os.path.join(folder, "custom-domain.onnx"))


def graphs(folder):
    torch.manual_seed(17)
    export(folder, "projection", settle(Projection()), (2, 6, 5), 17)
    export(folder, "mobilenet-v2", settle(MobileNet(nn.ReLU6, False)), (3, 12, 12), 17)
    mobilenet = settle(MobileNet(nn.Hardswish, True))
    export(folder, "mobilenet-v3-opset-17", mobilenet, (3, 12, 12), 17)
    export(folder, "mobilenet-v3-opset-9", mobilenet, (3, 12, 12), 9)
    shufflenet = settle(ShuffleNet())
    export(folder, "shufflenet-opset-17", shufflenet, (3, 16, 16), 17)
    export(folder, "shufflenet-opset-11", shufflenet, (3, 16, 16), 11)
    export(folder, "densenet", settle(DenseNet()), (3, 12, 12), 17)
    export(folder, "squeezenet", settle(SqueezeNet()), (3, 16, 16), 17)
    functions = settle(Functions())
    export(folder, "functions-opset-17", functions, (6,), 17)
    export(folder, "functions-opset-9", functions, (6,), 9)
    export(folder, "uneven", settle(Uneven()), (2, 8, 9), 17)


def decoders(folder):
    torch.manual_seed(18)
    unet = settle(UNet())
    for opset in (11, 13, 16):
        export(folder, "unet-opset-%d" % opset, unet, (2, 8, 10), opset)
    export(folder, "autoencoder", settle(AutoEncoder()), (2, 8, 6), 13)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    torch.manual_seed(15)
    mlp = settle(Mlp())
    export(folder, "mlp", mlp, (6,), 17)
    external(folder, "external", "mlp")
    cnn = settle(Cnn())
    export(folder, "cnn-opset-9", cnn, (2, 10, 10), 9)
    export(folder, "cnn-opset-17", cnn, (2, 10, 10), 17)
    export(folder, "cnn-unfolded", cnn, (2, 10, 10), 13, fold=False, keep=True)
    export(folder, "cnn-one-example", cnn, (2, 10, 10), 12, fixed=True)
    export(folder, "resnet", settle(Resnet()), (2, 8, 8), 17)
    export(folder, "pre-activation", settle(PreActivation()), (2, 6, 6), 17)
    lstm = settle(Lstm(True))
    export(folder, "lstm-opset-9", lstm, (4, 5), 9)
    export(folder, "lstm-opset-17", lstm, (4, 5), 17)
    export(folder, "lstm-hidden", settle(Lstm(False)), (4, 5), 14)
    steps_first(folder, "lstm-steps-first", settle(StepsFirst()), (4, 5), 17)
    normalized = settle(Normalized())
    export(folder, "layer-normalization-opset-13", normalized, (6,), 13)
    export(folder, "layer-normalization-opset-17", normalized, (6,), 17)
    export(folder, "sequence", settle(Sequence1d()), (2, 11), 17)
    export(folder, "channels-last", settle(ChannelsLast()), (6, 5, 2), 17, last=True)
    refusals(os.path.join(folder, "refused"))
    graphs(folder)
    decoders(folder)
    torch.manual_seed(22)
    several(folder, "two-inputs", settle(TwoInputs()), (2, 6, 5), (3,))
    seeds = os.path.join(folder, "OnnxFuzzTestInputs", "anyBytes")
    os.makedirs(seeds, exist_ok=True)
    for name in SEEDS:
        shutil.copy(os.path.join(folder, name + ".onnx"), os.path.join(seeds, name))


def digits(folder, data):
    """A network of 784-16-10, trained on the images that come with Pare."""
    torch.manual_seed(16)
    x, y = images(data, "train", 10000)
    model = nn.Sequential(nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10))
    optimizer = torch.optim.Adam(model.parameters(), 0.003)
    for _ in range(4):
        for batch in torch.randperm(len(x)).split(64):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            optimizer.step()
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "digits.onnx")
    torch.onnx.export(model.eval(), x[:1], path, opset_version=17, input_names=["input"], output_names=["output"],
                      dynamic_axes={"input": {0: "batch"}})
    shortened(path)


def mixed(folder):
    """A table of two tokens and three numbers, of which the class follows, and a network trained on it."""
    torch.manual_seed(23)
    tokens = torch.stack((torch.randint(0, 6, (1500,)), torch.randint(0, 4, (1500,))), 1)
    numbers = torch.randn(1500, 3)
    sums = torch.randn(6)[tokens[:, 0]] + torch.randn(4)[tokens[:, 1]] * numbers[:, 0] + numbers[:, 1]
    classes = torch.bucketize(sums, torch.quantile(sums, torch.tensor([1 / 3, 2 / 3])))
    model = TokensAndNumbers()
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    for _ in range(60):
        for batch in torch.randperm(1000).split(50):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(tokens[batch], numbers[batch]), classes[batch]).backward()
            optimizer.step()
    os.makedirs(folder, exist_ok=True)
    for name, rows in [("train", range(1000)), ("test", range(1000, 1500))]:
        with open(os.path.join(folder, name + ".csv"), "w") as file:
            file.write("job,region,a,b,c,class\n")
            for i in rows:
                row = [*map(str, tokens[i].tolist()), *("%.4f" % x for x in numbers[i].tolist())]
                file.write(",".join(row + ["abc"[classes[i]]]) + "\n")
    path = os.path.join(folder, "network.onnx")
    torch.onnx.export(
        model.eval(), (tokens[:1], numbers[:1]), path, opset_version=17, input_names=["tokens", "numbers"],
        output_names=["output"], dynamic_axes={"tokens": {0: "batch"}, "numbers": {0: "batch"}})
    shortened(path)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "mixed":
        mixed(sys.argv[2])
    elif len(sys.argv) == 4 and sys.argv[1] == "digits":
        digits(sys.argv[2], sys.argv[3])
    else:
        main(sys.argv[1])
