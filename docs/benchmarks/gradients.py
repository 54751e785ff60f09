"""Writes networks of torchvision as ONNX, each with an input, factors of its outputs, and the gradients of PyTorch.

    python docs/benchmarks/gradients.py FOLDER NAME...

For each name: NAME.onnx, and NAME.values, a text of lines `kind name extents file`, with files of little-endian floats. The loss is
the sum of the first output times the factors. Needs torch and torchvision; a developer tool, not part of the build.
"""

import sys
import warnings
from pathlib import Path

import torch
import torchvision

EXTENT = {"alexnet": 224, "vgg11": 224, "vgg11_bn": 224, "inception_v3": 96, "vit_b_16": 224, "vit_b_32": 224, "vit_l_16": 224, "vit_l_32": 224, "maxvit_t": 224}


def write(folder, lines, kind, name, tensor):
    file = f"{folder.name}-{len(lines)}.bin"
    tensor.detach().contiguous().numpy().astype("<f4").tofile(folder / file)
    lines.append(" ".join([kind, name, ",".join(map(str, tensor.shape)) or "-", file]))


def record(folder, name):
    torch.manual_seed(1)
    network = torchvision.models.get_model(name, weights=None, **({"init_weights": False} if "inception" in name else {}))
    network.eval()
    extent = EXTENT.get(name, 64)
    image = torch.randn(2, 3, extent, extent)
    # The exporter stores equal constants once: no two may be equal.
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() < 2 or parameter.unique().numel() == 1:
                parameter.add_(torch.randn_like(parameter), alpha=0.1)
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.8, 1.2)
    output = network(image)
    factors = torch.randn_like(output)
    (output * factors).sum().backward()
    target = folder / name
    target.mkdir(exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (image,),
            str(folder / f"{name}.onnx"),
            dynamo=False,
            opset_version=17,
            input_names=["image"],
            output_names=["output"],
            dynamic_axes={"image": {0: "batch"}},
            do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE,
        )
    lines = []
    write(target, lines, "input", "image", image)
    write(target, lines, "factors", "output", factors)
    for parameter, value in network.named_parameters():
        if value.grad is not None:
            write(target, lines, "gradient", parameter, value.grad)
    (folder / f"{name}.values").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    root = Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    for each in sys.argv[2:]:
        try:
            record(root, each)
        except Exception as error:
            print(each, "not written:", str(error).splitlines()[0])
