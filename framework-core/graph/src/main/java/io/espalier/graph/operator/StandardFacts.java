package io.espalier.graph.operator;

import static io.espalier.spi.operator.SlotRole.AXES;
import static io.espalier.spi.operator.SlotRole.BIAS;
import static io.espalier.spi.operator.SlotRole.CONDITION;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.INDICES;
import static io.espalier.spi.operator.SlotRole.POSITIONS;
import static io.espalier.spi.operator.SlotRole.QUANTISATION_SCALE;
import static io.espalier.spi.operator.SlotRole.SCALE;
import static io.espalier.spi.operator.SlotRole.SETTING;
import static io.espalier.spi.operator.SlotRole.SHAPE;
import static io.espalier.spi.operator.SlotRole.SHIFT;
import static io.espalier.spi.operator.SlotRole.STATE;
import static io.espalier.spi.operator.SlotRole.STATISTIC;
import static io.espalier.spi.operator.SlotRole.TABLE;
import static io.espalier.spi.operator.SlotRole.WEIGHT;
import static io.espalier.spi.operator.SlotRole.ZERO_POINT;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.spi.operator.Trait;

/** Roles, traits and movements by operator. */
final class StandardFacts {

    private StandardFacts() {}

    static void describe(String operator, Builder builder) {
        switch (operator) {
            case "Conv", "com.microsoft.FusedConv", "ConvTranspose", "Gemm", "com.microsoft.FusedGemm" ->
                builder.roles(DATA, WEIGHT, BIAS);
            case "DeformConv" -> builder.roles(DATA, WEIGHT, DATA, BIAS);
            case "MatMul", "com.microsoft.FusedMatMul", "com.microsoft.TransposeMatMul" -> builder.roles(DATA, WEIGHT);
            case "com.microsoft.NhwcConv", "com.microsoft.NhwcFusedConv" -> builder.roles(DATA, WEIGHT, BIAS);
            case "ConvInteger", "MatMulInteger" -> builder.roles(DATA, WEIGHT, ZERO_POINT, ZERO_POINT);
            case "QLinearConv", "com.microsoft.QLinearConv" ->
                builder.roles(
                        DATA,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        WEIGHT,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        BIAS);
            case "QLinearMatMul" ->
                builder.roles(
                        DATA,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        WEIGHT,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        QUANTISATION_SCALE,
                        ZERO_POINT);
            case "com.microsoft.QGemm" ->
                builder.roles(
                        DATA,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        WEIGHT,
                        QUANTISATION_SCALE,
                        ZERO_POINT,
                        BIAS,
                        QUANTISATION_SCALE,
                        ZERO_POINT);
            case "com.microsoft.MatMulIntegerToFloat" ->
                builder.roles(DATA, WEIGHT, QUANTISATION_SCALE, QUANTISATION_SCALE, ZERO_POINT, ZERO_POINT, BIAS);
            case "com.microsoft.DynamicQuantizeMatMul" ->
                builder.roles(DATA, WEIGHT, QUANTISATION_SCALE, ZERO_POINT, BIAS);
            case "com.microsoft.MatMulNBits" ->
                builder.roles(DATA, WEIGHT, QUANTISATION_SCALE, ZERO_POINT, INDICES, BIAS);
            case "QuantizeLinear", "com.microsoft.QuantizeLinear" ->
                builder.roles(DATA, QUANTISATION_SCALE, ZERO_POINT).traits(Trait.QUANTISES);
            case "DequantizeLinear", "com.microsoft.DequantizeLinear" ->
                builder.roles(DATA, QUANTISATION_SCALE, ZERO_POINT).traits(Trait.DEQUANTISES);
            case "LSTM" ->
                builder.roles(DATA, WEIGHT, WEIGHT, BIAS, SHAPE, STATE, STATE, WEIGHT)
                        .traits(Trait.ORDERED);
            case "GRU", "RNN" ->
                builder.roles(DATA, WEIGHT, WEIGHT, BIAS, SHAPE, STATE).traits(Trait.ORDERED);
            case "com.microsoft.Attention" -> builder.roles(DATA, WEIGHT, BIAS, SHAPE, STATE);
            case "com.microsoft.MultiHeadAttention" -> builder.roles(DATA, DATA, DATA, BIAS, DATA, DATA, STATE, STATE);
            case "Attention" -> builder.roles(DATA, DATA, DATA, DATA, STATE, STATE);
            case "com.microsoft.GroupQueryAttention" -> builder.roles(DATA, DATA, DATA, STATE, STATE, SHAPE, SHAPE);
            case "RotaryEmbedding" -> builder.roles(DATA, TABLE, TABLE, INDICES);
            case "com.microsoft.RotaryEmbedding" -> builder.roles(DATA, INDICES, TABLE, TABLE);
            case "BatchNormalization" ->
                builder.roles(DATA, SCALE, SHIFT, STATISTIC, STATISTIC).traits(Trait.NORMALISES);
            case "InstanceNormalization", "GroupNormalization", "LayerNormalization" ->
                builder.roles(DATA, SCALE, SHIFT).traits(Trait.NORMALISES);
            case "RMSNormalization", "SimplifiedLayerNormalization", "com.microsoft.SimplifiedLayerNormalization" ->
                builder.roles(DATA, SCALE, SHIFT).traits(Trait.NORMALISES);
            case "com.microsoft.SkipLayerNormalization" -> builder.roles(DATA, DATA, SCALE, SHIFT, BIAS);
            case "com.microsoft.SkipSimplifiedLayerNormalization" -> builder.roles(DATA, DATA, SCALE, BIAS);
            case "com.microsoft.EmbedLayerNormalization" ->
                builder.roles(INDICES, INDICES, TABLE, TABLE, TABLE, SCALE, SHIFT, DATA, INDICES)
                        .indexes(0, 2)
                        .indexes(1, 4)
                        .indexes(8, 3);
            case "Clip" -> builder.roles(DATA, SETTING, SETTING).traits(Trait.ELEMENT_WISE);
            case "Dropout" -> builder.roles(DATA, SETTING, SETTING).traits(Trait.ELEMENT_WISE);
            case "com.microsoft.BiasGelu", "com.microsoft.FastGelu" ->
                builder.roles(DATA, BIAS).traits(Trait.ELEMENT_WISE);
            case "Identity" -> builder.traits(Trait.ELEMENT_WISE, Trait.IDENTITY);
            case "Cast" -> builder.traits(Trait.ELEMENT_WISE, Trait.CASTS);
            case "CastLike" -> builder.traits(Trait.ELEMENT_WISE, Trait.CASTS);
            case "Add" -> builder.traits(Trait.ELEMENT_WISE, Trait.ADDS);
            case "Sub" -> builder.traits(Trait.ELEMENT_WISE, Trait.SUBTRACTS);
            case "Mul" -> builder.traits(Trait.ELEMENT_WISE, Trait.MULTIPLIES);
            case "Div" -> builder.traits(Trait.ELEMENT_WISE, Trait.DIVIDES);
            case "Where" -> builder.roles(CONDITION).traits(Trait.ELEMENT_WISE, Trait.CHOOSES);
            case "Equal" -> builder.traits(Trait.ELEMENT_WISE, Trait.COMPARES);
            case "Greater", "GreaterOrEqual", "Less", "LessOrEqual" ->
                builder.traits(Trait.ELEMENT_WISE, Trait.COMPARES).decides(2);
            case "And", "Or", "Not", "Xor" -> builder.traits(Trait.ELEMENT_WISE, Trait.LOGICAL);
            case "Floor", "Ceil", "Round" -> builder.traits(Trait.ELEMENT_WISE).decides(1);
            case "Sigmoid", "HardSigmoid", "Tanh", "Erf" -> builder.traits(Trait.ELEMENT_WISE, Trait.BOUNDED);
            case "Softmax" -> builder.traits(Trait.BOUNDED);
            case "TopK" -> builder.roles(DATA, SHAPE).decides(2);
            case "NonMaxSuppression" ->
                builder.roles(DATA, DATA, SHAPE, SETTING, SETTING).decides(5);
            case "ArgMax", "ArgMin", "NonZero", "Unique" -> builder.decides(1);
            case "Multinomial", "Bernoulli" -> builder.traits(Trait.RANDOM).decides(1);
            case "RandomNormalLike", "RandomUniformLike" -> builder.traits(Trait.RANDOM);
            case "RandomNormal", "RandomUniform" -> builder.traits(Trait.RANDOM).moves(Movement.GENERATE);
            case "Shape", "Size" -> builder.traits(Trait.READS_EXTENTS).moves(Movement.GENERATE);
            case "HannWindow", "HammingWindow", "BlackmanWindow" ->
                builder.roles(SHAPE).moves(Movement.GENERATE);
            case "MelWeightMatrix" ->
                builder.roles(SHAPE, SHAPE, SETTING, SETTING, SETTING).moves(Movement.GENERATE);
            case "Reshape" -> builder.roles(DATA, SHAPE).moves(Movement.RESHAPE);
            case "Flatten" -> builder.moves(Movement.FLATTEN);
            case "Squeeze" -> builder.roles(DATA, AXES).moves(Movement.SQUEEZE);
            case "Unsqueeze" -> builder.roles(DATA, AXES).moves(Movement.UNSQUEEZE);
            case "Transpose" -> builder.moves(Movement.TRANSPOSE);
            case "Concat" -> builder.moves(Movement.CONCAT);
            case "Split" -> builder.roles(DATA, SHAPE).moves(Movement.SPLIT);
            case "Slice" ->
                builder.roles(DATA, POSITIONS, POSITIONS, AXES, POSITIONS).moves(Movement.SLICE);
            case "Pad" -> builder.roles(DATA, POSITIONS, SETTING, AXES).moves(Movement.PAD);
            case "Expand" -> builder.roles(DATA, SHAPE).moves(Movement.EXPAND);
            case "Tile" -> builder.roles(DATA, SHAPE).moves(Movement.TILE);
            case "ConstantOfShape" -> builder.roles(SHAPE).moves(Movement.FILL);
            case "Range" -> builder.roles(POSITIONS, POSITIONS, POSITIONS).moves(Movement.RANGE);
            case "Gather" ->
                builder.roles(TABLE, INDICES)
                        .indexes(1, 0)
                        .traits(Trait.LOOKS_UP)
                        .moves(Movement.GATHER);
            case "GatherElements" -> builder.roles(TABLE, INDICES).indexes(1, 0).traits(Trait.LOOKS_UP);
            case "GatherND" ->
                builder.roles(TABLE, INDICES).traits(Trait.LOOKS_UP).moves(Movement.GATHER_POSITIONS);
            case "Compress" -> builder.roles(DATA, CONDITION).traits(Trait.LOOKS_UP);
            case "ScatterElements" -> builder.roles(DATA, INDICES).indexes(1, 0);
            case "ScatterND" -> builder.roles(DATA, INDICES).moves(Movement.WRITE_POSITIONS);
            case "Resize" -> builder.roles(DATA, SHAPE, SHAPE, SHAPE).moves(Movement.RESIZE);
            case "Upsample" -> builder.roles(DATA, SHAPE);
            case "MaxUnpool" -> builder.roles(DATA, INDICES, SHAPE).moves(Movement.UNPOOL);
            case "OneHot" -> builder.roles(DATA, SHAPE, SETTING);
            case "CumSum", "CumProd" -> builder.roles(DATA, AXES).traits(Trait.ORDERED);
            case "ReverseSequence" -> builder.roles(DATA, SHAPE).traits(Trait.ORDERED);
            case "If" -> builder.roles(CONDITION).traits(Trait.BRANCHES);
            case "Loop" -> builder.roles(SHAPE, CONDITION);
            default -> reductionsAndOthers(operator, builder);
        }
    }

    private static void reductionsAndOthers(String operator, Builder builder) {
        if (operator.startsWith("Reduce")) {
            builder.roles(DATA, AXES);
        }
    }
}
