"""Graph networks written plainly: neighbours by a dense adjacency, by lists of edges, or found while the network runs."""

import torch
from torch import nn
from torch.nn import functional as F

NODES, EDGES, FEATURES, CLASSES = 17, 40, 12, 5


class DenseGcn(nn.Module):
    """Kipf and Welling: a normalised adjacency times features times weights."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.classes = nn.Linear(FEATURES, 32), nn.Linear(32, 24), nn.Linear(24, CLASSES)

    def forward(self, nodes, adjacency):
        degree = adjacency.abs().sum(-1, keepdim=True).clamp(min=1).rsqrt()
        adjacency = adjacency * degree * degree.transpose(-1, -2)
        nodes = torch.relu(adjacency @ self.first(nodes))
        nodes = torch.relu(adjacency @ self.second(nodes))
        return self.classes(nodes)


class EdgeGcn(nn.Module):
    """The same with edges: what the source sends is gathered and added up at the target."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.classes = nn.Linear(FEATURES, 32), nn.Linear(32, 24), nn.Linear(24, CLASSES)

    @staticmethod
    def send(nodes, edges):
        sent = nodes[edges[0]]
        return torch.zeros_like(nodes).index_add(0, edges[1], sent)

    def forward(self, nodes, edges):
        nodes = torch.relu(self.send(self.first(nodes), edges))
        nodes = torch.relu(self.send(self.second(nodes), edges))
        return self.classes(nodes)


class Scattered(EdgeGcn):
    """With scatter_add and an index expanded over the features, as graph libraries do."""

    @staticmethod
    def send(nodes, edges):
        sent = nodes.index_select(0, edges[0])
        index = edges[1].unsqueeze(-1).expand_as(sent)
        return torch.zeros_like(nodes).scatter_add(0, index, sent)


class Sage(nn.Module):
    """GraphSAGE with the mean of the neighbours beside the node itself."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(2 * FEATURES, 32), nn.Linear(64, 24)
        self.classes = nn.Linear(24, CLASSES)

    @staticmethod
    def mean(nodes, edges):
        index = edges[1].unsqueeze(-1).expand(-1, nodes.shape[1])
        total = torch.zeros_like(nodes).scatter_add(0, index, nodes.index_select(0, edges[0]))
        count = torch.zeros(nodes.shape[0]).scatter_add(0, edges[1], torch.ones(edges.shape[1]))
        return total / count.clamp(min=1).unsqueeze(-1)

    def forward(self, nodes, edges):
        nodes = torch.relu(self.first(torch.cat([nodes, self.mean(nodes, edges)], -1)))
        nodes = torch.relu(self.second(torch.cat([nodes, self.mean(nodes, edges)], -1)))
        return self.classes(nodes)


class DenseGat(nn.Module):
    """Attention over neighbours, heads side by side in the first layer, averaged in the second."""

    def __init__(self, heads=4, size=6):
        super().__init__()
        self.heads, self.size = heads, size
        self.first, self.second = nn.Linear(FEATURES, heads * size), nn.Linear(heads * size, heads * 10)
        self.source = nn.ParameterList([nn.Parameter(torch.randn(heads, width) * 0.3) for width in (size, 10)])
        self.target = nn.ParameterList([nn.Parameter(torch.randn(heads, width) * 0.3) for width in (size, 10)])
        self.classes = nn.Linear(10, CLASSES)

    def attend(self, nodes, adjacency, layer):
        nodes = nodes.view(nodes.shape[0], NODES, self.heads, -1)
        source, target = (nodes * self.source[layer]).sum(-1), (nodes * self.target[layer]).sum(-1)
        scores = F.leaky_relu(source.unsqueeze(2) + target.unsqueeze(1), 0.2)
        scores = scores.masked_fill(adjacency.unsqueeze(-1) < 0.5, -1e4)
        return torch.einsum("bijh,bjhc->bihc", torch.softmax(scores, 2), nodes)

    def forward(self, nodes, adjacency):
        nodes = F.elu(self.attend(self.first(nodes), adjacency, 0).flatten(2))
        nodes = F.elu(self.attend(self.second(nodes), adjacency, 1).mean(2))
        return self.classes(nodes)


class EdgeGat(nn.Module):
    """Attention over edges: a softmax over the edges that meet at a node, with scatters."""

    def __init__(self, heads=4, size=6):
        super().__init__()
        self.heads, self.size = heads, size
        self.first = nn.Linear(FEATURES, heads * size)
        self.source = nn.Parameter(torch.randn(1, heads, size) * 0.3)
        self.target = nn.Parameter(torch.randn(1, heads, size) * 0.3)
        self.classes = nn.Linear(heads * size, CLASSES)

    def forward(self, nodes, edges):
        found = self.first(nodes).view(-1, self.heads, self.size)
        source, target = (found * self.source).sum(-1), (found * self.target).sum(-1)
        scores = torch.exp(F.leaky_relu(source[edges[0]] + target[edges[1]], 0.2))
        index = edges[1].unsqueeze(-1)
        total = torch.zeros(nodes.shape[0], self.heads).scatter_add(0, index.expand_as(scores), scores)
        weights = scores / total[edges[1]]
        sent = found[edges[0]] * weights.unsqueeze(-1)
        added = torch.zeros_like(found).scatter_add(0, index.unsqueeze(-1).expand_as(sent), sent)
        return self.classes(F.elu(added.flatten(1)))


class Dgcnn(nn.Module):
    """Dynamic graph CNN: the nearest points in the space of features, and a convolution over the edges to them."""

    def __init__(self, neighbours=5):
        super().__init__()
        self.neighbours = neighbours
        widths = [(6, 16), (32, 24), (48, 32)]
        self.layers = nn.ModuleList(
            [nn.Sequential(nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o), nn.LeakyReLU(0.2)) for i, o in widths])
        self.joined = nn.Sequential(nn.Conv1d(72, 40, 1, bias=False), nn.BatchNorm1d(40), nn.LeakyReLU(0.2))
        self.classes = nn.Sequential(nn.Linear(80, 28), nn.ReLU(), nn.Linear(28, CLASSES))

    def edges(self, points):
        inner = -2 * torch.matmul(points.transpose(2, 1), points)
        square = torch.sum(points**2, dim=1, keepdim=True)
        nearest = (-square - inner - square.transpose(2, 1)).topk(self.neighbours, -1)[1]
        batch, width, count = points.shape
        index = (nearest + torch.arange(batch).view(-1, 1, 1) * count).view(-1)
        points = points.transpose(2, 1).contiguous()
        found = points.view(batch * count, -1)[index].view(batch, count, self.neighbours, width)
        points = points.unsqueeze(2).expand(-1, -1, self.neighbours, -1)
        return torch.cat([found - points, points], 3).permute(0, 3, 1, 2).contiguous()

    def forward(self, points):
        found = []
        for layer in self.layers:
            points = layer(self.edges(points)).max(-1)[0]
            found.append(points)
        points = self.joined(torch.cat(found, 1))
        return self.classes(torch.cat([points.amax(2), points.mean(2)], 1))


def networks():
    dense = {"nodes": torch.randn(2, NODES, FEATURES), "adjacency": (torch.rand(2, NODES, NODES) > 0.7).float()}
    listed = {"nodes": torch.randn(NODES, FEATURES), "edges": torch.randint(0, NODES, (2, EDGES))}
    return {
        "gcn-dense": (DenseGcn, dense, True),
        "gcn-edges": (EdgeGcn, listed, False),
        "gcn-scatter": (Scattered, listed, False),
        "sage": (Sage, listed, False),
        "gat-dense": (DenseGat, dense, True),
        "gat-edges": (EdgeGat, listed, False),
        "dgcnn": (Dgcnn, {"points": torch.randn(2, 3, 19)}, True),
    }


def graph_names():
    return list(networks())


def graph_network(name):
    """Module, inputs by name, and whether the batch is open."""
    kind, inputs, batched = networks()[name]
    return kind(), inputs, batched
