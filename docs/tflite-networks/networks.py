"""Small networks in Keras with the topology of the ones people ship: blocks are real, width and repetitions reduced."""

import keras
from keras import Input, Model, layers

CLASSES = 10


def conv(x, filters, kernel=3, strides=1, activation="relu6"):
    y = layers.Conv2D(filters, kernel, strides, padding="same", use_bias=False)(x)
    return act(layers.BatchNormalization()(y), activation)


def depthwise(x, kernel=3, strides=1, activation="relu6"):
    y = layers.DepthwiseConv2D(kernel, strides, padding="same", use_bias=False)(x)
    return act(layers.BatchNormalization()(y), activation)


def act(x, activation):
    if activation is None:
        return x
    if activation == "relu6":
        return layers.ReLU(6.0)(x)
    if activation == "hard_swish":
        return x * layers.ReLU(6.0)(x + 3.0) * (1.0 / 6.0)
    return layers.Activation(activation)(x)


def classifier(x, y):
    y = layers.GlobalAveragePooling2D()(y)
    return Model(x, layers.Dense(CLASSES, activation="softmax")(y))


def mobilenet_v1(batch):
    x = Input((48, 48, 3), batch)
    y = conv(x, 8, strides=2)
    for filters, strides in [(8, 1), (16, 2), (16, 1), (24, 2), (24, 1), (32, 2)] + [(32, 1)] * 5 + [(40, 2), (40, 1)]:
        y = conv(depthwise(y, strides=strides), filters, 1)
    return classifier(x, y)


def inverted_residual(x, filters, expand, kernel=3, strides=1, squeeze=False, activation="relu6"):
    width = x.shape[-1]
    y = x if expand == 1 else conv(x, int(width * expand), 1, activation=activation)
    y = depthwise(y, kernel, strides, activation)
    if squeeze:
        y = squeeze_excite(y)
    y = conv(y, filters, 1, activation=None)
    return layers.Add()([x, y]) if strides == 1 and width == filters else y


def squeeze_excite(x):
    width = x.shape[-1]
    y = layers.GlobalAveragePooling2D(keepdims=True)(x)
    y = layers.Conv2D(max(4, width // 4), 1, activation="relu")(y)
    y = layers.Conv2D(width, 1)(y)
    return layers.Multiply()([x, layers.ReLU(6.0)(y + 3.0) * (1.0 / 6.0)])


# expansion, width, blocks, stride
MOBILENET_V2 = [(4, 8, 2, 2), (4, 8, 2, 2), (4, 12, 3, 2), (4, 16, 2, 1), (4, 16, 2, 2), (4, 20, 1, 1)]


def mobilenet_v2(batch):
    x = Input((48, 48, 3), batch)
    y = inverted_residual(conv(x, 8, strides=2), 8, 1)
    for expand, filters, blocks, strides in MOBILENET_V2:
        for block in range(blocks):
            y = inverted_residual(y, filters, expand, strides=strides if block == 0 else 1)
    return classifier(x, conv(y, 48, 1))


def mobilenet_v3(batch):
    x = Input((48, 48, 3), batch)
    y = conv(x, 8, strides=2, activation="hard_swish")
    blocks = [
        (3, 1, 8, True, "relu", 2), (3, 4, 8, False, "relu", 2), (3, 3, 8, False, "relu", 1),
        (5, 4, 12, True, "hard_swish", 2), (5, 4, 12, True, "hard_swish", 1), (5, 4, 12, True, "hard_swish", 1),
        (5, 3, 12, True, "hard_swish", 1), (5, 3, 12, True, "hard_swish", 1),
        (5, 4, 16, True, "hard_swish", 2), (5, 4, 16, True, "hard_swish", 1), (5, 4, 16, True, "hard_swish", 1),
    ]
    for kernel, expand, filters, squeeze, activation, strides in blocks:
        y = inverted_residual(y, filters, expand, kernel, strides, squeeze, activation)
    y = conv(y, 64, 1, activation="hard_swish")
    y = layers.GlobalAveragePooling2D(keepdims=True)(y)
    y = act(layers.Conv2D(48, 1)(y), "hard_swish")
    y = layers.Flatten()(layers.Conv2D(CLASSES, 1)(y))
    return Model(x, layers.Softmax()(y))


def efficientnet_lite(batch):
    x = Input((48, 48, 3), batch)
    y = conv(x, 8, strides=2)
    for expand, filters, kernel, blocks, strides in [
        (1, 8, 3, 1, 1), (4, 8, 3, 2, 2), (4, 12, 5, 2, 2), (4, 12, 3, 2, 2),
        (4, 16, 5, 2, 1), (4, 16, 5, 3, 2), (4, 20, 3, 1, 1),
    ]:
        for block in range(blocks):
            y = inverted_residual(y, filters, expand, kernel, strides if block == 0 else 1)
    return classifier(x, conv(y, 48, 1))


def resnet(batch):
    x = Input((32, 32, 3), batch)
    y = layers.ZeroPadding2D(3)(x)
    y = act(layers.BatchNormalization()(layers.Conv2D(8, 7, 2, use_bias=False)(y)), "relu")
    y = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(y))
    for filters, blocks, strides in [(8, 2, 1), (12, 2, 2), (16, 2, 2), (24, 2, 2)]:
        for block in range(blocks):
            step = strides if block == 0 else 1
            shortcut = y if y.shape[-1] == filters and step == 1 else conv(y, filters, 1, step, None)
            y = conv(conv(y, filters, 3, step, "relu"), filters, 3, 1, None)
            y = layers.ReLU()(layers.Add()([y, shortcut]))
    return classifier(x, y)


def densenet(batch):
    """Normalisation comes before convolution, so that it stays on its own."""
    x = Input((32, 32, 3), batch)
    y = layers.MaxPooling2D(3, 2, padding="same")(conv(x, 12, 7, 2, "relu"))
    for index, blocks in enumerate([3, 4, 6, 4]):
        if index > 0:
            y = layers.ReLU()(layers.BatchNormalization()(y))
            y = layers.AveragePooling2D(2)(layers.Conv2D(y.shape[-1] // 2, 1, use_bias=False)(y))
        for _ in range(blocks):
            z = conv(layers.ReLU()(layers.BatchNormalization()(y)), 16, 1, activation="relu")
            y = layers.Concatenate()([y, layers.Conv2D(6, 3, padding="same", use_bias=False)(z)])
    return classifier(x, layers.ReLU()(layers.BatchNormalization()(y)))


class Positions(layers.Layer):
    def build(self, shape):
        self.table = self.add_weight(shape=shape[1:], initializer=keras.initializers.RandomNormal(stddev=0.5))

    def call(self, x):
        return x + self.table


def transformer(batch):
    x = Input((16,), batch, dtype="int32")
    y = Positions()(layers.Embedding(64, 32)(x))
    for _ in range(2):
        z = layers.MultiHeadAttention(4, 8)(y, y)
        y = layers.LayerNormalization(epsilon=1e-5)(layers.Add()([y, z]))
        z = layers.Dense(32)(layers.Dense(64, activation="gelu")(y))
        y = layers.LayerNormalization(epsilon=1e-5)(layers.Add()([y, z]))
    return Model(x, layers.Dense(CLASSES)(layers.GlobalAveragePooling1D()(y)))


def lstm(batch):
    """The Keras that TensorFlow Lite's converter recognises a fused LSTM in."""
    import tf_keras

    return tf_keras.Sequential([
        tf_keras.layers.Input((12, 32), batch),
        tf_keras.layers.LSTM(40, return_sequences=True),
        tf_keras.layers.LSTM(32),
        tf_keras.layers.Dense(24, activation="relu"),
        tf_keras.layers.Dense(CLASSES, activation="softmax"),
    ])


def lstm_loop(batch):
    """The LSTM of Keras 3, which becomes a loop over a sub-graph."""
    x = Input((12, 16), batch)
    y = layers.LSTM(16)(layers.Dense(24, activation="relu")(x))
    return Model(x, layers.Dense(CLASSES)(layers.Dense(24, activation="relu")(y)))


def detector(batch):
    """SSD: class scores and boxes of three resolutions, each flattened and joined."""
    x = Input((48, 48, 3), batch)
    y = conv(x, 8, strides=2)
    maps = []
    for filters, strides in [(12, 1), (16, 2), (16, 1), (24, 2), (24, 1), (32, 2), (32, 1)]:
        y = conv(depthwise(y, strides=strides), filters, 1)
        if strides == 1:
            maps.append(y)
    boxes, scores = [], []
    for features in maps[1:] + [conv(conv(y, 12, 1), 24, 3, 2)]:
        boxes.append(layers.Reshape((-1, 4))(layers.Conv2D(3 * 4, 3, padding="same")(depthwise(features))))
        scores.append(layers.Reshape((-1, 5))(layers.Conv2D(3 * 5, 3, padding="same")(depthwise(features))))
    return Model(x, [
        layers.Concatenate(axis=1)(boxes),
        layers.Activation("sigmoid")(layers.Concatenate(axis=1)(scores)),
    ])


def unet(batch):
    """Transposed convolutions and bilinear resizing, skips concatenated."""
    x = Input((32, 32, 3), batch)
    skips, y = [], x
    for filters in (8, 12, 16):
        y = conv(conv(y, filters, activation="relu"), filters, activation="relu")
        skips.append(y)
        y = layers.MaxPooling2D()(y)
    y = conv(y, 24, activation="relu")
    for filters, skip in zip((16, 12, 8), reversed(skips)):
        if filters == 8:
            y = layers.UpSampling2D(interpolation="bilinear")(y)
        else:
            y = layers.Conv2DTranspose(filters, 2, 2)(y)
        y = conv(layers.Concatenate()([y, skip]), filters, activation="relu")
    return Model(x, layers.Conv2D(4, 1, activation="sigmoid")(y))


def vgg(batch):
    """Convolutions in pairs, and a classifier over the flattened map."""
    x = Input((32, 32, 3), batch)
    y = x
    for filters in (8, 12, 16):
        y = layers.Conv2D(filters, 3, padding="same", activation="relu")(y)
        y = layers.Conv2D(filters, 3, padding="same", activation="relu")(y)
        y = layers.MaxPooling2D(2)(y)
    y = layers.Dense(32, activation="relu")(layers.Flatten()(y))
    return Model(x, layers.Dense(CLASSES, activation="softmax")(y))


def wavenet(batch):
    """One-dimensional convolutions with growing dilation, gated, with skips; half of them look at the past alone."""
    x = Input((32, 6), batch)
    y = layers.Conv1D(12, 3, padding="causal")(x)
    skips = []
    for dilation, padding in ((1, "causal"), (2, "causal"), (4, "causal"), (2, "same"), (4, "same")):
        z = layers.Conv1D(12, 3, padding=padding, dilation_rate=dilation, activation="tanh")(y)
        gate = layers.Conv1D(12, 3, padding=padding, dilation_rate=dilation, activation="sigmoid")(y)
        z = layers.Multiply()([z, gate])
        skips.append(layers.Conv1D(12, 1)(z))
        y = layers.Add()([y, layers.Dense(12)(z)])
    y = layers.ReLU()(layers.Add()(skips))
    return Model(x, layers.Dense(CLASSES)(layers.Dense(16, activation="relu")(layers.Flatten()(y))))


class Scores(layers.Layer):
    """The attention of tutorials: its scale is the width of the keys, which the file computes when the batch is open."""

    def call(self, queries, keys, values):
        width = keras.ops.cast(keras.ops.shape(keys)[-1], "float32")
        scores = keras.ops.matmul(queries, keras.ops.transpose(keys, (0, 2, 1))) / keras.ops.sqrt(width)
        return keras.ops.matmul(keras.ops.softmax(scores), values)


def attention(batch):
    """Attention between patches of an image, and a Reshape to maps again."""
    x = Input((16, 16, 3), batch)
    y = conv(x, 12, strides=2, activation="relu")
    y = layers.Reshape((64, 12))(y)
    z = Scores()(layers.Dense(16)(y), layers.Dense(16)(y), layers.Dense(12)(y))
    y = layers.Reshape((8, 8, 12))(layers.Add()([y, z]))
    return classifier(x, conv(y, 16, activation="relu"))


# With the batch each file declares: one, or open.
NETWORKS = {
    "mobilenet-v1": (mobilenet_v1, 1),
    "mobilenet-v2": (mobilenet_v2, 1),
    "mobilenet-v3": (mobilenet_v3, 1),
    "efficientnet-lite": (efficientnet_lite, 1),
    "resnet": (resnet, None),
    "densenet": (densenet, 1),
    "transformer": (transformer, 1),
    "lstm": (lstm, 1),
    "lstm-loop": (lstm_loop, 1),
    "detector": (detector, None),
    "unet": (unet, None),
    "wavenet": (wavenet, 1),
    "vgg-open": (vgg, None),
    "wavenet-open": (wavenet, None),
    "attention-open": (attention, None),
}
# The networks above whose batch is one, with an open batch; the converter makes no recurrent layer with one.
NETWORKS.update({
    f"{name}-open": (make, None)
    for name, (make, batch) in list(NETWORKS.items())
    if batch == 1 and f"{name}-open" not in NETWORKS and not name.startswith("lstm")})
