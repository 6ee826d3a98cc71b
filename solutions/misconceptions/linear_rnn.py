"""Wrong ideas about linear recurrences and the minGRU."""

from autograder.problem import Misconception, Patch

STEP = "prev_h = f[:, t] * prev_h + v[:, t]"
BACK = """    for t in reversed(range(f.shape[1] - 1)):
        dv[:, t] += f[:, t + 1] * dv[:, t + 1]"""
ROUND = """    longer_f[:, distance:], longer_v[:, distance:] = compose_steps(
        f[:, :-distance], v[:, :-distance], f[:, distance:], v[:, distance:]
    )"""
ALL_ROUNDS = """    distance = 1
    while distance < f.shape[1]:
        f, v = scan_round(f, v, distance)
        distance = 2 * distance
    h = f * h0[:, None] + v"""
PATH = """    path = np.ones_like(f)
    for t in reversed(range(f.shape[1] - 1)):
        path[:, t] = f[:, t + 1] * path[:, t + 1]"""

MISCONCEPTIONS = (
    # -------------------------------------------------------------------- linear_recurrence_forward
    Misconception(
        "linear_recurrence_forward", "h0_ignored",
        replace="prev_h = h0", by="prev_h = np.zeros_like(h0)",
        idea="the recurrence starts from zeros and not from h0",
        hints=(
            "With all v at 0 and all f at 1, which state should come out at every step?",
            "Change h0: does any of your states change?",
            "The state before the first step is given. Yours is all zeros.",
        ),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "linear_recurrence_forward", "state_never_carried",
        replace=STEP, by="prev_h = f[:, t] * h0 + v[:, t]",
        idea="every step starts again from h0",
        hints=(
            "Which state does the second step multiply by its factor?",
            "Your first state is right. Change v at the first step: what happens to your second state?",
            "Each step begins with the state that the one before it left.",
        ),
        source="docs/misconceptions.md 2",
    ),
    Misconception(
        "linear_recurrence_forward", "factor_on_the_sum",
        replace=STEP, by="prev_h = f[:, t] * (prev_h + v[:, t])",
        idea="v is added before the factor is applied, so that the factor shrinks it, too",
        hints=(
            "A step has f = 0 and v = 5. Which state is left after it?",
            "Set one factor to 0. Your state is 0 there; which number should it be?",
            "The factor belongs to the old state alone, and v comes in as it is.",
        ),
        source="docs/misconceptions.md 52",
    ),
    Misconception(
        "linear_recurrence_forward", "roles_exchanged",
        replace=STEP, by="prev_h = v[:, t] * prev_h + f[:, t]",
        idea="f and v have changed roles: v multiplies the state, and f is added",
        hints=(
            "All v are 0. What should become of the state, and what becomes of yours?",
            "Double all f: by how much do your states change, and by how much should they?",
            "The factor is the first of the two arguments; what is added is the second.",
        ),
        source="own",
    ),
    Misconception(
        "linear_recurrence_forward", "old_state_kept_besides",
        replace=STEP, by="prev_h = prev_h + f[:, t] * prev_h + v[:, t]",
        idea="the old state is added once more, besides its product with the factor",
        hints=(
            "A step has f = 0. What is left of the state before it?",
            "Set all factors to 0: your states still add up. Should they?",
            "How much is kept is what the factor says, and nothing is kept besides.",
        ),
        source="own",
    ),
    Misconception(
        "linear_recurrence_forward", "the_rest_of_the_factor",
        replace="+ v[:, t]", by="+ (1 - f[:, t]) * v[:, t]",
        idea="v is weighed by 1 - f, as the candidate of a GRU is",
        hints=(
            "Which factor does v have in the equation at the top of the file?",
            "Set all factors to 1. Your states never change; what should v do to them?",
            "In a GRU keeping and taking add up to 1. Here f and v are independent, and v is added whole.",
        ),
        source="docs/misconceptions.md 42",
    ),
    Misconception(
        "linear_recurrence_forward", "factor_of_the_step_before",
        replace=STEP, by="prev_h = f[:, max(t - 1, 0)] * prev_h + v[:, t]",
        idea="each step uses the factor of the step before it",
        hints=(
            "h_2 is made from h_1. Which of f_1 and f_2 multiplies it?",
            "Change the last factor: does your last state change?",
            "Factor and addend of one step have the same index. Your factor is one step late.",
        ),
        source="own",
    ),
    Misconception(
        "linear_recurrence_forward", "states_delayed",
        replace="        prev_h = f[:, t] * prev_h + v[:, t]\n        states.append(prev_h)", by="        states.append(prev_h)\n        prev_h = f[:, t] * prev_h + v[:, t]",
        idea="h[:, t] holds the state before step t instead of the one after it",
        hints=(
            "Is h0 among the states that you return? Should it be?",
            "Compare your h with the expected one, shifted by one step.",
            "What belongs at t is the state after step t, so that the last state is not lost.",
        ),
        source="docs/misconceptions.md 8",
    ),
    Misconception(
        "linear_recurrence_forward", "from_the_end",
        replace="for t in range(f.shape[1]):", by="for t in reversed(range(f.shape[1])):",
        idea="the steps are taken from the last to the first",
        hints=(
            "Which step is taken first, and which state does it start from?",
            "With T = 1 you are right. Change v at the last step: which of your states change?",
            "Time runs forward here: step 0 starts from h0.",
        ),
        source="docs/misconceptions.md 27",
    ),
    Misconception(
        "linear_recurrence_forward", "squeezed",
        replace="h = np.stack(states, axis=1)", by="h = np.squeeze(np.stack(states, axis=1))",
        idea="every axis of length 1 is squeezed out of h",
        hints=(
            "What does squeeze do to a batch of one?",
            "Where no axis has length 1 you are right. Print the shape of your h for N = 1.",
            "A batch of one row is still a batch: h keeps all its axes, also where one is of length 1.",
        ),
        source="docs/misconceptions.md 14",
    ),
    Misconception(
        "linear_recurrence_forward", "time_first",
        replace="h = np.stack(states, axis=1)", by="h = np.stack(states, axis=0).reshape(f.shape)",
        idea="the states are stacked with time first and then only reshaped, which mixes up the rows of the batch",
        hints=(
            "Which axis of h counts the steps? Which one did your stacking make?",
            "With N = 1 you are right. Compare your first row with what belongs to the other rows.",
            "A reshape does not exchange two axes; it only cuts the same sequence of numbers differently.",
        ),
        source="docs/misconceptions.md 13",
    ),
    # ------------------------------------------------------------------- linear_recurrence_backward
    Misconception(
        "linear_recurrence_backward", "recurrent_gradient_dropped",
        replace=BACK, by="",
        idea="a state's gradient is only that of the state as an output, and what later steps send back is missing",
        hints=(
            "In how many places is one state used: as an output, and where else?",
            "At the last step you are right. Set all of dh to 0 but for the last step: what is your dv at the first?",
            "The next step multiplies the state by its factor, and sends back a gradient by the same way.",
        ),
        source="docs/misconceptions.md 25",
    ),
    Misconception(
        "linear_recurrence_backward", "only_last_upstream",
        replace="dv = dh.copy()", by="dv = dh.copy()\n    dv[:, :-1] = 0",
        idea="only the last step's upstream gradient enters",
        hints=(
            "The loss may look at every state. Where do the other gradients go?",
            "Set dh to 0 at the last step only: your gradients are all 0. Should they be?",
            "At each step two gradients meet, and you have left out the state's own as an output.",
        ),
        source="docs/misconceptions.md 24",
    ),
    Misconception(
        "linear_recurrence_backward", "own_factor_on_the_way",
        replace="f[:, t + 1] * dv[:, t + 1]", by="f[:, t] * dv[:, t + 1]",
        idea="on its way back from step t+1 to step t the gradient meets the factor of step t",
        hints=(
            "Write down h_2 in terms of h_1. Which factor stands before h_1?",
            "Change the factor of the last step: does your dv at the step before it change?",
            "The factor on the way from one state to the next belongs to the later one. Yours is one step early.",
        ),
        source="own",
    ),
    Misconception(
        "linear_recurrence_backward", "factor_forgotten",
        replace="f[:, t + 1] * dv[:, t + 1]", by="dv[:, t + 1]",
        idea="the gradient goes back from step to step without the factor",
        hints=(
            "A step has f = 0. How much does its state depend on the one before?",
            "With all factors at 1 you are right. Make them 0.5: is your dv at the first step any smaller?",
            "What multiplies the state on its way forward multiplies its gradient on the way back.",
        ),
        source="docs/misconceptions.md 53",
    ),
    Misconception(
        "linear_recurrence_backward", "gradient_piles_up",
        replace=BACK, by="""    carry = np.zeros_like(h0)
    for t in reversed(range(f.shape[1])):
        dv[:, t] += carry
        carry = carry + f[:, t] * dv[:, t]""",
        idea="what has gone through a step already is sent back once more, instead of being replaced",
        hints=(
            "After a step back, is the gradient that arrived at its state still on its way?",
            "With T = 1, and at the last two steps, you are right. Set dh to 0 but for the last step, and all factors to 0.5: does your dv shrink from step to step?",
            "What arrives at a state leaves it through its step, multiplied by the factor. Nothing goes past the step.",
        ),
        also=(Patch("linear_recurrence_backward", "dh0 = f[:, 0] * dv[:, 0]", "dh0 = carry"),),
        source="docs/misconceptions.md 26",
    ),
    Misconception(
        "linear_recurrence_backward", "runs_forward",
        replace="for t in reversed(range(f.shape[1] - 1)):", by="for t in range(f.shape[1] - 1):",
        idea="a step sends back only the gradient of its state as an output, and not what has come to it from later steps, as where steps are undone from the first to the last",
        hints=(
            "When you come to step t, is the gradient at step t+1 complete?",
            "For T = 2 you are right. How far back does your gradient reach from the last step?",
            "The last state is the only one that nothing later uses: begin there.",
        ),
        source="docs/misconceptions.md 27",
    ),
    Misconception(
        "linear_recurrence_backward", "df_with_the_new_state",
        replace="df = dv * prev_h", by="df = dv * h",
        idea="df is formed with the state after the step instead of the one before it",
        hints=(
            "Which state did f_t multiply, h_t or the one before?",
            "dv and dh0 are right. Set h0 to 0: is your df at the first step 0, as it has to be?",
            "The partner of a factor is what it was multiplied with in the forward pass.",
        ),
        source="docs/misconceptions.md 20",
    ),
    Misconception(
        "linear_recurrence_backward", "df_without_h0",
        replace="[h0[:, None], h[:, :-1]]", by="[0 * h0[:, None], h[:, :-1]]",
        idea="for df, the state before the first step is taken to be zero",
        hints=(
            "Which state did the first factor multiply?",
            "Only df is wrong, and only at the first step. Which number stands there?",
            "Before the first step the state is h0, which need not be 0.",
        ),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "linear_recurrence_backward", "df_with_the_last_state",
        replace="prev_h = np.concatenate([h0[:, None], h[:, :-1]], axis=1)", by="prev_h = np.roll(h, 1, axis=1)",
        idea="for df, the last state of all stands at step 0 where h0 belongs",
        hints=(
            "Which state did the first factor multiply?",
            "Only df is wrong, and only at the first step. Change v at the last step: does your df at the first one change?",
            "In numpy the index before 0 is the last one. The state before the first step is h0.",
        ),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "linear_recurrence_backward", "df_of_the_output_alone",
        replace="df = dv * prev_h", by="df = dh * prev_h",
        idea="df is formed with the gradient of the state as an output alone",
        hints=(
            "A change of f_1 changes h_1. Which later states change with it?",
            "dv is right. How do df and dv differ from each other at one step?",
            "Everything that arrives at the state goes on to the factor, also what came from later steps.",
        ),
        source="docs/misconceptions.md 25",
    ),
    Misconception(
        "linear_recurrence_backward", "dh0_before_its_factor",
        replace="dh0 = f[:, 0] * dv[:, 0]", by="dh0 = dv[:, 0]",
        idea="dh0 is the gradient of the first state, which has not gone back through the first step",
        hints=(
            "Between h0 and h[:, 0] lies a step. What does it do to a gradient?",
            "Set the first factor to 0: does h0 still matter? Is your dh0 zero?",
            "One factor is missing: that of the step which used h0.",
        ),
        source="docs/misconceptions.md 30",
    ),
    Misconception(
        "linear_recurrence_backward", "dh0_zero",
        replace="dh0 = f[:, 0] * dv[:, 0]", by="dh0 = np.zeros_like(h0)",
        idea="dh0 is left at zero",
        hints=(
            "Does the loss depend on h0?",
            "Change h0 a little in the forward pass: do the states change?",
            "The start is an argument like the others, and has a gradient.",
        ),
        source="docs/misconceptions.md 30",
    ),
    # -------------------------------------------------------------------------------- compose_steps
    Misconception(
        "compose_steps", "order_exchanged",
        replace="v = f2 * v1 + v2", by="v = f1 * v2 + v1",
        idea="the second step is taken before the first",
        hints=(
            "Put h into the first step, and its result into the second. Which addend is multiplied on the way?",
            "Let the second factor be 0: is anything left of v1? And of yours?",
            "Your result belongs to the two steps in the other order. The factors alone do not tell, for they commute.",
        ),
        source="own",
    ),
    Misconception(
        "compose_steps", "v1_as_it_is",
        replace="v = f2 * v1 + v2", by="v = v1 + v2",
        idea="the two addends are added without a factor",
        hints=(
            "What does the second step do to what the first one has added?",
            "Start from h = 0, and let the second factor be 0. What is left at the end?",
            "What the first step adds is part of the state when the second step multiplies it.",
        ),
        source="own",
    ),
    Misconception(
        "compose_steps", "both_addends_scaled",
        replace="v = f2 * v1 + v2", by="v = f2 * (v1 + v2)",
        idea="the second factor is applied to both addends, its own step's too",
        hints=(
            "In the second step, which comes first: multiplying or adding?",
            "Let the second factor be 0: your v is 0. What does the second step add?",
            "The second step multiplies what was there before, and then adds its own without a factor.",
        ),
        source="docs/misconceptions.md 52",
    ),
    Misconception(
        "compose_steps", "own_factors",
        replace="v = f2 * v1 + v2", by="v = f1 * v1 + v2",
        idea="the first addend is multiplied by its own step's factor",
        hints=(
            "In the first step, is v1 multiplied by anything?",
            "Let the first factor be 0 and the second one 1: is v1 lost?",
            "The factor that v1 meets is that of the step after it.",
        ),
        source="own",
    ),
    Misconception(
        "compose_steps", "only_the_second_factor",
        replace="f = f2 * f1", by="f = f2 * np.ones_like(f1)",
        idea="the factor of both together is that of the second step alone",
        hints=(
            "Both addends are 0, and each step halves the state. What do two steps do?",
            "Your v is right. Start from h = 1 with both addends at 0, and compare.",
            "The old state goes through both steps, and meets both factors.",
        ),
        source="own",
    ),
    Misconception(
        "compose_steps", "factors_added",
        replace="f = f2 * f1", by="f = f2 + f1",
        idea="the two factors are added",
        hints=(
            "Two steps that each halve the state: by how much is it less at the end?",
            "Your v is right. What is left of the old state if the first factor is 0?",
            "One factor acts upon the result of the other.",
        ),
        source="docs/misconceptions.md 6",
    ),
    # ----------------------------------------------------------------------------------- scan_round
    Misconception(
        "scan_round", "in_place",
        replace=ROUND, by="""    for t in range(distance, f.shape[1]):
        longer_f[:, t], longer_v[:, t] = compose_steps(
            longer_f[:, t - distance], longer_v[:, t - distance], longer_f[:, t], longer_v[:, t]
        )""",
        idea="positions are overwritten one after the other, so that later ones read values of this very round",
        hints=(
            "When you do position t, has position t - distance been done already?",
            "Your first positions are right. With distance 1, over how many steps does your last stretch reach after one round?",
            "A round reads only what was there before it. Keep the old values until all new ones are made.",
        ),
        source="own",
    ),
    Misconception(
        "scan_round", "later_step_first",
        replace="f[:, :-distance], v[:, :-distance], f[:, distance:], v[:, distance:]", by="f[:, distance:], v[:, distance:], f[:, :-distance], v[:, :-distance]",
        idea="the two stretches are put together in the wrong order, the later one first",
        hints=(
            "Which of the two stretches does the state go through first?",
            "All your factors are right, for products commute. What of the addends?",
            "The stretch that ends earlier in time is the first of the two.",
        ),
        source="own",
    ),
    Misconception(
        "scan_round", "always_the_neighbour",
        replace=ROUND, by=ROUND.replace("distance", "1"),
        idea="each position takes in its neighbour, whatever the distance",
        hints=(
            "Each stretch is already `distance` steps long. Where does the one before it end?",
            "With distance 1 you are right. Does your result depend on the distance at all?",
            "The stretch before yours ends `distance` positions earlier; those in between are inside your own.",
        ),
        source="own",
    ),
    Misconception(
        "scan_round", "round_the_corner",
        replace=ROUND, by="    longer_f, longer_v = compose_steps(np.roll(f, distance, axis=1), np.roll(v, distance, axis=1), f, v)",
        idea="the first positions take in stretches from the end of the sequence",
        hints=(
            "What comes before step 0?",
            "Change the last step of the input: does your first position change?",
            "Rolling brings the end to the front. Where no stretch comes before, nothing is to be taken in.",
        ),
        source="own",
    ),
    Misconception(
        "scan_round", "looks_ahead",
        replace=ROUND, by="""    longer_f[:, :-distance], longer_v[:, :-distance] = compose_steps(
        f[:, :-distance], v[:, :-distance], f[:, distance:], v[:, distance:]
    )""",
        idea="each position takes in the stretch after it instead of the one before",
        hints=(
            "Does a state depend on steps that come later?",
            "Change the last step of the input: which of your positions change?",
            "The result belongs where the later of the two stretches ends.",
        ),
        source="own",
    ),
    Misconception(
        "scan_round", "first_positions_lost",
        replace="longer_f, longer_v = f.copy(), v.copy()", by="longer_f, longer_v = np.zeros_like(f), np.zeros_like(v)",
        idea="the first positions, which take in nothing, come out as zeros",
        hints=(
            "What should become of a stretch that begins with step 0 already?",
            "Look at your first positions: which values do they have?",
            "Where there is nothing to take in, the stretch stays as it was.",
        ),
        source="own",
    ),
    Misconception(
        "scan_round", "factors_left_alone",
        replace="    ### END SOLUTION", by="    longer_f = f.copy()\n    ### END SOLUTION",
        idea="only the addends are put together, and the factors stay those of the shorter stretches",
        hints=(
            "By how much does a stretch of two steps multiply the state?",
            "longer_v is right. In the next round, which factors will be used?",
            "A longer stretch has a factor of its own: the product over all its steps.",
        ),
        source="own",
    ),
    # -------------------------------------------------------------------------------- parallel_scan
    Misconception(
        "parallel_scan", "h0_ignored",
        replace="h = f * h0[:, None] + v", by="h = v",
        idea="the scan starts from zeros and not from h0",
        hints=(
            "What does the map of steps 0 to t do to the state that it starts from?",
            "Change h0: does any of your states change?",
            "The addends of the scan are the states for a start from zero. What is left of h0 comes on top.",
        ),
        source="docs/misconceptions.md 1",
    ),
    Misconception(
        "parallel_scan", "h0_as_it_is",
        replace="h = f * h0[:, None] + v", by="h = h0[:, None] + v",
        idea="h0 is added to every state as it is",
        hints=(
            "How much of h0 is left after five steps that each halve the state?",
            "Let all factors be 0: does h0 still matter?",
            "Each state has what is left of h0 in it: h0 times the factors of all steps so far.",
        ),
        source="own",
    ),
    Misconception(
        "parallel_scan", "last_factor_on_the_sum",
        replace="h = f * h0[:, None] + v", by="h = f * (h0[:, None] + v)",
        idea="in the end the factors are applied to what was added as well",
        hints=(
            "After the last round, what do the map's two numbers do to h0?",
            "With all v at 0 you are right. Set all factors to 0: what should your states be?",
            "The map multiplies h0 and then adds. What it adds has been multiplied already where it had to be.",
        ),
        source="docs/misconceptions.md 52",
    ),
    Misconception(
        "parallel_scan", "h0_in_the_first_state_only",
        replace="h = f * h0[:, None] + v", by="h = v.copy()\n    h[:, 0] += f[:, 0] * h0",
        idea="h0 enters the first state only, after the scan is done",
        hints=(
            "Does the second state depend on h0?",
            "Your first state is right. Change h0, and compare how the others should change.",
            "What you do to one state after the scan does not reach the later ones.",
        ),
        source="own",
    ),
    Misconception(
        "parallel_scan", "last_round_missing",
        replace="while distance < f.shape[1]:", by="while 2 * distance < f.shape[1]:",
        idea="the scan stops one round too early",
        hints=(
            "How many steps long are the stretches after one round, after two, after three?",
            "Your first states are right. From which position on are they wrong?",
            "When you stop, the last stretches do not reach back to step 0 yet.",
        ),
        source="own",
    ),
    Misconception(
        "parallel_scan", "rounds_rounded_down",
        replace="while distance < f.shape[1]:", by="while distance <= f.shape[1] // 2:",
        idea="log2 T is rounded down, so that a round is missing where T is no power of two",
        hints=(
            "How many rounds do 8 steps need, and how many do 9?",
            "For T = 1, 2, 4 and 8 you are right. For which T are your last states wrong?",
            "A round that is only partly needed is needed all the same: round up.",
        ),
        source="own",
    ),
    Misconception(
        "parallel_scan", "distance_grows_by_one",
        replace="distance = 2 * distance", by="distance = distance + 1",
        idea="the distance grows by 1 in each round instead of doubling, so that stretches overlap",
        hints=(
            "How long are the stretches after the second round, and where does the one before each of them end?",
            "Up to T = 3 you are right. Some steps are counted twice: which?",
            "The distance of a round is the length that the stretches have by then, and that doubles.",
        ),
        source="own",
    ),
    Misconception(
        "parallel_scan", "odd_step_left_over",
        replace="    distance = 1\n", by="    distance, odd, last = 1, f.shape[1] % 2 and f.shape[1] > 1, (f[:, -1], v[:, -1])\n",
        idea="steps are put together in pairs, and where T is odd the last one is left alone",
        hints=(
            "Five steps make two pairs. Which states has the fifth step to do with?",
            "For an even T you are right. What does your last state depend on where T is odd?",
            "The last step takes in all that came before it, whether or not T is even.",
        ),
        also=(
            Patch("parallel_scan", "    h = f * h0[:, None] + v", "    if odd:\n        f, v = f.copy(), v.copy()\n        f[:, -1], v[:, -1] = last\n    h = f * h0[:, None] + v"),
        ),
        source="own",
    ),
    Misconception(
        "parallel_scan", "divided_by_the_products",
        replace=ALL_ROUNDS, by="""    products = np.cumprod(f, axis=1)
    h = products * (h0[:, None] + np.cumsum(v / products, axis=1))""",
        idea="what is added is divided by the product of all factors so far, which may be 0",
        hints=(
            "What is the product of the factors so far, after a step with the factor 0?",
            "With factors near 1 you are right. Now let one of them be 0.",
            "Mathematically the quotient is fine where no factor is 0; in a computer the products underflow, too.",
        ),
        source="own",
    ),
    Misconception(
        "parallel_scan", "signs_lost_in_logarithms",
        replace=ALL_ROUNDS, by="""    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.concatenate([0 * f[:, :1], np.log(np.abs(f))], axis=1).cumsum(axis=1)
        added = np.concatenate([h0[:, None], v], axis=1)
        apart = np.exp(logs[:, :, None] - logs[:, None])
    apart[:, np.triu(np.ones(apart.shape[1:3]), 1) > 0] = 0.0
    h = np.einsum("ntsh,nsh->nth", apart, added)[:, 1:]""",
        idea="products are formed by adding up logarithms of absolute values, and the signs are lost",
        hints=(
            "What is the logarithm of -1? What is its absolute value's?",
            "With positive factors you are right. Make one of them negative.",
            "A gate is positive, and its logarithm exists; a factor may be any number, and a product of three negative ones is negative.",
        ),
        source="own",
    ),
    # -------------------------------------------------------------------------- state_gradient_path
    Misconception(
        "state_gradient_path", "own_factor_included",
        replace=PATH, by="    path = np.cumprod(f[:, ::-1], axis=1)[:, ::-1]",
        idea="the factor of step t itself is in the product for the state after step t",
        hints=(
            "By what is the last state multiplied on its way to the end?",
            "Your last entry should be 1. What does it say instead?",
            "The state at t has step t behind it; only the later steps multiply it.",
        ),
        source="own",
    ),
    Misconception(
        "state_gradient_path", "factors_one_step_early",
        replace="f[:, t + 1] * path[:, t + 1]", by="f[:, t] * path[:, t + 1]",
        idea="from each state to the next one, the factor of the earlier step is taken",
        hints=(
            "Which factor multiplies h_1 on its way to h_2?",
            "Change the last factor: which of your entries change?",
            "The way from one state to the next leads through the later step. Your factors are one step early.",
        ),
        source="own",
    ),
    Misconception(
        "state_gradient_path", "from_the_start",
        replace=PATH, by="    path = np.cumprod(f, axis=1)",
        idea="the factors are multiplied from the start up to step t, instead of from there to the end",
        hints=(
            "Which steps lie between h_t and the last state?",
            "Change the first factor: which entries should change?",
            "Yours says how much of h0 is left at t. Asked for is how much of h_t is left at the end.",
        ),
        source="own",
    ),
    Misconception(
        "state_gradient_path", "zero_at_the_end",
        replace="    ### END SOLUTION", by="    path[:, -1] = 0\n    ### END SOLUTION",
        idea="the entry of the last step is 0 instead of 1",
        hints=(
            "By how much does the last state change if the last state changes?",
            "With T = 1 there is only this entry. What is the derivative of a number by itself?",
            "A product of no factors is 1.",
        ),
        source="own",
    ),
    Misconception(
        "state_gradient_path", "same_for_all_steps",
        replace=PATH, by="    path = f.prod(axis=1, keepdims=True) * np.ones_like(f)",
        idea="the product over all steps stands at every step",
        hints=(
            "Do all states have the same way to the end?",
            "Your entries are all the same. What should the last one be?",
            "On the way from a state to the end lie only the steps after it.",
        ),
        source="own",
    ),
    Misconception(
        "state_gradient_path", "one_step_only",
        replace="f[:, t + 1] * path[:, t + 1]", by="f[:, t + 1]",
        idea="only the next step's factor is taken, instead of all later ones",
        hints=(
            "How many steps lie between the first state and the last one?",
            "Your last two entries are right. What is missing before them?",
            "The derivative by the next state has to be followed by the one after it, up to the end.",
        ),
        source="own",
    ),
    Misconception(
        "state_gradient_path", "divided_out",
        replace=PATH, by="    with np.errstate(divide=\"ignore\", invalid=\"ignore\"):\n        path = f.prod(axis=1, keepdims=True) / np.cumprod(f, axis=1)",
        idea="the product of all factors is divided by that of the first ones, which may be 0",
        hints=(
            "What does the quotient do where a factor is 0?",
            "Set one factor to 0: your entries are NaN. What should those after it be?",
            "Multiply what is wanted from the end, and nothing has to be divided out.",
        ),
        source="own",
    ),
    # ------------------------------------------------------------------------------- mingru_forward
    Misconception(
        "mingru_forward", "z_keeps",
        replace="linear_recurrence_forward(1 - z, z * n, h0)", by="linear_recurrence_forward(z, (1 - z) * n, h0)",
        idea="z weighs the old state, as in PyTorch's GRU",
        hints=(
            "Push z's bias to +20: should the state freeze or be replaced?",
            "Training would not notice; loading weights would.",
            "As in the GRU of the lecture, z weighs what is new.",
        ),
        source="docs/misconceptions.md 56",
    ),
    Misconception(
        "mingru_forward", "z_keeps_throughout",
        replace="linear_recurrence_forward(1 - z, z * n, h0)", by="linear_recurrence_forward(z, (1 - z) * n, h0)",
        idea="z weighs the old state, as in PyTorch's GRU",
        hints=(
            "Push z's bias to +20: should the state freeze or be replaced?",
            "Training would not notice; loading weights would.",
            "As in the GRU of the lecture, z weighs what is new.",
        ),
        also=(
            Patch("mingru_backward", "dz = dv * n - df", "dz = df - dv * n"),
            Patch("mingru_backward", "dn = dv * z", "dn = dv * (1 - z)"),
        ),
        source="docs/misconceptions.md 56",
    ),
    Misconception(
        "mingru_forward", "candidate_tanh",
        replace="z = sigmoid(a_z)", by="z, n = sigmoid(a_z), np.tanh(n)",
        idea="the candidate goes through a tanh, as in the GRU",
        hints=(
            "Can a state of yours become larger than 1? Should it be able to?",
            "Where the candidate is near 0 you are nearly right. Make its bias 10.",
            "The minGRU has no tanh: its candidate is what the affine map gives.",
        ),
        source="docs/misconceptions.md 5",
    ),
    Misconception(
        "mingru_forward", "candidate_tanh_throughout",
        replace="z = sigmoid(a_z)", by="z, n = sigmoid(a_z), np.tanh(n)",
        idea="the candidate goes through a tanh, as in the GRU",
        hints=(
            "Can a state of yours become larger than 1? Should it be able to?",
            "Where the candidate is near 0 you are nearly right. Make its bias 10.",
            "The minGRU has no tanh: its candidate is what the affine map gives.",
        ),
        also=(Patch("mingru_backward", "dn = dv * z", "dn = dv * z * (1 - n**2)"),),
        source="docs/misconceptions.md 5",
    ),
    Misconception(
        "mingru_forward", "candidate_added_whole",
        replace="1 - z, z * n, h0", by="1 - z, n, h0",
        idea="the candidate is added whole instead of in the share that z says",
        hints=(
            "The gate is shut, z = 0. What should be added to the state?",
            "Push z's bias to -20: your state should stay as it is. Does it?",
            "The gate weighs both: what is kept, and what is taken.",
        ),
        source="own",
    ),
    Misconception(
        "mingru_forward", "both_weighed_alike",
        replace="1 - z, z * n, h0", by="z, z * n, h0",
        idea="the old state is weighed by z, as the candidate is",
        hints=(
            "The gate is open, z = 1. What should be left of the old state?",
            "Where all gates are half open you are right. Push z's bias to -20: what is left of h0?",
            "The more of the new is taken, the less of the old is kept: the two shares add up to 1.",
        ),
        source="own",
    ),
    Misconception(
        "mingru_forward", "nothing_forgotten",
        replace="1 - z, z * n, h0", by="np.ones_like(z), z * n, h0",
        idea="the old state is kept whole, whatever the gate says",
        hints=(
            "The gate is open, z = 1. What should be left of the old state?",
            "Push z's bias to +20: does h0 still matter?",
            "What is taken in and what is kept add up to 1.",
        ),
        source="own",
    ),
    Misconception(
        "mingru_forward", "blocks_n_z",
        replace="a_z, n = np.split(x @ Wx + b, 2, axis=2)", by="n, a_z = np.split(x @ Wx + b, 2, axis=2)",
        idea="the two blocks are taken in the order n z",
        hints=(
            "Write the names of the two blocks above the columns of Wx. Where does the file say which comes first?",
            "Raise the first half of b by 20: what happens to your state, and what should happen?",
            "Your blocks follow each other in the other order than the one at the top of the file.",
        ),
        also=(Patch("mingru_backward", "np.concatenate([da_z, dn], axis=2)", "np.concatenate([dn, da_z], axis=2)"),),
        source="docs/misconceptions.md 39",
    ),
    Misconception(
        "mingru_forward", "gate_tanh",
        replace="z = sigmoid(a_z)", by="z = np.tanh(a_z)",
        idea="the gate goes through a tanh and can be negative",
        hints=(
            "Between which numbers does a gate lie?",
            "Push z's bias to -20: what is your gate then, and what becomes of the state?",
            "A gate is a share between 0 and 1.",
        ),
        also=(Patch("mingru_backward", "dz * z * (1 - z)", "dz * (1 - z**2)"),),
        source="docs/misconceptions.md 40",
    ),
    Misconception(
        "mingru_forward", "no_bias",
        replace="x @ Wx + b", by="x @ Wx",
        idea="the bias is left out",
        hints=(
            "What is the gate if the input is all zeros?",
            "Change b: does anything change?",
            "Gate and candidate have a bias each, side by side in b.",
        ),
        source="docs/misconceptions.md 4",
    ),
    Misconception(
        "mingru_forward", "h0_ignored",
        replace="z * n, h0)", by="z * n, np.zeros_like(h0))",
        idea="the states start from zeros and not from h0",
        hints=(
            "The gate is shut throughout, z = 0. Which state comes out at the end?",
            "Change h0: does any of your states change?",
            "The recurrence is to start from the state that you are given.",
        ),
        source="docs/misconceptions.md 1",
    ),
    # ------------------------------------------------------------------------------ mingru_backward
    Misconception(
        "mingru_backward", "gate_forgets_what_is_kept",
        replace="dz = dv * n - df", by="dz = dv * n",
        idea="the gate's gradient has only the share of the candidate, and not that of the kept state",
        hints=(
            "In how many places does z stand in the equation?",
            "The candidate's half of db is right. Let all n be 0: should the gate's half be 0, as yours is?",
            "The larger z, the less of the old state is kept: this way too a gradient goes back to it.",
        ),
        source="own",
    ),
    Misconception(
        "mingru_backward", "kept_share_with_wrong_sign",
        replace="dz = dv * n - df", by="dz = dv * n + df",
        idea="the share of the kept state enters the gate's gradient with the wrong sign",
        hints=(
            "What does a larger z do to 1 - z?",
            "The candidate's half of db is right. Let all n be 0: does your gate's half have the right sign?",
            "The factor is 1 - z, and its derivative by z is negative.",
        ),
        source="own",
    ),
    Misconception(
        "mingru_backward", "gate_forgets_the_candidate",
        replace="dz = dv * n - df", by="dz = -df",
        idea="the gate's gradient has only the share of the kept state, and not that of the candidate",
        hints=(
            "In how many places does z stand in the equation?",
            "The candidate's half of db is right. Let h0 be 0 and T be 1: should the gate's half be 0, as yours is?",
            "The gate also says how much of the candidate is taken.",
        ),
        source="own",
    ),
    Misconception(
        "mingru_backward", "gate_slope_missing",
        replace="da_z = dz * z * (1 - z)", by="da_z = dz",
        idea="the slope of the gate's sigmoid is missing",
        hints=(
            "A gate that is fully open hardly moves when its input does. What should its gradient be?",
            "The candidate's half of db is right. Push z's bias to 1000: is the gate's half 0?",
            "Between the gate and what goes into it lies the sigmoid, and it has a slope.",
        ),
        source="docs/misconceptions.md 51",
    ),
    Misconception(
        "mingru_backward", "gate_through_the_sigmoid_again",
        replace="da_z = dz * z * (1 - z)", by="da_z = dz * sigmoid(z) * (1 - sigmoid(z))",
        idea="the sigmoid is applied again to a gate that has been through it already",
        hints=(
            "What have you kept of the forward pass, the gate or what went into it?",
            "The candidate's half of db is right. Push z's bias to 1000: is the gate's half 0?",
            "The gate is the sigmoid already; its slope is made from it directly.",
        ),
        source="docs/misconceptions.md 51",
    ),
    Misconception(
        "mingru_backward", "candidate_not_weighed",
        replace="dn = dv * z", by="dn = dv",
        idea="the candidate's gradient is not weighed by the gate",
        hints=(
            "The gate is shut. Does the candidate matter then?",
            "The gate's half of db is right. Push z's bias to -1000: is the other half 0?",
            "The candidate came in times z, and so its gradient goes back times z.",
        ),
        source="own",
    ),
    Misconception(
        "mingru_backward", "tanh_slope_on_the_candidate",
        replace="dn = dv * z", by="dn = dv * z * (1 - n**2)",
        idea="the candidate's gradient has the slope of a tanh that was never there",
        hints=(
            "Which function did the candidate go through in the forward pass?",
            "The gate's half of db is right. Where the candidate is 1, is your gradient 0?",
            "The candidate of the minGRU is affine. Only the gate has a slope.",
        ),
        source="docs/misconceptions.md 17",
    ),
    Misconception(
        "mingru_backward", "gate_slope_on_the_candidate",
        replace="dn = dv * z", by="dn = dv * z * (1 - z)",
        idea="the candidate's gradient has the slope of the gate's sigmoid",
        hints=(
            "Which function did the candidate go through in the forward pass?",
            "The gate's half of db is right. Push z's bias to 1000: is the other half 0, and should it be?",
            "Only the gate has been through the sigmoid. The candidate is affine.",
        ),
        source="docs/misconceptions.md 51",
    ),
    Misconception(
        "mingru_backward", "blocks_exchanged",
        replace="np.concatenate([da_z, dn], axis=2)", by="np.concatenate([dn, da_z], axis=2)",
        idea="the gradients of the two blocks are put together in the order n z",
        hints=(
            "Which block of Wx belongs to the gate?",
            "dh0 is right. Compare the two halves of your db with those expected.",
            "The gradients stand in the same order as the weights: z first, then n.",
        ),
        source="docs/misconceptions.md 39",
    ),
    Misconception(
        "mingru_backward", "averaged_over_time",
        replace="db = da.sum(axis=(0, 1))", by="dWx /= x.shape[1]\n    db = da.sum(axis=(0, 1)) / x.shape[1]",
        idea="the gradients of weights and bias are averaged over time",
        hints=(
            "The same weights are used at every step. Is their gradient a sum or a mean?",
            "For T = 1 you are right. By which factor are you off elsewhere?",
            "How the loss is averaged has been decided before; here gradients add up.",
        ),
        source="docs/misconceptions.md 29",
    ),
    Misconception(
        "mingru_backward", "averaged_over_the_batch",
        replace="db = da.sum(axis=(0, 1))", by="dWx /= len(x)\n    db = da.sum(axis=(0, 1)) / len(x)",
        idea="the gradients of weights and bias are averaged over the batch",
        hints=(
            "All rows share the weights. Is their gradient a sum or a mean?",
            "For N = 1 you are right. By which factor are you off elsewhere?",
            "How the loss is averaged has been decided before; here gradients add up.",
        ),
        source="docs/misconceptions.md 29",
    ),
    Misconception(
        "mingru_backward", "bias_of_the_last_step_only",
        replace="db = da.sum(axis=(0, 1))", by="db = da[:, -1].sum(axis=0)",
        idea="the gradient of the bias is that of the last step alone",
        hints=(
            "At how many steps is b added?",
            "dWx is right, and for T = 1 db is, too. What is missing elsewhere?",
            "Each step has its share in the gradient of the bias, and the shares add up.",
        ),
        source="docs/misconceptions.md 28",
    ),
    Misconception(
        "mingru_backward", "last_step_only",
        replace='dWx = np.einsum("ntd,ntk->dk", x, da)', by="dWx = x[:, -1].T @ da[:, -1]",
        idea="the gradient of the weights is that of the last step alone",
        hints=(
            "At how many steps is Wx used?",
            "db is right, and for T = 1 dWx is, too. What is missing elsewhere?",
            "Each step has its share in the gradient of the weights, and the shares add up.",
        ),
        source="docs/misconceptions.md 28",
    ),
)  # fmt: skip
