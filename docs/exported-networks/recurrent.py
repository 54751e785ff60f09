"""Recurrent networks, and networks with control flow."""

from typing import List

import torch
import torch.nn.functional as F
from torch import nn


class Recurrent(nn.Module):
    """Two layers in both directions; the initial state is made from the size of the batch."""

    def __init__(self, cell):
        super().__init__()
        self.embedding = nn.Embedding(20, 8)
        self.cell = cell(8, 6, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(12, 5)

    def forward(self, tokens):
        sequence, _ = self.cell(self.embedding(tokens))
        return self.head(torch.tanh(sequence[:, -1]))


class GivenState(nn.Module):
    """The initial state is a parameter, expanded to the batch; the last state is an output of the encoder."""

    def __init__(self):
        super().__init__()
        self.enter = nn.Linear(5, 8)
        self.cell = nn.LSTM(8, 6, batch_first=True)
        self.start = nn.Parameter(torch.randn(1, 1, 6))
        self.head = nn.Linear(12, 3)

    def forward(self, x):
        state = self.start.expand(-1, x.size(0), -1).contiguous()
        zeros = torch.zeros(1, x.size(0), 6)
        sequence, (hidden, _) = self.cell(F.relu(self.enter(x)), (state, zeros))
        return self.head(torch.cat([sequence.mean(1), hidden[0]], -1))


class ReadsLines(nn.Module):
    """Convolutions, columns as steps, a recurrent layer: how text lines are read."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 3, padding=1), nn.Conv2d(6, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.cell = nn.GRU(32, 8, bidirectional=True)
        self.head = nn.Linear(16, 7)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.norm(self.conv2(x))), (2, 1))
        n, c, h, w = x.shape
        x = x.reshape(n, c * h, w).permute(2, 0, 1)
        sequence, _ = self.cell(x)
        return F.log_softmax(self.head(sequence), -1)


class Chooses(nn.Module):
    """A scripted branch inside an ordinary network."""

    def __init__(self):
        super().__init__()
        self.enter, self.mid, self.head = nn.Linear(6, 12), nn.Linear(12, 10), nn.Linear(10, 3)

    def forward(self, x):
        x = torch.relu(self.enter(x))
        x = scaled_when_large(x)
        return self.head(torch.relu(self.mid(x)))


@torch.jit.script
def scaled_when_large(x):
    if bool(x.sum() > 10.0):
        y = x * 0.5
    else:
        y = x + 1.0
    return y


class Repeats(nn.Module):
    """A scripted loop over time inside an ordinary network."""

    def __init__(self):
        super().__init__()
        self.enter, self.mid, self.head = nn.Linear(6, 12), nn.Linear(12, 10), nn.Linear(10, 3)

    def forward(self, x):
        return self.head(torch.relu(self.mid(decaying_sum(torch.relu(self.enter(x))))))


@torch.jit.script
def decaying_sum(x):
    total = x[:, 0]
    for step in range(x.size(1)):
        total = total * 0.9 + x[:, step]
    return total


class ByHand(nn.Module):
    """A cell stepped by hand, whose states are kept in a list."""

    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(12, 16)

    def forward(self, x):
        h = torch.zeros(x.size(0), 16)
        c = torch.zeros(x.size(0), 16)
        seen: List[torch.Tensor] = []
        for step in range(x.size(1)):
            h, c = self.cell(x[:, step], (h, c))
            seen.append(h)
        return torch.stack(seen).transpose(0, 1)


class Steps(nn.Module):
    """A loop with weights of its own; scripted as a whole, since only so the loop stays one."""

    def __init__(self):
        super().__init__()
        self.enter, self.mid, self.head = nn.Linear(6, 12), nn.Linear(16, 10), nn.Linear(10, 3)
        self.loop = ByHand()

    def forward(self, x):
        return self.head(torch.relu(self.mid(self.loop(torch.relu(self.enter(x))))))


def scripted_steps():
    return torch.jit.script(Steps().requires_grad_(False))


class Decides(nn.Module):
    """Branches with weights of their own."""

    def __init__(self):
        super().__init__()
        self.enter, self.one, self.other, self.head = (
            nn.Linear(6, 12), nn.Linear(12, 16), nn.Linear(12, 16), nn.Linear(16, 3))

    def forward(self, x):
        x = torch.relu(self.enter(x))
        y = torch.cond(
            x.mean() > 0.2, lambda v: torch.relu(self.one(v)), lambda v: torch.sigmoid(self.other(v)), (x,))
        return self.head(y)
