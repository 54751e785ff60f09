"""Applies a pruning plan of Espalier to a PyTorch model, so that its training goes on in PyTorch.

    from apply_plan import apply_plan, export
    export(model, example, "model.onnx")            # then: espalier prune model.onnx --target macs=50% -o pruned.onnx
    apply_plan(model, "pruned.onnx.plan.json")      # the modules now have the widths of pruned.onnx, with the weights they had

A plan names parameters as the file does, so the file has to name them as the model does: 'export' writes such a file. What Espalier has
repaired or trained lies in pruned.onnx, not in the plan: 'load_weights' takes it from there and needs the package onnx.

Cut are parameters and buffers of any module, and the sizes that the modules of torch.nn keep beside them: convolutions, Linear, norms,
Embedding, MultiheadAttention. A module of your own that keeps a width as a number has to be told it; 'apply_plan' returns the names of
all modules with cut parameters.

Needs the standard library and torch.
"""

import json
import math
from collections import defaultdict

import torch
from torch import nn
from torch.nn import functional


def export(model, example, file, **options):
    """Writes an ONNX file whose constants are named as parameters and buffers of the model are, batch norms included."""
    torch.onnx.export(model.eval(), (example,), file, dynamo=True, optimize=False, external_data=False, verbose=False, **options)


def apply_plan(model, plan):
    """Cuts a model in place; plan is a file or what json has read of one. Returns the names of the modules that changed."""
    if not isinstance(plan, dict):
        with open(plan, encoding="utf-8") as file:
            plan = json.load(file)
    gone = _gone(plan)
    tensors = dict(model.named_parameters()) | dict(model.named_buffers())
    unknown = sorted(gone.keys() - tensors.keys())
    if unknown:
        raise ValueError(
            f"The model has no parameter {', '.join(unknown[:5])}: the file that was planned for has other names. "
            "Export it with 'export' of this file, which keeps them."
        )
    cut = {name: _cut(name, tensors[name], fields) for name, fields in gone.items()}
    modules = dict(model.named_modules())
    changed = {}
    for name, (tensor, rows) in cut.items():
        owner, _, attribute = name.rpartition(".")
        _put(modules[owner], attribute, tensor)
        if attribute == "weight" and getattr(modules[owner], "groups", 1) > 1:
            modules[owner].groups = int(rows.view(modules[owner].groups, -1).any(1).sum())  # an emptied group is gone
        changed[owner] = modules[owner]
    for module in changed.values():
        _resize(module)
    _replace_attention(model)
    return sorted(changed)


def _gone(plan):
    """For each parameter and each labelled index of it, as axis, extents and number, the positions that go."""
    gone = defaultdict(lambda: defaultdict(set))
    if plan.get("blocks"):
        raise ValueError(
            "The plan leaves residual blocks out, and a module does not say which of its parts they are. "
            "Take the pruned file instead, or plan without --depth."
        )
    for group in plan["groups"]:
        for atoms in group["atoms"]:
            if "node" in atoms:
                raise ValueError(
                    f"The file stores {atoms['parameter']} once for several layers, which lose different channels. "
                    "Export it with 'export' of this file."
                )
            field = atoms["axis"], tuple(atoms["extents"]), atoms["field"]
            gone[atoms["parameter"]][field].update(_ranges(atoms["positions"]))
    return gone


def _ranges(text):
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _cut(name, tensor, fields):
    """What stays of a tensor: an element goes when one of its positions goes. And which of its rows stay."""
    stays = [torch.ones(extent, dtype=torch.bool) for extent in tensor.shape]
    by_row = []
    for (axis, extents, _), positions in fields.items():
        size = math.prod(extents)
        mask = torch.ones(size, dtype=torch.bool)
        fits = axis < tensor.dim() and (size == tensor.shape[axis] or (axis == 1 and size % tensor.shape[1] == 0))
        if not fits or max(positions) >= size:
            raise ValueError(f"{name} has the shape {tuple(tensor.shape)}, which the plan does not fit; was the model cut before?")
        mask[list(positions)] = False
        if size == tensor.shape[axis]:
            stays[axis] &= mask
        else:  # channels of a convolution in groups, numbered through all groups
            groups = mask.view(-1, tensor.shape[1])
            by_row.append(groups.repeat_interleave(tensor.shape[0] // len(groups), 0))
    with torch.no_grad():
        if by_row:
            rows = stays[0].clone()
            columns = torch.stack(by_row).all(0) & stays[1]
            rows &= columns.any(1)
            counts = columns[rows].sum(1)
            if not (counts == counts[0]).all():
                raise ValueError(f"the groups of {name} would keep different numbers of channels")
            chosen = columns[rows].nonzero()[:, 1].view(len(counts), -1).to(tensor.device)
            index = chosen.view(*chosen.shape, *[1] * (tensor.dim() - 2)).expand(-1, -1, *tensor.shape[2:])
            return tensor.detach()[rows.to(tensor.device)].gather(1, index), rows
        for axis, mask in enumerate(stays):
            if not mask.all():
                tensor = tensor.detach().index_select(axis, mask.nonzero().flatten().to(tensor.device))
        return tensor.detach().clone(), stays[0]


def _put(module, attribute, values):
    before = getattr(module, attribute)
    if isinstance(before, nn.Parameter):
        setattr(module, attribute, nn.Parameter(values, before.requires_grad))
    else:
        module.register_buffer(attribute, values, attribute not in module._non_persistent_buffers_set)


def _resize(module):
    """Brings the sizes that a module keeps beside its parameters up to date."""
    weight = getattr(module, "weight", None)
    if isinstance(module, (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)):
        module.in_channels, module.out_channels = weight.shape[0], weight.shape[1] * module.groups
    elif isinstance(module, (nn.Conv1d, nn.Conv2d, nn.Conv3d)):
        module.in_channels, module.out_channels = weight.shape[1] * module.groups, weight.shape[0]
    elif isinstance(module, nn.Linear):
        module.out_features, module.in_features = weight.shape
    elif isinstance(module, nn.Embedding):
        module.num_embeddings, module.embedding_dim = weight.shape
    elif isinstance(module, nn.LayerNorm):
        module.normalized_shape = tuple(weight.shape)
    elif isinstance(module, nn.GroupNorm):
        module.num_channels = weight.shape[0]
    elif isinstance(module, nn.PReLU):
        module.num_parameters = weight.shape[0]
    elif hasattr(module, "num_features") and weight is not None:
        module.num_features = weight.shape[0]
    elif hasattr(module, "normalized_shape") and weight is not None:
        module.normalized_shape = tuple(weight.shape)


class PrunedAttention(nn.Module):
    """nn.MultiheadAttention with other widths inside than outside."""

    def __init__(self, whole):
        super().__init__()
        self.in_proj_weight, self.in_proj_bias = whole.in_proj_weight, whole.in_proj_bias
        self.out_proj, self.batch_first, self.dropout = whole.out_proj, whole.batch_first, whole.dropout
        inside = whole.in_proj_weight.shape[0] // 3
        heads = inside // whole.head_dim
        self.num_heads = heads if heads * whole.head_dim == inside else whole.num_heads
        self.scale = whole.head_dim**-0.5
        if inside % self.num_heads:
            raise ValueError(f"{inside} channels are no {self.num_heads} heads of one size")

    def forward(self, query, key, value, key_padding_mask=None, need_weights=False, attn_mask=None, average_attn_weights=True, is_causal=False):
        if key is not query or value is not query or key_padding_mask is not None:
            raise NotImplementedError("a pruned attention takes one sequence for query, key and value, without padding")
        tokens = query if self.batch_first else query.transpose(0, 1)
        packed = functional.linear(tokens, self.in_proj_weight, self.in_proj_bias)
        parts = [each.unflatten(-1, (self.num_heads, -1)).transpose(1, 2) for each in packed.chunk(3, -1)]
        mixed = functional.scaled_dot_product_attention(
            *parts, attn_mask, self.dropout if self.training else 0.0, is_causal and attn_mask is None, scale=self.scale
        )
        result = self.out_proj(mixed.transpose(1, 2).flatten(2))
        return (result if self.batch_first else result.transpose(0, 1)), None


def _replace_attention(model):
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.MultiheadAttention) and module.in_proj_weight is not None:
            if tuple(module.in_proj_weight.shape) != (3 * module.embed_dim, module.embed_dim):
                owner, _, attribute = name.rpartition(".")
                setattr(model.get_submodule(owner), attribute, PrunedAttention(module))


def load_weights(model, file):
    """Takes the weights of a pruned file, repaired or trained ones included, into a model that the plan was applied to."""
    import onnx

    state = model.state_dict()
    for constant in onnx.load(file).graph.initializer:
        if constant.name in state:
            values = torch.from_numpy(onnx.numpy_helper.to_array(constant).copy())
            if values.shape != state[constant.name].shape:
                raise ValueError(f"{constant.name} has the shape {tuple(values.shape)} in the file; apply its plan first.")
            state[constant.name] = values
    model.load_state_dict(state)
