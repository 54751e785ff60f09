"""Exports one network of the zoo as ONNX with seeded random weights; see README.md."""

import argparse
import sys
import warnings
from pathlib import Path

import torch
from torch import nn

import networks_graph
import networks_recurrent
import networks_transformers
import networks_vision

SUITES = {
    "torchvision": (networks_vision.torchvision_names, networks_vision.torchvision_network),
    "timm": (networks_vision.timm_names, networks_vision.timm_network),
    "transformers": (networks_transformers.transformers_names, networks_transformers.transformers_network),
    "recurrent": (networks_recurrent.recurrent_names, networks_recurrent.recurrent_network),
    "graph": (networks_graph.graph_names, networks_graph.graph_network),
}
LARGEST_FILE = 1_900_000_000


def enliven(model):
    """Batch normalisation of an untrained network does nothing, and branches that start at zero hide what lies in them."""
    generator = torch.Generator().manual_seed(1)

    def fill(tensor, low, high):
        with torch.no_grad():
            tensor.copy_(torch.rand(tensor.shape, generator=generator) * (high - low) + low)

    for module in model.modules():
        if getattr(module, "running_mean", None) is not None:
            fill(module.running_mean, -0.1, 0.1)
            fill(module.running_var, 0.8, 1.2)
    for parameter in model.parameters():
        if parameter.is_floating_point() and parameter.numel() > 1 and float(parameter.std()) < 1e-4:
            # Shifts, scales and layer scales that are constant, 0 or 1 or 1e-6, become numbers around them.
            centre = float(parameter.mean())
            centre = 0.2 if 0 < abs(centre) < 1e-2 else centre
            fill(parameter, centre - 0.1, centre + 0.1)


def export(suite, name, target, exporter, opset, fixed):
    torch.manual_seed(0)
    model, inputs, batched = SUITES[suite][1](name)
    model = model.eval()
    torch.backends.mha.set_fastpath_enabled(False)
    enliven(model)
    names = list(inputs)
    opened = {key: {0: "batch"} for key in names} if batched and not fixed else {}
    arguments = tuple(inputs.values())
    large = sum(p.numel() * p.element_size() for p in model.parameters()) > LARGEST_FILE
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if exporter == "dynamo":
            batch = torch.export.Dim("batch", min=1, max=64)
            shapes = tuple({0: batch} for _ in names) if opened else None
            program = torch.onnx.export(
                model, arguments, input_names=names, dynamic_shapes=shapes, opset_version=opset, dynamo=True)
            program.save(str(target), external_data=large)
        else:
            torch.onnx.export(
                model, arguments, str(target), input_names=names, dynamic_axes=opened, opset_version=opset, dynamo=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", metavar="SUITE", help="print the names of a suite")
    parser.add_argument("suite", nargs="?")
    parser.add_argument("name", nargs="?")
    parser.add_argument("target", nargs="?", type=Path)
    parser.add_argument("--exporter", choices=("torchscript", "dynamo"), default="torchscript")
    parser.add_argument("--opset", type=int, default=17)
    parser.add_argument("--fixed", action="store_true", help="fixed batch")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(SUITES[arguments.list][0]()))
        return
    export(arguments.suite, arguments.name, arguments.target, arguments.exporter, arguments.opset, arguments.fixed)


if __name__ == "__main__":
    sys.setrecursionlimit(10_000)
    main()
