"""Re-estimates the statistics of every batch norm of an ONNX file and prints the accuracy before and after.

    python bn_after_obs.py PRUNED.onnx CALIBRATION.npz VALIDATION.npz

Needs numpy, onnx and onnxruntime. The arrays are called 'image' and 'label'.
"""
import sys
import numpy as np, onnx, onnxruntime as ort
from onnx import numpy_helper

def accuracy(model, x, y):
    s = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    name = s.get_inputs()[0].name
    return 100 * np.mean(np.concatenate([s.run(None, {name: x[i:i + 100]})[0].argmax(1) for i in range(0, len(x), 100)]) == y[: len(x)])

def reestimate(model, x):
    """In the order of the nodes: each on what the network computes with the statistics before it re-estimated."""
    weights = {t.name: t for t in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type != "BatchNormalization":
            continue
        part = onnx.ModelProto(); part.CopyFrom(model)
        del part.graph.output[:]
        part.graph.output.append(onnx.helper.make_tensor_value_info(node.input[0], onnx.TensorProto.FLOAT, None))
        s = ort.InferenceSession(part.SerializeToString(), providers=["CPUExecutionProvider"])
        name = s.get_inputs()[0].name
        v = np.concatenate([s.run(None, {name: x[i:i + 100]})[0] for i in range(0, len(x), 100)]).astype(np.float64)
        axes = (0,) + tuple(range(2, v.ndim))
        for slot, value in ((3, v.mean(axes)), (4, v.var(axes))):
            weights[node.input[slot]].CopyFrom(numpy_helper.from_array(value.astype(np.float32), node.input[slot]))
    return model

file, calibration, validation = sys.argv[1:4]
x = np.load(calibration)["image"]
v = np.load(validation)
model = onnx.load(file)
before = accuracy(model, v["image"], v["label"])
print(f"{file} {len(x)} images: {before:.2f} % then {accuracy(reestimate(model, x), v['image'], v['label']):.2f} %")
