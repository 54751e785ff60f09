"""Exports the networks beside this file with the exporters of PyTorch; see README.md."""

import argparse
import sys
import warnings
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
from torch import nn

import attention
import moves
import recurrent
import vision

IMAGE = {0: "batch", 2: "height", 3: "width"}
BATCH = {0: "batch"}
SEQUENCE = {0: "batch", 1: "length"}


def image(channels=3, size=16):
    return torch.randn(2, channels, size, size)


def tokens():
    return torch.randint(0, 20, (2, 7))


def hugging_face(kind):
    import transformers

    shared = dict(vocab_size=30, hidden_size=16, num_hidden_layers=1, num_attention_heads=4, intermediate_size=24)
    if kind == "bert":
        config = transformers.BertConfig(max_position_embeddings=24, attn_implementation="eager", **shared)
        return transformers.BertModel(config)
    config = transformers.LlamaConfig(num_key_value_heads=2, max_position_embeddings=24, **shared)
    config._attn_implementation = "eager"
    return Logits(transformers.LlamaForCausalLM(config))


class Logits(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, tokens):
        return self.model(input_ids=tokens, use_cache=False).logits


class Network:
    """What to export: a module, inputs by name, open axes, and the exporters (s11 is TorchScript at opset 11, d18 dynamo at 18)."""

    def __init__(self, name, module, inputs, axes, exporters):
        self.name, self.module, self.inputs, self.axes = name, module, inputs, axes
        self.exporters = exporters.split()


def networks():
    def add(name, module, inputs, axes, exporters):
        listed.append(Network(name, module, inputs, axes, exporters))

    listed = []
    x, line = {"x": image()}, {"x": torch.randn(2, 7, 6)}
    add("resnet", vision.ResNet, x, IMAGE, "s11 d18")
    add("mobilenet-v3", vision.MobileNetV3, x, IMAGE, "s13 d18")
    add("shufflenet", vision.ShuffleNet, x, IMAGE, "s11 d18")
    add("densenet", vision.DenseNet, x, IMAGE, "s17 d18")
    add("unet-transposed", vision.UNetTransposed, {"x": image(1)}, IMAGE, "s13 d18")
    add("unet-interpolated", vision.UNetInterpolated, {"x": image(1)}, IMAGE, "s11 d20")
    add("resnext", vision.ResNeXt, x, IMAGE, "s13 d18")
    add("pixel-shuffle", vision.PixelShuffler, x, IMAGE, "s11 s17 d18")
    add("vgg-flatten", vision.VggFlatten, {"x": image()}, BATCH, "s11 s17 d18")
    add("convnext", vision.ConvNeXt, x, IMAGE, "s13 s17 d20")
    add("normalised", vision.Normalised, x, IMAGE, "s11 s17 d18 d21")
    add("runtime-weights", vision.RuntimeWeights, x, IMAGE, "s17 d18")
    add("volumes", vision.Volumes, {"x": torch.randn(2, 1, 4, 6, 8)}, {0: "batch", 2: "depth"}, "s13 d18")
    add("signals", vision.Signals, {"x": torch.randn(2, 2, 20)}, {0: "batch", 2: "length"}, "s11 d18")
    add("inception", vision.Inception, x, IMAGE, "s13 d18")
    add("detector", vision.Detector, {"x": image(size=32)}, IMAGE, "s11 s17 d18")
    add("vit-multihead", attention.MultiheadEncoder, x, BATCH, "s14 s17 d18")
    add("vit-packed", lambda: attention.PackedVit(False), x, BATCH, "s11 s17 d18")
    add("vit-fused", lambda: attention.PackedVit(True), x, BATCH, "s17 d18 d23")
    add("swin", attention.Swin, x, BATCH, "s13 d18")
    add("swin-open", attention.Swin, {"x": image(size=20)}, IMAGE, "s17 d20")
    add("decoder", lambda: attention.Decoder(False), {"tokens": tokens()}, SEQUENCE, "s17 d18")
    add("decoder-pairs", lambda: attention.Decoder(True), {"tokens": tokens()}, SEQUENCE, "d20")
    add("decoder-fused", lambda: attention.Decoder(False, True), {"tokens": tokens()}, SEQUENCE, "s17 d18 d23")
    add("decoder-one-key", lambda: attention.Decoder(False, True, 1), {"tokens": tokens()}, SEQUENCE, "s17 d18")
    add("gpt", attention.Gpt, {"tokens": tokens()}, SEQUENCE, "s11 s17 d18")
    add("einsum-attention", attention.EinsumAttention, line, SEQUENCE, "s13 d18")
    add("cross-attention", attention.CrossAttention, {"source": tokens(), "target": tokens()[:, :5]}, None, "s17 d18")
    add("cross-covariance", attention.CrossCovariance, x, IMAGE, "s13 d18")
    add("mixer", attention.Mixer, x, BATCH, "s11 d18")
    add("conformer", attention.Conformer, line, SEQUENCE, "s17 d18")
    add("bert", lambda: hugging_face("bert"), {"input_ids": tokens(), "attention_mask": torch.ones(2, 7).long()}, SEQUENCE, "d18 d20")
    add("llama", lambda: hugging_face("llama"), {"tokens": tokens()}, SEQUENCE, "d18")
    for cell in (nn.LSTM, nn.GRU, nn.RNN):
        name = cell.__name__.lower()
        add(name, lambda cell=cell: recurrent.Recurrent(cell), {"tokens": tokens()}, SEQUENCE, "s11 s17" + (" d18" if cell is not nn.RNN else ""))
    add("lstm-given-state", recurrent.GivenState, {"x": torch.randn(2, 7, 5)}, SEQUENCE, "s13 d18")
    add("reads-lines", recurrent.ReadsLines, {"x": image(1, 16)}, {0: "batch", 3: "width"}, "s13 d18")
    add("chooses", recurrent.Chooses, {"x": torch.randn(2, 6)}, BATCH, "s13")
    add("repeats", recurrent.Repeats, line, SEQUENCE, "s17")
    add("steps", recurrent.scripted_steps, line, SEQUENCE, "s17")
    add("decides", recurrent.Decides, {"x": torch.randn(2, 6)}, BATCH, "d18")
    add("cuts", moves.Cuts, x, IMAGE, "s11 s17 d18")
    add("shifts", moves.Shifts, x, IMAGE, "s13 d18")
    add("picks", moves.Picks, {"tokens": tokens(), "mask": torch.ones(2, 7).long()}, SEQUENCE, "s13 d18")
    add("tied", moves.Tied, {"left": tokens(), "right": tokens()}, SEQUENCE, "s13 d18")
    add("unfolds", moves.Unfolds, x, BATCH, "s11 d18")
    add("assigns", moves.Assigns, line, SEQUENCE, "s17 d18")
    return listed


def open_axes(network):
    if network.axes is not None:
        return {name: network.axes for name in network.inputs}
    return {name: {0: "batch", 1: name + "_length"} for name in network.inputs}


def alive(module):
    """Running statistics and affine parameters of norms as after training: none is zero or one."""
    for part in module.modules():
        if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            nn.init.normal_(part.running_mean, 0, 0.2)
            nn.init.uniform_(part.running_var, 0.5, 1.5)
        if hasattr(part, "weight") and "Norm" in type(part).__name__ and part.weight is not None:
            nn.init.uniform_(part.weight, 0.5, 1.5)
            if getattr(part, "bias", None) is not None:
                nn.init.normal_(part.bias, 0, 0.2)


def export(network, exporter, path):
    torch.manual_seed(20261122)
    module = network.module()
    alive(module)
    module.eval()
    axes = open_axes(network)
    shared = dict(
        input_names=list(network.inputs),
        opset_version=int(exporter[1:]),
    )
    inputs = tuple(network.inputs.values())
    if exporter.startswith("s") and any(isinstance(part, nn.MultiheadAttention) for part in module.modules()):
        # TorchScript writes the lengths it has seen into nn.MultiheadAttention.
        axes = {name: BATCH for name in axes}
    if exporter.startswith("s"):
        torch.onnx.export(module, inputs, str(path), dynamo=False, dynamic_axes=axes, **shared)
    else:
        dims = {}
        shapes = tuple(
            {axis: dims.setdefault(name, torch.export.Dim.DYNAMIC) for axis, name in axes[each].items()}
            for each in network.inputs
        )
        names = tuple({axis: name for axis, name in axes[each].items()} for each in network.inputs)
        try:
            torch.onnx.export(module, inputs, str(path), dynamo=True, dynamic_shapes=names, external_data=False, verbose=False, **shared)
        except Exception:
            torch.onnx.export(module, inputs, str(path), dynamo=True, dynamic_shapes=shapes, external_data=False, verbose=False, **shared)
    return module


def strip(path):
    """Stack traces and notes of the exporter name folders of the machine it ran on; nothing else is touched."""
    model = onnx.load(path)
    del model.metadata_props[:]
    forget(model.graph)
    for function in model.functions:
        function.doc_string = ""
        del function.metadata_props[:]
        for node in function.node:
            forget_node(node)
    onnx.save(model, path)


def forget_node(node):
    node.doc_string = ""
    del node.metadata_props[:]
    for attribute in node.attribute:
        if attribute.HasField("g"):
            forget(attribute.g)


def forget(graph):
    graph.doc_string = ""
    for list_of in (graph.initializer, graph.input, graph.output, graph.value_info):
        for each in list_of:
            each.doc_string = ""
            del each.metadata_props[:]
    for node in graph.node:
        forget_node(node)


def check(path, network, module):
    session = onnxruntime.InferenceSession(str(path))
    given = {each.name for each in session.get_inputs()}
    values = {name: value.numpy() for name, value in network.inputs.items() if name in given}
    with torch.no_grad():
        expected = module(*network.inputs.values())
    expected = list(expected.values()) if isinstance(expected, dict) else expected if isinstance(expected, (tuple, list)) else [expected]
    for one, other in zip(expected, session.run(None, values)):
        numpy.testing.assert_allclose(one.numpy(), other, rtol=1e-3, atol=1e-4)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help="networks to export; all when none is named")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore")
    torch.manual_seed(20261122)
    failed = 0
    for network in networks():
        if arguments.names and network.name not in arguments.names:
            continue
        for exporter in network.exporters:
            path = arguments.folder / f"{network.name}.{exporter}.onnx"
            try:
                module = export(network, exporter, path)
                strip(path)
                check(path, network, module)
                print(path.name, path.stat().st_size)
            except Exception as problem:  # the others are still exported; the exit code tells
                failed += 1
                path.unlink(missing_ok=True)
                print(path.name, "FAILED", type(problem).__name__, str(problem).strip()[:600].replace("\n", " | "))
            sys.stdout.flush()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
