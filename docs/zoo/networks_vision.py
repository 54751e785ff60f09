"""Networks of torchvision and timm: how each is built, with seeded random weights, and what it is fed."""

import json
from pathlib import Path

import torch
from torch import nn

DETECTORS = ("rcnn", "retinanet", "fcos", "ssd")
SEGMENTERS = ("deeplab", "fcn_", "lraspp")
CLIPS = ("r3d", "mc3", "r2plus1d", "s3d", "mvit", "swin3d")
IMAGE_SIZES = {"inception_v3": 299, "ssd300_vgg16": 300, "ssdlite320_mobilenet_v3_large": 320}


class Detector(nn.Module):
    """Takes one image as a tensor and returns the detections as a tuple."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, image):
        return tuple(self.model([image])[0].values())


class Segmenter(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, image):
        return self.model(image)["out"]


class Flow(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, first, second):
        return self.model(first, second, num_flow_updates=2)[-1]


def torchvision_names():
    from torchvision import models

    return [name for name in models.list_models() if "quantized" not in name]


def torchvision_network(name):
    """Module, inputs by name, and whether the batch is open."""
    from torchvision import models

    options = {"weights": None}
    if any(part in name for part in DETECTORS + SEGMENTERS):
        options["weights_backbone"] = None
    if name in ("googlenet", "inception_v3"):
        options.update(aux_logits=False, init_weights=False)
    model = models.get_model(name, **options)
    if any(part in name for part in DETECTORS):
        size = IMAGE_SIZES.get(name, 320)
        return Detector(model), {"image": torch.rand(3, size, size)}, False
    if any(part in name for part in SEGMENTERS):
        return Segmenter(model), {"image": torch.rand(2, 3, 128, 128)}, True
    if name.startswith("raft"):
        return Flow(model), {"first": torch.rand(2, 3, 128, 128), "second": torch.rand(2, 3, 128, 128)}, False
    if name.startswith(CLIPS):
        frames, size = (16, 224) if "mvit" in name or "swin" in name else (16, 64)
        frames, size = (16, 224) if name == "s3d" else (frames, size)
        return model, {"clip": torch.rand(2, 3, frames, size, size)}, True
    size = IMAGE_SIZES.get(name, 224)
    return model, {"image": torch.rand(2, 3, size, size)}, True


def timm_families():
    return json.loads((Path(__file__).parent / "timm_families.json").read_text())


def timm_names():
    return list(timm_families())


def timm_network(family):
    import timm

    name, _, shape = timm_families()[family]
    return timm.create_model(name, pretrained=False), {"image": torch.rand(2, *shape)}, True
