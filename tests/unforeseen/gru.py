"""Wrong versions of the GRU lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "gru_step_forward",
        replace="xz, xr, xn =",
        by="xr, xz, xn =",
        truth="the blocks z and r of Wx are swapped: the update gate gets the reset gate's input weights and the other way round, while Wh and b are split correctly",
    ),
    Version(
        "gru_step_forward",
        replace="kept = r * prev_h",
        by="kept = prev_h\n    kept *= r",
        truth="prev_h is multiplied by r in place, so the argument changes and the mixture keeps the reset state instead of the old one",
    ),
    Version(
        "gru_step_forward",
        replace="cand = np.tanh(xn + kept @ Wh[:, 2 * H :] + bn)",
        by="cand = np.tanh(xn + r * (prev_h @ Wh[:, 2 * H :] + bn))",
        truth="the reset is applied after the product with Whn, and to the bias bn too; r has to multiply the old state before the product, and leaves bn alone",
    ),
    Version(
        "gru_step_backward",
        replace="(r * prev_h).T @ dan",
        by="prev_h.T @ dan",
        truth="the candidate's block of dWh is formed with prev_h instead of with the reset state r * prev_h",
    ),
    Version(
        "gru_step_backward",
        replace="dprev_h = dprev_h + daz @ Whz.T + dar @ Whr.T",
        by="dprev_h = daz @ Whz.T + dar @ Whr.T",
        truth="dprev_h is overwritten by the paths through the gates; the shares of the kept state and of the candidate are lost",
    ),
    Version(
        "gru_step_backward",
        replace="dan = dcand * (1 - cand * cand)\n    dkept = dan @ Whn.T",
        by="dan = dcand * (1 - cand)\n    dkept = dan @ Whn",
        truth="two mistakes: the slope of the candidate's tanh is 1 - n without the square, and the gradient goes back through Whn instead of its transpose",
    ),
    Version(
        "gru_step_backward",
        replace="x, prev_h, Wx, Wh, z, r, cand = cache",
        by="x, prev_h, z, r, cand, Wx, Wh = cache",
        truth="the cache is unpacked in another order than it was packed, so weights and gates are mixed up and the code crashes",
    ),
    Version(
        "gru_forward",
        replace="h = np.empty((N, T, H))\n    cache = []\n    for t in range(T):\n        before = h0 if t == 0 else h[:, t - 1]",
        by="h = np.zeros((N, T, H))\n    cache = []\n    for t in range(T):\n        before = h[:, t - 1]",
        truth="h0 is never used: the first step starts from the zeros in the last place of h",
    ),
    Version(
        "gru_forward",
        replace="return h, cache",
        by="return np.squeeze(h), cache",
        truth="h is squeezed, which loses an axis when N, T or H is 1",
    ),
    Version(
        "gru_backward",
        replace="dnext = out[1]",
        by="dnext = dnext + out[1]",
        truth="the gradient from the later steps is accumulated instead of replaced: what already has gone through a step is sent back once more",
    ),
    Version(
        "gru_backward",
        replace="dx_list.reverse()\n    dx = np.stack(dx_list, axis=1)",
        by="dx = np.stack(dx_list, axis=1)",
        truth="dx is in reversed order of time, because the backward loop collects the steps from the last to the first",
    ),
    Version(
        "gru_to_other_convention",
        replace="other_Wx = Wx * sign\n    other_Wh = Wh * sign\n    other_b = b * sign",
        by="other_Wx, other_Wh, other_b = Wx.copy(), Wh.copy(), b.copy()\n    for block in (other_Wx, other_Wh, other_b):\n        block[..., :H] = 1 - block[..., :H]",
        truth="the z blocks of the weights are replaced by 1 minus themselves; it is 1 - z that is wanted, and for that the weights have to be negated",
    ),
    Version(
        "gru_step_forward",
        replace="kept @ Wh[:, 2 * H :] + bn)",
        by="kept @ Wh[:, 2 * H :])",
        truth="the bias of the candidate h~ is forgotten",
    ),
    Version(
        "gru_to_other_convention",
        replace="other_b = b * sign",
        by="other_b = b.copy()",
        truth="the sign of the z block is changed in Wx and Wh but not in b",
    ),
    Version(
        "gru_step_backward",
        replace="dr = dkept * prev_h\n    dprev_h = dprev_h + dkept * r",
        by="dr = dkept * r\n    dprev_h = dprev_h + dkept",
        truth="two mistakes in the product r * prev_h: the gradient of the reset gate is multiplied by r where prev_h belongs, and the part of dprev_h that comes through it misses the factor r",
    ),
)
