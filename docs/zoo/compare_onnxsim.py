"""Prunes the same ONNX files with Espalier and with onnxsim and prints both side by side; see README.md.

Needs Python with onnxsim, onnx, onnxruntime and numpy. What is called SUITE/NAME instead of a file is exported first, by the
Python that the variable PYTHON names. Files are made in a temporary folder and deleted.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

ROOT = Path(__file__).resolve().parents[2]
ESPALIER = ROOT / "framework-core/dist/target/espalier/espalier"
TOLERANCE = 1e-4
# Where the input channels of a weight lie: operator, position of the weight among the inputs.
INPUT_AXIS = {("Conv", 1): 1, ("ConvTranspose", 1): 0, ("MatMul", 1): -2, ("MatMul", 0): -1, ("Attention", 1): 0}

FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE)


# What runs in a process of its own, so that its time and its failures are its own.

def prepare(source, target, fixed):
    """What onnxsim's pruning expects: simplified, normalisation folded, shapes known; with a fixed batch it matches more."""
    import onnxsim

    shapes = None
    if fixed:
        graph = onnx.load(source, load_external_data=False).graph
        weights = {each.name for each in graph.initializer}
        shapes = {each.name: [d.dim_value or 1 for d in each.type.tensor_type.shape.dim]
                  for each in graph.input if each.name not in weights}
    model, _ = onnxsim.simplify(source, overwrite_input_shapes=shapes)
    onnx.save(model, target)


def prune(source, target):
    """Heads and then channels, the order of onnxsim's own apply_optimization_pipeline; then what is quantised, if there is any."""
    import onnxsim

    model = onnx.load(source)
    operators = {node.op_type for node in model.graph.node}
    functions = [onnxsim.apply_attention_head_pruning, onnxsim.apply_structured_pruning]
    for operator, function in (
            ("DequantizeLinear", onnxsim.apply_structured_pruning_qdq),
            ("QLinearConv", onnxsim.apply_structured_pruning_qoperator),
            ("MatMulNBits", onnxsim.apply_structured_pruning_matmul_nbits),
            ("DynamicQuantizeMatMul", onnxsim.apply_structured_pruning_dynamic_quantize_matmul),
            ("ConvInteger", onnxsim.apply_structured_pruning_dynamic_quantize_conv)):
        if operator in operators:
            functions.append(function)
    for apply in functions:
        model = apply(model, sparsity=0.5, importance_norm="l1")
    onnx.save(model, target)


def step(*arguments, limit):
    """Runs one of the above; its seconds, or a sentence why there is no result."""
    command = [sys.executable, __file__, "--step", *map(str, arguments)]
    start = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return f"no result within {limit} s"
    if done.returncode:
        return ([line for line in done.stderr.splitlines() if line.strip()] or [f"exit code {done.returncode}"])[-1][:160]
    return time.monotonic() - start


# The same scales for both tools.

def espalier(*arguments, limit):
    try:
        done = subprocess.run([ESPALIER, *map(str, arguments), "--json"], capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return 124, {"error": f"no result within {limit} s"}
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        return done.returncode, {"error": (done.stderr.strip().splitlines() or ["no message"])[0][:160]}


def costs(file, limit):
    code, found = espalier("inspect", file, limit=limit)
    if code:
        raise RuntimeError(f"inspect: {found['error']}")
    return {key: found[key] for key in ("channels", "parameters", "macs")}


def feeds(session):
    """Seeded inputs; what is an index is small, and masks let everything through."""
    random = np.random.default_rng(0)
    result = {}
    for each in session.get_inputs():
        shape = [d if isinstance(d, int) and d > 0 else 2 for d in each.shape]
        if "float" in each.type or "double" in each.type:
            kind = {"tensor(float16)": np.float16, "tensor(double)": np.float64}.get(each.type, np.float32)
            result[each.name] = random.standard_normal(shape).astype(kind)
        elif each.type == "tensor(bool)":
            result[each.name] = np.ones(shape, np.bool_)
        else:
            kind = np.int32 if "32" in each.type else np.int64
            result[each.name] = np.ones(shape, kind) if "mask" in each.name else random.integers(0, 2, shape).astype(kind)
    return result


def run(file, given=None):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    given = feeds(session) if given is None else given
    return given, session.run(None, given)


def survivors(whole, kept):
    """Which rows of a matrix are left in a smaller one that keeps their order, told by their values; None if it is no such one."""
    found, at = [], 0
    for row in kept:
        while at < len(whole) and not np.isin(row, whole[at]).all():
            at += 1
        if at == len(whole):
            return None
        found.append(at)
        at += 1
    return found


def masked(weight, smaller, axis, blocks):
    """The weight with zeros where input channels are missing in the smaller one; None where that cannot be told."""
    whole = np.moveaxis(weight, axis, 0)
    part = np.moveaxis(smaller, axis, 0)
    if blocks == 1:
        kept = survivors(whole.reshape(len(whole), -1), part.reshape(len(part), -1))
        if kept is None:
            return None
        result = np.zeros_like(whole)
        result[kept] = whole[kept]
        return np.moveaxis(result, 0, axis)
    # A grouped convolution: every block of filters has input channels of its own.
    result = np.zeros_like(weight)
    filters, fewer = len(weight) // blocks, len(smaller) // blocks
    for block in range(blocks):
        here = slice(block * filters, (block + 1) * filters)
        one = masked(weight[here], smaller[block * fewer:(block + 1) * fewer], axis, 1)
        if one is None:
            return None
        result[here] = one
    return result


def masked_original(original, pruned, target):
    """The original whose consumers read zeros from every channel that is missing in the pruned file, found by its values."""
    model, other = onnx.load(original), onnx.load(pruned)
    weights = {each.name: each for each in model.graph.initializer}
    after = {each.name: each for each in other.graph.initializer}
    for name, weight in weights.items():
        if name in after and weight.dims != after[name].dims and weight.data_type not in FLOATS:
            return "its weights are quantised, values do not tell which are left"
    for node in model.graph.node:
        for position, name in enumerate(node.input):
            axis = INPUT_AXIS.get((node.op_type, position))
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type == "Gemm" and position == 1:
                axis = 1 if attributes.get("transB") else 0
            if axis is None or name not in weights:
                continue
            if name not in after:
                return f"'{name}' has another name"
            weight, smaller = numpy_helper.to_array(weights[name]), numpy_helper.to_array(after[name])
            blocks = attributes.get("group", 1)
            if weight.shape == smaller.shape or node.op_type == "Conv" and weight.shape[1] == 1:
                continue
            if len(smaller) % blocks or node.op_type == "ConvTranspose" and blocks > 1:
                return f"'{name}' has other groups"
            value = masked(weight, smaller, axis, blocks)
            if value is None:
                return f"'{name}' has other values"
            weights[name].CopyFrom(numpy_helper.from_array(value, name))
    onnx.save(model, target)
    return ""


def difference(expected, actual):
    worst = 0.0
    for one, other in zip(expected, actual):
        if one.size and np.issubdtype(one.dtype, np.floating):
            scale = max(float(np.abs(one).max()), 1e-30)
            worst = max(worst, float(np.abs(one.astype(np.float64) - other).max()) / scale)
    return worst


def checked(original, pruned, folder):
    """Runs a result of onnxsim beside the original and beside the masked original."""
    given, before = run(original)
    try:
        _, after = run(pruned, given)
    except Exception as failure:
        return f"**does not run**: {str(failure).splitlines()[0][:120]}"
    if [each.shape for each in before] != [each.shape for each in after]:
        return "**other output shapes**"
    reason = masked_original(original, pruned, folder / "masked.onnx")
    if reason:
        return f"runs; not comparable: {reason}"
    apart = difference(run(folder / "masked.onnx", given)[1], after)
    return f"runs, equal ({apart:.0e})" if apart <= TOLERANCE else f"runs, **differs** ({apart:.0e})"


# One file.

def numbers(file):
    """How many numbers the weights of a file hold; constants of shapes, which are int64, are left out."""
    tensors = onnx.load(file).graph.initializer
    return sum(int(np.prod(each.dims)) for each in tensors if each.data_type != TensorProto.INT64)


def rival(source, folder, limit):
    """The best of onnxsim's results for three preparations: what keeps the fewest weights and runs with the right shapes."""
    results, messages = [], []
    for name, fixed in (("as it is", None), ("simplified", ""), ("simplified, batch 1", "fixed")):
        ready = source if fixed is None else folder / f"ready{fixed}.onnx"
        failed = 0.0 if fixed is None else step("prepare", source, ready, fixed, limit=limit)
        target = folder / f"onnxsim{fixed}.onnx"
        seconds = failed if isinstance(failed, str) else step("prune", ready, target, limit=limit)
        if isinstance(seconds, str):
            messages.append(f"{name}: {seconds}")
            continue
        results.append({"kept": numbers(target) / numbers(ready), "ready": ready, "pruned": target, "seconds": seconds,
                        "with": name})
    first = None
    for result in sorted(results, key=lambda each: each["kept"]):
        nothing = result["kept"] == 1.0
        result["check"] = "nothing removed" if nothing else checked(result["ready"], result["pruned"], folder)
        if not result["check"].startswith("**") and not (nothing and first):
            if first:
                messages.append(f"{first['with']}: {first['check']}")
            return result, messages
        first = first or result
    return first, messages


def ours(source, folder, limit):
    """What became of the file, and the costs before and after."""
    target = folder / "espalier.onnx"
    target.unlink(missing_ok=True)
    start = time.monotonic()
    code, found = espalier(
        "prune", source, "--target", "channels=50%", "--allocator", "uniform", "--criterion", "l1", "--round-to", "1", "--no-latency", "-q",
        "-o", target, limit=limit)
    result = {"seconds": time.monotonic() - start}
    if "verification" not in found:
        return result | {"check": f"**failed ({code})**: {found.get('error')}"}
    proof = found["verification"]
    result["check"] = f"{proof['outcome']} ({proof['maxRelativeDifference']:.0e})"
    if not target.exists():
        return result | {"check": f"**{result['check']}**: {proof['reason'][:120]}"}
    run(target)
    for key, cost, channels in (("before", "original", "total"), ("after", "pruned", "kept")):
        result[key] = found[cost] | {"channels": sum(group[channels] for group in found["groups"])}
    return result


def shares(before, after):
    return [f"{100 * after[key] / before[key]:.0f} %" if before and after and before[key] else "-"
            for key in ("channels", "parameters", "macs")]


def row(name, source, folder, limit):
    best, messages = rival(source, folder, limit)
    own = ours(best["ready"] if best else source, folder, limit)
    theirs = ["**failed**", "-", "-", "-", "-"]
    if best:
        before = own.get("before") or costs(best["ready"], limit)
        runs = not best["check"].startswith("**does")
        theirs = [best["check"], *shares(before, runs and costs(best["pruned"], limit)), best["with"]]
    theirs[0] += "".join(f"; {each}" for each in dict.fromkeys(messages))
    shown = [name, *theirs, own["check"], *shares(own.get("before"), own.get("after"))]
    shown.append(f"{own['seconds'] / best['seconds']:.1f}" if best else "-")
    print("| " + " | ".join(each.replace("|", "/") for each in shown) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="+", help="ONNX files, or SUITE/NAME of the zoo")
    parser.add_argument("--limit", type=int, default=600, help="seconds for each step (default: 600)")
    parser.add_argument("--fixed-batch", action="store_true", help="export with a fixed batch")
    arguments = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    print(f"onnxsim {version('onnxsim')}, onnxruntime {version('onnxruntime')}, onnx {version('onnx')}\n")
    print("| network | onnxsim | channels | parameters | MACs | file | Espalier, same file | channels | parameters | MACs "
          "| time, Espalier : onnxsim |")
    print("|---" * 11 + "|", flush=True)
    for network in arguments.networks:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(network)
            name = source.stem
            if not source.is_file():
                suite, name = network.split("/")
                source = Path(folder, f"{name}.onnx")
                fixed = ["--fixed"] if arguments.fixed_batch else []
                subprocess.run(
                    [os.environ.get("PYTHON", sys.executable), ROOT / "docs/zoo/export.py", suite, name, source, *fixed],
                    check=True, capture_output=True)
            try:
                row(name, source, Path(folder), arguments.limit)
            except Exception as failure:
                print(f"| {name} | the comparison failed: {type(failure).__name__} {str(failure).splitlines()[0][:200]} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        {"prepare": prepare, "prune": prune}[sys.argv[2]](*sys.argv[3:])
    else:
        main()
