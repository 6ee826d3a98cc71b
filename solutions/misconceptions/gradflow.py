"""Wrong ideas about gradient flow, singular values and clipping."""

from autograder.problem import Misconception

MISCONCEPTIONS = (
    # -------------------------------------------------------------------------------- step_jacobian
    Misconception(
        "step_jacobian", "transposed",
        replace="J = slope[:, :, None] * Wh.T", by="J = slope[:, None, :] * Wh",
        idea="the two indices of the Jacobian are exchanged",
        hints=(
            "Which index of yours belongs to the state after the step, and which to the one before?",
            "Saturate the first new unit: it cannot move. A whole row of J should be zero; which part of yours is?",
            "Your numbers are right and stand in the wrong places. The output comes first, then the input.",
        ),
        source="docs/misconceptions.md 100",
    ),
    Misconception(
        "step_jacobian", "Wh_not_transposed",
        replace="Wh.T", by="Wh",
        idea="the weight from j to i is read at row i, column j",
        hints=(
            "Make all of Wh zero but the entry in row 0, column 1. Which old unit feeds which new one?",
            "With row vectors, prev_h Wh: do the rows of Wh belong to the old units or to the new ones?",
            "The derivative of output i by input j contains one weight. You took the one of the opposite arrow.",
        ),
        source="docs/misconceptions.md 100",
    ),
    Misconception(
        "step_jacobian", "no_slope",
        replace="J = slope[:, :, None] * Wh.T", by="J = np.ones_like(slope)[:, :, None] * Wh.T",
        idea="the slope of the tanh is left out",
        hints=(
            "Does your Jacobian depend on next_h at all?",
            "A unit that sits at 1 cannot be moved by anything. Is its row zero?",
            "Between the sum and the new state there is a nonlinearity, and the chain rule has a factor for it.",
        ),
        source="docs/misconceptions.md 100",
    ),
    Misconception(
        "step_jacobian", "slope_on_the_input",
        replace="slope[:, :, None]", by="slope[:, None, :]",
        idea="the slope of the tanh is multiplied to the side of the old state",
        hints=(
            "Whose tanh is it: that of the old units or of the new ones?",
            "Saturate the first new unit. In your J the wrong line of numbers becomes zero: a column.",
            "Each row of J belongs to one new unit, and all of that row shares this unit's slope.",
        ),
        source="docs/misconceptions.md 100",
    ),
    Misconception(
        "step_jacobian", "sigmoid_slope",
        replace="1 - next_h**2", by="next_h * (1 - next_h)",
        idea="the slope of the sigmoid is used for tanh",
        hints=(
            "At output 0 tanh is steepest: does your slope agree?",
            "A slope of tanh is never negative. Can yours be?",
            "You have the derivative of another squashing function.",
        ),
        source="docs/misconceptions.md 17",
    ),
    Misconception(
        "step_jacobian", "tanh_twice",
        replace="1 - next_h**2", by="1 - np.tanh(next_h) ** 2",
        idea="tanh is applied again to a value that is already a tanh output",
        hints=(
            "What exactly is next_h: what goes into the tanh or what comes out of it?",
            "A unit at exactly 1 cannot move. In your Jacobian it can, a little.",
            "The squashing has happened already; only the square is left to be taken.",
        ),
        source="docs/misconceptions.md 18",
    ),
    Misconception(
        "step_jacobian", "one_minus_h",
        replace="1 - next_h**2", by="1 - next_h",
        idea="the slope of tanh is taken as 1 - h instead of 1 - h squared",
        hints=(
            "tanh is symmetric: should its slope at h = -0.5 differ from that at h = 0.5?",
            "Your slope is larger than 1 for negative states; tanh is never steeper than 1.",
            "A square is missing in your derivative.",
        ),
        source="docs/misconceptions.md 17",
    ),
    # ---------------------------------------------------------------------------- sequence_jacobian
    Misconception(
        "sequence_jacobian", "order_reversed",
        replace="step_jacobian(h[:, t], Wh) @ J", by="J @ step_jacobian(h[:, t], Wh)",
        idea="the Jacobians are multiplied in the wrong order",
        hints=(
            "Does the order of a product of matrices matter? Try two steps.",
            "A small push at h_0 goes through the first step first. Which factor stands next to the vector that is pushed?",
            "With columns on the right, later steps stand further left; yours stand further right.",
        ),
        source="docs/misconceptions.md 100",
    ),
    Misconception(
        "sequence_jacobian", "first_step_left_out",
        replace="J = step_jacobian(h[:, 0], Wh)", by="J = np.broadcast_to(np.eye(len(Wh)), (len(h), *Wh.shape))",
        idea="the step from h_0 to h_1 is left out: it is dh_T/dh_1",
        hints=(
            "How many steps lie between h_0 and h_T, and how many factors has your product?",
            "With one step you return the identity: as if h_1 were h_0.",
            "h[:, 0] is already the state after a step, and this step counts.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_jacobian", "last_step_left_out",
        replace="range(1, h.shape[1])", by="range(1, h.shape[1] - 1)",
        idea="the last step is left out: it is dh_{T-1}/dh_0",
        hints=(
            "How many steps lie between h_0 and h_T, and how many factors has your product?",
            "Change the very last hidden state. Does your result change?",
            "One factor is missing, at the end of the time that you go through.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_jacobian", "last_step_only",
        replace="step_jacobian(h[:, t], Wh) @ J", by="step_jacobian(h[:, t], Wh)",
        idea="only the last step's Jacobian is returned",
        hints=(
            "What happens to the Jacobians of the steps before?",
            "With one step you are right. With two, yours does not depend on the first.",
            "The chain rule multiplies; you replace.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_jacobian", "elementwise_product",
        replace="step_jacobian(h[:, t], Wh) @ J", by="step_jacobian(h[:, t], Wh) * J",
        idea="the Jacobians are multiplied element by element",
        hints=(
            "A push at unit 0 may reach unit 2 by way of unit 1. Where is this path in your product?",
            "With one unit or with one step you are right.",
            "The chain rule for vectors is a product of matrices.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_jacobian", "summed",
        replace="step_jacobian(h[:, t], Wh) @ J", by="step_jacobian(h[:, t], Wh) + J",
        idea="the Jacobians are added up",
        hints=(
            "One step halves a push, the next one halves it again. What is left of it?",
            "With one step you are right. If each step's Jacobian is below 1, should more steps make more of it?",
            "Functions applied one after the other: their derivatives are multiplied.",
        ),
        source="own",
    ),
    Misconception(
        "sequence_jacobian", "one_slope_for_all_steps",
        replace="step_jacobian(h[:, t], Wh) @ J", by="step_jacobian(h[:, 0], Wh) @ J",
        idea="the first step's Jacobian is used for all steps",
        hints=(
            "Wh is the same at all steps. What is not?",
            "With one step you are right. Change the last hidden state: does your result change?",
            "Each step has slopes of its own, from its own state.",
        ),
        source="own",
    ),
    # ------------------------------------------------------------------------------- gradient_norms
    Misconception(
        "gradient_norms", "one_step_late",
        replace="        norms[t] = np.sqrt((dh**2).sum())\n        dh = np.einsum(\"ni,nij->nj\", dh, step_jacobian(h[:, t], Wh))",
        by="        dh = np.einsum(\"ni,nij->nj\", dh, step_jacobian(h[:, t], Wh))\n        norms[t] = np.sqrt((dh**2).sum())",
        idea="norms[t] is the gradient by the state before step t instead of after it",
        hints=(
            "What is the gradient of the loss by the last hidden state? You were given it.",
            "The last of your numbers should be the norm of dhT, before it went through any step.",
            "All of your numbers are one step too far back.",
        ),
        source="own",
    ),
    Misconception(
        "gradient_norms", "in_the_order_of_walking",
        replace="norms[t] = np", by="norms[T - 1 - t] = np",
        idea="the norms stand in the order in which they were found, last step first",
        hints=(
            "Which of your numbers belongs to h[:, 0]?",
            "Your numbers are right. Read them backwards.",
            "You walk from the end to the start; the result is asked for from the start to the end.",
        ),
        source="own",
    ),
    Misconception(
        "gradient_norms", "forward_in_time",
        replace="for t in reversed(range(T)):", by="for t in range(T):",
        idea="the gradient is sent through the steps from the first to the last",
        hints=(
            "At which end does dhT come in?",
            "Where is your norm of dhT itself: at the first step or at the last?",
            "The first step to be undone is the last one done.",
        ),
        source="docs/misconceptions.md 27",
    ),
    Misconception(
        "gradient_norms", "old_state_slope",
        replace="step_jacobian(h[:, t], Wh)", by="step_jacobian(h[:, t - 1], Wh)",
        idea="the slope is taken at the state before the step instead of after it",
        hints=(
            "To get from h_t back to h_{t-1}: whose tanh lies in between?",
            "Your last number is right and the others are not. At which state is the slope of the step into h_t found?",
            "The slope belongs to the state that the step made, not to the one it started from.",
        ),
        source="docs/misconceptions.md 19",
    ),
    Misconception(
        "gradient_norms", "no_slope",
        replace="step_jacobian(h[:, t], Wh)", by="step_jacobian(np.zeros_like(dh), Wh)",
        idea="the gradient passes the tanh unchanged",
        hints=(
            "Do your norms depend on h at all?",
            "Saturated units let no gradient through. Yours do.",
            "Each step back has two parts, one of them elementwise.",
        ),
        source="docs/misconceptions.md 16",
    ),
    Misconception(
        "gradient_norms", "Wh_not_transposed",
        replace='np.einsum("ni,nij->nj", dh, step_jacobian(h[:, t], Wh))', by="(dh * (1 - h[:, t] ** 2)) @ Wh",
        idea="on the way back Wh is used as on the way forth",
        hints=(
            "Run the forward arrow backwards: the rows of Wh become the columns of what?",
            "With a symmetric Wh you would be right.",
            "On the way back every arrow of the network is turned round. So is the matrix.",
        ),
        source="docs/misconceptions.md 22",
    ),
    Misconception(
        "gradient_norms", "slope_after_the_product",
        replace='np.einsum("ni,nij->nj", dh, step_jacobian(h[:, t], Wh))', by="(dh @ Wh.T) * (1 - h[:, t] ** 2)",
        idea="the slope is multiplied after the product with the weights instead of before it",
        hints=(
            "Going forward: which comes last, the product or the tanh? And going back, which comes first?",
            "Saturate one unit at step t: nothing may flow back out of this unit. In yours nothing flows into the same unit of the step before.",
            "Undo the steps in the opposite order: first the tanh, then the product.",
        ),
        source="docs/misconceptions.md 100",
    ),
    Misconception(
        "gradient_norms", "squared",
        replace="np.sqrt((dh**2).sum())", by="(dh**2).sum()",
        idea="the square root is missing",
        hints=(
            "How long is a gradient with the entries 3 and 4?",
            "Double dhT. By how much should a length grow, and by how much does yours?",
            "A sum of squares is the square of a length.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "gradient_norms", "averaged_over_batch",
        replace="norms[t] = np.sqrt((dh**2).sum())", by="norms[t] = np.sqrt((dh**2).sum(axis=1)).mean()",
        idea="the norm is taken for each example and then averaged",
        hints=(
            "With a batch of one you are right. What does the docstring say of larger ones?",
            "Is the mean of lengths the length of the whole?",
            "Take all the numbers of the batch as one vector, and its length.",
        ),
        source="own",
    ),
    Misconception(
        "gradient_norms", "sum_of_absolute_values",
        replace="np.sqrt((dh**2).sum())", by="np.abs(dh).sum()",
        idea="the entries' absolute values are added up",
        hints=(
            "How long is a gradient with the entries 3 and 4?",
            "Your figure is that of somebody who may walk along the axes only.",
            "Euclidean: by Pythagoras.",
        ),
        source="own",
    ),
    Misconception(
        "gradient_norms", "gradient_added_at_every_step",
        replace='dh = np.einsum("ni,nij->nj", dh, step_jacobian(h[:, t], Wh))', by='dh = dhT + np.einsum("ni,nij->nj", dh, step_jacobian(h[:, t], Wh))',
        idea="dhT enters at every step, as if the loss looked at all of them",
        hints=(
            "At how many steps does the loss look?",
            "Set Wh to zero: then no earlier state matters. Do your earlier norms say so?",
            "In the backward pass of a whole layer something comes in at every step; here only at the last.",
        ),
        source="docs/misconceptions.md 24",
    ),
    # ------------------------------------------------------------------------------ vanishing_bound
    Misconception(
        "vanishing_bound", "largest_eigenvalue",
        replace="np.linalg.svd(Wh, compute_uv=False)[0]", by="np.abs(np.linalg.eigvals(Wh)).max()",
        idea="the largest eigenvalue is taken for the largest singular value",
        hints=(
            "For the matrix with the rows (0, 10) and (0, 0): what is the most it can stretch a vector?",
            "Yours says what happens in the long run. A bound has to hold for a single step, too.",
            "Eigenvalues belong to the vectors that keep their direction; others may be stretched more.",
        ),
        source="docs/misconceptions.md 100",
    ),
    Misconception(
        "vanishing_bound", "smallest_singular_value",
        replace="[0]", by="[-1]",
        idea="the smallest singular value is taken instead of the largest",
        hints=(
            "Is a bound from above about the best case or the worst?",
            "Print all singular values. Which one do you use?",
            "Singular values come sorted, and you took the wrong end.",
        ),
        source="own",
    ),
    Misconception(
        "vanishing_bound", "frobenius_norm",
        replace="np.linalg.svd(Wh, compute_uv=False)[0]", by="np.linalg.norm(Wh)",
        idea="the root of the sum of all squared entries is taken for the largest singular value",
        hints=(
            "How far does the identity of size 4 stretch a vector? What does your norm say of it?",
            "Yours is a bound, too, but a needlessly large one. With one unit it is right.",
            "A matrix has several norms. Yours takes all of its singular values together, and only the largest is asked for.",
        ),
        source="own",
    ),
    Misconception(
        "vanishing_bound", "largest_row_sum",
        replace="np.linalg.svd(Wh, compute_uv=False)[0]", by="np.abs(Wh).sum(axis=1).max()",
        idea="the largest sum of a row's absolute values is taken for the largest singular value",
        hints=(
            "A quarter turn mixed with an eighth stretches nothing. What do you make of a rotation by 45 degrees?",
            "Yours measures how far the largest entry can grow, not how far the length can.",
            "Of the norms of a matrix, the one for Euclidean lengths is wanted.",
        ),
        source="own",
    ),
    Misconception(
        "vanishing_bound", "squared",
        replace="np.linalg.svd(Wh, compute_uv=False)[0]", by="np.linalg.eigvalsh(Wh @ Wh.T).max()",
        idea="the square of the largest singular value is taken",
        hints=(
            "How far does the matrix 3 times the identity stretch a vector?",
            "Over one step you should get the singular value itself. What is yours a power of?",
            "The eigenvalues of Wh times its transpose are not the singular values yet.",
        ),
        source="own",
    ),
    Misconception(
        "vanishing_bound", "times_instead_of_power",
        replace="** T", by="* T",
        idea="the singular value is multiplied by T instead of raised to it",
        hints=(
            "A half of a half: how much is it?",
            "With one step you are right. With sigma = 0.9, does your bound go down as T goes up?",
            "Each step stretches what the step before has stretched.",
        ),
        source="own",
    ),
    Misconception(
        "vanishing_bound", "one_step_less",
        replace="** T", by="** (T - 1)",
        idea="one step is not counted",
        hints=(
            "Over how many steps does the gradient go from h_T to h_0?",
            "With T = 0 nothing happens to a gradient. What is your factor?",
            "T states after h_0 mean T steps, and each of them multiplies once.",
        ),
        source="own",
    ),
    Misconception(
        "vanishing_bound", "never_above_one",
        replace="compute_uv=False)[0] ** T", by="compute_uv=False)[0] ** T\n    bound = min(bound, 1.0)",
        idea="the bound is cut off at 1",
        hints=(
            "Can a gradient grow on its way back?",
            "For matrices that shrink you are right. For the others yours says 1: is that true?",
            "The slope of tanh is at most 1; nobody promised the same of Wh.",
        ),
        source="own",
    ),
    # ----------------------------------------------------------- large_singular_value_that_vanishes
    Misconception(
        "large_singular_value_that_vanishes", "stretches_for_ever",
        replace="np.diag(np.full(H - 1, 3.0), k=1)", by="3.0 * np.eye(H)",
        idea="the matrix stretches, but it goes on stretching",
        hints=(
            "Apply your matrix ten times to a vector. How long is it?",
            "The largest singular value is as it should be. Print the eigenvalues.",
            "For symmetric matrices the two are the same: go and look among the others.",
        ),
        source="own",
    ),
    Misconception(
        "large_singular_value_that_vanishes", "never_stretches",
        replace="np.full(H - 1, 3.0)", by="np.full(H - 1, 0.5)",
        idea="the matrix vanishes, but it never stretches anything",
        hints=(
            "Which vector does your matrix make longer?",
            "The eigenvalues are as they should be. Print the largest singular value.",
            "A matrix that shrinks everything from the start is no counterexample. It needs an arrow of large weight, but not in a circle.",
        ),
        source="own",
    ),
    Misconception(
        "large_singular_value_that_vanishes", "rest_left_alone",
        replace="np.diag(np.full(H - 1, 3.0), k=1)", by="np.eye(H)\n    W[:2, :2] = [[0, 3], [0, 0]]",
        idea="two units are as they should be, the others keep their value for ever",
        hints=(
            "Apply your matrix of size 3 ten times to the vector (0, 0, 1). What is left?",
            "With two units you are right. With more, print the eigenvalues.",
            "The units that you did not need for the example must vanish, too.",
        ),
        source="own",
    ),
    Misconception(
        "large_singular_value_that_vanishes", "single_unit_accepted",
        replace="if H < 2:", by="if H < 1:",
        idea="a single unit is not refused",
        hints=(
            "A single number that is above 1 and below 1: which one is it?",
            "Print singular value and eigenvalue of your matrix of size 1.",
            "For one unit there is no such matrix; the docstring says what to do then.",
        ),
        source="own",
    ),
    # ------------------------------------------------------------------------------- clip_grad_norm
    Misconception(
        "clip_grad_norm", "square_root_forgotten",
        replace="np.sqrt(sum(np.sum(g**2) for g in grads.values()))", by="sum(np.sum(g**2) for g in grads.values())",
        idea="the square root is forgotten, as on the slide",
        hints=(
            "Threshold 5, norms 3, 10 and 100: how long are the gradients after your clipping?",
            "Yours come out at 1.67, 0.5 and 0.05. The larger the gradient, the smaller the step: is this what clipping is for?",
            "The slide's line gives the square of the norm.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "each_tensor_alone",
        replace="    if norm > max_norm:\n        for g in grads.values():\n            g *= max_norm / norm", by="    for g in grads.values():\n        own = np.sqrt(np.sum(g**2))\n        if own > max_norm:\n            g *= max_norm / own",
        idea="every tensor is clipped by its own norm",
        hints=(
            "Three tensors, each just short enough: is the whole short enough?",
            "Put the gradients end to end, before and after. Is it the same direction?",
            "There is one norm for all of them, and one factor.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "entry_by_entry",
        replace="    if norm > max_norm:\n        for g in grads.values():\n            g *= max_norm / norm", by="    for g in grads.values():\n        np.clip(g, -max_norm, max_norm, out=g)",
        idea="every entry is clipped on its own",
        hints=(
            "Are gradients with many small entries ever clipped by you?",
            "Put the gradients end to end, before and after. Is it the same direction?",
            "Clipping by value cuts off entries, clipping by norm shortens the whole.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "norms_added_up",
        replace="np.sqrt(sum(np.sum(g**2) for g in grads.values()))", by="sum(np.sqrt(np.sum(g**2)) for g in grads.values())",
        idea="the norms of the tensors are added up",
        hints=(
            "Go 3 to the east and 4 to the north: how far is it back?",
            "With one tensor you would be right. After your clipping the whole is shorter than max_norm.",
            "Add the squares of all entries first, and take one root at the end.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "always_rescaled",
        replace="if norm > max_norm:", by="if norm > 0:",
        idea="short gradients are stretched to max_norm",
        hints=(
            "Near a minimum the gradient is small. How small is it after your clipping?",
            "For long gradients you are right. What should happen to those below the threshold?",
            "Clipping makes shorter; it never makes longer.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "unit_length",
        replace="g *= max_norm / norm", by="g /= norm",
        idea="long gradients are scaled to length 1 instead of max_norm",
        hints=(
            "How long are the gradients after your clipping, whatever the threshold?",
            "The direction is right. Is max_norm used for anything but the question whether to clip?",
            "The factor makes the length max_norm, not 1.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "only_first_tensor_scaled",
        replace="        for g in grads.values():\n            g *= max_norm / norm", by="        g = next(iter(grads.values()))\n        g *= max_norm / norm",
        idea="only the first tensor is scaled",
        hints=(
            "Which of the tensors are different after your clipping?",
            "The norm you return is right. Compute it again afterwards: is it max_norm?",
            "All tensors get the same factor.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "norm_of_first_tensor",
        replace="for g in grads.values()))", by="for g in list(grads.values())[:1]))",
        idea="the norm is that of the first tensor alone",
        hints=(
            "Make the last of the tensors a thousand times larger. Does your norm change?",
            "The norm you return is too small. Which of the gradients are in it?",
            "The norm runs over all tensors.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "copies_scaled",
        replace="            g *= max_norm / norm", by="            g = g * (max_norm / norm)",
        idea="the scaled gradients are new arrays that nobody keeps",
        hints=(
            "Print an entry of the dictionary before and after your function. Is it different?",
            "A variable that gets a new value forgets the array it named. Who else knows the new one?",
            "The multiplication has to happen within the array that was handed in.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "new_arrays_in_the_dictionary",
        replace="        for g in grads.values():\n            g *= max_norm / norm", by="        for name in grads:\n            grads[name] = grads[name] * (max_norm / norm)",
        idea="the dictionary gets new arrays, and whoever holds the old ones sees nothing of it",
        hints=(
            "Keep one of the arrays under another name, clip, and look at it again.",
            "The dictionary holds the right values. Are they in the arrays that it held before?",
            "Change the arrays, not the dictionary.",
        ),
        source="docs/misconceptions.md 75",
    ),
    Misconception(
        "clip_grad_norm", "norm_after_returned",
        replace="            g *= max_norm / norm", by="            g *= max_norm / norm\n        norm = max_norm",
        idea="the norm after clipping is returned instead of the one before",
        hints=(
            "What is the returned number good for, if it is never above max_norm?",
            "The gradients are right. Plot the norm over a training run: when did they explode?",
            "Return what you measured before you changed anything.",
        ),
        source="own",
    ),
    Misconception(
        "clip_grad_norm", "mean_of_squares",
        replace="np.sqrt(sum(np.sum(g**2) for g in grads.values()))", by="np.sqrt(sum(np.mean(g**2) for g in grads.values()))",
        idea="each tensor's squares are averaged instead of added up",
        hints=(
            "How long is a vector of a hundred ones?",
            "Your norm is too small, the more so the larger the tensors.",
            "A length adds up squares. Nothing is divided.",
        ),
        source="own",
    ),
)  # fmt: skip
