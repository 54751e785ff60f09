"""Trains one untrained ResNet-20 with Espalier and with PyTorch by the same recipe, and compares seconds and accuracy.

    python docs/benchmarks/training_beside.py {both|pytorch|espalier} ESPALIER MODEL FOLDER EPOCHS THREADS [EXAMPLES]

ESPALIER is the launcher, MODEL an ONNX file of the resnet20 of gradient_speed.py whose weights have the names of its parameters, FOLDER holds the four idx
files of Fashion-MNIST. SGD with Nesterov momentum, one cycle up to 0.1, batches of 128, decay 5e-4 of what is multiplied, mirrored
and shifted images. Needs torch, torchvision, onnx, numpy. With two epochs or more the first is left out of the seconds.

Accuracies can be compared after whole trainings only. After three epochs on 1,280 images, 30 steps at a large rate, the averages of batch
norms lag behind the weights, and both sides end anywhere between 17 and 57 % of the test images, by seed and processor.
"""

import gzip
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import onnx
import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gradient_speed import resnet20_modules  # noqa: E402

BATCH, RATE, MOMENTUM, DECAY, MEAN, STD = 128, 0.1, 0.9, 5e-4, 0.2860, 0.3530
WARM_UP, FIRST = 0.3, 0.04


def network(file):
    model = resnet20_modules()
    graph = onnx.load(file).graph
    stored = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]]
    weights = {name: torch.from_numpy(stored[name].copy()) for name in model.state_dict() if name in stored}
    missing = model.load_state_dict(weights, strict=False).missing_keys
    if any(not name.endswith(("num_batches_tracked", "running_mean", "running_var")) for name in missing):
        sys.exit("the file has no " + ", ".join(missing))
    return model


def images(folder, part):
    with gzip.open(os.path.join(folder, part + "-images-idx3-ubyte.gz")) as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)
    with gzip.open(os.path.join(folder, part + "-labels-idx1-ubyte.gz")) as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return torch.from_numpy((pixels / np.float32(255) - np.float32(MEAN)) / np.float32(STD)), torch.from_numpy(labels.astype(np.int64))


def rate(step, steps):
    done = step / (steps - 1)
    start, end, share = (FIRST, 1, done / WARM_UP) if done < WARM_UP else (1, 0, (done - WARM_UP) / (1 - WARM_UP))
    return RATE * (end + (start - end) * (1 + math.cos(math.pi * share)) / 2)


def changed(batch):
    mirrored = torch.rand(len(batch)) < 0.5
    batch = torch.where(mirrored[:, None, None, None], batch.flip(3), batch)
    padded = F.pad(batch, (2, 2, 2, 2), mode="replicate")
    starts = torch.randint(0, 5, (len(batch), 2)).tolist()
    return torch.stack([image[:, y : y + 28, x : x + 28] for image, (y, x) in zip(padded, starts)])


def pytorch(file, folder, epochs, threads, count):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model, (x, y) = network(file), images(folder, "train")
    x, y = x[:count], y[:count]
    decaying = [each for each in model.parameters() if each.dim() > 1]
    others = [each for each in model.parameters() if each.dim() == 1]
    optimizer = torch.optim.SGD(
        [{"params": decaying, "weight_decay": DECAY}, {"params": others, "weight_decay": 0}], RATE, MOMENTUM, nesterov=True
    )
    batches = count // BATCH
    seconds = []
    model.train()
    for epoch in range(epochs):
        start = time.perf_counter()
        order = torch.randperm(count)
        for batch in range(batches):
            for group in optimizer.param_groups:
                group["lr"] = rate(epoch * batches + batch, epochs * batches)
            rows = order[batch * BATCH : (batch + 1) * BATCH]
            optimizer.zero_grad()
            F.cross_entropy(model(changed(x[rows])), y[rows]).backward()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
    model.eval()
    x, y = images(folder, "t10k")
    with torch.no_grad():
        right = sum((model(x[i : i + 500]).argmax(1) == y[i : i + 500]).sum().item() for i in range(0, len(x), 500))
    return seconds, right / len(x)


def espalier(launcher, file, folder, epochs, threads, count):
    with tempfile.TemporaryDirectory() as target:
        report = subprocess.run(
            [launcher, "train", file, "--train", f"{folder}/train-images-idx3-ubyte.gz:{count}", "--data", f"{folder}/t10k-images-idx3-ubyte.gz"]
            + [f"--data-option={each}" for each in ("scale=1/255", f"mean={MEAN}", f"std={STD}")]
            + [f"--epochs={epochs}", f"--batch={BATCH}", "--optimizer=sgd:nesterov=true", f"--learning-rate={RATE}"]
            + ["--rate-schedule=one-cycle", f"--weight-decay={DECAY}", "--augment=flip,shift=2", "--validation-split=0"]
            + [f"--threads={threads}", "--json", "-q", "-o", target + "/trained.onnx"],
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
    answer = json.loads(report)
    return [each["seconds"] for each in answer["epochs"]], answer["after"]


def main(which, launcher, file, folder, epochs, threads, count="60000"):
    asked = file, folder, int(epochs), int(threads), int(count)
    medians = {}
    for name in ("pytorch", "espalier"):
        if which in ("both", name):
            seconds, accuracy = pytorch(*asked) if name == "pytorch" else espalier(launcher, *asked)
            medians[name] = statistics.median(seconds[1:] or seconds)
            print(f"{name}: {medians[name]:.1f} s an epoch, {100 * accuracy:.2f} % of the test images", flush=True)
    if len(medians) == 2:
        print(f"ratio of seconds {medians['espalier'] / medians['pytorch']:.2f}")


main(*sys.argv[1:])
