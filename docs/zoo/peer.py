"""Prunes one network of the zoo with Torch-Pruning and prints what is left of its operations; see README.md."""

import argparse
import warnings

import torch
import torch_pruning
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import networks_vision

SUITES = {"torchvision": networks_vision.torchvision_network, "timm": networks_vision.timm_network}
# How many classes there are, by the layer that gives them.
CLASSES = {nn.Linear: (1000, 400), nn.Conv2d: (1000, 21)}


def operations(model, inputs):
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(inputs)
    return counter.get_total_flops()


def share_kept(suite, name):
    """Half of the channels of every group by l1; the layers that give the classes stay, and heads are told."""
    torch.manual_seed(0)
    model, inputs, _ = SUITES[suite](name)
    model = model.eval()
    first = next(iter(inputs.values()))[:1]
    whole = operations(model, first)
    modules = list(model.modules())
    last = [each for each in modules if isinstance(each, nn.Linear) and each.out_features in CLASSES[nn.Linear]]
    last += [each for each in modules if isinstance(each, nn.Conv2d) and each.out_channels in CLASSES[nn.Conv2d]]
    heads = {each: each.num_heads for each in modules if isinstance(each, nn.MultiheadAttention)}
    torch_pruning.pruner.MagnitudePruner(
        model, first, importance=torch_pruning.importance.MagnitudeImportance(p=1), pruning_ratio=0.5, ignored_layers=last,
        num_heads=heads).step()
    return operations(model, first) / whole


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("name")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f'"{arguments.name}": {share_kept(arguments.suite, arguments.name):.3f}')


if __name__ == "__main__":
    main()
