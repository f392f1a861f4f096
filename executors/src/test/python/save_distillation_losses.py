"""Writes distillation-losses.txt: losses of a few logits and their gradients, by PyTorch's autograd in double precision.

Usage: python3 save_distillation_losses.py executors/src/test/resources/dev/pare/train/distillation-losses.txt
"""

import sys

import torch
import torch.nn.functional as F

BATCH, CLASSES = 6, 5


def kl(teacher, student, temperature):
    return (
        F.kl_div(
            F.log_softmax(student / temperature, 1),
            F.softmax(teacher / temperature, 1),
            reduction="batchmean",
        )
        * temperature**2
    )


def decoupled(z, t, y, temperature, target_weight, other_weight):
    """As published with Zhao et al. 2022: masks of large numbers in place of taking the label's class out."""
    mask = F.one_hot(y, CLASSES).bool()
    p, q = F.softmax(z / temperature, 1), F.softmax(t / temperature, 1)
    binary = lambda s: torch.stack([s[mask], s[~mask].reshape(BATCH, -1).sum(1)], 1)
    tckd = F.kl_div(binary(p).log(), binary(q), reduction="batchmean")
    others = lambda s: s[~mask].reshape(BATCH, CLASSES - 1) / temperature
    nckd = F.kl_div(F.log_softmax(others(z), 1), F.softmax(others(t), 1), reduction="batchmean")
    return temperature**2 * (target_weight * tckd + other_weight * nckd)


def standardized(z):
    return (z - z.mean(1, keepdim=True)) / z.std(1, unbiased=False, keepdim=True)


def off_diagonal(m):
    return m[~torch.eye(len(m), dtype=torch.bool)]


def distance(z, t):
    shares = lambda s: (lambda d: d / d.mean())(
        off_diagonal((s[:, None] - s[None] + torch.eye(BATCH)[..., None]).norm(dim=2))
    )
    return F.smooth_l1_loss(shares(z), shares(t))


def angle(z, t):
    def cosines(s):
        off = s[None] - s[:, None]
        unit = F.normalize(off, p=2, dim=2)
        return torch.bmm(unit, unit.transpose(1, 2))

    i, j, k = torch.meshgrid(*[torch.arange(BATCH)] * 3, indexing="ij")
    distinct = (i != j) & (j != k) & (i != k)
    return F.smooth_l1_loss(cosines(z)[distinct], cosines(t)[distinct])


def similarity(z, t):
    products = lambda s: F.normalize(s @ s.T, p=2, dim=1)
    return ((products(z) - products(t)) ** 2).mean()


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(5)
    logits = (3 * torch.randn(BATCH, CLASSES)).float().double().requires_grad_()
    teacher = (4 * torch.randn(BATCH, CLASSES)).float().double()
    labels = torch.tensor([0, 3, 1, 4, 4, 2])
    ce = lambda smoothing: F.cross_entropy(logits, labels, label_smoothing=smoothing)
    losses = {
        "smoothed-labels": ce(0.2),
        "soft-targets": 0.3 * ce(0.1) + 0.7 * kl(teacher, logits, 4),
        "decoupled": decoupled(logits, teacher, labels, 2, 1, 8),
        "decoupled-target": decoupled(logits, teacher, labels, 4, 3, 0),
        "squared-logits": F.mse_loss(logits, teacher),
        "standardized": kl(standardized(teacher), standardized(logits), 2),
        "standardized-decoupled": decoupled(
            standardized(logits), standardized(teacher), labels, 2, 1, 8
        ),
        "standardized-squared": F.mse_loss(standardized(logits), standardized(teacher)),
        "distance": ce(0) + 25 * distance(logits, teacher),
        "angle": ce(0) + 50 * angle(logits, teacher),
        "similarity": ce(0) + 3000 * similarity(logits, teacher),
    }
    line = lambda numbers: " ".join(repr(float(x)) for x in numbers.flatten())
    with open(sys.argv[1], "w") as out:
        out.write("logits %s\n" % line(logits.detach()))
        out.write("teacher %s\n" % line(teacher))
        out.write("labels %s\n" % " ".join(str(int(y)) for y in labels))
        for name, loss in losses.items():
            (gradient,) = torch.autograd.grad(loss, logits, retain_graph=True)
            out.write("%s %r %s\n" % (name, loss.item(), line(gradient)))


main()
