"""Writes networks as ONNX, each with inputs, factors of its outputs, and the gradients of PyTorch.

    python docs/benchmarks/gradients.py FOLDER [--second] NAME...

A name is one of torchvision (resnet18) or of a suite of the zoo (transformers/bert). For each name: NAME.onnx, and NAME.values, a
text of lines `kind name extents file`, with files of little-endian floats, or of 64-bit integers of what is no real number. The loss
is the sum of the first output times the factors. With --second also random directions, and the product of the Hessian with them.
Needs torch, torchvision, timm and transformers; a developer tool, not part of the build.
"""

import sys
import warnings
from pathlib import Path

import torch
import torchvision
from torch.nn.attention import SDPBackend, sdpa_kernel

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "zoo"))
import export as zoo  # noqa: E402

EXTENT = {"alexnet": 224, "vgg11": 224, "vgg11_bn": 224, "inception_v3": 96, "vit_b_16": 224, "vit_b_32": 224, "vit_l_16": 224, "vit_l_32": 224, "maxvit_t": 224}


def write(folder, lines, kind, name, tensor):
    file = f"{folder.name}-{len(lines)}.bin"
    real = tensor.is_floating_point()
    tensor.detach().contiguous().numpy().astype("<f4" if real else "<i8").tofile(folder / file)
    extents = ",".join(map(str, tensor.shape)) or "-"
    lines.append(" ".join([kind if real else "integers", name, extents, file]))


def network_of(name):
    """A network and its inputs by name."""
    torch.manual_seed(1)
    if "/" in name:
        suite, own = name.split("/")
        network, inputs, _ = zoo.SUITES[suite][1](own)
        zoo.enliven(network)
        return network.eval(), inputs
    network = torchvision.models.get_model(name, weights=None, **({"init_weights": False} if "inception" in name else {}))
    extent = EXTENT.get(name, 64)
    return network.eval(), {"image": torch.randn(2, 3, extent, extent)}


def first(output):
    while not isinstance(output, torch.Tensor):
        output = output[0] if isinstance(output, (tuple, list)) else next(iter(output.values()))
    return output


def make_distinct(network):
    """The exporter stores equal constants once: no two may be equal."""
    seen = []
    with torch.no_grad():
        for parameter in network.parameters():
            repeated = any(torch.equal(parameter, other) for other in seen)
            seen.append(parameter.clone())
            if parameter.is_floating_point() and (repeated or parameter.dim() < 2 or parameter.unique().numel() == 1):
                parameter.add_(torch.randn_like(parameter), alpha=0.1)
        for module in network.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.8, 1.2)


def record(folder, name, second):
    network, inputs = network_of(name)
    make_distinct(network)
    torch.backends.mha.set_fastpath_enabled(False)
    parameters = {key: value for key, value in network.named_parameters() if value.requires_grad}
    with sdpa_kernel(SDPBackend.MATH):
        output = first(network(*inputs.values()))
        factors = torch.randn_like(output)
        found = torch.autograd.grad((output * factors).sum(), list(parameters.values()), create_graph=second, allow_unused=True)
        gradients = {key: value for key, value in zip(parameters, found) if value is not None}
        directions, products = {}, {}
        if second:
            directions = {key: torch.randn_like(value) for key, value in gradients.items()}
            dot = sum((gradients[key] * directions[key]).sum() for key in gradients)
            twice = torch.autograd.grad(dot, [parameters[key] for key in gradients], allow_unused=True)
            products = {key: value for key, value in zip(gradients, twice) if value is not None}
    file = name.replace("/", "-")
    target = folder / file
    target.mkdir(exist_ok=True)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            tuple(inputs.values()),
            str(folder / f"{file}.onnx"),
            dynamo=False,
            opset_version=17,
            input_names=list(inputs),
            dynamic_axes={key: {0: "batch"} for key in inputs} if len(inputs) == 1 else {},
            do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE,
        )
    lines = []
    kinds = {"input": inputs, "factors": {"output": factors}, "gradient": gradients, "direction": directions, "product": products}
    for kind, tensors in kinds.items():
        for key, tensor in tensors.items():
            write(target, lines, kind, key, tensor)
    (folder / f"{file}.values").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    root = Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    names = [each for each in sys.argv[2:] if each != "--second"]
    for each in names:
        try:
            record(root, each, len(names) < len(sys.argv) - 2)
        except Exception as error:
            print(each, "not written:", str(error).splitlines()[0], flush=True)
