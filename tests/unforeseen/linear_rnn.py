"""Wrong versions of the lesson on linear recurrences.

Unlike the others they were not written blind: their author knew the reference.
"""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "linear_recurrence_forward",
        replace="state = f[:, t, :] * state + v[:, t, :]",
        by="state = f[:, t, :] + state * v[:, t, :]",
        truth="f and v have changed roles: the state is multiplied by v and f is added",
    ),
    Version(
        "linear_recurrence_forward",
        replace="state = h0\n",
        by="state = h0[:1]\n",
        truth="every row starts from the first row's h0",
    ),
    Version(
        "linear_recurrence_forward",
        replace="for t in range(T):",
        by="for t in range(T - 1):",
        truth="the last step is never taken, and the last state is whatever was in the memory",
    ),
    Version(
        "linear_recurrence_forward",
        replace="h[:, t, :] = state",
        by="h[:, t, :] = h[:, t - 1, :] + state if t else state",
        truth="the states are added up on the way: h[:, t] is the sum of all states so far",
    ),
    Version(
        "linear_recurrence_backward",
        replace="carry = total * f[:, t, :]",
        by="carry = carry + total * f[:, t, :]",
        truth="what is sent back piles up instead of being replaced at every step",
    ),
    Version(
        "linear_recurrence_backward",
        replace="old = start if t == 0 else h[:, t - 1, :]",
        by="old = h[:, t - 1, :]",
        truth="at step 0 the index -1 takes the last state where h0 belongs, so df is wrong at the first step",
    ),
    Version(
        "linear_recurrence_backward",
        replace="carry = total * f[:, t, :]",
        by="carry = dh[:, t, :] * f[:, t, :]",
        truth="only one step is passed back: what came from still later steps is dropped on the way",
    ),
    Version(
        "linear_recurrence_backward",
        replace="df[:, t, :] = total * old\n        dv[:, t, :] = total",
        by="df[:, t, :] = total\n        dv[:, t, :] = total * old",
        truth="df and dv are exchanged: the old state is the partner of f, not of v",
    ),
    Version(
        "compose_steps",
        replace="v = v1 * f2 + v2",
        by="v = v1 + f1 * v2",
        truth="it is the composition in the other order: the second step's addend is multiplied by the first step's factor",
    ),
    Version(
        "compose_steps",
        replace="v = v1 * f2 + v2",
        by="v = v1 * f + v2",
        truth="v1 is multiplied by both factors, where only the second step comes after it",
    ),
    Version(
        "scan_round",
        replace="both = compose_steps(left_f, left_v, f[:, distance:], v[:, distance:])",
        by="both = compose_steps(f[:, distance:], v[:, distance:], left_f, left_v)",
        truth="the later stretch is put first, so that the addends are put together in the wrong order",
    ),
    Version(
        "scan_round",
        replace="if distance < T:",
        by="if distance < T and distance > 1:",
        truth="a round with distance 1 does nothing",
    ),
    Version(
        "scan_round",
        replace="left_f, left_v = f[:, : T - distance], v[:, : T - distance]",
        by="left_f, left_v = f[:, :1], v[:, :1]",
        truth="every position takes in the map at position 0 instead of the one `distance` before it",
    ),
    Version(
        "parallel_scan",
        replace="rounds = int(np.ceil(np.log2(T)))",
        by="rounds = int(np.ceil(np.log(T)))",
        truth="the natural logarithm gives too few rounds: the number of rounds is log2 T",
    ),
    Version(
        "parallel_scan",
        replace="f, v = scan_round(f, v, 2**r)",
        by="_, v = scan_round(f, v, 2**r)",
        truth="the factors of the longer stretches are thrown away, and each round uses those of single steps",
    ),
    Version(
        "parallel_scan",
        replace="h = f * h0[:, np.newaxis, :] + v",
        by="h = f * (h0[:, np.newaxis, :] + v)",
        truth="the factor is applied to the addend as well",
    ),
    Version(
        "state_gradient_path",
        replace="product = product * f[:, t + 1, :]",
        by="product = product * f[:, t, :]",
        truth="the factors are one step early: the product for state t begins with f_t instead of f_{t+1}",
    ),
    Version(
        "state_gradient_path",
        replace="path = np.ones((N, T, H))",
        by="path = np.zeros((N, T, H))",
        truth="the last entry is 0 and should be 1",
    ),
    Version(
        "mingru_forward",
        replace="keep = 1 - gate",
        by="keep = gate",
        truth="the old state is weighed by z and not by 1 - z, so that both are weighed alike",
    ),
    Version(
        "mingru_forward",
        replace="pre = np.dot(x, Wx) + b",
        by="pre = np.dot(x, Wx)",
        truth="the bias is forgotten",
    ),
    Version(
        "mingru_backward",
        replace="dgate = dadd * cand - dkeep",
        by="dgate = dkeep - dadd * cand",
        truth="the gradient of the gate has the wrong sign",
    ),
    Version(
        "mingru_backward",
        replace="dcand = dadd * gate",
        by="dcand = dadd * gate * (1 - gate)",
        truth="the slope of the sigmoid is applied to the candidate, too, as a factor 1 - z",
    ),
    Version(
        "mingru_backward",
        replace="db = flat.sum(axis=0)",
        by="db = dpre[:, -1].sum(axis=0)",
        truth="db is that of the last step only, instead of the sum over all of them",
    ),
)
