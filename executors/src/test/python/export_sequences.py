"""Writes the ONNX files of tests that read sequences and tokens, with inputs and PyTorch's outputs beside them.

    python3 executors/src/test/python/export_sequences.py executors/src/test/resources/dev/pare/onnx/sequences
    python3 executors/src/test/python/export_sequences.py words driver/src/test/resources/dev/pare/words

Needs PyTorch 1.13 and onnx 1.12 (Debian: python3-torch, python3-onnx). NAME.inputs and NAME.outputs are little-endian
floats, BATCH examples; tokens are whole numbers in floats.
"""

import math
import os
import random
import struct
import sys

import onnx
import torch
from torch import nn

BATCH = 5
TOKENS = 20
STEPS = 7


class Mean(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, 6)
        self.dense = nn.Linear(6, 3)

    def forward(self, x):
        return self.dense(self.embedding(x).mean(1))


class Convolutions(nn.Module):
    """Scaled vectors, and the largest over all steps."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, 6, padding_idx=0)
        self.conv = nn.Conv1d(6, 5, 3, padding=1)
        self.dense = nn.Linear(5, 3)

    def forward(self, x):
        x = self.embedding(x) * math.sqrt(6)
        x = torch.relu(self.conv(x.transpose(1, 2)))
        return self.dense(x.amax(2))


class Whole(nn.Module):
    """Tokens that come as floats, and all vectors side by side."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, 3)
        self.dense = nn.Linear(3 * STEPS, 3)

    def forward(self, x):
        return self.dense(self.embedding(x.long()).flatten(1))


class Recurrent(nn.Module):
    def __init__(self, kind, end, layers=1, both=True):
        super().__init__()
        self.end = end
        self.embedding = nn.Embedding(TOKENS, 4)
        self.layers = kind(4, 5, num_layers=layers, batch_first=True, bidirectional=both)
        self.dense = nn.Linear(10 if both else 5, 3)

    def forward(self, x):
        outputs, hidden = self.layers(self.embedding(x))
        hidden = hidden[0] if isinstance(hidden, tuple) else hidden
        if self.end == "last":
            return self.dense(outputs[:, -1])
        if self.end == "first":
            return self.dense(outputs[:, 0])
        if self.end == "mean":
            return self.dense(outputs.mean(1))
        if self.end == "maximum":
            return self.dense(outputs.max(1).values)
        if self.end == "hidden":
            return self.dense(torch.cat((hidden[-2], hidden[-1]), 1))
        if self.end == "both":
            # The last step of all that is read, beside the mean.
            return self.dense(outputs[:, -1] + outputs.mean(1))
        return self.dense(hidden[-2:].transpose(0, 1).flatten(1))


class Attention(nn.Module):
    """As it is written by hand, with a matrix for each of queries, keys and values."""

    def __init__(self, width, heads, each, bias):
        super().__init__()
        self.heads = heads
        self.each = each
        self.queries = nn.Linear(width, heads * each, bias)
        self.keys = nn.Linear(width, heads * each, bias)
        self.values = nn.Linear(width, heads * each, bias)
        self.out = nn.Linear(heads * each, width, bias)

    def split(self, x):
        return x.view(x.size(0), x.size(1), self.heads, self.each).transpose(1, 2)

    def forward(self, x):
        q, k, v = self.split(self.queries(x)), self.split(self.keys(x)), self.split(self.values(x))
        weights = torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(self.each), -1)
        return self.out((weights @ v).transpose(1, 2).reshape(x.size(0), x.size(1), -1))


class Products(nn.Module):
    """Attention that is not of all places to all places of one layer's output, by heads of their own."""

    def __init__(self, kind, width=8, heads=2):
        super().__init__()
        self.kind = kind
        self.heads = heads
        self.each = width // heads
        shared = {"multi-query": 1, "grouped": heads // 2}.get(kind, heads)
        self.queries = nn.Linear(width, width)
        self.keys = nn.Linear(width, shared * self.each)
        self.values = nn.Linear(width, shared * self.each)
        self.out = nn.Linear(width, width)
        self.register_buffer("earlier", torch.tril(torch.ones(STEPS, STEPS)).view(1, 1, STEPS, STEPS))
        distance = torch.arange(STEPS).view(1, -1) - torch.arange(STEPS).view(-1, 1)
        slopes = torch.tensor([2.0 ** -(i + 1) for i in range(heads)]).view(-1, 1, 1)
        far = torch.full((STEPS, STEPS), float("-inf")).triu(1)
        self.register_buffer("distance", (slopes * distance + far).unsqueeze(0))

    def split(self, x):
        return x.view(x.size(0), x.size(1), -1, self.each).transpose(1, 2)

    def scores(self, q, k):
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.each)
        if self.kind in ("causal", "multi-query"):
            return scores.masked_fill(self.earlier == 0, float("-inf"))
        if self.kind == "multiplied":
            # As GPT-2 was written first.
            return scores * self.earlier - 1e4 * (1 - self.earlier)
        if self.kind == "window":
            near = torch.triu(self.earlier, -2).bool()
            return torch.where(near, scores, torch.tensor(-1e9))
        if self.kind == "distances":
            return scores + self.distance
        if self.kind == "cosine":
            norms = q.pow(2).sum(-1, keepdim=True) + k.pow(2).sum(-1, keepdim=True).transpose(-2, -1)
            return scores / (1 + norms)
        return scores

    def forward(self, x):
        q, k, v = self.split(self.queries(x)), self.split(self.keys(x)), self.split(self.values(x))
        if self.kind == "grouped":
            k, v = k.repeat_interleave(2, 1), v.repeat_interleave(2, 1)
        if self.kind == "values":
            v = torch.relu(v)
        weights = torch.softmax(self.scores(q, k), -1)
        if self.kind == "kept":
            weights = weights * self.earlier
        return self.out((weights @ v).transpose(1, 2).reshape(x.size(0), x.size(1), -1))


class Decoder(nn.Module):
    """A layer that reads what another part of the same sequence says, as PyTorch has it."""

    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerDecoderLayer(8, 2, 12, dropout=0, batch_first=True)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(3))

    def forward(self, x):
        return self.layer(x[:, 4:], x[:, :4], tgt_mask=self.mask)


class Learnt(nn.Module):
    """Queries that are parameters, and scores that nothing makes sum to 1."""

    def __init__(self):
        super().__init__()
        self.queries = nn.Parameter(torch.randn(3, 8))
        self.keys = nn.Linear(8, 8)

    def forward(self, x):
        found = torch.softmax(self.queries @ self.keys(x).transpose(1, 2), -1) @ x
        return found @ found.transpose(1, 2) @ found


class Bare(nn.Module):
    """Heads narrower than what they read, which nothing projects back."""

    def __init__(self):
        super().__init__()
        self.queries = nn.Linear(8, 3)
        self.keys = nn.Linear(8, 3)
        self.values = nn.Linear(8, 3)

    def forward(self, x):
        weights = torch.softmax(self.queries(x) @ self.keys(x).transpose(1, 2), -1)
        return torch.relu(weights @ self.values(x))


class Pair(nn.Module):
    """Two sequences of the same language."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, 4)
        self.layer = nn.GRU(4, 5, batch_first=True)
        self.dense = nn.Linear(5, 3)

    def forward(self, first, second):
        one, other = (self.layer(self.embedding(x))[0][:, -1] for x in (first, second))
        return self.dense((one - other).abs())


class Attentive(nn.Module):
    def __init__(self, attention):
        super().__init__()
        self.embedding = nn.Embedding(TOKENS, 8)
        self.position = nn.Parameter(torch.randn(1, STEPS, 8))
        self.attention = attention
        self.norm = nn.LayerNorm(8)
        self.dense = nn.Linear(3 if isinstance(attention, Bare) else 8, 3)

    def forward(self, x):
        x = self.embedding(x) + self.position
        if isinstance(self.attention, (Decoder, Learnt, Bare)):
            return self.dense(self.attention(x).mean(1))
        if isinstance(self.attention, nn.MultiheadAttention):
            x = x + self.attention(x, x, x)[0]
        else:
            x = x + self.attention(x)
        return self.dense(self.norm(x).mean(1))


class Transformer(nn.Module):
    def __init__(self, norm_first, activation, pooling, batch_first=True, learnt=True):
        super().__init__()
        self.pooling = pooling
        self.batch_first = batch_first
        self.embedding = nn.Embedding(TOKENS, 8)
        if learnt:
            self.position = nn.Parameter(torch.randn(1, STEPS, 8))
        else:
            angles = torch.arange(STEPS).unsqueeze(1) * torch.exp(torch.arange(0, 8, 2) * (-math.log(10000.0) / 8))
            self.register_buffer("position", torch.cat((angles.sin(), angles.cos()), 1).unsqueeze(0))
        layer = nn.TransformerEncoderLayer(
            8, 2, 12, dropout=0, activation=activation, batch_first=batch_first, norm_first=norm_first
        )
        self.layers = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(8) if norm_first else None)
        self.dense = nn.Linear(8, 3)

    def forward(self, x):
        x = self.embedding(x) * math.sqrt(8) + self.position[:, : x.size(1)]
        x = self.layers(x) if self.batch_first else self.layers(x.transpose(0, 1)).transpose(0, 1)
        return self.dense(x[:, 0] if self.pooling == "first" else x.mean(1))


def settle(model):
    """Gives every parameter a value of its own."""
    model.eval()
    for module in model.modules():
        if isinstance(module, nn.LayerNorm):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
        if isinstance(module, nn.MultiheadAttention):
            if module.in_proj_bias is not None:
                nn.init.uniform_(module.in_proj_bias, -0.5, 0.5)
                nn.init.uniform_(module.out_proj.bias, -0.5, 0.5)
        if isinstance(module, nn.TransformerEncoderLayer):
            # They are copies of one.
            for matrix in (p for p in module.parameters() if p.dim() > 1):
                nn.init.xavier_uniform_(matrix)
    return model


def write(path, values):
    with open(path, "wb") as out:
        flat = values.flatten().tolist()
        out.write(struct.pack("<%df" % len(flat), *flat))


def export(folder, name, model, opset=17, kind=torch.int64):
    path = os.path.join(folder, name + ".onnx")
    examples = torch.randint(0, TOKENS, (BATCH, STEPS)).to(kind)
    exported(path, model, examples, opset)
    # With gradients: else attention takes its fast path, which computes otherwise and needs biases.
    write(os.path.join(folder, name + ".outputs"), model(examples).detach())
    write(os.path.join(folder, name + ".inputs"), examples.float())


def pair(folder):
    """Examples have the tokens of one sequence behind those of the other."""
    model = settle(Pair())
    both = torch.randint(0, TOKENS, (BATCH, STEPS)), torch.randint(0, TOKENS, (BATCH, 4))
    path = os.path.join(folder, "pair.onnx")
    torch.onnx.export(
        model, both, path, opset_version=17, input_names=["first", "second"], output_names=["output"],
        dynamic_axes={n: {0: "batch"} for n in ("first", "second", "output")},
    )
    shortened(path)
    write(os.path.join(folder, "pair.outputs"), model(*both).detach())
    write(os.path.join(folder, "pair.inputs"), torch.cat(both, 1).float())


def exported(path, model, examples, opset):
    torch.onnx.export(
        model, examples, path, opset_version=opset, input_names=["input"], output_names=["output"],
        dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
    )
    shortened(path)


def shortened(path):
    """Takes out where in its source each operator came from."""
    written = onnx.load(path)
    for node in written.graph.node:
        node.doc_string = ""
    onnx.save(written, path)


# Syllables of three languages that nobody speaks.
SYLLABLES = {
    1: ["ka", "tu", "li", "vää", "nen", "ssa", "lla", "pö", "ki", "mä", "ri", "tto"],
    2: ["sch", "ung", "ber", "lich", "ge", "aus", "ter", "keit", "wöl", "an", "hol", "ra"],
    3: ["qua", "ção", "ri", "lho", "men", "te", "des", "o", "nha", "pra", "ve", "ra"],
}
LETTERS = 12


def word(language):
    """Now and then with a syllable of another one."""
    count = random.randint(2, 4)
    return "".join(random.choice(SYLLABLES[random.choice([language] * 17 + [1, 2, 3])]) for _ in range(count))


class Words(nn.Module):
    def __init__(self, body, width):
        super().__init__()
        self.embedding = nn.Embedding(256, 8)
        self.body = body
        self.dense = nn.Linear(width, len(SYLLABLES))

    def forward(self, x):
        return self.dense(self.body(self.embedding(x)))


class BothEnds(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.GRU(8, 10, batch_first=True, bidirectional=True)

    def forward(self, x):
        hidden = self.layers(x)[1]
        return torch.cat((hidden[0], hidden[1]), 1)


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.position = nn.Parameter(0.1 * torch.randn(1, LETTERS, 8))
        self.layers = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16, dropout=0, batch_first=True), 1)

    def forward(self, x):
        return self.layers(x + self.position).mean(1)


def tokens(lines):
    cut = [line.split("\t")[1].encode()[:LETTERS] for line in lines]
    return torch.tensor([list(text) + [0] * (LETTERS - len(text)) for text in cut])


def words(folder):
    """Words of three languages, and two small networks that tell them apart."""
    os.makedirs(folder, exist_ok=True)
    random.seed(19)
    torch.manual_seed(19)
    seen = {}
    while len(seen) < 900:
        language = 1 + len(seen) % 3
        seen.setdefault(word(language), language)
    lines = ["%d\t%s" % (language, text) for text, language in seen.items()]
    for name, part in ("train", lines[:600]), ("test", lines[600:]):
        with open(os.path.join(folder, name + ".txt"), "w", encoding="utf-8") as out:
            out.write("\n".join(part) + "\n")
    x = tokens(lines[:600])
    y = torch.tensor([int(line[0]) - 1 for line in lines[:600]])
    for name, body, width in ("gru", BothEnds(), 20), ("transformer", Encoder(), 8):
        model = Words(body, width)
        optimizer = torch.optim.Adam(model.parameters(), 0.01)
        for _ in range(20):
            for batch in torch.randperm(len(x)).split(32):
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
                optimizer.step()
        model.eval()
        test = lines[600:]
        right = (model(tokens(test)).argmax(1) + 1 == torch.tensor([int(line[0]) for line in test])).float().mean()
        print(name, "tells %.3f of the test words apart" % right)
        exported(os.path.join(folder, name + ".onnx"), model, x[:2], 17)


def main(folder):
    os.makedirs(folder, exist_ok=True)
    torch.manual_seed(18)
    export(folder, "mean", settle(Mean()))
    export(folder, "convolutions", settle(Convolutions()), kind=torch.int32)
    export(folder, "whole", settle(Whole()), kind=torch.float32)
    export(folder, "gru-last", settle(Recurrent(nn.GRU, "last", layers=2)))
    export(folder, "gru-hidden", settle(Recurrent(nn.GRU, "hidden", layers=2)), opset=13)
    export(folder, "gru-maximum", settle(Recurrent(nn.GRU, "maximum")))
    export(folder, "gru-first", settle(Recurrent(nn.GRU, "first", both=False)))
    export(folder, "lstm-mean", settle(Recurrent(nn.LSTM, "mean", layers=2)))
    export(folder, "lstm-states", settle(Recurrent(nn.LSTM, "states", layers=2)))
    export(folder, "lstm-both", settle(Recurrent(nn.LSTM, "both", both=False)))
    export(folder, "attention", settle(Attentive(Attention(8, 2, 4, True))))
    export(folder, "attention-without-biases", settle(Attentive(Attention(8, 2, 3, False))), opset=11)
    export(folder, "multihead", settle(Attentive(nn.MultiheadAttention(8, 4, batch_first=True))))
    export(folder, "multihead-without-biases", settle(Attentive(nn.MultiheadAttention(8, 4, bias=False, batch_first=True))))
    export(folder, "transformer", settle(Transformer(False, "relu", "mean")))
    export(folder, "transformer-norm-first", settle(Transformer(True, "gelu", "first", learnt=False)))
    export(folder, "transformer-opset-11", settle(Transformer(False, "gelu", "first", False)), opset=11)
    torch.manual_seed(20)
    for kind in "causal", "multiplied", "window", "distances", "multi-query", "cosine", "values", "kept":
        export(folder, kind, settle(Attentive(Products(kind))), opset=11 if kind == "multiplied" else 17)
    export(folder, "grouped", settle(Attentive(Products("grouped", heads=4))))
    export(folder, "decoder", settle(Attentive(Decoder())))
    export(folder, "learnt", settle(Attentive(Learnt())))
    export(folder, "bare", settle(Attentive(Bare())))
    pair(folder)


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "words":
        words(sys.argv[2])
    else:
        main(sys.argv[1])
