"""Wrong versions of the lesson on MUT1 to MUT3, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "mut1_step_forward",
        replace="if x.shape[1] != prev_h.shape[1]:",
        by="if x.shape[0] != prev_h.shape[0]:",
        truth="the batch sizes of x and prev_h are compared where their widths D and H should be, so no ValueError is raised where D is not H",
    ),
    Version(
        "mut1_step_backward",
        replace="dx = dan * dtanh(tx)",
        by="dx = dan * dtanh(x)",
        truth="in dx, the slope of tanh(x) is computed as 1 - x^2 instead of 1 - tanh(x)^2",
    ),
    Version(
        "mut1_step_backward",
        replace='grads["Wxr"] = x.T @ dar',
        by='grads["Wxr"] = h.T @ dar',
        truth="the gradient of Wxr is formed with prev_h where the input x belongs",
    ),
    Version(
        "mut1_step_backward",
        replace='dprev_h = dprev_h + dreset * r\n    dprev_h = dprev_h + dar @ p["Whr"].T',
        by='dprev_h = dprev_h + dreset * r\n    dprev_h = dprev_h + dar @ p["Whr"]\n    dprev_h = dprev_h + daz @ p["Wxz"].T',
        truth="two mistakes in dprev_h: the reset gate's path goes through Whr instead of its transpose, and a path through z is added although MUT1's z does not see prev_h",
    ),
    Version(
        "mut2_step_forward",
        replace='r = sigmoid(x + h @ params["Whr"] + params["br"])',
        by='r = sigmoid(x @ params["Wxz"] + h @ params["Whr"] + params["br"])',
        truth="the reset gate multiplies x by Wxz, where MUT2 adds x without a weight",
    ),
    Version(
        "mut2_step_backward",
        replace='dx = daz @ params["Wxz"].T + dan @ params["Wxh"].T + dar',
        by='dx = daz @ params["Wxz"].T + dan @ params["Wxh"].T',
        truth="dx lacks the path through the reset gate, where x is added without a weight",
    ),
    Version(
        "mut3_step_forward",
        replace='th @ params["Whz"]',
        by='prev_h @ params["Whz"]',
        truth="the update gate z sees prev_h itself where MUT3 has tanh(prev_h)",
    ),
    Version(
        "mut3_step_backward",
        replace="dan = dnext_h * z * dtanh(n)",
        by="dan = dnext_h\n    dan *= z * dtanh(n)",
        truth="the argument dnext_h is changed in place into the gradient of the candidate's argument, and all later uses of dnext_h (for z and for the kept state) see the changed numbers",
    ),
    Version(
        "mut3_step_backward",
        replace='for name, da in (("z", daz), ("r", dar), ("h", dan)):',
        by='for name, da in (("z", daz), ("r", dar), ("n", dan)):',
        truth="the candidate's weights are looked up under the name Wxn, which params does not have (a KeyError): they are called Wxh and bh",
    ),
    Version(
        "mut2_step_forward",
        replace="r = sigmoid(x + h",
        by='r = sigmoid(x @ params["Wxr"] + h',
        truth="the reset gate multiplies x by a matrix Wxr that MUT2 does not have: x is added as it is",
    ),
    Version(
        "mut2_step_backward",
        replace=' + dan @ params["Wxh"].T + dar\n',
        by=' + dan @ params["Wxh"].T\n',
        truth="the path from x through the reset gate is missing in dx: x is added there without a weight matrix, which does not mean without a gradient",
    ),
    Version(
        "mut3_step_forward",
        replace='prev_h @ params["Whr"]',
        by='th @ params["Whr"]',
        truth="the reset gate sees tanh(prev_h), but only the update gate z does so, the reset gate sees prev_h itself",
    ),
)
