"""Writes the Keras files of KerasFileTest: python generate.py, with tensorflow 2.21.0 and tf-keras 2.21.0 (Keras 2) and Keras 3.

Beside each file lie one batch of inputs and what Keras makes of it, as little-endian floats.
"""
import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"
import h5py
import keras as keras3
import numpy as np
import tensorflow as tf

k = tf.keras
L = k.layers
HERE = os.path.dirname(os.path.abspath(__file__))
k.utils.set_random_seed(7)


def chain(shape, *layers):
    return k.Sequential([L.Input(shape=shape), *layers])


def cnn():
    return chain((12, 10, 2), L.Conv2D(8, 3, padding="same", use_bias=False), L.BatchNormalization(), L.Activation("relu"),
                 L.MaxPooling2D(2), L.ZeroPadding2D(1), L.Conv2D(8, 3, activation="relu"), L.Flatten(),
                 L.Dense(8, activation="relu"), L.Dropout(0.2), L.Dense(5, activation="softmax"))


def residual():
    i = L.Input(shape=(12, 12, 3))
    x = L.ReLU()(L.BatchNormalization()(L.Conv2D(8, 3, strides=2, padding="same")(i)))
    y = L.BatchNormalization()(L.Conv2D(8, 3, padding="same")(x))
    x = L.Activation("relu")(L.Add()([x, y]))
    x = L.Concatenate()([x, L.Conv2D(4, 1)(x)])
    return k.Model(i, L.Dense(5, activation="softmax")(L.GlobalAveragePooling2D()(x)))


def separable():
    return chain((10, 10, 3), L.SeparableConv2D(8, 3, padding="same", activation="relu"), L.UpSampling2D(2),
                 L.Cropping2D(1), L.AveragePooling2D(2), L.Conv2D(4, 1, activation="softmax"))


def lstm():
    return chain((7, 6), L.LSTM(8, return_sequences=True), L.LSTM(8), L.Dense(4, activation="softmax"))


def convolution_1d():
    return chain((16, 6), L.Conv1D(8, 3, activation="relu"), L.GlobalMaxPooling1D(), L.Dense(4, activation="softmax"))


def save(build):
    model = build()
    x = np.random.randn(16, *model.input_shape[1:]).astype("<f4")
    model.compile("adam", "mse")
    model.fit(x, np.random.rand(16, *model.output_shape[1:]), epochs=2, verbose=0)
    name = os.path.join(HERE, build.__name__)
    model.save(name + ".h5", include_optimizer=build is lstm)
    x[:2].tofile(name + ".in")
    model.predict(x[:2], verbose=0).astype("<f4").tofile(name + ".out")


for each in (cnn, residual, separable, lstm, convolution_1d):
    save(each)
chain((6, 4), L.GRU(4)).save(os.path.join(HERE, "gru.h5"))
keras3.Sequential([keras3.Input((4,)), keras3.layers.Dense(2)]).save(os.path.join(HERE, "keras3.h5"))
with h5py.File(os.path.join(HERE, "data.h5"), "w") as file:
    file["x"] = np.arange(4)
