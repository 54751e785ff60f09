"""Recurrent networks: how each is built, with seeded random weights, and what it is fed."""

import torch
from torch import nn

WORDS, LENGTH = 31, 9
CELLS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


class Tagger(nn.Module):
    """Words, recurrent layers, and a class for each word."""

    def __init__(self, cell, layers=1, bidirectional=False, batch_first=True, hidden=24):
        super().__init__()
        self.words = nn.Embedding(WORDS, 20)
        self.layers = CELLS[cell](20, hidden, layers, batch_first=batch_first, bidirectional=bidirectional)
        self.classes = nn.Linear(hidden * (2 if bidirectional else 1), 5)

    def forward(self, words):
        return self.classes(self.layers(self.words(words))[0])


class Classifier(nn.Module):
    """The last hidden states of all layers and directions, side by side, classified."""

    def __init__(self, cell, layers, bidirectional):
        super().__init__()
        self.frames = nn.Linear(12, 20)
        self.layers = CELLS[cell](20, 24, layers, batch_first=True, bidirectional=bidirectional)
        self.classes = nn.Linear(24 * layers * (2 if bidirectional else 1), 5)

    def forward(self, frames):
        last = self.layers(torch.relu(self.frames(frames)))[1]
        last = last[0] if isinstance(last, tuple) else last
        return self.classes(last.transpose(0, 1).flatten(1))


class Packed(nn.Module):
    """Sequences of different lengths, packed."""

    def __init__(self, cell, layers, bidirectional):
        super().__init__()
        self.words = nn.Embedding(WORDS, 20)
        self.layers = CELLS[cell](20, 24, layers, batch_first=True, bidirectional=bidirectional)
        self.classes = nn.Linear(24 * (2 if bidirectional else 1), 5)

    def forward(self, words, lengths):
        packed = nn.utils.rnn.pack_padded_sequence(self.words(words), lengths, batch_first=True, enforce_sorted=True)
        padded, _ = nn.utils.rnn.pad_packed_sequence(self.layers(packed)[0], batch_first=True)
        return self.classes(padded)


class Stateful(nn.Module):
    """Initial states given: computed from a context, learned, or inputs of the network."""

    def __init__(self, cell, origin):
        super().__init__()
        self.origin = origin
        self.layers = CELLS[cell](12, 24, 2, batch_first=True)
        self.context = nn.Linear(7, 24 * 2)
        self.learned = nn.Parameter(torch.randn(2, 1, 24))
        self.classes = nn.Linear(24, 5)

    def forward(self, frames, context):
        batch = frames.shape[0]
        if self.origin == "computed":
            state = torch.tanh(self.context(context)).view(batch, 2, 24).transpose(0, 1).contiguous()
        elif self.origin == "learned":
            state = self.learned.expand(2, batch, 24).contiguous()
        else:
            state = context.transpose(0, 1)
        state = (state, state * 0.5) if isinstance(self.layers, nn.LSTM) else state
        return self.classes(self.layers(frames, state)[0])


class Seq2Seq(nn.Module):
    """An encoder whose last states start the decoder, which attends to what was read."""

    def __init__(self):
        super().__init__()
        self.read = nn.Embedding(WORDS, 20)
        self.write = nn.Embedding(WORDS, 16)
        self.encoder = nn.LSTM(20, 24, batch_first=True)
        self.decoder = nn.LSTM(16, 24, batch_first=True)
        self.query = nn.Linear(24, 24, bias=False)
        self.joined = nn.Linear(48, 28)
        self.classes = nn.Linear(28, WORDS)

    def forward(self, source, target):
        memory, state = self.encoder(self.read(source))
        found, _ = self.decoder(self.write(target), state)
        weights = torch.softmax(self.query(found) @ memory.transpose(1, 2), -1)
        return self.classes(torch.tanh(self.joined(torch.cat([found, weights @ memory], -1))))


class Speech(nn.Module):
    """Convolutions over a spectrogram, then recurrent layers over time."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 12, 3, (2, 1), 1), nn.BatchNorm2d(12), nn.ReLU(), nn.Conv2d(12, 16, 3, (2, 1), 1), nn.ReLU())
        self.recurrent = nn.GRU(16 * 5, 28, 2, batch_first=True, bidirectional=True)
        self.norm = nn.LayerNorm(56)
        self.classes = nn.Linear(56, 29)

    def forward(self, spectrogram):
        found = self.layers(spectrogram).flatten(1, 2).transpose(1, 2)
        return self.classes(self.norm(self.recurrent(found)[0]))


class Cells(nn.Module):
    """A cell stepped by hand."""

    def __init__(self, cell):
        super().__init__()
        self.start = nn.Linear(12, 20)
        self.cell = {"lstm": nn.LSTMCell, "gru": nn.GRUCell, "rnn": nn.RNNCell}[cell](20, 24)
        self.classes = nn.Linear(24, 5)

    def forward(self, frames):
        state = None
        for step in range(4):
            state = self.cell(torch.relu(self.start(frames[:, step])), state)
        return self.classes(state[0] if isinstance(state, tuple) else state)


def frames():
    return {"frames": torch.randn(2, LENGTH, 12)}


def words():
    return {"words": torch.randint(0, WORDS, (2, LENGTH))}


def networks():
    found = {}
    for cell in CELLS:
        found[cell] = lambda cell=cell: (Tagger(cell), words())
        found[cell + "-stacked"] = lambda cell=cell: (Tagger(cell, 3), words())
        found[cell + "-bidirectional"] = lambda cell=cell: (Tagger(cell, 1, True), words())
        found[cell + "-stacked-bidirectional"] = lambda cell=cell: (Tagger(cell, 2, True), words())
        found[cell + "-last-state"] = lambda cell=cell: (Classifier(cell, 2, True), frames())
        found[cell + "-packed"] = lambda cell=cell: (
            Packed(cell, 2, True), {**words(), "lengths": torch.tensor([9, 6])})
        found[cell + "-cells"] = lambda cell=cell: (Cells(cell), frames())
        for origin in ("computed", "learned", "input"):
            context = torch.randn(2, 2, 24) if origin == "input" else torch.randn(2, 7)
            found[f"{cell}-{origin}-state"] = lambda cell=cell, origin=origin, context=context: (
                Stateful(cell, origin), {**frames(), "context": context})
    found["lstm-time-first"] = lambda: (Tagger("lstm", 2, batch_first=False), words())
    found["seq2seq"] = lambda: (Seq2Seq(), {**words(), "target": torch.randint(0, WORDS, (2, 7))})
    found["speech"] = lambda: (Speech(), {"spectrogram": torch.randn(2, 1, 20, 18)})
    return found


def recurrent_names():
    return list(networks())


def recurrent_network(name):
    """Module, inputs by name, and whether the batch is open."""
    model, inputs = networks()[name]()
    return model, inputs, name != "lstm-time-first"
