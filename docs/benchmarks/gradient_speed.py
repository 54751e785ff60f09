"""PyTorch's side of the benchmark gradient-speed: forward and backward of a network, a step for each line that is read.

    python docs/benchmarks/gradient_speed.py export FOLDER NAME
    python docs/benchmarks/gradient_speed.py serve NAME THREADS

`export` writes NAME.onnx, NAME.values (little-endian floats, or 64-bit integers of words) and NAME.labels (64-bit integers) to the folder.
`serve` makes the same network and prints `ready EXTENTS`. Each line `step` that is read takes one step and prints its seconds and the loss; `memory` prints the bytes that the process held
at most, and that it held before the network was made. Needs torch, torchvision and transformers; a developer tool, not part of the build.
"""

import sys
import time
import warnings
from pathlib import Path

import torch
import torchvision

sys.path.insert(0, str(Path(__file__).resolve().parent))
from gradients import make_distinct  # noqa: E402

BATCH = 32


def resnet18():
    """For small images: without the stride and the pool at the beginning."""
    network = torchvision.models.resnet18(num_classes=10)
    network.conv1 = torch.nn.Conv2d(3, 64, 3, padding=1, bias=False)
    network.maxpool = torch.nn.Identity()
    return network, torch.randn(BATCH, 3, 32, 32), 10


class Block(torch.nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.c1 = torch.nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.b1 = torch.nn.BatchNorm2d(outputs)
        self.c2 = torch.nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.b2 = torch.nn.BatchNorm2d(outputs)
        self.down = torch.nn.Identity()
        if stride > 1:
            self.down = torch.nn.Sequential(torch.nn.Conv2d(inputs, outputs, 1, stride, bias=False), torch.nn.BatchNorm2d(outputs))

    def forward(self, x):
        return torch.relu(self.b2(self.c2(torch.relu(self.b1(self.c1(x))))) + self.down(x))


def resnet20_modules():
    layers, inputs = [torch.nn.Conv2d(1, 16, 3, 1, 1, bias=False), torch.nn.BatchNorm2d(16), torch.nn.ReLU()], 16
    for width in (16, 32, 64):
        for position in range(3):
            layers.append(Block(inputs, width, 2 if position == 0 and width > 16 else 1))
            inputs = width
    return torch.nn.Sequential(*layers, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(64, 10))


def resnet20():
    """For grey images, in batches of 128."""
    return resnet20_modules(), torch.randn(128, 1, 28, 28), 10


def mobilenet_v2():
    return torchvision.models.mobilenet_v2(num_classes=10), torch.randn(BATCH, 3, 96, 96), 10


def transformer():
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig(
        vocab_size=2000, hidden_size=256, num_hidden_layers=4, num_attention_heads=4, intermediate_size=1024, num_labels=10
    )

    class Logits(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.network = BertForSequenceClassification(config)

        def forward(self, words):
            return self.network(words).logits

    return Logits(), torch.randint(0, 2000, (BATCH, 128)), 10


def resnet50():
    return torchvision.models.resnet50(num_classes=10), torch.randn(BATCH, 3, 64, 64), 10


def memory(field):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


def seeded(name):
    """A network, values and labels, the same each time."""
    torch.manual_seed(1)
    network, values, classes = globals()[name]()
    make_distinct(network)
    return network.eval(), values, torch.randint(0, classes, (len(values),))


def export(folder, name):
    network, values, labels = seeded(name)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (values,),
            str(folder / f"{name}.onnx"),
            dynamo=False,
            opset_version=17,
            input_names=["values"],
            dynamic_axes={"values": {0: "batch"}},
            do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE,
        )
    values.numpy().tofile(folder / f"{name}.values")
    labels.numpy().tofile(folder / f"{name}.labels")


def serve(name, threads):
    torch.set_num_threads(threads)
    if name == "transformer":
        import transformers  # noqa: F401
    held = memory("VmRSS")
    network, values, labels = seeded(name)
    print("ready", ",".join(map(str, values.shape)), flush=True)
    for line in sys.stdin:
        if line.strip() == "memory":
            print(memory("VmHWM"), held, flush=True)
            continue
        start = time.perf_counter()
        network.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(network(values), labels)
        loss.backward()
        print(time.perf_counter() - start, loss.item(), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "export":
        export(Path(sys.argv[2]), sys.argv[3])
    else:
        serve(sys.argv[2], int(sys.argv[3]))
