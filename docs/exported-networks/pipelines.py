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


def weight(name, *shape):
    return nh.from_array(rng.normal(0, 0.4, shape).astype(np.float32), name)


def texts(n, vals, dims=None):
    return h.make_tensor(n, T.STRING, dims if dims is not None else [len(vals)], [v.encode() for v in vals])


ML = "ai.onnx.ml"


def learned(op, i, o, **k):
    return h.make_node(op, i, o, domain=ML, **k)


node = h.make_node


def save(name, nodes, ins, outs, inits, ml_v=3, op=17):
    g = h.make_graph(nodes, "g", ins, outs, inits)
    m = h.make_model(g, opset_imports=[h.make_opsetid("", op), h.make_opsetid(ML, ml_v)], ir_version=8)
    onnx.checker.check_model(m)
    onnx.save(m, sys.argv[1] + "/" + name + ".onnx")


X = h.make_tensor_value_info("X", T.FLOAT, ["N", 8])


def declared(n, t, s):
    return h.make_tensor_value_info(n, t, s)


def maps(n, k):
    return h.make_value_info(
        n, h.make_sequence_type_proto(h.make_map_type_proto(k, h.make_tensor_type_proto(T.FLOAT, [])))
    )


def network(x, out, k=3, pre=""):
    return [
        node("Gemm", [x, pre + "w1", pre + "b1"], [pre + "h1"]),
        node("Relu", [pre + "h1"], [pre + "a1"]),
        node("Gemm", [pre + "a1", pre + "w2", pre + "b2"], [pre + "h2"]),
        node("Relu", [pre + "h2"], [pre + "a2"]),
        node("Gemm", [pre + "a2", pre + "w3", pre + "b3"], [out]),
    ]


def parameters(inp=8, k=3, pre=""):
    return [
        weight(pre + "w1", inp, 24),
        weight(pre + "b1", 24),
        weight(pre + "w2", 24, 12),
        weight(pre + "b2", 12),
        weight(pre + "w3", 12, k),
        weight(pre + "b3", k),
    ]


sc = dict(offset=[0.1 * i for i in range(8)], scale=[1 + 0.1 * i for i in range(8)])
# binary classifier, int labels
save(
    "binary-int",
    [learned("Scaler", ["X"], ["s"], **sc)]
    + network("s", "z", 1)
    + [
        node("Sigmoid", ["z"], ["p"]),
        node("Sub", ["one", "p"], ["q"]),
        node("Concat", ["q", "p"], ["pr"], axis=1),
        node("ArgMax", ["pr"], ["am"], axis=1, keepdims=1),
        learned("ArrayFeatureExtractor", ["classes", "am"], ["af"]),
        node("Cast", ["af"], ["c"], to=T.INT64),
        node("Reshape", ["c", "m1"], ["label"]),
        learned("ZipMap", ["pr"], ["prob"], classlabels_int64s=[0, 1]),
    ],
    [X],
    [declared("label", T.INT64, ["N"]), maps("prob", T.INT64)],
    parameters(k=1)
    + [
        nh.from_array(np.array([0, 1], np.int32), "classes"),
        nh.from_array(np.array([-1], np.int64), "m1"),
        nh.from_array(np.array(1, np.float32), "one"),
    ],
)
# label encoder v1 int->string
tail = [node("ArgMax", ["z"], ["am"], axis=1, keepdims=0)]
save(
    "le1",
    network("X", "z")
    + tail
    + [learned("LabelEncoder", ["am"], ["label"], classes_strings=["a", "b", "c"], default_string="?")],
    [X],
    [declared("label", T.STRING, ["N"]), declared("z", T.FLOAT, ["N", 3])],
    parameters(),
    1,
    9,
)
save(
    "le2",
    network("X", "z")
    + tail
    + [
        learned(
            "LabelEncoder", ["am"], ["label"], keys_int64s=[0, 1, 2], values_strings=["a", "b", "c"], default_string="?"
        )
    ],
    [X],
    [declared("label", T.STRING, ["N"]), declared("z", T.FLOAT, ["N", 3])],
    parameters(),
    2,
    13,
)
save(
    "le4",
    network("X", "z")
    + tail
    + [
        learned(
            "LabelEncoder",
            ["am"],
            ["label"],
            keys_tensor=nh.from_array(np.array([0, 1, 2], np.int64)),
            values_tensor=texts("", ["a", "b", "c"]),
            default_tensor=texts("", ["?"]),
        )
    ],
    [X],
    [declared("label", T.STRING, ["N"]), declared("z", T.FLOAT, ["N", 3])],
    parameters(),
    4,
    18,
)
# constant node strings + gather
save(
    "const-node",
    network("X", "z")
    + tail
    + [node("Constant", [], ["cl"], value=texts("", ["a", "b", "c"])), node("Gather", ["cl", "am"], ["label"], axis=0)],
    [X],
    [declared("label", T.STRING, ["N"]), declared("z", T.FLOAT, ["N", 3])],
    parameters(),
)
save(
    "const-strings",
    network("X", "z")
    + tail
    + [node("Constant", [], ["cl"], value_strings=["a", "b", "c"]), node("Gather", ["cl", "am"], ["label"], axis=0)],
    [X],
    [declared("label", T.STRING, ["N"])],
    parameters(),
)
save(
    "scalar-where",
    network("X", "z")
    + [
        node("ReduceMax", ["z"], ["mx"], axes=[1], keepdims=0),
        node("Greater", ["mx", "thr"], ["c"]),
        node("Where", ["c", "yes", "no"], ["label"]),
    ],
    [X],
    [declared("label", T.STRING, ["N"]), declared("z", T.FLOAT, ["N", 3])],
    parameters()
    + [texts("yes", ["ja"], []), texts("no", ["nein"], []), nh.from_array(np.array(0.1, np.float32), "thr")],
)
save(
    "two-d",
    network("X", "z") + tail + [node("Gather", ["tab", "am"], ["label"], axis=0)],
    [X],
    [declared("label", T.STRING, ["N", 2]), declared("z", T.FLOAT, ["N", 3])],
    parameters() + [texts("tab", ["a", "A", "b", "B", "c", "Ü"], [3, 2])],
)
save(
    "unused-graph-out",
    network("X", "z"),
    [X],
    [declared("z", T.FLOAT, ["N", 3]), declared("names", T.STRING, [3])],
    parameters() + [texts("names", ["a", "b", "c"])],
)
save(
    "cast-string",
    network("X", "z") + tail + [node("Cast", ["am"], ["label"], to=T.STRING)],
    [X],
    [declared("label", T.STRING, ["N"])],
    parameters(),
)
# one-hot + impute
C = declared("C", T.INT64, ["N", 1])
save(
    "onehot",
    [
        learned("Imputer", ["X"], ["im"], imputed_value_floats=[0.5] * 8, replaced_value_float=float("nan")),
        learned("Scaler", ["im"], ["s"], **sc),
        learned("OneHotEncoder", ["C"], ["oh"], cats_int64s=[0, 1, 2, 3], zeros=1),
        node("Reshape", ["oh", "shp"], ["oh2"]),
        node("Concat", ["s", "oh2"], ["cat"], axis=1),
    ]
    + network("cat", "z"),
    [X, C],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(12) + [nh.from_array(np.array([-1, 4], np.int64), "shp")],
)
save(
    "fv",
    [
        learned("Binarizer", ["X"], ["bi"], threshold=0.2),
        learned("Normalizer", ["X"], ["no"], norm="L1"),
        learned("FeatureVectorizer", ["bi", "no"], ["fv"], inputdimensions=[8, 8]),
    ]
    + network("fv", "z"),
    [X],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(16),
)
save(
    "afe-cols",
    [
        learned("ArrayFeatureExtractor", ["X", "cols"], ["x1"]),
        learned("Scaler", ["x1"], ["s"], offset=[0.0] * 4, scale=[1.0, 2.0, 3.0, 4.0]),
    ]
    + network("s", "z"),
    [X],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(4) + [nh.from_array(np.array([[0, 2, 4, 6]], np.int64), "cols")],
)
# scaler between layers, double input
XD = declared("X", T.DOUBLE, ["N", 8])
save(
    "scaler-mid",
    [
        learned("Scaler", ["X"], ["s"], **sc),
        node("Gemm", ["s", "w1", "b1"], ["h1"]),
        learned("Scaler", ["h1"], ["hs"], offset=list(rng.normal(size=24)), scale=list(1 + rng.random(24))),
        node("Relu", ["hs"], ["a1"]),
        node("Gemm", ["a1", "w2", "b2"], ["h2"]),
        node("Relu", ["h2"], ["a2"]),
        node("Gemm", ["a2", "w3", "b3"], ["z"]),
    ],
    [XD],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(),
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
        learned(
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
        node("Concat", ["X", "t"], ["cat"], axis=1),
    ]
    + network("cat", "z"),
    [X],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(10),
)
save(
    "tree-cls-after",
    network("X", "z")
    + [
        learned(
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
    [declared("label", T.STRING, ["N"]), declared("score", T.FLOAT, ["N", 2])],
    parameters(),
)
save(
    "linreg",
    network("X", "z")
    + [
        learned(
            "LinearRegressor",
            ["z"],
            ["y"],
            coefficients=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
            intercepts=[0.1, 0.2],
            targets=2,
        )
    ],
    [X],
    [declared("y", T.FLOAT, ["N", 2])],
    parameters(),
)
save(
    "lincls",
    network("X", "z")
    + [
        learned(
            "LinearClassifier",
            ["z"],
            ["label", "s"],
            coefficients=[0.1, 0.2, 0.3, -0.4, 0.5, 0.6, 0.1, 0.3, -0.2],
            intercepts=[0.1, 0.2, 0.3],
            classlabels_strings=["a", "b", "c"],
            post_transform="SOFTMAX",
        ),
        learned("ZipMap", ["s"], ["prob"], classlabels_strings=["a", "b", "c"]),
    ],
    [X],
    [declared("label", T.STRING, ["N"]), maps("prob", T.STRING)],
    parameters(),
)
save(
    "linbin",
    network("X", "z")
    + [
        learned(
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
    [declared("label", T.INT64, ["N"]), declared("s", T.FLOAT, ["N", 2])],
    parameters(),
)
save(
    "svmreg",
    network("X", "z")
    + [
        learned(
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
    [declared("y", T.FLOAT, ["N", 1])],
    parameters(),
)
save(
    "seq",
    network("X", "z") + [node("SplitToSequence", ["z"], ["y"], axis=1)],
    [X],
    [h.make_tensor_sequence_value_info("y", T.FLOAT, None)],
    parameters(),
)
save(
    "le-float",
    [
        learned("LabelEncoder", ["C"], ["e"], keys_int64s=[0, 1, 2], values_floats=[0.1, 0.5, 0.7]),
        node("Concat", ["X", "e"], ["cat"], axis=1),
    ]
    + network("cat", "z"),
    [X, C],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(9),
)
S = declared("S", T.STRING, ["N", 1])
save(
    "string-in-onehot",
    [
        learned("OneHotEncoder", ["S"], ["oh"], cats_strings=["a", "b", "c", "d"], zeros=1),
        node("Reshape", ["oh", "shp"], ["oh2"]),
        node("Concat", ["X", "oh2"], ["cat"], axis=1),
    ]
    + network("cat", "z"),
    [X, S],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(12) + [nh.from_array(np.array([-1, 4], np.int64), "shp")],
)
save(
    "string-in-le",
    [
        learned("LabelEncoder", ["S"], ["le"], keys_strings=["a", "b", "c", "d"], values_floats=[0.0, 1.0, 2.0, 3.0]),
        node("Concat", ["X", "le"], ["cat"], axis=1),
    ]
    + network("cat", "z"),
    [X, S],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(9),
)
W = declared("W", T.STRING, ["T"])
save(
    "text-lookup",
    [
        learned(
            "LabelEncoder", ["W"], ["ids"], keys_strings=["the", "cat", "sat"], values_int64s=[1, 2, 3], default_int64=0
        ),
        node("Gather", ["emb", "ids"], ["e"]),
        node("ReduceMean", ["e"], ["m"], axes=[0], keepdims=1),
    ]
    + network("m", "z"),
    [W],
    [declared("z", T.FLOAT, [1, 3])],
    parameters(8) + [weight("emb", 4, 8)],
)
save(
    "if-text",
    network("X", "z")
    + [
        node("ReduceMax", ["z"], ["mx"], keepdims=0),
        node("Greater", ["mx", "thr"], ["c"]),
        node(
            "If",
            ["c"],
            ["label"],
            then_branch=h.make_graph([node("Identity", ["yes"], ["ty"])], "t", [], [declared("ty", T.STRING, [])]),
            else_branch=h.make_graph([], "e", [], [declared("en", T.STRING, [])], [texts("en", ["no"], [])]),
        ),
    ],
    [X],
    [declared("label", T.STRING, []), declared("z", T.FLOAT, ["N", 3])],
    parameters() + [texts("yes", ["ja"], []), nh.from_array(np.array(0.1, np.float32), "thr")],
)
D = declared("D", T.STRING, [1, "T"])
save(
    "tfidf",
    [
        node("StringNormalizer", ["D"], ["sn"], is_case_sensitive=1, stopwords=["a"]),
        node(
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
    + network("t", "z"),
    [D],
    [declared("z", T.FLOAT, [1, 3])],
    parameters(4),
)
save(
    "string-ops",
    [
        node("StringConcat", ["S", "bang"], ["sc"]),
        node("RegexFullMatch", ["sc"], ["re"], pattern="yes.*"),
        node("Cast", ["re"], ["rf"], to=T.FLOAT),
        node("StringSplit", ["S"], ["sp", "ct"], delimiter="e"),
        node("Cast", ["ct"], ["cf"], to=T.FLOAT),
        node("Concat", ["X", "rf", "cf"], ["cat"], axis=1),
    ]
    + network("cat", "z"),
    [X, S],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(10) + [texts("bang", ["!"])],
    3,
    20,
)
save(
    "equal-text",
    [
        node("Equal", ["S", "male"], ["eq"]),
        node("Cast", ["eq"], ["ef"], to=T.FLOAT),
        node("Concat", ["X", "ef"], ["cat"], axis=1),
    ]
    + network("cat", "z"),
    [X, S],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(9) + [texts("male", ["male"])],
    3,
    19,
)
save(
    "echo-text",
    network("X", "z") + [node("Identity", ["S"], ["who"])],
    [X, S],
    [declared("z", T.FLOAT, ["N", 3]), declared("who", T.STRING, ["N", 1])],
    parameters(),
)
save(
    "svm-classifier",
    network("X", "z")
    + [
        learned(
            "SVMClassifier",
            ["z"],
            ["label", "scores"],
            classlabels_ints=[0, 1],
            coefficients=[0.5, -0.5],
            kernel_type="LINEAR",
            kernel_params=[0.0, 0.0, 3.0],
            rho=[0.1],
            support_vectors=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
            vectors_per_class=[1, 1],
        )
    ],
    [X],
    [declared("label", T.INT64, ["N"]), declared("scores", T.FLOAT, ["N", 2])],
    parameters(),
)
save(
    "category-mapper",
    network("X", "z")
    + tail
    + [learned("CategoryMapper", ["am"], ["label"], cats_int64s=[0, 1, 2], cats_strings=["a", "b", "c"])],
    [X],
    [declared("label", T.STRING, ["N"])],
    parameters(),
)
save(
    "tree-ensemble",
    [
        learned(
            "TreeEnsemble",
            ["X"],
            ["t"],
            n_targets=2,
            nodes_featureids=[0],
            nodes_splits=nh.from_array(np.array([0.0], np.float32)),
            nodes_modes=nh.from_array(np.array([0], np.uint8)),
            nodes_truenodeids=[0],
            nodes_falsenodeids=[1],
            nodes_trueleafs=[1],
            nodes_falseleafs=[1],
            tree_roots=[0],
            leaf_targetids=[0, 1],
            leaf_weights=nh.from_array(np.array([1.0, 2.0], np.float32)),
        ),
        node("Concat", ["X", "t"], ["cat"], axis=1),
    ]
    + network("cat", "z"),
    [X],
    [declared("z", T.FLOAT, ["N", 3])],
    parameters(10),
    5,
    21,
)
