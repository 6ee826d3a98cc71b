"""The same ideas as torch modules.

An LSTM cell, a translator with attention, a Transformer block: forward by you, backward by torch.

A check makes the module, sets its parameters by name from given arrays, and runs it in float32.
Gradients are those of sum(upstream * output), as torch's own backward pass finds them through your
forward pass.
"""

import numpy as np

from autograder.compare import alike
from autograder.problem import problem, without_ones

NUMBER = 12
BACKEND = "torch"

FORBIDDEN = (
    "RNN",
    "LSTM",
    "GRU",
    "Attention",
    "Transformer",
    "LayerNorm",
    "GroupNorm",
    "InstanceNorm",
    "BatchNorm",
    "RMSNorm",
)
"""Whatever of torch has one of these in its name, however it is spelt, is refused in a submission:
torch's own versions of what is to be written, and the other norms, each of which contains one.
"""

RTOL = 1e-4
ATOL = 1e-4
"""Wider than elsewhere. In float32 a gradient of the attention strays from the float64 one by up to
1.6e-5 of the tensor's largest number (measured on 24 seeds), and two correct ways of writing it
differ by twice that.
"""


# ----------------------------------------------------------------------- between arrays and modules


def tensor(array, needs_gradient=False):
    """An array as a tensor: float32, int64 or bool."""
    # Here and not above: a lesson is imported also where torch is not installed.
    import torch

    dtypes = {"f": torch.float32, "i": torch.int64, "u": torch.int64, "b": torch.bool}
    dtype = dtypes[np.asarray(array).dtype.kind]
    return torch.tensor(array, dtype=dtype, requires_grad=needs_gradient)


def with_parameters(module, **arrays):
    """The module with its parameters set: `attention__W` is the parameter `attention.W`."""
    import torch

    wanted = {name.replace("__", "."): array for name, array in arrays.items()}
    own = dict(module.named_parameters())
    for name in own.keys() | wanted.keys():
        has = tuple(own[name].shape) if name in own else None
        needs = wanted[name].shape if name in wanted else None
        if has != needs:
            raise ValueError(
                f"your {type(module).__name__} "
                + (f"has {name} of shape {has}" if has is not None else f"has no {name}")
                + "; the given constructor makes it with "
                + (f"the shape {needs}" if needs is not None else "no such parameter")
            )

    with torch.no_grad():
        for name, array in wanted.items():
            own[name].copy_(tensor(array))
    return module


def array(value):
    """A tensor as an array."""
    return value.detach().cpu().numpy()


def gradients(module, **inputs):
    """After a backward pass: `dx` of every input, `dattention__W` of a parameter `attention.W`."""
    found = {}
    parameters = {name.replace(".", "__"): value for name, value in module.named_parameters()}
    for name, value in {**parameters, **inputs}.items():
        # What the outputs do not depend on has no gradient in torch, where we want zeros.
        found[f"d{name}"] = np.zeros(value.shape) if value.grad is None else array(value.grad)
    return found


def chosen(found, declared):
    """The gradients that a declaration like "dx[N,D] dWx[D,4H]" names."""
    names = [word.partition("[")[0] for word in declared.split()]
    return {name: found[name] for name in names}


def backward(outputs, upstream):
    """Run torch's backward pass from sum(upstream * output), if anything leads back from there.

    An output of another shape has no upstream: broadcasting would make one up.
    """
    loss = 0.0
    for out, up in zip(outputs, upstream, strict=True):
        if without_ones(out.shape) == without_ones(up.shape):
            loss = loss + (tensor(up).reshape(out.shape) * out).sum()
    if getattr(loss, "requires_grad", False):
        loss.backward()


def without_padding(out, words):
    """The outputs, 0 at padded positions, of which nothing is asked; as they are in other shapes.

    out: (N, T, E). words: (N, T), True where there is no padding.
    """
    if len(out.shape) != 3 or out.shape[:2] != words.shape:
        return out
    return out * words[:, :, None]


# ------------------------------------------------------------------------------ how cases are drawn


CELL = "x[N,D] prev_h[N,H] prev_c[N,H] Wx[D,4H] Wh[H,4H] b[4H] dnext_h[N,H] dnext_c[N,H]"
CELL_GRADIENTS = "dx[N,D] dprev_h[N,H] dprev_c[N,H] dWx[D,4H] dWh[H,4H] db[4H]"


def shaped(shapes):
    """A draw function from `(sizes) -> {name: shape}`: real numbers for all."""

    def draw(rng, sizes):
        return {name: rng.normal(scale=0.7, size=shape) for name, shape in shapes(sizes).items()}

    return draw


def lengths_mask(rng, N, T):
    """Words first, then padding: a word in each row at least and, where it fits, some padding."""
    lengths = rng.integers(1, T + 1, size=N)
    lengths[0] = max(1, T - 1)
    return np.arange(T) < lengths[:, None]


def translator_shapes(sizes):
    """The shapes of a translator's parameters."""
    P, V, D, H, A = (sizes[axis] for axis in "PVDHA")
    return {
        "source_embedding__weight": (P, D),
        "target_embedding__weight": (V, D),
        "encoder__Wx": (D, 4 * H),
        "encoder__Wh": (H, 4 * H),
        "encoder__b": (4 * H,),
        "attention__W": (H, A),
        "attention__U": (H, A),
        "attention__v": (A,),
        "decoder__Wx": (D + H, 4 * H),
        "decoder__Wh": (H, 4 * H),
        "decoder__b": (4 * H,),
        "output__weight": (V, H),
        "output__bias": (V,),
    }


TRANSLATOR = (
    "source_embedding__weight[P,D] target_embedding__weight[V,D] "
    "encoder__Wx[D,4H] encoder__Wh[H,4H] encoder__b[4H] "
    "attention__W[H,A] attention__U[H,A] attention__v[A] "
    "decoder__Wx[_,4H] decoder__Wh[H,4H] decoder__b[4H] "
    "output__weight[V,H] output__bias[V]"
)
"""What a translator's parameters are called here: two underscores for the dot of `encoder.Wx`."""

TRANSLATOR_GRADIENTS = " ".join(f"d{word}" for word in TRANSLATOR.split())


def draw_translator(rng, sizes):
    """A translator's parameters and a batch to read."""
    N, S, P = (sizes[axis] for axis in "NSP")
    arrays = shaped(translator_shapes)(rng, sizes)
    arrays["attention__v"] = 2 * arrays["attention__v"]
    return {**arrays, "source": rng.integers(P, size=(N, S)), "mask": lengths_mask(rng, N, S)}


def draw_encode(rng, sizes):
    """The same, without the parameters that reading does not need."""
    arrays = draw_translator(rng, {**sizes, "V": 2, "A": 2})
    own = ("source_embedding__weight", "encoder__Wx", "encoder__Wh", "encoder__b", "source", "mask")
    return {name: arrays[name] for name in own}


def draw_forward(rng, sizes):
    """The same, with the words that the teacher reads out."""
    N, T, V = (sizes[axis] for axis in "NTV")
    arrays = draw_translator(rng, sizes)
    return {
        **arrays,
        "target_in": rng.integers(V, size=(N, T)),
        "dlogits": rng.normal(size=(N, T, V)),
    }


def draw_translate(rng, sizes):
    """Large weights, open gates, short memories: lively sentences, the best word best by far."""
    arrays = draw_translator(rng, sizes)
    arrays |= {name: 2.5 * arrays[name] for name in translator_shapes(sizes)}
    for b in (arrays["encoder__b"], arrays["decoder__b"]):
        # Views into b, so that adding to them changes b.
        i, f, o, _ = np.split(b, 4)
        i += 3.0
        f -= 3.0
        o += 3.0
    arrays["output__bias"] *= 0.1
    start = np.array(rng.integers(sizes["V"]))
    return {**arrays, "start": start, "max_length": np.array(sizes["T"])}


def no_padding(arrays, rng):
    """Every position holds a word."""
    return {**arrays, "mask": np.ones_like(arrays["mask"])}


def all_scores_low(arrays, rng):
    """Scores below -100 for all words: padding with a score of -100 would get all the weight."""
    arrays = {name: value.copy() for name, value in arrays.items()}
    # The first hidden unit is 1 for whatever is asked and seen: tanh(20) in float32.
    arrays["W"][:, 0], arrays["U"][:, 0] = 0.0, 0.0
    arrays["W"][0, 0], arrays["s"][:, 0] = 20.0, 1.0
    arrays["v"] *= 0.5
    arrays["v"][0] = -116.0
    # A word alone gets all the weight, whatever its score: two are there, and some padding.
    arrays["mask"][:, :-1], arrays["mask"][:, -1] = True, False
    return arrays


# `_` is the width E = heads * d, a product that the grammar of shapes cannot say.
SELF_ATTENTION = (
    "x[N,T,_] mask[N,T]? heads[] causal[]? dout[N,T,_] "
    "query__weight[_,_] query__bias[_] "
    "key__weight[_,_] key__bias[_] "
    "value__weight[_,_] value__bias[_] "
    "output__weight[_,_] output__bias[_]"
)

# Without dkey__bias: it is 0 (a softmax does not see what is added to a whole row of scores), and
# in float32 it is noise.
SELF_ATTENTION_GRADIENTS = (
    "dx[N,T,_] "
    "dquery__weight[_,_] dquery__bias[_] "
    "dkey__weight[_,_] "
    "dvalue__weight[_,_] dvalue__bias[_] "
    "doutput__weight[_,_] doutput__bias[_]"
)

BLOCK = (
    "x[N,T,_] mask[N,T]? heads[] causal[]? dout[N,T,_] "
    "attention__query__weight[_,_] attention__query__bias[_] "
    "attention__key__weight[_,_] attention__key__bias[_] "
    "attention__value__weight[_,_] attention__value__bias[_] "
    "attention__output__weight[_,_] attention__output__bias[_] "
    "norm1__gain[_] norm1__bias[_] "
    "linear1__weight[F,_] linear1__bias[F] "
    "linear2__weight[_,F] linear2__bias[_] "
    "norm2__gain[_] norm2__bias[_]"
)

BLOCK_GRADIENTS = (
    "dx[N,T,_] "
    "dattention__value__weight[_,_] dattention__output__bias[_] "
    "dnorm1__gain[_] dnorm1__bias[_] "
    "dlinear1__weight[F,_] dlinear1__bias[F] "
    "dlinear2__weight[_,F] dlinear2__bias[_] "
    "dnorm2__gain[_] dnorm2__bias[_]"
)


def linear_shapes(name, outputs, inputs):
    """The shapes of the parameters of an nn.Linear."""
    return {f"{name}__weight": (outputs, inputs), f"{name}__bias": (outputs,)}


def attention_shapes(E, prefix=""):
    """The shapes of the parameters of a SelfAttention."""
    shapes = {}
    for name in ("query", "key", "value", "output"):
        shapes |= linear_shapes(prefix + name, E, E)
    return shapes


def draw_self_attention(rng, sizes):
    """Vectors, parameters and padding; K heads of d numbers."""
    N, T, d, heads = (sizes[axis] for axis in "NTdK")
    E = heads * d
    shapes = {"x": (N, T, E), **attention_shapes(E), "dout": (N, T, E)}
    arrays = shaped(lambda _: shapes)(rng, sizes)
    return {
        **arrays,
        "mask": lengths_mask(rng, N, T),
        "heads": np.array(heads),
        "causal": np.array(False),
    }


def draw_block(rng, sizes):
    """The same for a whole block, with an MLP of F units."""
    N, T, d, heads, F = (sizes[axis] for axis in "NTdKF")
    E = heads * d
    shapes = {
        "x": (N, T, E),
        **attention_shapes(E, "attention__"),
        "norm1__gain": (E,),
        "norm1__bias": (E,),
        **linear_shapes("linear1", F, E),
        **linear_shapes("linear2", E, F),
        "norm2__gain": (E,),
        "norm2__bias": (E,),
        "dout": (N, T, E),
    }
    arrays = shaped(lambda _: shapes)(rng, sizes)
    arrays["norm1__gain"] += 1.0
    arrays["norm2__gain"] += 1.0
    return {
        **arrays,
        "mask": lengths_mask(rng, N, T),
        "heads": np.array(heads),
        "causal": np.array(False),
    }


def nearly_constant(arrays, rng):
    """Vectors whose variance is about eps, so that it matters where eps is added."""
    return {**arrays, "x": 0.005 * arrays["x"]}


def all_products_low(arrays, rng):
    """Scores below -150 for all words: padding with a score of -100 would get all the weight."""
    arrays = {name: value.copy() for name, value in arrays.items()}
    E = arrays["x"].shape[2]
    d = E // int(arrays["heads"])
    # The last column of every head is the same for all positions, and large.
    columns = np.arange(d - 1, E, d)
    for name, height in (("query", 16.0), ("key", -32.0)):
        arrays[f"{name}__weight"][columns], arrays[f"{name}__bias"][columns] = 0.0, height
    return arrays


def sums_nearly_constant(arrays, rng):
    """What is normalised has a variance of about eps, both times."""
    small = ("attention__output", "norm1", "linear2")
    shrunk = {name: 0.005 * value for name, value in arrays.items() if name.startswith(small)}
    return {**arrays, **shrunk, "x": 0.005 * arrays["x"]}


def causal(arrays, rng):
    """No position may look at a later one."""
    return {**arrays, "causal": np.array(True)}


# ------------------------------------------------------------------------------------- the problems


@problem(
    points=5,
    title="An LSTM cell",
    of="LSTMCell.forward",
    takes=CELL,
    gives="next_h[N,H] next_c[N,H] " + CELL_GRADIENTS,
    sizes=[dict(N=3, D=4, H=5), dict(N=1, D=2, H=3), dict(N=4, D=3, H=3)],
    blocks="i f o g",
    rtol=RTOL,
    atol=ATOL,
)
def lstm_cell(student, x, prev_h, prev_c, Wx, Wh, b, dnext_h, dnext_c):
    cell = with_parameters(student.LSTMCell(x.shape[1], prev_h.shape[1]), Wx=Wx, Wh=Wh, b=b)
    x, prev_h, prev_c = tensor(x, True), tensor(prev_h, True), tensor(prev_c, True)
    next_h, next_c = cell(x, prev_h, prev_c)
    backward([next_h, next_c], [dnext_h, dnext_c])
    found = gradients(cell, x=x, prev_h=prev_h, prev_c=prev_c)
    return {
        "next_h": array(next_h),
        "next_c": array(next_c),
        **chosen(found, CELL_GRADIENTS),
    }


@problem(
    points=3,
    title="Additive attention as a module",
    of="AdditiveAttention.forward",
    takes="s[N,H] h[N,S,E] mask[N,S]? W[H,A] U[E,A] v[A] dcontext[N,E]",
    gives="context[N,E] weights[N,S] ds[N,H] dh[N,S,E] dW[H,A] dU[E,A] dv[A]",
    sizes=[dict(N=3, S=4, E=5, H=6, A=7), dict(N=1, A=3, H=4, E=5, S=6)],
    edges=[no_padding, all_scores_low],
    never={"U=0": "all words fit equally well: ds and dW are 0, and in float32 they are noise"},
    rtol=RTOL,
    atol=ATOL,
)
def additive_attention(student, s, h, mask, W, U, v, dcontext):
    (H, A), E = W.shape, len(U)
    module = with_parameters(student.AdditiveAttention(H, E, A), W=W, U=U, v=v)
    s, h = tensor(s, True), tensor(h, True)
    context, weights = module(s, h, tensor(mask))
    backward([context], [dcontext])
    found = gradients(module, s=s, h=h)
    return {
        "context": array(context),
        "weights": array(weights),
        **chosen(found, "ds dh dW dU dv"),
    }


def translator(student, **parameters):
    """An AttentionSeq2Seq with these parameters."""
    P, D = parameters["source_embedding__weight"].shape
    V, H = parameters["output__weight"].shape
    A = len(parameters["attention__v"])
    return with_parameters(student.AttentionSeq2Seq(P, V, D, H, A), **parameters)


@problem(
    points=4,
    title="The translator reads",
    of="AttentionSeq2Seq.encode",
    takes="source[N,S]<P mask[N,S]? source_embedding__weight[P,D] "
    "encoder__Wx[D,4H] encoder__Wh[H,4H] encoder__b[4H]",
    gives="h[N,S,H] last_h[N,H] last_c[N,H]",
    sizes=[
        dict(N=3, S=4, D=5, H=6, P=7),
        dict(N=1, D=2, H=3, S=5, P=6),
        dict(N=2, S=1, D=3, H=4, P=5),
    ],
    draw=draw_encode,
    edges=[no_padding],
    blocks="i f o g",
    rtol=RTOL,
    atol=ATOL,
)
def seq2seq_encode(
    student, source, mask, source_embedding__weight, encoder__Wx, encoder__Wh, encoder__b
):
    (P, D), H = source_embedding__weight.shape, len(encoder__Wh)
    # What reading does not use keeps what the constructor draws.
    module = student.AttentionSeq2Seq(P, 2, D, H, 2)
    others = {name.replace(".", "__"): array(p) for name, p in module.named_parameters()}
    parameters = {
        **others,
        "source_embedding__weight": source_embedding__weight,
        "encoder__Wx": encoder__Wx,
        "encoder__Wh": encoder__Wh,
        "encoder__b": encoder__b,
    }
    with_parameters(module, **parameters)
    h, last_h, last_c = module.encode(tensor(source), tensor(mask))
    return {"h": array(h), "last_h": array(last_h), "last_c": array(last_c)}


@problem(
    points=5,
    title="The translator writes under a teacher",
    of="AttentionSeq2Seq.forward",
    takes="source[N,S]<P mask[N,S]? target_in[N,T]<V dlogits[N,T,V] " + TRANSLATOR,
    gives="logits[N,T,V] weights[N,T,S] " + TRANSLATOR_GRADIENTS,
    sizes=[
        dict(N=2, S=3, T=4, A=5, D=6, H=7, V=8, P=9),
        dict(N=1, A=2, D=3, H=4, T=5, S=6, P=7, V=8),
    ],
    draw=draw_forward,
    edges=[no_padding],
    blocks="i f o g",
    rtol=RTOL,
    atol=ATOL,
)
def seq2seq_forward(student, source, mask, target_in, dlogits, **parameters):
    module = translator(student, **parameters)
    logits, weights = module(tensor(source), tensor(mask), tensor(target_in))
    backward([logits], [dlogits])
    return {
        "logits": array(logits),
        "weights": array(weights),
        **chosen(gradients(module), TRANSLATOR_GRADIENTS),
    }


@problem(
    points=3,
    title="The translator writes alone",
    of="AttentionSeq2Seq.translate",
    takes="source[N,S]<P mask[N,S]? start[]<V max_length[]=T " + TRANSLATOR,
    gives="ids[V,N,T]",
    sizes=[
        dict(A=2, D=3, S=4, N=5, T=6, V=7, H=8, P=9),
        dict(N=1, A=2, D=3, S=4, P=5, V=6, H=7, T=8),
        dict(A=2, D=4, S=5, T=6, P=6, V=7, N=8, H=9),
    ],
    draw=draw_translate,
    rtol=RTOL,
    atol=ATOL,
)
def seq2seq_translate(student, source, mask, start, max_length, **parameters):
    """Every word takes its turn as the end word."""
    module = translator(student, **parameters)
    source, mask, start, max_length = tensor(source), tensor(mask), int(start), int(max_length)
    written = []
    for end in range(len(parameters["output__bias"])):
        written.append(array(module.translate(source, mask, start, end, max_length)))
    return {"ids": np.stack(written)}


@problem(
    points=2,
    title="Layer normalisation",
    of="LayerNorm.forward",
    takes="x[N,T,E] gain[E] bias[E] dy[N,T,E]",
    gives="y[N,T,E] y_first[N,E] dx[N,T,E] dgain[E] dbias[E]",
    sizes=[dict(N=2, T=3, E=4), dict(N=1, T=2, E=3)],
    edges=[nearly_constant],
    rtol=RTOL,
    atol=ATOL,
)
def layer_norm(student, x, gain, bias, dy):
    module = with_parameters(student.LayerNorm(len(gain)), gain=gain, bias=bias)
    first = array(module(tensor(x[:, 0])))
    x = tensor(x, True)
    y = module(x)
    backward([y], [dy])
    found = gradients(module, x=x)
    return {"y": array(y), "y_first": first, **chosen(found, "dx dgain dbias")}


def interaction_properties(inputs, answers):
    """What the last vector changes before it, and what the order of the vectors changes."""
    before, after = answers["before"], answers["after"]
    straight, reverse = answers["straight"], answers["reverse"]
    return {
        "future_changes_nothing": alike(before, after, RTOL, ATOL),
        "order_does_not_matter": alike(straight, reverse, RTOL, ATOL),
    }


@problem(
    points=4,
    title="All vectors interact",
    of="SelfAttention.forward",
    takes=SELF_ATTENTION,
    gives="out[N,T,_] " + SELF_ATTENTION_GRADIENTS,
    holds="future_changes_nothing order_does_not_matter",
    brings="before[N,T-1,_] after[N,T-1,_] straight[N,T,_] reverse[N,T,_]",
    properties=interaction_properties,
    sizes=[dict(K=2, N=3, T=4, d=5), dict(N=1, d=2, T=3, K=4), dict(K=1, N=2, T=3, d=4)],
    draw=draw_self_attention,
    edges=[causal, all_products_low],
    never={
        "x=0": "all positions are alike: the gradients of the scores are 0, and in float32 noise",
        "value__weight=0": "all values are alike: so are the gradients of the scores",
    },
    rtol=RTOL,
    atol=ATOL,
)
def self_attention(student, x, mask, heads, causal, dout, **parameters):
    module = with_parameters(student.SelfAttention(x.shape[2], int(heads)), **parameters)
    words, x = tensor(mask), tensor(x, True)
    out = without_padding(module(x, words, bool(causal)), words)
    backward([out], [dout])
    found = gradients(module, x=x)

    def look(x, causal):
        return array(module(x.detach().clone(), tensor(np.ones_like(mask)), causal))

    changed = x.detach().clone()
    changed[:, -1] = 3 - changed[:, -1]
    return {
        "out": array(out),
        **chosen(found, SELF_ATTENTION_GRADIENTS),
        "before": look(x, True)[:, :-1],
        "after": look(changed, True)[:, :-1],
        "straight": look(x, False),
        "reverse": look(x.flip(1), False)[:, ::-1],
    }


@problem(
    points=3,
    title="A Transformer block",
    of="TransformerBlock.forward",
    takes=BLOCK,
    gives="out[N,T,_] " + BLOCK_GRADIENTS,
    sizes=[dict(K=2, N=3, T=4, d=5, F=6), dict(N=1, K=2, d=3, T=4, F=5)],
    draw=draw_block,
    edges=[causal, sums_nearly_constant],
    rtol=RTOL,
    atol=ATOL,
)
def transformer_block(student, x, mask, heads, causal, dout, **parameters):
    F, E = parameters["linear1__weight"].shape
    module = with_parameters(student.TransformerBlock(E, int(heads), F), **parameters)
    words, x = tensor(mask), tensor(x, True)
    out = without_padding(module(x, words, bool(causal)), words)
    backward([out], [dout])
    found = gradients(module, x=x)
    return {"out": array(out), **chosen(found, BLOCK_GRADIENTS)}
