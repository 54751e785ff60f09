"""Transformers at reduced width."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class MultiheadEncoder(nn.Module):
    """nn.TransformerEncoderLayer on image patches: nn.MultiheadAttention with its packed projection."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 16, 4, 4)
        self.position = nn.Parameter(torch.randn(1, 16, 16))
        layer = dict(d_model=16, nhead=4, dim_feedforward=24, batch_first=True, activation="gelu")
        self.post = nn.TransformerEncoderLayer(**layer)
        self.pre = nn.TransformerEncoderLayer(norm_first=True, **layer)
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2) + self.position
        return self.head(self.pre(self.post(x)).mean(1))


class PackedAttention(nn.Module):
    """Attention as timm writes it: one projection, unbound into queries, keys and values."""

    def __init__(self, width=16, heads=4, fused=False):
        super().__init__()
        self.heads, self.size, self.fused = heads, width // heads, fused
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, self.heads, self.size).permute(2, 0, 3, 1, 4).unbind(0)
        if self.fused:
            x = F.scaled_dot_product_attention(q, k, v)
        else:
            x = ((q * self.size**-0.5) @ k.transpose(-2, -1)).softmax(-1) @ v
        return self.out(x.transpose(1, 2).reshape(n, t, c))


class PackedVit(nn.Module):
    """Class token, positional table, packed attention."""

    def __init__(self, fused):
        super().__init__()
        self.patches = nn.Conv2d(3, 16, 4, 4)
        self.token = nn.Parameter(torch.randn(1, 1, 16))
        self.position = nn.Parameter(torch.randn(1, 17, 16))
        self.norm1, self.attention = nn.LayerNorm(16), PackedAttention(fused=fused)
        self.norm2, self.grow, self.shrink = nn.LayerNorm(16), nn.Linear(16, 24), nn.Linear(24, 16)
        self.norm, self.head = nn.LayerNorm(16), nn.Linear(16, 5)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.token.expand(x.shape[0], -1, -1), x), dim=1) + self.position
        x = x + self.attention(self.norm1(x))
        x = x + self.shrink(F.gelu(self.grow(self.norm2(x))))
        return self.head(self.norm(x)[:, 0])


def windows_of(x, size):
    n, h, w, c = x.shape
    x = x.view(n, h // size, size, w // size, size, c)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, size * size, c)


def joined(windows, size, h, w):
    c = windows.shape[-1]
    x = windows.reshape(-1, h // size, w // size, size, size, c)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, h, w, c)


class WindowAttention(nn.Module):
    def __init__(self, width, heads, size):
        super().__init__()
        self.heads, self.size = heads, size
        self.table = nn.Parameter(torch.randn((2 * size - 1) ** 2, heads))
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        at = torch.stack(torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")).flatten(1)
        apart = (at[:, :, None] - at[:, None, :]).permute(1, 2, 0) + size - 1
        self.register_buffer("index", apart[..., 0] * (2 * size - 1) + apart[..., 1])

    def forward(self, x):
        n, t, c = x.shape
        qkv = self.qkv(x).reshape(n, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        bias = self.table[self.index.view(-1)].view(t, t, -1).permute(2, 0, 1).contiguous()
        scores = (q * (c // self.heads) ** -0.5) @ k.transpose(-2, -1) + bias.unsqueeze(0)
        return self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, c))


class Swin(nn.Module):
    """Two window blocks, the second shifted, then patch merging; the map is padded to whole windows when its size is open."""

    def __init__(self):
        super().__init__()
        self.size = 4
        self.patches = nn.Conv2d(3, 12, 2, 2)
        self.norms = nn.ModuleList([nn.LayerNorm(12) for _ in range(4)])
        self.attentions = nn.ModuleList([WindowAttention(12, 3, self.size) for _ in range(2)])
        self.grow = nn.ModuleList([nn.Linear(12, 16) for _ in range(2)])
        self.shrink = nn.ModuleList([nn.Linear(16, 12) for _ in range(2)])
        self.merge_norm, self.merge = nn.LayerNorm(48), nn.Linear(48, 16, bias=False)
        self.head = nn.Linear(16, 5)

    def block(self, x, number, shift):
        _, h, w, _ = x.shape
        y = self.norms[2 * number](x)
        y = F.pad(y, (0, 0, 0, (self.size - w % self.size) % self.size, 0, (self.size - h % self.size) % self.size))
        _, high, wide, _ = y.shape
        if shift:
            y = torch.roll(y, (-shift, -shift), (1, 2))
        y = joined(self.attentions[number](windows_of(y, self.size)), self.size, high, wide)
        if shift:
            y = torch.roll(y, (shift, shift), (1, 2))
        x = x + y[:, :h, :w, :]
        return x + self.shrink[number](F.gelu(self.grow[number](self.norms[2 * number + 1](x))))

    def forward(self, x):
        x = self.patches(x).permute(0, 2, 3, 1)
        x = self.block(self.block(x, 0, 0), 1, 2)
        corners = [x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]]
        x = self.merge(self.merge_norm(torch.cat(corners, -1)))
        return self.head(x.mean((1, 2)))


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.rand(width) + 0.5)

    def forward(self, x):
        x = x.float()
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)).to(x.dtype)


def rotate_half(x):
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


def rotate_pairs(x):
    return torch.stack((-x[..., 1::2], x[..., ::2]), dim=-1).flatten(-2)


class Decoder(nn.Module):
    """Grouped-query attention with rotary positions, RMS normalisation, a gated feed-forward and tied embeddings."""

    def __init__(self, interleaved, fused=False, key_heads=2):
        super().__init__()
        self.interleaved, self.fused = interleaved, fused
        self.heads, self.key_heads, self.size = 4, key_heads, 8
        width = 16
        self.embedding = nn.Embedding(30, width)
        self.norm1, self.norm2, self.norm3 = RmsNorm(width), RmsNorm(width), RmsNorm(width)
        self.q = nn.Linear(width, self.heads * self.size, bias=False)
        self.k = nn.Linear(width, key_heads * self.size, bias=False)
        self.v = nn.Linear(width, key_heads * self.size, bias=False)
        self.o = nn.Linear(self.heads * self.size, width, bias=False)
        self.gate, self.up = nn.Linear(width, 20, bias=False), nn.Linear(width, 20, bias=False)
        self.down = nn.Linear(20, width, bias=False)
        self.register_buffer("frequencies", 1.0 / 100 ** (torch.arange(0, self.size, 2).float() / self.size))

    def angles(self, length):
        angles = torch.outer(torch.arange(length).float(), self.frequencies)
        return angles.repeat_interleave(2, dim=-1) if self.interleaved else torch.cat((angles, angles), dim=-1)

    def attend(self, x):
        n, t, _ = x.shape
        q = self.q(x).view(n, t, self.heads, self.size).transpose(1, 2)
        k = self.k(x).view(n, t, self.key_heads, self.size).transpose(1, 2)
        v = self.v(x).view(n, t, self.key_heads, self.size).transpose(1, 2)
        angles = self.angles(t)
        rotate = rotate_pairs if self.interleaved else rotate_half
        q = q * angles.cos() + rotate(q) * angles.sin()
        k = k * angles.cos() + rotate(k) * angles.sin()
        times = self.heads // self.key_heads
        k = k[:, :, None].expand(n, self.key_heads, times, t, self.size).reshape(n, self.heads, t, self.size)
        v = v[:, :, None].expand(n, self.key_heads, times, t, self.size).reshape(n, self.heads, t, self.size)
        if self.fused:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            mask = torch.full((t, t), float("-inf")).triu(1)
            y = (q @ k.transpose(2, 3) / math.sqrt(self.size) + mask).softmax(-1) @ v
        return self.o(y.transpose(1, 2).contiguous().reshape(n, t, -1))

    def forward(self, tokens):
        x = self.embedding(tokens)
        x = x + self.attend(self.norm1(x))
        y = self.norm2(x)
        x = x + self.down(F.silu(self.gate(y)) * self.up(y))
        return F.linear(self.norm3(x), self.embedding.weight)


class Gpt(nn.Module):
    """Learned positions, one projection split in three, a mask cut from a table."""

    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(30, 16), nn.Embedding(24, 16)
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(16), nn.LayerNorm(16), nn.LayerNorm(16)
        self.qkv, self.out = nn.Linear(16, 48), nn.Linear(16, 16)
        self.grow, self.shrink = nn.Linear(16, 32), nn.Linear(32, 16)
        self.head = nn.Linear(16, 30, bias=False)
        self.register_buffer("mask", torch.tril(torch.ones(24, 24)).view(1, 1, 24, 24))

    def forward(self, tokens):
        n, t = tokens.size()
        x = self.tokens(tokens) + self.positions(torch.arange(0, t, dtype=torch.long, device=tokens.device))
        q, k, v = self.qkv(self.norm1(x)).split(16, dim=2)
        q, k, v = (each.view(n, t, 4, 16 // 4).transpose(1, 2) for each in (q, k, v))
        scores = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        scores = scores.masked_fill(self.mask[:, :, :t, :t] == 0, float("-inf"))
        x = x + self.out((F.softmax(scores, dim=-1) @ v).transpose(1, 2).contiguous().view(n, t, 16))
        x = x + self.shrink(F.gelu(self.grow(self.norm2(x)), approximate="tanh"))
        return self.head(self.norm3(x))


class EinsumAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.enter, self.norm = nn.Linear(6, 12), nn.LayerNorm(12)
        self.q, self.k, self.v = (nn.Linear(12, 12, bias=False) for _ in range(3))
        self.out = nn.Parameter(torch.randn(3, 4, 12) / 4)
        self.head = nn.Linear(12, 3)

    def forward(self, x):
        x = self.enter(x)
        y = self.norm(x)
        n, t, _ = y.shape
        q, k, v = (each(y).view(n, t, 3, 4) for each in (self.q, self.k, self.v))
        scores = torch.einsum("bqhd,bkhd->bhqk", q, k) / 2.0
        y = torch.einsum("bhqk,bkhd->bqhd", scores.softmax(-1), v)
        return self.head(x + torch.einsum("bqhd,hdo->bqo", y, self.out))


class CrossAttention(nn.Module):
    """nn.Transformer's decoder reads what its encoder wrote; a causal mask is made from the length."""

    def __init__(self):
        super().__init__()
        self.source, self.target = nn.Embedding(20, 12), nn.Embedding(20, 12)
        self.encoder = nn.TransformerEncoderLayer(12, 2, 16, batch_first=True)
        self.decoder = nn.TransformerDecoderLayer(12, 2, 16, batch_first=True)
        self.head = nn.Linear(12, 20)

    def forward(self, source, target):
        t = target.size(1)
        mask = torch.triu(torch.ones(t, t), diagonal=1) == 1
        mask = torch.zeros(t, t).masked_fill(mask, float("-inf"))
        memory = self.encoder(self.source(source))
        return self.head(self.decoder(self.target(target), memory, tgt_mask=mask))


class CrossCovariance(nn.Module):
    """Attention among the channels of a head, with normalised rows and a learned temperature."""

    def __init__(self):
        super().__init__()
        self.enter, self.norm = nn.Conv2d(3, 12, 2, 2), nn.LayerNorm(12)
        self.qkv, self.out = nn.Linear(12, 36, bias=False), nn.Linear(12, 12)
        self.temperature = nn.Parameter(torch.ones(3, 1, 1))
        self.head = nn.Linear(12, 5)

    def forward(self, x):
        x = self.enter(x).flatten(2).transpose(1, 2)
        n, t, c = x.shape
        qkv = self.qkv(self.norm(x)).reshape(n, t, 3, 3, 4).permute(2, 0, 3, 4, 1)
        q, k, v = qkv.unbind(0)
        scores = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1) * self.temperature
        y = (scores.softmax(-1) @ v).permute(0, 3, 1, 2).reshape(n, t, c)
        return self.head((x + self.out(y)).mean(1))


class Mixer(nn.Module):
    """Tokens are mixed by one pair of layers, channels by another."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 12, 4, 4)
        self.norm1, self.norm2 = nn.LayerNorm(12), nn.LayerNorm(12)
        self.tokens = nn.Sequential(nn.Linear(16, 8), nn.GELU(), nn.Linear(8, 16))
        self.channels = nn.Sequential(nn.Linear(12, 20), nn.GELU(), nn.Linear(20, 12))
        self.head = nn.Linear(12, 5)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = x + self.tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        x = x + self.channels(self.norm2(x))
        return self.head(x.mean(dim=1))


class Conformer(nn.Module):
    """A convolution module between attention and feed-forward, with a gated linear unit, on sequences of open length."""

    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(6, 12)
        self.norm, self.point = nn.LayerNorm(12), nn.Conv1d(12, 24, 1)
        self.depth, self.batch = nn.Conv1d(12, 12, 5, padding=2, groups=12), nn.BatchNorm1d(12)
        self.back = nn.Conv1d(12, 12, 1)
        self.attention = nn.MultiheadAttention(12, 3, batch_first=True)
        self.head = nn.Linear(12, 4)

    def forward(self, x):
        x = self.enter(x)
        y = F.glu(self.point(self.norm(x).transpose(1, 2)), dim=1)
        x = x + self.back(F.silu(self.batch(self.depth(y)))).transpose(1, 2)
        y, _ = self.attention(x, x, x, need_weights=False)
        return self.head(x + y)
