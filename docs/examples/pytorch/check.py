"""Checks apply_plan.py: exports networks of torchvision, prunes the files with Espalier, cuts the models by the plans, compares outputs.

    python docs/examples/pytorch/check.py ESPALIER [NETWORK...]

ESPALIER is the launcher. Needs torch, torchvision, onnxscript, onnxruntime.
"""

import os
import subprocess
import sys
import tempfile

import onnxruntime
import torch
import torchvision
from apply_plan import apply_plan, export, load_weights

NETWORKS = (
    "resnet18 resnext50_32x4d vgg11_bn densenet121 mobilenet_v2 mobilenet_v3_small shufflenet_v2_x1_0 squeezenet1_1 "
    "efficientnet_b0 regnet_y_400mf mnasnet1_0 googlenet convnext_tiny vit_b_16"
)
LARGEST_DIFFERENCE = 1e-5


def network(name):
    torch.manual_seed(0)
    options = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
    model = getattr(torchvision.models, name)(num_classes=10, **options).eval()
    with torch.no_grad():
        for each in model.modules():
            if isinstance(each, torch.nn.modules.batchnorm._BatchNorm):
                each.running_mean.normal_(0, 0.2), each.running_var.uniform_(0.5, 1.5)
                each.weight.uniform_(0.5, 1.5), each.bias.normal_(0, 0.2)
            elif isinstance(each, torch.nn.Linear) and not each.weight.any():
                each.weight.normal_(0, 0.02)
    return model, torch.randn(2, 3, *(2 * [224 if name.startswith("vit") else 64]))


def deviation(model, example, wanted):
    with torch.no_grad():
        return ((model(example) - wanted).abs().max() / wanted.abs().max()).item()


def check(espalier, name, folder):
    model, example = network(name)
    before = sum(each.numel() for each in model.parameters())
    file, pruned = os.path.join(folder, "model.onnx"), os.path.join(folder, "pruned.onnx")
    export(model, example, file, input_names=["images"], output_names=["scores"], dynamic_shapes=({0: torch.export.Dim("batch")},))
    command = [espalier, "prune", file, "--target=macs=50%", "--repair=none", "--no-latency", "--force", "-q", "-o", pruned]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    apply_plan(model, pruned + ".plan.json")
    if hasattr(model, "conv_proj"):
        model.hidden_dim = model.conv_proj.out_channels  # a width that this model keeps as a number of its own
    session = onnxruntime.InferenceSession(pruned)
    wanted = torch.from_numpy(session.run(None, {"images": example.numpy()})[0])
    difference = deviation(model, example, wanted)
    with torch.no_grad():
        for each in model.parameters():
            each.zero_()
    load_weights(model, pruned)
    difference = max(difference, deviation(model, example, wanted))
    model.train()(example).sum().backward()
    after = sum(each.numel() for each in model.parameters())
    print(f"{name}: {before:,} -> {after:,} parameters, outputs differ by {difference:.1e}", flush=True)
    return difference <= LARGEST_DIFFERENCE


def main(espalier, *names):
    torch.manual_seed(0)
    wrong = []
    for name in names or NETWORKS.split():
        with tempfile.TemporaryDirectory() as folder:
            if not check(espalier, name, folder):
                wrong.append(name)
    sys.exit(f"outputs differ: {', '.join(wrong)}" if wrong else 0)


main(*sys.argv[1:])
