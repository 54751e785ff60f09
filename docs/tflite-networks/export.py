"""Writes small networks with TensorFlow Lite's converter in four number formats; see README.md."""

import os
import sys
import zlib
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy
import tensorflow as tf

from networks import NETWORKS

SEED = 20261122
SAMPLES = 24
FORMATS = ("float", "fp16", "dynamic", "int8")
# The calibrator of this converter crashes on a loop. The interpreter computes int8 attention with an open batch wrongly (README.md).
IMPOSSIBLE = {("lstm-loop", "int8"), ("attention-open", "int8"), ("transformer-open", "int8")}


def formats(name):
    """What shapes are computed does not depend on how weights are stored: with an open batch two formats are enough."""
    return ("float", "int8") if name.endswith("-open") else FORMATS


def sample(random, shape, dtype):
    """One input: smooth noise around a colour for images."""
    if dtype == tf.int32:
        return random.integers(0, 64, shape).astype("int32")
    noise = random.normal(size=shape).astype("float32")
    if len(shape) == 4:
        noise = sum(numpy.roll(noise, (i, j), (1, 2)) for i in range(3) for j in range(3)) / 3
        noise += random.normal(size=(1, 1, 1, 3)).astype("float32")
    return noise


def samples(name, model, count=SAMPLES):
    random = numpy.random.default_rng([SEED, zlib.crc32(name.encode())])
    shape = [1] + list(model.inputs[0].shape)[1:]
    dtype = tf.as_dtype(model.inputs[0].dtype)
    return [sample(random, shape, dtype) for _ in range(count)]


def furnish(name, model):
    """Weights and batch-norm statistics of a sensible scale, as a trained network has them."""
    random = numpy.random.default_rng([SEED, zlib.crc32(name.encode()), 1])
    for layer in model.layers:
        if type(layer).__name__ == "BatchNormalization":
            layer.momentum = 0.8
        for weight in layer.weights:
            kind = weight.name.split("/")[-1].split(":")[0]
            if kind == "gamma":
                weight.assign(random.uniform(0.6, 1.2, weight.shape).astype("float32"))
            elif kind == "beta":
                weight.assign(random.normal(0.8, 0.4, weight.shape).astype("float32"))
            elif kind == "bias":
                weight.assign(weight + random.normal(0, 0.15, weight.shape).astype("float32"))
            elif kind == "depthwise_kernel":
                weight.assign(random.normal(0, 0.4, weight.shape).astype("float32"))
    if any(type(layer).__name__ == "BatchNormalization" for layer in model.layers):
        given = numpy.concatenate(samples(name, model))
        for _ in range(40):
            model(given, training=True)


def network(name):
    make, batch = NETWORKS[name]
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(SEED)
    model = make(None)
    furnish(name, model)
    if batch is None:
        return model
    weights = model.get_weights()
    tf.keras.backend.clear_session()
    model = make(batch)
    model.set_weights(weights)
    return model


def convert(name, model, variant):
    given = model.inputs[0]
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if variant != "float":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if variant == "fp16":
        converter.target_spec.supported_types = [tf.float16]
    if variant == "int8":
        converter.representative_dataset = lambda: ([each] for each in samples(name, model))
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        if tf.as_dtype(model.inputs[0].dtype) != tf.int32:
            converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
    return converter.convert()


def run(content, values):
    interpreter = tf.lite.Interpreter(
        model_content=content,
        experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]
    if given["dtype"] == numpy.int8:
        scale, zero = given["quantization"]
        values = numpy.clip(numpy.round(values / scale) + zero, -128, 127).astype("int8")
    interpreter.set_tensor(given["index"], values)
    interpreter.invoke()
    found = []
    for output in interpreter.get_output_details():
        tensor = interpreter.get_tensor(output["index"])
        if output["dtype"] == numpy.int8:
            scale, zero = output["quantization"]
            tensor = (tensor.astype("float32") - zero) * scale
        found.append(tensor)
    return sorted(found, key=lambda tensor: tensor.shape)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    for name in sys.argv[2:] or NETWORKS:
        model = network(name)
        values = samples(name, model, 4)
        expected = [model(each, training=False) for each in values]
        expected = [[t.numpy() for t in (e if isinstance(e, (list, tuple)) else [e])] for e in expected]
        expected = [sorted(each, key=lambda tensor: tensor.shape) for each in expected]
        spread = float(numpy.ptp(numpy.stack([each[0] for each in expected]), axis=0).max())
        for variant in formats(name):
            if (name, variant) in IMPOSSIBLE:
                continue
            content = convert(name, model, variant)
            path = folder / f"{name}.{variant}.tflite"
            path.write_bytes(content)
            worst = max(
                float(numpy.abs(one - other).max() / (numpy.abs(one).max() + 1e-9))
                for each, wanted in zip(values, expected)
                for one, other in zip(wanted, run(content, each)))
            print(f"{path.name}: {len(content)} bytes, difference {worst:.1e}, outputs vary by {spread:.2g}")


if __name__ == "__main__":
    main()
