"""Exports framework-core/engine/src/test/resources/field/unet-attention.onnx: a small U-Net with group norms and attention.

    python unet_attention.py unet-attention.onnx
"""

import sys

import torch
from torch import nn
from torch.nn import functional


class Block(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.a = nn.Conv2d(channels, out, 3, padding=1)
        self.n = nn.GroupNorm(4, out)
        self.b = nn.Conv2d(out, out, 3, padding=1)
        self.skip = nn.Conv2d(channels, out, 1)

    def forward(self, x):
        return self.b(functional.silu(self.n(self.a(x)))) + self.skip(x)


class Attention(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        n, c, h, w = x.shape
        q, k, v = self.qkv(x).reshape(n, 3, self.heads, c // self.heads, h * w).unbind(1)
        a = torch.softmax(q.transpose(-1, -2) @ k * (c // self.heads) ** -0.5, -1)
        return x + self.out((v @ a.transpose(-1, -2)).reshape(n, c, h, w))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.down1 = Block(8, 8)
        self.down2 = Block(8, 16)
        self.mid = Block(16, 16)
        self.attn = Attention(16, 4)
        self.up2 = Block(32, 8)
        self.up1 = Block(16, 8)
        self.head = nn.Conv2d(8, 3, 1)

    def forward(self, x):
        x = self.stem(x)
        a = self.down1(x)
        b = self.down2(functional.max_pool2d(a, 2))
        m = self.attn(self.mid(functional.max_pool2d(b, 2)))
        u = self.up2(torch.cat([functional.interpolate(m, scale_factor=2.0), b], 1))
        u = self.up1(torch.cat([functional.interpolate(u, scale_factor=2.0), a], 1))
        return self.head(u)


torch.manual_seed(0)
torch.onnx.export(
    UNet().eval(),
    torch.randn(1, 3, 16, 16),
    sys.argv[1],
    opset_version=17,
    dynamo=False,
    input_names=["image"],
    output_names=["noise"],
    dynamic_axes={"image": {0: "batch"}},
)
