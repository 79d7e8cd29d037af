"""A network of another family that begins as a trained U-Net.

The others have all layers of a U-Net, and their own ones change nothing before they have learned.

    python -m benchmarks.warm_start pretrained/unet_small.h5 attention begun.h5

Training goes on from the file with `--init begun.h5`.
"""

from __future__ import annotations

import sys

from enhanced_models import create_model
from wire_detection.networks.model_files import load_keras_model, save_model


def main() -> None:
    source, family, place = sys.argv[1:]
    trained, begun = load_keras_model(source), create_model(family, (None, None, 3))
    for layer in trained.layers:
        begun.get_layer(layer.name).set_weights(layer.get_weights())
    save_model(begun, place)
    print(f"wrote {place}: {trained.count_params()} of its {begun.count_params()} weights are those of {source}")


if __name__ == "__main__":
    main()
