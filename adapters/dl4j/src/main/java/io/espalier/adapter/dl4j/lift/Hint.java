package io.espalier.adapter.dl4j.lift;

import io.espalier.adapter.dl4j.config.ConfigNode;
import io.espalier.adapter.dl4j.config.Network;
import io.espalier.adapter.dl4j.config.Step;
import io.espalier.adapter.dl4j.lift.Signal.Form;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the readers of a value give away about it. A saved network does not say what its inputs look like, its layers do.
 *
 * @param form the form of the value, where it is known
 * @param channels its number of channels, where it is known
 */
record Hint(Optional<Form> form, Optional<Long> channels) {

    private static final Hint NONE = new Hint(Optional.empty(), Optional.empty());

    private static final Map<String, Form> READS = new HashMap<>();
    private static final Map<String, Form> KEEPS = new HashMap<>();

    static {
        for (String type : new String[] {
            "DenseLayer",
            "OutputLayer",
            "AutoEncoder",
            "CenterLossOutputLayer",
            "VariationalAutoencoder",
            "ElementWiseMultiplicationLayer",
            "RepeatVector"
        }) {
            READS.put(type, Form.FEED_FORWARD);
        }
        for (String type : new String[] {
            "ConvolutionLayer", "Convolution2D", "Deconvolution2D", "DepthwiseConvolution2D", "SeparableConvolution2D"
        }) {
            READS.put(type, Form.IMAGE);
        }
        for (String type : new String[] {
            "Convolution1DLayer",
            "Convolution1D",
            "LSTM",
            "GravesLSTM",
            "SimpleRnn",
            "Bidirectional",
            "GravesBidirectionalLSTM",
            "RnnOutputLayer",
            "SelfAttentionLayer",
            "LearnedSelfAttentionLayer",
            "RecurrentAttentionLayer"
        }) {
            READS.put(type, Form.RECURRENT);
        }
        READS.put("Convolution3D", Form.VOLUME);
        READS.put("Deconvolution3D", Form.VOLUME);
        READS.put("EmbeddingLayer", Form.INDEX);
        READS.put("EmbeddingSequenceLayer", Form.INDEX_OVER_TIME);
        for (String type : new String[] {
            "SubsamplingLayer",
            "Upsampling2D",
            "ZeroPaddingLayer",
            "Cropping2D",
            "LocalResponseNormalization",
            "PoolHelperVertex",
            "CnnLossLayer"
        }) {
            KEEPS.put(type, Form.IMAGE);
        }
        for (String type : new String[] {
            "Subsampling1DLayer",
            "Upsampling1D",
            "ZeroPadding1DLayer",
            "Cropping1D",
            "ReverseTimeSeriesVertex",
            "LastTimeStepVertex",
            "RnnLossLayer"
        }) {
            KEEPS.put(type, Form.RECURRENT);
        }
        for (String type : new String[] {"Subsampling3DLayer", "Upsampling3D", "ZeroPadding3DLayer", "Cropping3D"}) {
            KEEPS.put(type, Form.VOLUME);
        }
    }

    /** Asks the readers of a value, and the readers of what they make as long as they keep its channels. */
    static Hint of(Network network, String value) {
        Hint known = NONE;
        for (Step step : network.steps()) {
            if (step.inputs().contains(value)) {
                known = known.or(reader(network, step));
            }
        }
        return known;
    }

    private Hint or(Hint other) {
        return new Hint(form.or(other::form), channels.or(other::channels));
    }

    private static Hint reader(Network network, Step step) {
        if (step.preProcessor().isPresent()) {
            return preProcessor(network, step, step.preProcessor().get());
        }
        return step.isLayer() ? layer(network, step, step.node()) : vertex(network, step);
    }

    private static Hint preProcessor(Network network, Step step, ConfigNode node) {
        Optional<Long> channels =
                Optional.of(node.json().path("numChannels").asLong(0)).filter(count -> count > 0);
        return switch (node.type()) {
            case "CnnToFeedForwardPreProcessor" -> new Hint(Optional.of(Form.IMAGE), channels);
            case "Cnn3DToFeedForwardPreProcessor" -> new Hint(Optional.of(Form.VOLUME), channels);
            case "FeedForwardToCnnPreProcessor", "FeedForwardToCnn3DPreProcessor" ->
                new Hint(
                        Optional.of(Form.FEED_FORWARD),
                        channels.map(count -> count
                                * node.json().path("inputDepth").asLong(1)
                                * node.json().path("inputHeight").asLong(1)
                                * node.json().path("inputWidth").asLong(1)));
            case "RnnToFeedForwardPreProcessor" ->
                new Hint(
                        Optional.of(Form.RECURRENT),
                        layer(network, step, step.node()).channels());
            default -> NONE;
        };
    }

    private static Hint layer(Network network, Step step, ConfigNode node) {
        Form reads = READS.get(node.type());
        if (reads != null) {
            return new Hint(
                    Optional.of(reads), nin(node).or(() -> node.child("fwd").flatMap(Hint::nin)));
        }
        if (node.type().equals("TimeDistributed")) {
            Optional<Long> width = node.child("underlying").flatMap(Hint::nin);
            return new Hint(Optional.of(Form.RECURRENT), width);
        }
        for (String inner : new String[] {"underlying", "layer"}) {
            if (node.child(inner).isPresent()) {
                return layer(network, step, node.require(inner));
            }
        }
        Hint behind = of(network, step.name());
        if (node.type().equals("GlobalPoolingLayer")) {
            Optional<Form> form = node.integers("poolingDimensions")
                    .map(axes -> axes.size() == 1 ? Form.RECURRENT : axes.size() == 2 ? Form.IMAGE : Form.VOLUME);
            return new Hint(form.or(() -> Optional.of(Form.RECURRENT)), behind.channels());
        }
        Optional<Form> keeps = Optional.ofNullable(KEEPS.get(node.type()));
        Optional<Long> width = node.type().equals("BatchNormalization")
                ? Optional.of(node.json().path("nout").asLong(0)).filter(count -> count > 0)
                : Optional.empty();
        return new Hint(keeps.or(behind::form), width.or(behind::channels));
    }

    private static Optional<Long> nin(ConfigNode node) {
        return Optional.of(node.json().path("nin").asLong(0)).filter(count -> count > 0);
    }

    private static Hint vertex(Network network, Step step) {
        Hint behind = of(network, step.name());
        Optional<Form> keeps = Optional.ofNullable(KEEPS.get(step.node().type()));
        return switch (step.node().type()) {
            case "MergeVertex", "SubsetVertex" -> new Hint(behind.form(), Optional.empty());
            case "PreprocessorVertex" ->
                step.node()
                        .child("preProcessor")
                        .map(node -> preProcessor(network, step, node))
                        .orElse(NONE);
            default -> new Hint(keeps.or(behind::form), behind.channels());
        };
    }
}
