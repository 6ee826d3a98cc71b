"""Wrong versions of the beam search lesson, written blind."""

from autograder.authoring.proof.unforeseen import Version

VERSIONS = (
    Version(
        "rescore",
        replace="log_probs, state = step(state, np.array([previous]))",
        by="log_probs, _ = step(state, np.array([previous]))",
        truth="the new state of step is thrown away: every word is judged from the first state and the word before alone",
    ),
    Version(
        "greedy",
        replace="""        ids.append(last)
        if last == end:
            break
""",
        by="""        if last == end:
            break
        ids.append(last)
""",
        truth="the end word is not among the ids that are returned (its log-probability is in the score)",
    ),
    Version(
        "greedy",
        replace="last = int(np.argmax(lp[0]))",
        by="last = int(np.argsort(lp[0])[-1])",
        truth="of equally probable words the larger id is taken, not the smaller",
    ),
    Version(
        "expand",
        replace="""            children.append((ids + [word], score + float(row[word]), k))
""",
        by="""            ids.append(word)
            children.append((ids, score + float(row[word]), k))
""",
        truth="a child's ids are not a new list: the word is appended to the parent's own list, which all children of that parent share",
    ),
    Version(
        "expand",
        replace="key=lambda child: (-child[1], child[0])",
        by="key=lambda child: (-child[1], child[0][-1])",
        truth="equal scores are ordered by the last word alone, where the whole lists of ids should be compared",
    ),
    Version(
        "rank",
        replace="return (-score / len(ids) ** alpha, ids)",
        by="return (-score / ((5 + len(ids)) / 6) ** alpha, ids)",
        truth="the length penalty is ((5 + length) / 6)^alpha as in the paper, where length^alpha is asked for",
    ),
    Version(
        "rank",
        replace="return sorted(hypotheses, key=sort_key)",
        by="return [(ids, score / len(ids) ** alpha) for ids, score in sorted(hypotheses, key=sort_key)]",
        truth="the pairs come back with score / length^alpha as their scores, where the plain sums should stay",
    ),
    Version(
        "beam_search",
        replace="last_words = np.array([ids[-1] if ids else start for ids, _ in alive])",
        by="last_words = np.array([ids[-1] for ids, _ in alive])",
        truth="the first step takes the last word of the empty hypothesis, which has none; it should read start",
    ),
    Version(
        "beam_search",
        replace="expand(alive, log_probs, beam_size)",
        by="expand(alive, log_probs, beam_size - len(done))",
        truth="every finished hypothesis makes the beam narrower, where each step should keep beam_size pairs however many have finished before",
    ),
    Version(
        "beam_search",
        replace="""        state = new_state[np.array(parents, dtype=int)]
    results = rank(done + alive, alpha)
""",
        by="""        state = new_state[: len(parents)]
    results = rank(done if done else alive, alpha)
""",
        truth="two mistakes: the states are not reordered with the parents of the survivors, and what is alive after max_length steps does not count as a result where anything has finished",
    ),
    Version(
        "rescore",
        replace="return float(score)",
        by="return float(score) / len(ids)",
        truth="the score is the mean log-probability of a word, where the sum is asked for",
    ),
    Version(
        "expand",
        replace="children.append((ids + [word], score + float(row[word]), k))",
        by="children.append((ids + [word], float(row[word]), k))",
        truth="a child's score is the log-probability of its last word alone; the parent's score is not added",
    ),
    Version(
        "expand",
        replace="for word in range(len(row)):",
        by="for word in [int(np.argmax(row))]:",
        truth="only the most probable word of each parent is considered, where a parent may have several children among the survivors",
    ),
    Version(
        "expand",
        replace="score + float(row[word])",
        by="float(row[word])",
        truth="the total of a child is the log-probability of its last word alone, the score of the parent is not added",
    ),
    Version(
        "rank",
        replace="-score / len(ids) ** alpha",
        by="(-score / len(ids)) ** alpha",
        truth="the whole score per word is raised to the power alpha, only the length should be",
    ),
    Version(
        "beam_search",
        replace="new_state[np.array(parents, dtype=int)]",
        by="new_state[: len(alive)]",
        truth="the rows of the state are not reordered by parent, so a hypothesis goes on from the state of another one",
    ),
    Version(
        "beam_search",
        replace="results = rank(done + alive, alpha)",
        by="results = rank(done or alive, alpha)",
        truth="hypotheses that are still unfinished at max_length are dropped as soon as there is a finished one",
    ),
    Version(
        "expand",
        replace="children.sort(key=lambda child: (-child[1], child[0]))",
        by="children.sort(key=lambda child: -child[1])",
        truth="children with equal totals are not put in the order of their ids",
    ),
)
