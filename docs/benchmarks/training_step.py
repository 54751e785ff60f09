"""Trains a network on random images with Espalier and with PyTorch, one after the other, and compares seconds of a step and memory.

    python docs/benchmarks/training_step.py ESPALIER NAME THREADS [STEPS]

ESPALIER is the launcher, NAME a network of gradient_speed.py (resnet18, resnet20, mobilenet_v2), STEPS the steps of an epoch (20). Three epochs of SGD with
Nesterov momentum in the batches of that program, of which the first is left out of the seconds. Memory is the most that each process held, the runtime of
its language included. Needs torch, torchvision, numpy; a developer tool, not part of the build.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent))
import gradient_speed  # noqa: E402

EPOCHS, RATE, MOMENTUM, DECAY = 3, 0.01, 0.9, 5e-4


def examples(name, steps):
    """Images and labels of an epoch, and how many of them a batch has."""
    _, values, _ = gradient_speed.seeded(name)
    random = np.random.default_rng(1)
    count = steps * len(values)
    return random.standard_normal((count, *values.shape[1:]), np.float32), random.integers(0, 10, count), len(values)


def train(name, threads, steps):
    """Prints seconds of a step of each epoch, as JSON."""
    torch.set_num_threads(threads)
    network, _, _ = gradient_speed.seeded(name)
    images, labels, batch = examples(name, steps)
    images, labels = torch.from_numpy(images), torch.from_numpy(labels)
    optimizer = torch.optim.SGD(network.train().parameters(), RATE, MOMENTUM, nesterov=True, weight_decay=DECAY)
    seconds = []
    for _ in range(EPOCHS):
        start = time.perf_counter()
        order = torch.randperm(len(images)).split(batch)
        for rows in order:
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(images[rows]), labels[rows]).backward()
            optimizer.step()
        seconds.append((time.perf_counter() - start) / steps)
    print(json.dumps(seconds))


def measured(command):
    """What a command prints, and the bytes that its process held at most."""
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        answer = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    return json.loads(answer), usage.ru_maxrss * 1024


def espalier(launcher, name, threads, steps, folder):
    gradient_speed.export(folder, name)
    images, labels, batch = examples(name, steps)
    np.savez(folder / "train.npz", values=images, labels=labels)
    report, memory = measured(
        [launcher, "train", f"{folder}/{name}.onnx", "--train", f"{folder}/train.npz", f"--epochs={EPOCHS}"]
        + [f"--batch={batch}", "--optimizer=sgd:nesterov=true", f"--learning-rate={RATE}", "--rate-schedule=constant"]
        + [f"--weight-decay={DECAY}", "--validation-split=0", f"--threads={threads}", "--json", "-q", "-o", f"{folder}/trained.onnx"]
    )
    return [each["seconds"] / steps for each in report["epochs"]], memory


def main(launcher, name, threads, steps="20"):
    asked = name, int(threads), int(steps)
    with tempfile.TemporaryDirectory() as folder:
        results = {
            "pytorch": measured([sys.executable, __file__, "train", name, threads, steps]),
            "espalier": espalier(launcher, *asked, Path(folder)),
        }
    (theirs, peak), (ours, held) = results["pytorch"], results["espalier"]
    for side, (seconds, memory) in results.items():
        print(f"{side}: {statistics.median(seconds[1:]):.3f} s a step, {memory / 1e6:.0f} MB at most")
    ratio = statistics.median(ours[1:]) / statistics.median(theirs[1:])
    print(f"{name}, {threads} threads: ratio of seconds {ratio:.2f}, of memory {held / peak:.2f}")


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main(*sys.argv[1:])
