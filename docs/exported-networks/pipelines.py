"""Networks between the operators of classical machine learning, as its converters write them, with seeded weights.

pipelines.py OUTPUT_FOLDER
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

rng = np.random.default_rng(7)


def f(n, *s):
    return nh.from_array(rng.normal(0, 0.4, s).astype(np.float32), n)


def strs(n, vals, dims=None):
    return h.make_tensor(n, T.STRING, dims if dims is not None else [len(vals)], [v.encode() for v in vals])


ML = "ai.onnx.ml"


def ml(op, i, o, **k):
    return h.make_node(op, i, o, domain=ML, **k)


n = h.make_node


def save(name, nodes, ins, outs, inits, ml_v=3, op=17):
    g = h.make_graph(nodes, "g", ins, outs, inits)
    m = h.make_model(g, opset_imports=[h.make_opsetid("", op), h.make_opsetid(ML, ml_v)], ir_version=8)
    onnx.checker.check_model(m)
    onnx.save(m, sys.argv[1] + "/" + name + ".onnx")


X = h.make_tensor_value_info("X", T.FLOAT, ["N", 8])


def vi(n, t, s):
    return h.make_tensor_value_info(n, t, s)


def seqmap(n, k):
    return h.make_value_info(
        n, h.make_sequence_type_proto(h.make_map_type_proto(k, h.make_tensor_type_proto(T.FLOAT, [])))
    )


def mlp(x, out, k=3, pre=""):
    return [
        n("Gemm", [x, pre + "w1", pre + "b1"], [pre + "h1"]),
        n("Relu", [pre + "h1"], [pre + "a1"]),
        n("Gemm", [pre + "a1", pre + "w2", pre + "b2"], [pre + "h2"]),
        n("Relu", [pre + "h2"], [pre + "a2"]),
        n("Gemm", [pre + "a2", pre + "w3", pre + "b3"], [out]),
    ]


def par(inp=8, k=3, pre=""):
    return [
        f(pre + "w1", inp, 24),
        f(pre + "b1", 24),
        f(pre + "w2", 24, 12),
        f(pre + "b2", 12),
        f(pre + "w3", 12, k),
        f(pre + "b3", k),
    ]


sc = dict(offset=[0.1 * i for i in range(8)], scale=[1 + 0.1 * i for i in range(8)])
# binary classifier, int labels
save(
    "binary-int",
    [ml("Scaler", ["X"], ["s"], **sc)]
    + mlp("s", "z", 1)
    + [
        n("Sigmoid", ["z"], ["p"]),
        n("Sub", ["one", "p"], ["q"]),
        n("Concat", ["q", "p"], ["pr"], axis=1),
        n("ArgMax", ["pr"], ["am"], axis=1, keepdims=1),
        ml("ArrayFeatureExtractor", ["classes", "am"], ["af"]),
        n("Cast", ["af"], ["c"], to=T.INT64),
        n("Reshape", ["c", "m1"], ["label"]),
        ml("ZipMap", ["pr"], ["prob"], classlabels_int64s=[0, 1]),
    ],
    [X],
    [vi("label", T.INT64, ["N"]), seqmap("prob", T.INT64)],
    par(k=1)
    + [
        nh.from_array(np.array([0, 1], np.int32), "classes"),
        nh.from_array(np.array([-1], np.int64), "m1"),
        nh.from_array(np.array(1, np.float32), "one"),
    ],
)
# label encoder v1 int->string
tail = [n("ArgMax", ["z"], ["am"], axis=1, keepdims=0)]
save(
    "le1",
    mlp("X", "z") + tail + [ml("LabelEncoder", ["am"], ["label"], classes_strings=["a", "b", "c"], default_string="?")],
    [X],
    [vi("label", T.STRING, ["N"]), vi("z", T.FLOAT, ["N", 3])],
    par(),
    1,
    9,
)
save(
    "le2",
    mlp("X", "z")
    + tail
    + [
        ml("LabelEncoder", ["am"], ["label"], keys_int64s=[0, 1, 2], values_strings=["a", "b", "c"], default_string="?")
    ],
    [X],
    [vi("label", T.STRING, ["N"]), vi("z", T.FLOAT, ["N", 3])],
    par(),
    2,
    13,
)
save(
    "le4",
    mlp("X", "z")
    + tail
    + [
        ml(
            "LabelEncoder",
            ["am"],
            ["label"],
            keys_tensor=nh.from_array(np.array([0, 1, 2], np.int64)),
            values_tensor=strs("", ["a", "b", "c"]),
            default_tensor=strs("", ["?"]),
        )
    ],
    [X],
    [vi("label", T.STRING, ["N"]), vi("z", T.FLOAT, ["N", 3])],
    par(),
    4,
    18,
)
# constant node strings + gather
save(
    "const-node",
    mlp("X", "z")
    + tail
    + [n("Constant", [], ["cl"], value=strs("", ["a", "b", "c"])), n("Gather", ["cl", "am"], ["label"], axis=0)],
    [X],
    [vi("label", T.STRING, ["N"]), vi("z", T.FLOAT, ["N", 3])],
    par(),
)
save(
    "const-strings",
    mlp("X", "z")
    + tail
    + [n("Constant", [], ["cl"], value_strings=["a", "b", "c"]), n("Gather", ["cl", "am"], ["label"], axis=0)],
    [X],
    [vi("label", T.STRING, ["N"])],
    par(),
)
save(
    "scalar-where",
    mlp("X", "z")
    + [
        n("ReduceMax", ["z"], ["mx"], axes=[1], keepdims=0),
        n("Greater", ["mx", "thr"], ["c"]),
        n("Where", ["c", "yes", "no"], ["label"]),
    ],
    [X],
    [vi("label", T.STRING, ["N"]), vi("z", T.FLOAT, ["N", 3])],
    par() + [strs("yes", ["ja"], []), strs("no", ["nein"], []), nh.from_array(np.array(0.1, np.float32), "thr")],
)
save(
    "two-d",
    mlp("X", "z") + tail + [n("Gather", ["tab", "am"], ["label"], axis=0)],
    [X],
    [vi("label", T.STRING, ["N", 2]), vi("z", T.FLOAT, ["N", 3])],
    par() + [strs("tab", ["a", "A", "b", "B", "c", "Ü"], [3, 2])],
)
save(
    "unused-graph-out",
    mlp("X", "z"),
    [X],
    [vi("z", T.FLOAT, ["N", 3]), vi("names", T.STRING, [3])],
    par() + [strs("names", ["a", "b", "c"])],
)
save(
    "cast-string",
    mlp("X", "z") + tail + [n("Cast", ["am"], ["label"], to=T.STRING)],
    [X],
    [vi("label", T.STRING, ["N"])],
    par(),
)
# one-hot + impute
C = vi("C", T.INT64, ["N", 1])
save(
    "onehot",
    [
        ml("Imputer", ["X"], ["im"], imputed_value_floats=[0.5] * 8, replaced_value_float=float("nan")),
        ml("Scaler", ["im"], ["s"], **sc),
        ml("OneHotEncoder", ["C"], ["oh"], cats_int64s=[0, 1, 2, 3], zeros=1),
        n("Reshape", ["oh", "shp"], ["oh2"]),
        n("Concat", ["s", "oh2"], ["cat"], axis=1),
    ]
    + mlp("cat", "z"),
    [X, C],
    [vi("z", T.FLOAT, ["N", 3])],
    par(12) + [nh.from_array(np.array([-1, 4], np.int64), "shp")],
)
save(
    "fv",
    [
        ml("Binarizer", ["X"], ["bi"], threshold=0.2),
        ml("Normalizer", ["X"], ["no"], norm="L1"),
        ml("FeatureVectorizer", ["bi", "no"], ["fv"], inputdimensions=[8, 8]),
    ]
    + mlp("fv", "z"),
    [X],
    [vi("z", T.FLOAT, ["N", 3])],
    par(16),
)
save(
    "afe-cols",
    [
        ml("ArrayFeatureExtractor", ["X", "cols"], ["x1"]),
        ml("Scaler", ["x1"], ["s"], offset=[0.0] * 4, scale=[1.0, 2.0, 3.0, 4.0]),
    ]
    + mlp("s", "z"),
    [X],
    [vi("z", T.FLOAT, ["N", 3])],
    par(4) + [nh.from_array(np.array([[0, 2, 4, 6]], np.int64), "cols")],
)
# scaler between layers, double input
XD = vi("X", T.DOUBLE, ["N", 8])
save(
    "scaler-mid",
    [
        ml("Scaler", ["X"], ["s"], **sc),
        n("Gemm", ["s", "w1", "b1"], ["h1"]),
        ml("Scaler", ["h1"], ["hs"], offset=list(rng.normal(size=24)), scale=list(1 + rng.random(24))),
        n("Relu", ["hs"], ["a1"]),
        n("Gemm", ["a1", "w2", "b2"], ["h2"]),
        n("Relu", ["h2"], ["a2"]),
        n("Gemm", ["a2", "w3", "b3"], ["z"]),
    ],
    [XD],
    [vi("z", T.FLOAT, ["N", 3])],
    par(),
)


# trees
def tree(kind, extra):
    k = dict(
        nodes_treeids=[0, 0, 0],
        nodes_nodeids=[0, 1, 2],
        nodes_featureids=[0, 0, 0],
        nodes_values=[0.0, 0.0, 0.0],
        nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"],
        nodes_truenodeids=[1, 0, 0],
        nodes_falsenodeids=[2, 0, 0],
        nodes_missing_value_tracks_true=[0, 0, 0],
        nodes_hitrates=[1.0, 1.0, 1.0],
    )
    k.update(extra)
    return k


save(
    "tree-reg",
    [
        ml(
            "TreeEnsembleRegressor",
            ["X"],
            ["t"],
            **tree(
                "r",
                dict(
                    n_targets=2,
                    target_treeids=[0, 0],
                    target_nodeids=[1, 2],
                    target_ids=[0, 1],
                    target_weights=[1.0, 2.0],
                ),
            )
        ),
        n("Concat", ["X", "t"], ["cat"], axis=1),
    ]
    + mlp("cat", "z"),
    [X],
    [vi("z", T.FLOAT, ["N", 3])],
    par(10),
)
save(
    "tree-cls-after",
    mlp("X", "z")
    + [
        ml(
            "TreeEnsembleClassifier",
            ["z"],
            ["label", "score"],
            **tree(
                "c",
                dict(
                    classlabels_strings=["p", "q"],
                    class_treeids=[0, 0],
                    class_nodeids=[1, 2],
                    class_ids=[0, 1],
                    class_weights=[1.0, 1.0],
                ),
            )
        )
    ],
    [X],
    [vi("label", T.STRING, ["N"]), vi("score", T.FLOAT, ["N", 2])],
    par(),
)
save(
    "linreg",
    mlp("X", "z")
    + [
        ml(
            "LinearRegressor",
            ["z"],
            ["y"],
            coefficients=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
            intercepts=[0.1, 0.2],
            targets=2,
        )
    ],
    [X],
    [vi("y", T.FLOAT, ["N", 2])],
    par(),
)
save(
    "lincls",
    mlp("X", "z")
    + [
        ml(
            "LinearClassifier",
            ["z"],
            ["label", "s"],
            coefficients=[0.1, 0.2, 0.3, -0.4, 0.5, 0.6, 0.1, 0.3, -0.2],
            intercepts=[0.1, 0.2, 0.3],
            classlabels_strings=["a", "b", "c"],
            post_transform="SOFTMAX",
        ),
        ml("ZipMap", ["s"], ["prob"], classlabels_strings=["a", "b", "c"]),
    ],
    [X],
    [vi("label", T.STRING, ["N"]), seqmap("prob", T.STRING)],
    par(),
)
save(
    "linbin",
    mlp("X", "z")
    + [
        ml(
            "LinearClassifier",
            ["z"],
            ["label", "s"],
            coefficients=[0.1, 0.2, 0.3],
            intercepts=[0.1],
            classlabels_ints=[0, 1],
            post_transform="LOGISTIC",
        )
    ],
    [X],
    [vi("label", T.INT64, ["N"]), vi("s", T.FLOAT, ["N", 2])],
    par(),
)
save(
    "svmreg",
    mlp("X", "z")
    + [
        ml(
            "SVMRegressor",
            ["z"],
            ["y"],
            coefficients=[0.5, -0.5],
            kernel_type="RBF",
            kernel_params=[0.3, 0.0, 3.0],
            n_supports=2,
            rho=[0.1],
            support_vectors=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
        )
    ],
    [X],
    [vi("y", T.FLOAT, ["N", 1])],
    par(),
)
save(
    "seq",
    mlp("X", "z") + [n("SplitToSequence", ["z"], ["y"], axis=1)],
    [X],
    [h.make_tensor_sequence_value_info("y", T.FLOAT, None)],
    par(),
)
save(
    "le-float",
    [
        ml("LabelEncoder", ["C"], ["e"], keys_int64s=[0, 1, 2], values_floats=[0.1, 0.5, 0.7]),
        n("Concat", ["X", "e"], ["cat"], axis=1),
    ]
    + mlp("cat", "z"),
    [X, C],
    [vi("z", T.FLOAT, ["N", 3])],
    par(9),
)
S = vi("S", T.STRING, ["N", 1])
save(
    "string-in-onehot",
    [
        ml("OneHotEncoder", ["S"], ["oh"], cats_strings=["a", "b", "c", "d"], zeros=1),
        n("Reshape", ["oh", "shp"], ["oh2"]),
        n("Concat", ["X", "oh2"], ["cat"], axis=1),
    ]
    + mlp("cat", "z"),
    [X, S],
    [vi("z", T.FLOAT, ["N", 3])],
    par(12) + [nh.from_array(np.array([-1, 4], np.int64), "shp")],
)
save(
    "string-in-le",
    [
        ml("LabelEncoder", ["S"], ["le"], keys_strings=["a", "b", "c", "d"], values_floats=[0.0, 1.0, 2.0, 3.0]),
        n("Concat", ["X", "le"], ["cat"], axis=1),
    ]
    + mlp("cat", "z"),
    [X, S],
    [vi("z", T.FLOAT, ["N", 3])],
    par(9),
)
W = vi("W", T.STRING, ["T"])
save(
    "text-lookup",
    [
        ml(
            "LabelEncoder", ["W"], ["ids"], keys_strings=["the", "cat", "sat"], values_int64s=[1, 2, 3], default_int64=0
        ),
        n("Gather", ["emb", "ids"], ["e"]),
        n("ReduceMean", ["e"], ["m"], axes=[0], keepdims=1),
    ]
    + mlp("m", "z"),
    [W],
    [vi("z", T.FLOAT, [1, 3])],
    par(8) + [f("emb", 4, 8)],
)
save(
    "if-text",
    mlp("X", "z")
    + [
        n("ReduceMax", ["z"], ["mx"], keepdims=0),
        n("Greater", ["mx", "thr"], ["c"]),
        n(
            "If",
            ["c"],
            ["label"],
            then_branch=h.make_graph([n("Identity", ["yes"], ["ty"])], "t", [], [vi("ty", T.STRING, [])]),
            else_branch=h.make_graph([], "e", [], [vi("en", T.STRING, [])], [strs("en", ["no"], [])]),
        ),
    ],
    [X],
    [vi("label", T.STRING, []), vi("z", T.FLOAT, ["N", 3])],
    par() + [strs("yes", ["ja"], []), nh.from_array(np.array(0.1, np.float32), "thr")],
)
D = vi("D", T.STRING, [1, "T"])
save(
    "tfidf",
    [
        n("StringNormalizer", ["D"], ["sn"], is_case_sensitive=1, stopwords=["a"]),
        n(
            "TfIdfVectorizer",
            ["sn"],
            ["t"],
            max_gram_length=1,
            min_gram_length=1,
            max_skip_count=0,
            mode="TF",
            ngram_counts=[0],
            ngram_indexes=[0, 1, 2, 3],
            pool_strings=["the", "cat", "sat", "mat"],
        ),
    ]
    + mlp("t", "z"),
    [D],
    [vi("z", T.FLOAT, [1, 3])],
    par(4),
)
save(
    "string-ops",
    [
        n("StringConcat", ["S", "bang"], ["sc"]),
        n("RegexFullMatch", ["sc"], ["re"], pattern="yes.*"),
        n("Cast", ["re"], ["rf"], to=T.FLOAT),
        n("StringSplit", ["S"], ["sp", "ct"], delimiter="e"),
        n("Cast", ["ct"], ["cf"], to=T.FLOAT),
        n("Concat", ["X", "rf", "cf"], ["cat"], axis=1),
    ]
    + mlp("cat", "z"),
    [X, S],
    [vi("z", T.FLOAT, ["N", 3])],
    par(10) + [strs("bang", ["!"])],
    3,
    20,
)
save(
    "equal-text",
    [
        n("Equal", ["S", "male"], ["eq"]),
        n("Cast", ["eq"], ["ef"], to=T.FLOAT),
        n("Concat", ["X", "ef"], ["cat"], axis=1),
    ]
    + mlp("cat", "z"),
    [X, S],
    [vi("z", T.FLOAT, ["N", 3])],
    par(9) + [strs("male", ["male"])],
    3,
    19,
)
save(
    "echo-text",
    mlp("X", "z") + [n("Identity", ["S"], ["who"])],
    [X, S],
    [vi("z", T.FLOAT, ["N", 3]), vi("who", T.STRING, ["N", 1])],
    par(),
)
