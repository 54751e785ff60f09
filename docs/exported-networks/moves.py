"""Networks that cut, join, shift and pick."""

import torch
import torch.nn.functional as F
from torch import nn


class Cuts(nn.Module):
    """split, chunk, cat, stack, unbind, flip, narrow and strided slices of channels."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.third = nn.Conv2d(3, 12, 1), nn.Conv2d(12, 12, 1), nn.Conv2d(6, 8, 1)
        self.head = nn.Conv2d(12, 4, 1)

    def forward(self, x):
        a, b, c = torch.split(F.relu(self.first(x)), [3, 4, 5], dim=1)
        x = F.relu(self.second(torch.cat([c, a, b], 1)))
        left, right = x.chunk(2, 1)
        x = self.third(torch.flip(left, [1]) + right)
        pairs = torch.stack([x[:, 0::2], x[:, 1::2]], 2).flatten(1, 2)
        one, two = torch.unbind(pairs.view(pairs.size(0), 2, 4, pairs.size(2), pairs.size(3)), 1)
        return self.head(torch.cat([pairs, one * two], 1))


class Shifts(nn.Module):
    """roll over channels and space, constant and reflected padding, padded channels in a shortcut."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 12, 3, padding=1)
        self.third, self.head = nn.Conv2d(12, 12, 3, padding=1), nn.Conv2d(12, 4, 1)

    def forward(self, x):
        x = F.relu(self.first(F.pad(x, (1, 1, 1, 1), mode="reflect")))
        x = F.pad(x, (0, 0, 0, 0, 2, 2)) + self.second(x)
        x = torch.roll(x, 2, 3) + torch.roll(self.third(x), (1, 3), (2, 1))
        return self.head(F.relu(x))


class Picks(nn.Module):
    """Channels picked by a constant table, positions picked at run time, a masked mean and normalised embeddings."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 12)
        self.first, self.second = nn.Linear(12, 16), nn.Linear(16, 10)
        self.register_buffer("order", torch.tensor([3, 1, 2, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 13, 14, 12]))

    def forward(self, tokens, mask):
        x = torch.index_select(F.relu(self.first(self.embedding(tokens))), 2, self.order)
        last = torch.clamp(mask.sum(1) - 1, min=0)
        final = x.gather(1, last.view(-1, 1, 1).expand(-1, 1, x.size(2))).squeeze(1)
        weights = mask.unsqueeze(-1).expand(x.size()).float()
        mean = (x * weights).sum(1) / torch.clamp(weights.sum(1), min=1e-9)
        return F.normalize(self.second(mean + final), p=2, dim=1)


class Tied(nn.Module):
    """One embedding read twice and used as the last layer; one linear layer applied to two inputs, then compared."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 12)
        self.shared, self.back = nn.Linear(12, 16), nn.Linear(16, 12)

    def forward(self, left, right):
        a, b = (torch.tanh(self.shared(self.embedding(each).mean(1))) for each in (left, right))
        near = F.cosine_similarity(a, b, dim=1)
        return near, F.linear(self.back(a * b), self.embedding.weight)


class Unfolds(nn.Module):
    """Patches by unfold, put together again by fold-free reshapes; values picked by topk."""

    def __init__(self):
        super().__init__()
        self.first, self.mix, self.head = nn.Conv2d(3, 6, 3, padding=1), nn.Linear(24, 10), nn.Linear(10, 4)

    def forward(self, x):
        x = F.relu(self.first(x))
        n, c, h, w = x.shape
        x = x.reshape(n, c, h // 2, 2, w // 2, 2).permute(0, 2, 4, 1, 3, 5).reshape(n, -1, c * 4)
        x = F.relu(self.mix(x))
        best, _ = torch.topk(x, 2, dim=1)
        return self.head(best.mean(1) + x.amax(1))


class Assigns(nn.Module):
    """Heads to whose columns, except those of the first position, the same columns of others are added in place."""

    def __init__(self):
        super().__init__()
        self.first, self.mix, self.head = nn.Linear(6, 24), nn.Linear(24, 10), nn.Linear(10, 4)

    def forward(self, x):
        heads = self.first(x).reshape(x.size(0), -1, 2, 12).transpose(1, 2)
        x = torch.relu(heads)
        x[:, :, 1:, :] += heads[:, :, 1:, :]
        return self.head(torch.relu(self.mix(x.transpose(1, 2).flatten(2))))
