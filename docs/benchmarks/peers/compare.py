"""Prunes one file with Espalier, Torch-Pruning and onnxsim, in one run and with the same data, and prints accuracy, MACs and parameters.

Torch-Pruning needs a PyTorch module: the file is converted by onnx2torch. After the cut its batch-norm statistics are estimated again.
onnxsim prunes the file, then refits it. Both get the same calibration images as Espalier, and a search for the ratio that comes closest to
the target from below. MACs are counted by one rule for all: multiply-accumulates of Conv, Gemm and MatMul of the written ONNX file.
"""

import argparse
import copy
import json
import pathlib
import subprocess
import tempfile

import numpy
import onnx
import onnxruntime


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    payload = model.SerializeToString() if isinstance(model, onnx.ModelProto) else str(model)
    return onnxruntime.InferenceSession(payload, options, providers=["CPUExecutionProvider"])


def accuracy(model, images, labels):
    runner = session(model)
    name = runner.get_inputs()[0].name
    right = 0
    for start in range(0, len(images), 200):
        logits = runner.run(None, {name: images[start : start + 200]})[0]
        right += int((logits.argmax(1) == labels[start : start + 200]).sum())
    return 100 * right / len(images)


def cost(model, image):
    """Multiply-accumulates for one image, and parameters in floating point."""
    model = onnx.load(model) if not isinstance(model, onnx.ModelProto) else copy.deepcopy(model)
    constants = {each.name: onnx.numpy_helper.to_array(each) for each in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant" and node.attribute[0].HasField("t"):
            constants[node.output[0]] = onnx.numpy_helper.to_array(node.attribute[0].t)
    products = [node for node in model.graph.node if node.op_type in ("Conv", "Gemm", "MatMul")]
    wanted = sorted({value for node in products for value in (*node.input[:2], node.output[0])} - set(constants))
    known = {each.name for each in model.graph.output} | {each.name for each in model.graph.input}
    model.graph.output.extend(onnx.ValueInfoProto(name=value) for value in wanted if value not in known)
    runner = session(model)
    names = [each.name for each in runner.get_outputs()]
    values = dict(zip(names, runner.run(names, {runner.get_inputs()[0].name: image})))
    values[runner.get_inputs()[0].name] = image
    values.update(constants)
    total = 0
    for node in products:
        output, weight = values[node.output[0]], values[node.input[1]]
        if node.op_type == "Conv":
            each = int(numpy.prod(weight.shape[1:]))
        else:
            transposed = any(each.name == "transA" and each.i for each in node.attribute)
            each = values[node.input[0]].shape[0 if transposed else -1]
        total += output.size * each
    parameters = sum(value.size for value in constants.values() if value.dtype.kind == "f")
    return total, parameters


def closest(prune, target, measure, steps=7):
    """The largest model of a ratio whose MACs do not exceed the target, by bisection; None where none does."""
    low, high, best = 0.0, 0.95, None
    for _ in range(steps):
        ratio = (low + high) / 2
        model = prune(ratio)
        if measure(model) <= target:
            best, high = model, ratio
        else:
            low = ratio
    return best


def by_torch_pruning(path, image, calibration, target, folder):
    import onnx2torch
    import onnxsim
    import torch
    import torch_pruning

    torch.set_num_threads(1)
    example = torch.from_numpy(image)
    # onnx2torch makes modules that can be pruned only of batch norms whose operands are initializers, not copies of them.
    folded, _ = onnxsim.simplify(onnx.load(path), perform_optimization=False)

    def exported(module):
        file = folder / "torch.onnx"
        torch.onnx.export(
            module, example, str(file), input_names=["image"], output_names=["logits"], dynamic_axes={"image": {0: "batch"}}, dynamo=False,
            training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
        return onnx.load(file)

    def pruned(ratio):
        module = onnx2torch.convert(folded).eval()
        heads = [each for each in module.modules() if isinstance(each, torch.nn.Linear)][-1:]
        torch_pruning.pruner.MagnitudePruner(
            module, example, importance=torch_pruning.importance.GroupMagnitudeImportance(p=2), global_pruning=True,
            pruning_ratio=ratio, max_pruning_ratio=0.9, ignored_layers=heads).step()
        return module

    module = closest(pruned, target, lambda each: cost(exported(each.eval()), image)[0])
    if module is None:
        return {}
    results = {"Torch-Pruning, L2, global": exported(module.eval())}
    norms = [each for each in module.modules() if isinstance(each, torch.nn.modules.batchnorm._BatchNorm)]
    for each in norms:
        each.reset_running_stats()
        each.momentum = None
    if norms:
        module.train()
        with torch.no_grad():
            for start in range(0, len(calibration), 128):
                module(torch.from_numpy(calibration[start : start + 128]))
        results["Torch-Pruning, then batch-norm statistics"] = exported(module.eval())
    return results


def by_onnxsim(path, image, calibration, target):
    import onnxsim

    simple, _ = onnxsim.simplify(onnx.load(path))
    name = simple.graph.input[0].name
    batches = [{name: calibration[start : start + 64]} for start in range(0, len(calibration), 64)]
    ways = {
        "onnxsim, L2": lambda ratio: onnxsim.apply_structured_pruning(simple, sparsity=ratio),
        "onnxsim, Wanda": lambda ratio: onnxsim.apply_structured_wanda_pruning(simple, batches, sparsity=ratio),
    }
    results = {}
    for title, prune in ways.items():
        model = closest(prune, target, lambda each: cost(each, image)[0])
        results[title] = model
        if model is not None:
            results[title + ", then its refit"] = onnxsim.apply_pruning_finetune(simple, model, batches)
    return results


def by_espalier(path, calibration_file, share, folder, arguments):
    root = pathlib.Path(__file__).resolve().parents[3]
    file = folder / "espalier.onnx"
    command = [
        str(root / "espalier"), "prune", str(path), "--target", f"macs={share}%", "--calibration", str(calibration_file),
        "--no-latency", "-q", "-o", str(file), *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return onnx.load(file)


def append(file, best):
    """Appends a line of shares for each tool."""
    if not file.exists():
        file.write_text("tool\tmacs\tparameters\taccuracy\n")
    with file.open("a") as points:
        for tool, (right, left, remaining) in best.items():
            points.write(f"{tool}, the best of its ways\t{left:.4f}\t{remaining:.4f}\t{right:.4f}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=pathlib.Path, nargs="+")
    parser.add_argument("--share", type=int, default=50, help="of the MACs, in per cent")
    parser.add_argument("--calibration", type=pathlib.Path, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--espalier", default="", help="further arguments of 'espalier prune'")
    parser.add_argument("--points", type=pathlib.Path, help="leaves Espalier out, and appends the best of each peer to this file, for 'espalier report --points'")
    arguments = parser.parse_args()
    calibration = numpy.load(arguments.calibration)["image"]
    data = numpy.load(arguments.data)
    images, labels = data["image"], data["label"]
    image = images[:1]
    for path in arguments.model:
        macs, parameters = cost(path, image)
        target = macs * arguments.share / 100
        print(f"{path.name}: {accuracy(path, images, labels):.2f} %, {macs} MACs, {parameters} parameters")
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            results = {}
            best = {}
            espalier = [] if arguments.points else [lambda: {"Espalier": by_espalier(
                path, arguments.calibration, arguments.share, folder, arguments.espalier.split())}]
            for peer in (
                *espalier,
                lambda: by_torch_pruning(path, image, calibration, target, folder),
                lambda: by_onnxsim(path, image, calibration, target),
            ):
                try:
                    results.update(peer())
                except Exception as failure:  # a peer that fails is a result, not the end of the comparison
                    results[f"failed: {type(failure).__name__}: {str(failure).splitlines()[0][:90]}"] = None
            for title, model in results.items():
                if model is None:
                    print(f"  {title:42s} does not reach the target")
                    continue
                left, remaining = cost(model, image)
                right = accuracy(model, images, labels)
                tool = title.split(",")[0]
                best[tool] = max(best.get(tool, (0,)), (right / 100, left / macs, remaining / parameters))
                print(f"  {title:42s} {right:6.2f} %"
                      f"  MACs {100 * left / macs:5.1f} %  parameters {100 * remaining / parameters:5.1f} %", flush=True)
        if arguments.points:
            append(arguments.points, best)


if __name__ == "__main__":
    main()
