"""A network of one family that begins with the layers it shares with a trained one of another.

    python -m benchmarks.warm_start pretrained/unet_small.h5 attention begun.h5

Layers are shared that have the same name and the same shapes: of U-Net and attention network all but what lies between
encoder and decoder, and the gates of the skips. Training goes on from the file with `--init begun.h5`.
"""

from __future__ import annotations

import sys

from enhanced_models import create_model
from wire_detection.networks.model_files import load_keras_model, save_model


def main() -> None:
    source, family, place = sys.argv[1:]
    trained, begun = load_keras_model(source), create_model(family, (None, None, 3))
    known = {layer.name: layer for layer in trained.layers}
    shared = 0
    for layer in begun.layers:
        weights = known[layer.name].get_weights() if layer.name in known else []
        if weights and [w.shape for w in weights] == [tuple(w.shape) for w in layer.weights]:
            layer.set_weights(weights)
            shared += layer.count_params()
    save_model(begun, place)
    print(f"wrote {place}: {shared} of its {begun.count_params()} weights are those of {source}")


if __name__ == "__main__":
    main()
