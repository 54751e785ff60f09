"""Convolutional networks at reduced width."""

import torch
import torch.nn.functional as F
from torch import nn


def conv_bn(inputs, outputs, kernel=3, stride=1, groups=1, activation=nn.ReLU):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, *([activation()] if activation else []))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.first = conv_bn(inputs, outputs, stride=stride)
        self.second = conv_bn(outputs, outputs, activation=None)
        self.shortcut = conv_bn(inputs, outputs, 1, stride, activation=None) if stride > 1 else nn.Identity()

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            conv_bn(3, 8), nn.MaxPool2d(3, 2, 1), BasicBlock(8, 8), BasicBlock(8, 12, 2), nn.AdaptiveAvgPool2d(1)
        )
        self.classifier = nn.Linear(12, 5)

    def forward(self, x):
        return self.classifier(torch.flatten(self.body(x), 1))


class SqueezeExcite(nn.Module):
    def __init__(self, channels, squeezed):
        super().__init__()
        self.reduce = nn.Conv2d(channels, squeezed, 1)
        self.expand = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x):
        scale = F.relu(self.reduce(F.adaptive_avg_pool2d(x, 1)))
        return x * F.hardsigmoid(self.expand(scale))


class InvertedResidual(nn.Module):
    def __init__(self, inputs, expanded, outputs, stride, squeezed):
        super().__init__()
        self.residual = stride == 1 and inputs == outputs
        self.body = nn.Sequential(
            conv_bn(inputs, expanded, 1, activation=nn.Hardswish),
            conv_bn(expanded, expanded, 3, stride, groups=expanded, activation=nn.Hardswish),
            SqueezeExcite(expanded, squeezed),
            conv_bn(expanded, outputs, 1, activation=None),
        )

    def forward(self, x):
        return x + self.body(x) if self.residual else self.body(x)


class MobileNetV3(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            conv_bn(3, 8, 3, 2, activation=nn.Hardswish),
            InvertedResidual(8, 16, 8, 1, 4),
            InvertedResidual(8, 24, 12, 2, 8),
            conv_bn(12, 24, 1, activation=nn.Hardswish),
        )
        self.classifier = nn.Sequential(nn.Linear(24, 16), nn.Hardswish(), nn.Dropout(0.2), nn.Linear(16, 5))

    def forward(self, x):
        return self.classifier(self.features(x).mean([2, 3]))


def channel_shuffle(x, groups):
    n, c, h, w = x.size()
    return x.view(n, groups, c // groups, h, w).transpose(1, 2).contiguous().view(n, c, h, w)


class ShuffleUnit(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half = channels // 2
        self.branch = nn.Sequential(
            conv_bn(half, half, 1), conv_bn(half, half, 3, groups=half, activation=None), conv_bn(half, half, 1)
        )

    def forward(self, x):
        kept, used = x.chunk(2, dim=1)
        return channel_shuffle(torch.cat((kept, self.branch(used)), dim=1), 2)


class ShuffleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(conv_bn(3, 16, 3, 2), ShuffleUnit(16), ShuffleUnit(16), conv_bn(16, 20, 1))
        self.classifier = nn.Linear(20, 5)

    def forward(self, x):
        return self.classifier(self.body(x).mean([2, 3]))


class DenseLayer(nn.Module):
    def __init__(self, inputs, growth):
        super().__init__()
        self.norm = nn.BatchNorm2d(inputs)
        self.squeeze = nn.Conv2d(inputs, 8, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(8)
        self.grow = nn.Conv2d(8, growth, 3, padding=1, bias=False)

    def forward(self, x):
        new = self.grow(F.relu(self.norm2(self.squeeze(F.relu(self.norm(x))))))
        return torch.cat([x, new], 1)


class DenseNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1), DenseLayer(8, 4), DenseLayer(12, 4),
            nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 8, 1), nn.AvgPool2d(2), DenseLayer(8, 4), nn.BatchNorm2d(12),
        )
        self.classifier = nn.Linear(12, 5)

    def forward(self, x):
        return self.classifier(torch.flatten(F.adaptive_avg_pool2d(F.relu(self.body(x)), (1, 1)), 1))


class UNetTransposed(nn.Module):
    """Widths are met by transposed convolutions; the smaller map is padded to the skip, as the first U-Nets in PyTorch do."""

    def __init__(self):
        super().__init__()
        self.down1, self.down2, self.bottom = conv_bn(1, 8), conv_bn(8, 12), conv_bn(12, 16)
        self.up2, self.merge2 = nn.ConvTranspose2d(16, 12, 2, 2), conv_bn(24, 12)
        self.up1, self.merge1 = nn.ConvTranspose2d(12, 8, 2, 2), conv_bn(16, 8)
        self.head = nn.Conv2d(8, 2, 1)

    @staticmethod
    def fit(x, skip):
        dy = skip.size(2) - x.size(2)
        dx = skip.size(3) - x.size(3)
        return torch.cat([skip, F.pad(x, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])], dim=1)

    def forward(self, x):
        first = self.down1(x)
        second = self.down2(F.max_pool2d(first, 2))
        bottom = self.bottom(F.max_pool2d(second, 2))
        second = self.merge2(self.fit(self.up2(bottom), second))
        return self.head(self.merge1(self.fit(self.up1(second), first)))


class UNetInterpolated(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1, self.down2, self.bottom = conv_bn(1, 8), conv_bn(8, 12), conv_bn(12, 16)
        self.merge2, self.merge1 = conv_bn(28, 12), conv_bn(20, 8)
        self.head = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        first = self.down1(x)
        second = self.down2(F.max_pool2d(first, 2))
        bottom = self.bottom(F.max_pool2d(second, 2))
        up = F.interpolate(bottom, size=second.shape[2:], mode="bilinear", align_corners=False)
        second = self.merge2(torch.cat([up, second], 1))
        up = F.interpolate(second, size=first.shape[2:], mode="nearest")
        return torch.sigmoid(self.head(self.merge1(torch.cat([up, first], 1))))


class ResNeXt(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = conv_bn(3, 12)
        self.block = nn.Sequential(conv_bn(12, 16, 1), conv_bn(16, 16, groups=4), conv_bn(16, 12, 1, activation=None))
        self.head = nn.Linear(12, 5)

    def forward(self, x):
        x = self.stem(x)
        return self.head(F.relu(x + self.block(x)).mean((-1, -2)))


class PixelShuffler(nn.Module):
    """Super resolution: shuffled up on the way out, unshuffled on the way in."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(12, 8, 3, padding=1)
        self.second = nn.Conv2d(8, 24, 3, padding=1)
        self.last = nn.Conv2d(6, 3, 3, padding=1)

    def forward(self, x):
        x = F.pixel_unshuffle(x, 2)
        return self.last(F.pixel_shuffle(F.leaky_relu(self.second(F.relu(self.first(x)))), 2))


class VggFlatten(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d((2, 2)),
        )
        self.classifier = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, 5))

    def forward(self, x):
        return self.classifier(self.features(x).view(x.size(0), -1))


class ConvNeXt(nn.Module):
    """Channels-last layer normalisation, layer scale, depthwise 7 x 7."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 12, 4, 4)
        self.depthwise = nn.Conv2d(12, 12, 7, padding=3, groups=12)
        self.norm = nn.LayerNorm(12)
        self.grow, self.shrink = nn.Linear(12, 24), nn.Linear(24, 12)
        self.scale = nn.Parameter(torch.rand(12) + 0.5)
        self.head = nn.Linear(12, 5)

    def forward(self, x):
        x = self.stem(x)
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        y = self.scale * self.shrink(F.gelu(self.grow(y)))
        return self.head((x + y.permute(0, 3, 1, 2)).mean([-2, -1]))


class Normalised(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.group = nn.Conv2d(3, 16, 3, padding=1), nn.GroupNorm(4, 16)
        self.conv2, self.instance = nn.Conv2d(16, 12, 3, padding=1), nn.InstanceNorm2d(12, affine=True)
        self.conv3, self.layer = nn.Conv2d(12, 8, 3, padding=1), nn.GroupNorm(1, 8)
        self.head = nn.Conv2d(8, 4, 1)

    def forward(self, x):
        x = F.relu(self.group(self.conv1(x)))
        x = F.silu(self.instance(self.conv2(x)))
        return self.head(self.layer(self.conv3(x)))


class StandardisedConv2d(nn.Conv2d):
    def forward(self, x):
        mean = self.weight.mean(dim=(1, 2, 3), keepdim=True)
        deviation = self.weight.std(dim=(1, 2, 3), keepdim=True, unbiased=False)
        return F.conv2d(x, (self.weight - mean) / (deviation + 1e-5), self.bias, self.stride, self.padding)


class RuntimeWeights(nn.Module):
    """Weights that are computed when the network runs: normalised (old and new form) and standardised."""

    def __init__(self):
        super().__init__()
        self.old = torch.nn.utils.weight_norm(nn.Conv2d(3, 8, 3, padding=1))
        self.new = torch.nn.utils.parametrizations.weight_norm(nn.Conv2d(8, 12, 3, padding=1))
        self.standard = StandardisedConv2d(12, 8, 3, padding=1)
        self.head = nn.Conv2d(8, 4, 1)

    def forward(self, x):
        return self.head(F.relu(self.standard(F.relu(self.new(F.relu(self.old(x)))))))


class Volumes(nn.Module):
    """Three spatial axes, groups, transposed with groups."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv3d(1, 8, 3, padding=1)
        self.grouped = nn.Conv3d(8, 12, 3, padding=1, groups=2)
        self.norm = nn.BatchNorm3d(12)
        self.up = nn.ConvTranspose3d(12, 8, 2, 2, groups=4)
        self.head = nn.Conv3d(8, 2, 1)

    def forward(self, x):
        return self.head(self.up(F.max_pool3d(F.elu(self.norm(self.grouped(F.relu(self.first(x))))), 2)))


class Signals(nn.Module):
    """One spatial axis: causal padding, dilation, gates, a transposed convolution, weights shared by two layers."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv1d(2, 8, 3)
        self.gated = nn.Conv1d(8, 16, 3, dilation=2)
        self.skip = nn.Conv1d(8, 12, 1)
        self.residual = nn.Conv1d(8, 8, 1)
        self.up = nn.ConvTranspose1d(12, 8, 4, 2, 1)
        self.head = nn.Conv1d(8, 3, 1)

    def forward(self, x):
        x = self.first(F.pad(x, (2, 0)))
        skips = 0
        for _ in range(2):
            inner, gate = torch.chunk(self.gated(F.pad(x, (4, 0))), 2, dim=1)
            inner = torch.tanh(inner) * torch.sigmoid(gate)
            skips = skips + self.skip(inner)
            x = x + self.residual(inner)
        return self.head(F.relu(self.up(F.relu(skips))))


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = conv_bn(3, 8)
        self.one = conv_bn(8, 6, 1)
        self.three = nn.Sequential(conv_bn(8, 6, 1), conv_bn(6, 8))
        self.pooled = conv_bn(8, 4, 1)
        self.head = nn.Linear(18, 5)

    def forward(self, x):
        x = self.stem(x)
        pooled = self.pooled(F.avg_pool2d(x, 3, 1, 1))
        x = torch.cat([self.one(x), self.three(x), pooled], 1)
        return self.head(F.adaptive_max_pool2d(x, 1).squeeze(-1).squeeze(-1))


class Detector(nn.Module):
    """A detector's neck and head: split blocks, pooling pyramid, upsampled sums, anchors from the size of the map."""

    def __init__(self):
        super().__init__()
        self.stem = conv_bn(3, 8, 3, 2, activation=nn.SiLU)
        self.enter = conv_bn(8, 16, 1, activation=nn.SiLU)
        self.inner = nn.ModuleList([conv_bn(8, 8, activation=nn.SiLU) for _ in range(2)])
        self.leave = conv_bn(32, 12, 1, activation=nn.SiLU)
        self.pyramid = conv_bn(48, 12, 1, activation=nn.SiLU)
        self.lateral, self.deep = nn.Conv2d(12, 8, 1), conv_bn(12, 8, 3, 2)
        self.head = nn.Conv2d(8, 2 * 7, 1)

    def forward(self, x):
        x = self.stem(x)
        parts = list(self.enter(x).split((8, 8), 1))
        for block in self.inner:
            parts.append(block(parts[-1]))
        x = self.leave(torch.cat(parts, 1))
        pools = [x]
        for _ in range(3):
            pools.append(F.max_pool2d(pools[-1], 5, 1, 2))
        x = self.pyramid(torch.cat(pools, 1))
        deep = self.deep(x)
        x = self.lateral(x) + F.interpolate(deep, size=x.shape[-2:], mode="nearest")
        results = []
        for level in (x, deep):
            n, _, h, w = level.shape
            y = self.head(level).view(n, 2, 7, h, w).permute(0, 1, 3, 4, 2)
            rows, columns = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
            grid = torch.stack((columns, rows), 2).view(1, 1, h, w, 2).float()
            centre = (y[..., 0:2].sigmoid() * 2 - 0.5 + grid) / torch.tensor([w, h])
            size = (y[..., 2:4].sigmoid() * 2) ** 2
            results.append(torch.cat((centre, size, y[..., 4:].sigmoid()), -1).view(n, -1, 7))
        return torch.cat(results, 1)
