package io.espalier.testkit.model;

import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.LanguageNetworks.DecoderSize;
import io.espalier.testkit.model.PixelNetworks.Shuffle;
import io.espalier.testkit.model.PixelNetworks.Up;
import io.espalier.testkit.model.RecurrentNetworks.Cell;
import io.espalier.testkit.model.RecurrentNetworks.Form;
import io.espalier.testkit.model.RecurrentNetworks.InitialState;
import io.espalier.testkit.model.VisionTransformers.Size;
import io.espalier.testkit.model.VisionTransformers.Unpack;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;

/** Every network of this package, small enough to run in a moment. */
public final class Networks {

    private Networks() {}

    /** Small networks by name; each is built from a seed. Integer inputs are indices below 50. */
    public static Map<String, LongFunction<Graph>> small() {
        Map<String, LongFunction<Graph>> networks = new LinkedHashMap<>();
        networks.put("resnet18", seed -> ResidualNetworks.resnet18(seed, Scale.SMALL));
        networks.put("resnet50", seed -> ResidualNetworks.resnet50(seed, Scale.SMALL));
        networks.put("resnext50", seed -> ResidualNetworks.resnext50(seed, Scale.SMALL));
        networks.put("vgg11", seed -> ClassicNetworks.vgg11(seed, new Scale(0.125, 64, 10)));
        networks.put("densenet", ClassicNetworks::densenetSmall);
        networks.put("squeeze-excite", seed -> ClassicNetworks.squeezeExcite(seed, Scale.SMALL));
        networks.put("mobilenet-v2", seed -> MobileNetworks.mobilenetV2(seed, new Scale(0.25, 32, 10)));
        networks.put("shufflenet-v2", seed -> MobileNetworks.shufflenetV2(seed, new Scale(0.25, 64, 10)));
        for (Up up : Up.values()) {
            networks.put("unet-" + kebab(up), seed -> PixelNetworks.unet(seed, up, 8, 16));
        }
        for (Shuffle shuffle : Shuffle.values()) {
            networks.put(
                    "super-resolution-" + kebab(shuffle), seed -> PixelNetworks.superResolution(seed, shuffle, 8, 8));
        }
        for (Unpack unpack : Unpack.values()) {
            networks.put("vit-" + kebab(unpack), seed -> VisionTransformers.vit(seed, Size.SMALL, unpack));
        }
        networks.put("swin", seed -> VisionTransformers.swin(seed, new Size(32, 4, 24, 3, 48, 2, 10), 4));
        networks.put("llama", seed -> LanguageNetworks.llama(seed, DecoderSize.SMALL));
        networks.put("tied-embedding", seed -> LanguageNetworks.tiedEmbedding(seed, 50, 16));
        for (Cell cell : Cell.values()) {
            recurrent(networks, new Form(cell, 1, false, InitialState.ABSENT));
            recurrent(networks, new Form(cell, 1, true, InitialState.LEARNED));
            recurrent(networks, new Form(cell, 2, false, InitialState.CONSTANT));
            recurrent(networks, new Form(cell, 2, true, InitialState.ZEROS_OF_SHAPE));
        }
        return networks;
    }

    private static void recurrent(Map<String, LongFunction<Graph>> networks, Form form) {
        String name = kebab(form.cell())
                + (form.bidirectional() ? "-bidirectional" : "")
                + (form.layers() == 1 ? "" : "-" + form.layers() + "-layers");
        networks.put(name, seed -> RecurrentNetworks.build(seed, form, 6, 8, 5));
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
