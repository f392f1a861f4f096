"""PyTorch's milliseconds for what GroupedConvolutionBenchmark times: the least of many, on one thread.

    OPENBLAS_NUM_THREADS=1 python3 executors/src/test/python/time_convolutions.py
"""

import time

import torch

BATCH = 32
REPETITIONS = 40


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    for groups in (64, 8, 2):
        for stride in (1, 2):
            layer = torch.nn.Conv2d(64, 64, 3, stride, 1, groups=groups)
            x = torch.rand(BATCH, 64, 32, 32, requires_grad=True)
            gradient = torch.rand_like(layer(x))
            forward = backward = float("inf")
            for _ in range(REPETITIONS):
                x.grad = layer.weight.grad = layer.bias.grad = None
                start = time.perf_counter()
                y = layer(x)
                middle = time.perf_counter()
                y.backward(gradient)
                forward = min(forward, middle - start)
                backward = min(backward, time.perf_counter() - middle)
            print("%d groups, stride %d: forward %.2f, backward %.2f ms" % (
                groups, stride, forward * 1e3, backward * 1e3))


if __name__ == "__main__":
    main()
