"""Optimises, quantises and halves the exported networks, as onnxruntime's tools do; see README.md."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import numpy
import onnx
import onnxruntime
import torch
import transformers
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quant_pre_process, quantize_dynamic, quantize_static
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.transformers import optimizer
from onnxruntime.transformers.float16 import convert_float_to_float16

from export import strip

# network, the exporter whose file is taken, what is made of it
NETWORKS = """
resnet s11 ort dynamic half bfloat
resnet d18 qdq qoperator
decoder s17 ort
vit-packed s17 qoperator dynamic half bfloat
lstm s17 dynamic half bfloat
""".split("\n")


class Inputs(CalibrationDataReader):
    """Three seeded batches."""

    def __init__(self, path):
        random = numpy.random.default_rng(1)
        session = onnxruntime.InferenceSession(str(path))
        self.batches = iter([{each.name: self.values(each, random) for each in session.get_inputs()} for _ in range(3)])

    @staticmethod
    def values(each, random):
        shape = [extent if isinstance(extent, int) else 2 if axis == 0 else 16 if len(each.shape) == 4 else 7 for axis, extent in enumerate(each.shape)]
        if "int" in each.type:
            return random.integers(0, 20, shape).astype(numpy.int64)
        return random.standard_normal(shape).astype(numpy.float32)

    def get_next(self):
        return next(self.batches, None)


def optimised(source, target):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(source), options)


def static(source, target, form):
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        types = dict(activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
        quantize_static(str(prepared), str(target), Inputs(prepared), quant_format=form, per_channel=True, **types)


def bfloat(source, target):
    """Everything in bfloat16, inputs and outputs too, as a network that was trained in it is exported."""
    model = onnx.load(source)

    def narrow(tensor):
        if tensor.data_type == TensorProto.FLOAT:
            bits = numpy_helper.to_array(tensor).astype(numpy.float32).view(numpy.uint32)
            halves = ((bits + 0x8000) >> 16).astype(numpy.uint16)
            tensor.CopyFrom(helper.make_tensor(tensor.name, TensorProto.BFLOAT16, tensor.dims, halves.tobytes(), raw=True))

    for tensor in model.graph.initializer:
        narrow(tensor)
    for value in (*model.graph.input, *model.graph.output, *model.graph.value_info):
        if value.type.tensor_type.elem_type == TensorProto.FLOAT:
            value.type.tensor_type.elem_type = TensorProto.BFLOAT16
    for node in model.graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                narrow(attribute.t)
            if node.op_type == "Cast" and attribute.i == TensorProto.FLOAT:
                attribute.i = TensorProto.BFLOAT16
    onnx.save(model, target)


MAKERS = {
    "bfloat": bfloat,
    "ort": optimised,
    "qdq": lambda source, target: static(source, target, QuantFormat.QDQ),
    "qoperator": lambda source, target: static(source, target, QuantFormat.QOperator),
    "dynamic": lambda source, target: quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True),
    "half": lambda source, target: onnx.save(convert_float_to_float16(onnx.load(source), keep_io_types=True), target),
}


class Hidden(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, tokens, mask):
        return self.model(input_ids=tokens, attention_mask=mask)[0]


def bert(target):
    """BERT behind the optimiser for transformers: Attention, EmbedLayerNormalization, SkipLayerNormalization, BiasGelu."""
    torch.manual_seed(20261122)
    config = transformers.BertConfig(vocab_size=30, hidden_size=16, num_hidden_layers=1, num_attention_heads=4,
                                     intermediate_size=24, max_position_embeddings=24, attn_implementation="eager")
    model = Hidden(transformers.BertModel(config, add_pooling_layer=False)).eval()
    tokens = torch.randint(0, 20, (2, 7))
    axes = {name: {0: "batch", 1: "length"} for name in ("tokens", "mask")}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "bert.onnx")
        torch.onnx.export(model, (tokens, torch.ones(2, 7).long()), path, input_names=list(axes), dynamic_axes=axes, dynamo=False, opset_version=17)
        optimizer.optimize_model(path, model_type="bert", num_heads=4, hidden_size=16, opt_level=0).save_model_to_file(str(target))


class Builder:
    """Nodes and seeded weights of a graph written by hand."""

    def __init__(self):
        self.random, self.nodes, self.weights = numpy.random.default_rng(1), [], []

    def weight(self, *shape, scale=0.4, values=None):
        name = f"w{len(self.weights)}"
        values = self.random.standard_normal(shape) * scale if values is None else values
        self.weights.append(numpy_helper.from_array(values if values.dtype == numpy.int32 else values.astype(numpy.float32), name))
        return name

    def node(self, operator, *inputs, outputs=1, domain="com.microsoft", **attributes):
        names = [f"v{len(self.nodes)}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(operator, list(inputs), names, domain=domain, **attributes))
        return names if outputs > 1 else names[0]

    def linear(self, x, inputs, outputs):
        return self.node("MatMul", x, self.weight(inputs, outputs), domain="")

    def save(self, inputs, output, target):
        graph = helper.make_graph(self.nodes, "built", inputs, [output], self.weights)
        imports = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        onnx.save(helper.make_model(graph, opset_imports=imports, ir_version=8), target)


def grouped(target, packed):
    """A Llama block as model builders for onnxruntime write it: grouped attention that turns queries and keys itself."""
    b = Builder()
    x = b.node("Gather", b.weight(30, 16, scale=1), "tokens", domain="")
    normal = b.node("SimplifiedLayerNormalization", x, b.weight(16, values=b.random.uniform(0.5, 1.5, 16)), domain="", axis=-1, epsilon=1e-5)
    seen, total = b.weight(values=numpy.full(2, 6, numpy.int32)), b.weight(values=numpy.array(7, numpy.int32))
    angles = numpy.arange(24)[:, None] / 10.0 ** numpy.arange(8)
    tables = b.weight(values=numpy.cos(angles)), b.weight(values=numpy.sin(angles))
    query, key, value = (b.linear(normal, 16, 128), "", "") if packed else (b.linear(normal, 16, 64), b.linear(normal, 16, 32), b.linear(normal, 16, 32))
    mixed = b.node("GroupQueryAttention", query, key, value, "", "", seen, total, *tables, outputs=3, num_heads=4, kv_num_heads=2, do_rotary=1)[0]
    y, _, _, stream = b.node("SkipSimplifiedLayerNormalization", x, b.linear(mixed, 64, 16), b.weight(16, values=b.random.uniform(0.5, 1.5, 16)), outputs=4, epsilon=1e-5)
    hidden = b.node("Mul", b.node("QuickGelu", b.linear(y, 16, 24), alpha=1.0), b.linear(y, 16, 24), domain="")
    logits = b.linear(b.node("Add", stream, b.linear(hidden, 24, 16), domain=""), 16, 30)
    b.save([helper.make_tensor_value_info("tokens", TensorProto.INT64, [2, 7])], helper.make_tensor_value_info(logits, TensorProto.FLOAT, [2, 7, 30]), target)


def turned(target):
    """Attention whose queries and keys are turned by an operator of their own."""
    b = Builder()
    x = b.node("Gather", b.weight(30, 16, scale=1), "tokens", domain="")
    angles = numpy.arange(24)[:, None] / 10.0 ** numpy.arange(2)
    tables = b.weight(values=numpy.cos(angles)), b.weight(values=numpy.sin(angles))
    b.weights.append(numpy_helper.from_array(numpy.tile(numpy.arange(7), (2, 1)), "positions"))
    query, key = (b.node("RotaryEmbedding", b.linear(x, 16, 16), "positions", *tables, num_heads=4) for _ in range(2))
    mixed = b.node("MultiHeadAttention", query, key, b.linear(x, 16, 24), num_heads=4)
    y = b.node("SkipLayerNormalization", x, b.linear(mixed, 24, 16), b.weight(16, values=b.random.uniform(0.5, 1.5, 16)), b.weight(16))
    hidden = b.node("FastGelu", b.linear(y, 16, 24), b.weight(24))
    logits = b.linear(hidden, 24, 30)
    b.save([helper.make_tensor_value_info("tokens", TensorProto.INT64, [2, 7])], helper.make_tensor_value_info(logits, TensorProto.FLOAT, [2, 7, 30]), target)


def few_bits(target):
    """Linear layers whose weights are packed in blocks of four bits."""
    b = Builder()
    x = b.node("Relu", b.linear("x", 8, 32), domain="")
    x = b.node("Relu", b.linear(x, 32, 64), domain="")
    y = b.linear(b.linear(x, 64, 24), 24, 5)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.onnx"
        b.save([helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 8])], helper.make_tensor_value_info(y, TensorProto.FLOAT, ["batch", 5]), path)
        quantizer = MatMulNBitsQuantizer(onnx.load(path), block_size=16, is_symmetric=True, nodes_to_exclude=[])
        quantizer.process()
        quantizer.model.save_model_to_file(str(target))


BUILT = {
    "bert-optimised.ort": bert,
    "grouped-attention.ort": lambda target: grouped(target, False),
    "grouped-attention.packed": lambda target: grouped(target, True),
    "turned-attention.ort": turned,
    "few-bits.nbits": few_bits,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exported", type=Path, help="folder of the exported networks")
    parser.add_argument("folder", type=Path, help="where the files go")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.WARNING)
    made = {name: maker for name, maker in BUILT.items()}
    for line in filter(None, NETWORKS):
        network, exporter, *kinds = line.split()
        source = arguments.exported / f"{network}.{exporter}.onnx"
        for kind in kinds:
            made[f"{network}.{kind}"] = lambda target, source=source, kind=kind: MAKERS[kind](source, target)
    for name, maker in made.items():
        path = arguments.folder / f"{name}.onnx"
        maker(path)
        strip(path)
        if not name.endswith(".bfloat"):  # onnxruntime has no kernels for it on a processor
            onnxruntime.InferenceSession(str(path))
        print(path.name, path.stat().st_size)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
