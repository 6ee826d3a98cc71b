"""Wrong versions of the lesson on gradient flow, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "step_jacobian",
        replace='J = np.einsum("ni,ji->nij", slope, Wh)',
        by='J = np.einsum("nj,ji->nij", slope, Wh)',
        truth="the slope of the tanh multiplies along the index j of the old unit, where it belongs to the new unit i",
    ),
    Version(
        "sequence_jacobian",
        replace="prod = J_t @ prod",
        by="prod = prod @ J_t",
        truth="the Jacobians are multiplied in the wrong order: the one of the latest step has to stand on the left",
    ),
    Version(
        "gradient_norms",
        replace="norms[t] = np.sqrt(np.sum(grad**2))\n        grad = (grad * (1 - h[:, t] ** 2)) @ Wh.T",
        by="grad = (grad * (1 - h[:, t] ** 2)) @ Wh.T\n        norms[t] = np.sqrt(np.sum(grad**2))",
        truth="every norm is taken one step too far back: norms[t] is the norm of the gradient with respect to h[:, t-1], and the norm of dhT itself is missing",
    ),
    Version(
        "gradient_norms",
        replace="(1 - h[:, t] ** 2)",
        by="(1 - h[:, t - 1] ** 2)",
        truth="the slope of the tanh is taken from h[:, t-1], the state before the step, where the state after it, h[:, t], belongs",
    ),
    Version(
        "gradient_norms",
        replace="norms[t] = np.sqrt(np.sum(grad**2))",
        by="norms[t] = np.mean(np.sqrt(np.sum(grad**2, axis=1)))",
        truth="the norm is taken for each example and then averaged over the batch, where one norm over batch and units together is asked for",
    ),
    Version(
        "vanishing_bound",
        replace="sigmas = np.linalg.svd(Wh, compute_uv=False)\n    biggest = sigmas[0]",
        by="biggest = np.max(np.abs(np.linalg.eigvals(Wh)))",
        truth="the largest absolute eigenvalue of Wh is used instead of its largest singular value",
    ),
    Version(
        "vanishing_bound",
        replace="sigmas = np.linalg.svd(Wh, compute_uv=False)",
        by="sigmas = np.linalg.svd(Wh)",
        truth="the first matrix of the decomposition is taken for the largest singular value, because the singular values are not picked out of what the decomposition returns; bound is an array instead of a number",
    ),
    Version(
        "large_singular_value_that_vanishes",
        replace="if H < 2:",
        by="if H <= 2:",
        truth="H = 2 is refused with a ValueError although it is allowed; only H below 2 is to be refused",
    ),
    Version(
        "clip_grad_norm",
        replace="norm = np.sqrt(squares)\n    if norm > max_norm:\n        factor = max_norm / norm\n        for name in grads:\n            grads[name] *= factor",
        by="norm = squares\n    if norm > max_norm:\n        factor = max_norm / norm\n        for name in grads:\n            grads[name] = grads[name] * factor",
        truth="two mistakes: the square root is missing, so the norm is the sum of squares, and the dictionary gets new arrays where the arrays themselves should be scaled in place",
    ),
    Version(
        "clip_grad_norm",
        replace="factor = max_norm / norm\n        for name in grads:\n            grads[name] *= factor",
        by="for name in grads:\n            own = np.sqrt(np.sum(grads[name] ** 2))\n            if own > max_norm:\n                grads[name] *= max_norm / own",
        truth="each array is clipped to max_norm on its own, instead of all of them being scaled by the same factor from the global norm",
    ),
    Version(
        "gradient_norms",
        replace="        norms[t] = np.sqrt(np.sum(grad**2))\n        grad = (grad * (1 - h[:, t] ** 2)) @ Wh.T",
        by="        grad = (grad * (1 - h[:, t] ** 2)) @ Wh.T\n        norms[t] = np.sqrt(np.sum(grad**2))",
        truth="the gradient is measured after it has gone back through step t instead of before, so all norms are one step too early and the norm of dhT itself is missing",
    ),
    Version(
        "vanishing_bound",
        replace="np.linalg.svd(Wh, compute_uv=False)",
        by="np.sort(np.abs(np.linalg.eigvals(Wh)))[::-1]",
        truth="the bound is made from the largest absolute eigenvalue of Wh instead of its largest singular value",
    ),
    Version(
        "large_singular_value_that_vanishes",
        replace="W[0, 1] = 4.0",
        by="W[0, 1] = W[1, 0] = 4.0",
        truth="the large entry is placed on both sides of the diagonal, so the matrix is symmetric, its eigenvalues are as large as its singular values, and its powers explode",
    ),
    Version(
        "clip_grad_norm",
        replace="factor = max_norm / norm",
        by="factor = max_norm / norm\n        norm = max_norm",
        truth="the returned norm is the one after clipping instead of the global norm before it",
    ),
    # Those of gradient_by_age are of its author: not blind.
    Version(
        "gradient_by_age",
        replace="grad = da @ Wh.T",
        by="grad = grad @ Wh.T",
        truth="the slopes of the later steps are missing on the way back: each term has the slope of its own step only",
    ),
    Version(
        "gradient_by_age",
        replace="grad = da @ Wh.T",
        by="grad = grad + da @ Wh.T",
        truth="the gradient piles up: what has passed a step is added again instead of being replaced",
    ),
    Version(
        "gradient_by_age",
        replace="np.concatenate([h0[:, None], h], axis=1)",
        by="np.concatenate([h[:, :1], h], axis=1)",
        truth="the oldest term is built from the state after the first step instead of h0",
    ),
    Version(
        "gradient_by_age",
        replace="        da = grad * (1 - states[:, t] ** 2)\n        terms[t - 1] = states[:, t - 1].T @ da",
        by="        da = grad * (1 - states[:, t - 1] ** 2)\n        terms[t - 1] = states[:, t - 1].T @ da",
        truth="the slope is taken at the state before the step instead of the one after it",
    ),
    Version(
        "gradient_by_age",
        replace="terms[t - 1] = states[:, t - 1].T @ da",
        by="terms[t - 1] = h0.T @ da",
        truth="every term is built from h0, as if each step had started from it, where the state before the step belongs",
    ),
    Version(
        "gradient_by_age",
        replace="range(T, 0, -1)",
        by="range(1, T + 1)",
        truth="the steps are walked from the first to the last, so the gradient of the end is sent forward",
    ),
    Version(
        "gradient_by_age",
        replace="terms[t - 1] = states[:, t - 1].T @ da",
        by="terms[t - 1] = np.sum(states[:, t - 1] * da, axis=0)",
        truth="the term is the sum of elementwise products, one number for each unit repeated over the rows, instead of the product of state and gradient for each pair of units",
    ),
)
