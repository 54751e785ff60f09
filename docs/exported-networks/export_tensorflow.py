"""Exports networks of TensorFlow (Keras) with tf2onnx; see README.md."""

import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy
import onnxruntime
import tensorflow as tf
import tf2onnx
from tensorflow.keras import Input, Model, layers


def cnn():
    x = Input((None, None, 3))
    y = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.MaxPooling2D()(y)
    z = layers.Conv2D(8, 3, padding="same", activation="relu")(y)
    y = layers.Add()([y, z])
    y = layers.Concatenate()([y, layers.Conv2D(6, 1)(y)])
    y = layers.Conv2D(12, 3, strides=2, padding="same", activation="relu")(y)
    y = layers.GlobalAveragePooling2D()(y)
    return Model(x, layers.Dense(5, activation="softmax")(layers.Dense(10, activation="relu")(y)))


def mobilenet():
    x = Input((16, 16, 3))
    y = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(8, 3, 2, padding="same")(x)))
    z = layers.ReLU(6.0)(layers.BatchNormalization()(layers.Conv2D(16, 1)(y)))
    z = layers.ReLU(6.0)(layers.BatchNormalization()(layers.DepthwiseConv2D(3, padding="same")(z)))
    scale = layers.GlobalAveragePooling2D(keepdims=True)(z)
    scale = layers.Conv2D(16, 1, activation="sigmoid")(layers.Conv2D(4, 1, activation="relu")(scale))
    z = layers.Multiply()([z, scale])
    y = layers.Add()([y, layers.BatchNormalization()(layers.Conv2D(8, 1)(z))])
    y = layers.SeparableConv2D(12, 3, strides=2, padding="same", activation="swish")(y)
    y = layers.Conv2DTranspose(6, 2, 2, activation="relu")(y)
    y = layers.UpSampling2D()(y)
    return Model(x, layers.Dense(5)(layers.Flatten()(layers.MaxPooling2D(4)(y))))


def lstm():
    x = Input((None,), dtype="int32")
    y = layers.Embedding(20, 8)(x)
    y = layers.Bidirectional(layers.LSTM(6, return_sequences=True))(y)
    y = layers.GRU(8, reset_after=True)(y)
    return Model(x, layers.Dense(3)(layers.Dense(10, activation="relu")(y)))


def transformer():
    x = Input((None,), dtype="int32")
    y = layers.Embedding(20, 16)(x)
    z = layers.MultiHeadAttention(4, 4)(y, y)
    y = layers.LayerNormalization()(layers.Add()([y, z]))
    z = layers.Dense(16)(layers.Dense(24, activation=lambda v: tf.nn.gelu(v, approximate=True))(y))
    y = layers.LayerNormalization()(layers.Add()([y, z]))
    return Model(x, layers.Dense(3)(layers.GlobalAveragePooling1D()(y)))


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    tests = {
        "cnn": (cnn, 13, numpy.random.rand(2, 16, 16, 3).astype("float32")),
        "mobilenet": (mobilenet, 17, numpy.random.rand(2, 16, 16, 3).astype("float32")),
        "lstm": (lstm, 15, numpy.random.randint(0, 20, (2, 7)).astype("int32")),
        "transformer": (transformer, 17, numpy.random.randint(0, 20, (2, 7)).astype("int32")),
    }
    for name, (make, opset, values) in tests.items():
        tf.keras.utils.set_random_seed(20261122)
        model = make()
        given = model.inputs[0]
        path = folder / f"tensorflow-{name}.t{opset}.onnx"
        signature = [tf.TensorSpec(given.shape, given.dtype, name="x")]
        function = tf.function(lambda x: model(x, training=False), input_signature=signature)
        tf2onnx.convert.from_function(function, signature, opset=opset, output_path=str(path))
        found = onnxruntime.InferenceSession(str(path)).run(None, {"x": values})[0]
        numpy.testing.assert_allclose(model(values).numpy(), found, rtol=1e-3, atol=1e-4)
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
