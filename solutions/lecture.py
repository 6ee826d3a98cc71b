"""The lecture, statement by statement: where the notebooks teach it, and what is graded of it.

The lecture is that of CS 4644-DL / 7643-A by Zsolt Kira on recurrent networks and LSTMs. What is
said is in our words; the titles are those of the slides. A section is named by the words of its
heading, without its number. `make assignment` and `make docs` write the map from this file, and
`tests/test_lecture.py` holds it to notebooks and problems.
"""

from autograder.authoring.lecture.slides import Part, Slide, Statement

PARTS = (
    Part(
        "Recurrent networks",
        (
            Slide(
                "The Space of Architectures",
                (
                    Statement(
                        "Networks differ in what is connected to what: fully connected, "
                        "convolutional, recurrent, attention, graph.",
                        ("Where this network stands",),
                    ),
                ),
            ),
            Slide(
                "(Vanilla) Recurrent Neural Network",
                (
                    Statement(
                        "The state is one hidden vector; the next one is a tanh of the old one and "
                        "the input, each times a matrix.",
                        ("One step",),
                        ("rnn_step_forward", "rnn_step_backward"),
                    ),
                    Statement(
                        "The two matrices side by side are one W, which multiplies state and input "
                        "stacked.",
                        ("One step",),
                    ),
                    Statement(
                        "Each state gives scores: an affine layer on top of it.",
                        ("Outputs, a loss, and how unsure the network is",),
                        ("temporal_affine_forward", "temporal_affine_backward"),
                    ),
                ),
            ),
            Slide(
                "Recurrent Neural Network",
                (
                    Statement(
                        "A sequence is processed by one recurrence formula, with the same function "
                        "and the same parameters at every step.",
                        ("A whole sequence",),
                        ("rnn_forward",),
                    ),
                ),
            ),
            Slide(
                "RNN: Computational Graph: Many to Many",
                (
                    Statement(
                        "Unrolled, the network is a graph in which every step uses the same "
                        "weights, so that a weight's gradient is a sum over the steps.",
                        ("A whole sequence", "Truncated backpropagation through time"),
                        ("rnn_backward", "rnn_backward_truncated"),
                    ),
                    Statement(
                        "With an output at every step there is a loss at every step, and they are "
                        "added up.",
                        ("Outputs, a loss, and how unsure the network is",),
                        ("temporal_softmax_loss",),
                    ),
                    Statement(
                        "One to one, one to many, many to one, many to many: which inputs and "
                        "outputs there are makes a pattern.",
                        ("Where this network stands", "One answer at the end"),
                        ("last_hidden", "last_hidden_backward"),
                    ),
                ),
            ),
            Slide(
                "Example: Character-level Language Model",
                (
                    Statement(
                        'The vocabulary is h, e, l, o, and "hello" is the training sequence: each '
                        "character has to guess the next.",
                        ("hello",),
                        ("charlm_loss", "bigram_log_probs", "learns_hello"),
                    ),
                    Statement(
                        "Trained on source code, such a model writes code that looks right and "
                        "means nothing.",
                        ("Python, letter by letter", "Let it write"),
                        ("bits_per_char", "next_probs", "sample"),
                    ),
                ),
            ),
            Slide(
                "Searching for interpretable cells",
                (
                    Statement(
                        "One cell is on inside comments and quotes.",
                        ("What do the cells know?", "Build them yourself"),
                        ("cell_traces", "inside_quotes", "rank_cells", "latch_weights"),
                    ),
                    Statement(
                        "Another one follows how deep the code is nested.",
                        ("What do the cells know?", "Build them yourself"),
                        ("bracket_depth", "depth_weights"),
                    ),
                ),
            ),
            Slide(
                "Multilayer RNNs",
                (
                    Statement(
                        "A layer's state is made from the layer below at the same step and from "
                        "itself at the step before.",
                        ("Depth",),
                        (
                            "stacked_forward",
                            "stacked_backward",
                            "stacked_lstm_forward",
                            "stacked_lstm_backward",
                        ),
                    ),
                    Statement(
                        "With n units below and n of its own, a layer has a matrix of n by 2n.",
                        ("Depth",),
                        ("count_parameters",),
                    ),
                ),
            ),
        ),
    ),
    Part(
        "Gradient flow",
        (
            Slide(
                "Vanilla RNN Gradient Flow",
                (
                    Statement(
                        "Going back from one state to the one before multiplies by the slope of "
                        "tanh and by Whh.",
                        ("What one step does to a gradient",),
                        ("step_jacobian",),
                    ),
                    Statement(
                        "The gradient of the first state has as many factors of W, and of the "
                        "slope of tanh, as there are steps.",
                        ("What one step does to a gradient",),
                        ("sequence_jacobian", "gradient_norms"),
                    ),
                    Statement(
                        "The gradient of a weight is the sum of what each step's loss says of it.",
                        ("A whole sequence", "What reaches the weights"),
                    ),
                    Statement(
                        "The gradient of the last loss by W is a product of Jacobians times the "
                        "first state by W. Check this one.",
                        (
                            "What reaches the weights",
                            "Gradient against time lag, all in one picture",
                        ),
                        ("gradient_by_age",),
                    ),
                    Statement(
                        "The slope of tanh is below 1, so that gradients vanish.",
                        ("One step", "What one step does to a gradient"),
                        ("vanishing_bound",),
                    ),
                    Statement(
                        "Largest singular value above 1: gradients explode. Below 1: they vanish. "
                        "Check both.",
                        ('"Above 1 explodes": does it?',),
                        ("large_singular_value_that_vanishes",),
                    ),
                    Statement(
                        "Gradient clipping: scale the gradient if its norm is too big. Check the "
                        "code.",
                        ("Clipping",),
                        ("clip_grad_norm",),
                    ),
                    Statement(
                        "Gradients that vanish ask for another architecture.",
                        (
                            "Gradient against time lag, all in one picture",
                            "Remember the first symbol",
                        ),
                    ),
                ),
            ),
        ),
    ),
    Part(
        "LSTM and its relatives",
        (
            Slide(
                "Long Short Term Memory (LSTM)",
                (
                    Statement(
                        "Four blocks, three sigmoids and a tanh, come from one product with W; c "
                        "is f times the old c plus i times g, and h is o times tanh(c).",
                        ("The LSTM",),
                        (
                            "lstm_step_forward",
                            "lstm_step_backward",
                            "lstm_forward",
                            "lstm_backward",
                        ),
                    ),
                ),
            ),
            Slide(
                "Meet LSTMs",
                (
                    Statement(
                        "One step as a drawing: the cell state runs along the top, the gates stand "
                        "below it.",
                        ("The LSTM",),
                    ),
                ),
            ),
            Slide(
                "LSTMs Intuition: Memory",
                (
                    Statement(
                        "The cell state is the memory; it runs through all steps.",
                        ("The LSTM",),
                    ),
                ),
            ),
            Slide(
                "LSTMs Intuition: Forget Gate",
                (
                    Statement(
                        "Should this bit of information still be remembered?",
                        ("The LSTM", "Gates, opening and closing"),
                        ("init_lstm",),
                    ),
                ),
            ),
            Slide(
                "LSTMs Intuition: Input Gate",
                (
                    Statement(
                        "Should this bit be updated and, if so, with what?",
                        ("The LSTM", "Gates, opening and closing"),
                    ),
                ),
            ),
            Slide(
                "LSTMs Intuition: Memory Update",
                (
                    Statement(
                        "Forget the one, memorise the other: both at once, in one sum.",
                        ("The LSTM",),
                    ),
                ),
            ),
            Slide(
                "LSTMs Intuition: Output Gate",
                (
                    Statement(
                        "Should this bit be shown to deeper layers?",
                        ("The LSTM", "Gates, opening and closing"),
                    ),
                ),
            ),
            Slide(
                "LSTMs Intuition: Additive Updates",
                (
                    Statement(
                        "Going back from c to the c before multiplies by f only, with no matrix. "
                        "Check this one.",
                        ("The belt, and the other ways",),
                        ("cell_gradient_path", "cell_jacobian"),
                    ),
                    Statement(
                        "Similar to ResNet!",
                        ("The belt, and the other ways",),
                    ),
                ),
            ),
            Slide(
                "LSTMs",
                (
                    Statement(
                        "It is a pretty sophisticated cell: four blocks, each with weights and a "
                        "bias of its own.",
                        ("The LSTM", "Depth"),
                    ),
                ),
            ),
            Slide(
                "LSTM Variants: Gated Recurrent Units",
                (
                    Statement(
                        "There is no memory apart from the state; z takes the new and drops the "
                        "old, r resets before the product.",
                        ("The GRU",),
                        (
                            "gru_step_forward",
                            "gru_step_backward",
                            "gru_forward",
                            "gru_backward",
                            "gru_to_other_convention",
                        ),
                    ),
                ),
            ),
            Slide(
                "Other RNN Variants",
                (
                    Statement(
                        "A search over ten thousand cells found MUT1, MUT2 and MUT3.",
                        ("Three mutants",),
                        (
                            "mut1_step_forward",
                            "mut1_step_backward",
                            "mut2_step_forward",
                            "mut2_step_backward",
                            "mut3_step_forward",
                            "mut3_step_backward",
                        ),
                    ),
                ),
            ),
        ),
    ),
    Part(
        "Captions",
        (
            Slide(
                "Neural Image Captioning",
                (
                    Statement(
                        "A network that has seen the picture hands a vector to a recurrent "
                        "network, which writes.",
                        ("A network that starts from a picture", "Writing greedily"),
                        (
                            "captioning_loss",
                            "captioning_loss_lstm",
                            "captioning_loss_gru",
                            "captioning_sample",
                            "captioning_sample_lstm",
                            "captioning_sample_gru",
                        ),
                    ),
                    Statement(
                        "The picture's embedding comes from a VGGNet that was trained to classify.",
                        ("Pictures and what may be said of them",),
                    ),
                ),
            ),
            Slide(
                "Beam Search",
                (
                    Statement(
                        "From left to right, keep N beginnings, expand each by every word, discard "
                        "all but the best N.",
                        ("Writing with a beam",),
                        ("greedy", "expand", "beam_search", "beam_search_limits"),
                    ),
                    Statement(
                        "Keep a score for each, such as the product of its probabilities.",
                        ("Writing with a beam",),
                        ("rescore", "rank"),
                    ),
                ),
            ),
        ),
    ),
    Part(
        "Words",
        (
            Slide(
                "One-hot representations",
                (
                    Statement(
                        "A word as a vector of zeros with a single one, as long as the vocabulary.",
                        ("hello", "A table of vectors"),
                        ("one_hot",),
                    ),
                ),
            ),
            Slide(
                "An aside: Representing words",
                (
                    Statement(
                        "A word is known by the company it keeps (Firth): its neighbours represent "
                        "it.",
                        ("The company it keeps", "Skip-gram"),
                        (
                            "cooccurrence",
                            "nearest",
                            "skipgram_softmax_loss",
                            "skipgram_negative_loss",
                        ),
                    ),
                    Statement(
                        "A small context clusters words by syntax, a large one by meaning.",
                        ("Near or far",),
                    ),
                ),
            ),
            Slide(
                "Distributed Representations Toy Example",
                (
                    Statement(
                        "Can each dimension be interpreted?",
                        ("Can we interpret each dimension?",),
                    ),
                ),
            ),
            Slide(
                "Power of distributed representations!",
                (
                    Statement(
                        "Local: one unit for each combination. Distributed: a unit for each "
                        "property, which combine, also to what was never seen.",
                        ("Many units for one thing, many things for one unit",),
                        ("compose", "concepts_expressible"),
                    ),
                ),
            ),
            Slide(
                "Vector representations",
                (
                    Statement(
                        "Words as dense vectors in place of sparse ones.",
                        ("A table of vectors",),
                        ("word_embedding_forward", "word_embedding_backward"),
                    ),
                    Statement(
                        "A bigram neural language model guesses a word from the one before, "
                        "through a hidden layer.",
                        ("Do not count, predict",),
                        ("bigram_lm_loss",),
                    ),
                ),
            ),
            Slide(
                "Linguistic regularities in word vectors",
                (
                    Statement(
                        "king - man + woman is near queen: vectors capture gender, tense, number, "
                        "capitals.",
                        ("Analogies", "Real words"),
                        ("analogy",),
                    ),
                ),
            ),
            Slide(
                "Word representations using RNNs",
                (
                    Statement(
                        "Tables U and V lead into and out of a recurrent state that is far smaller "
                        "than the vocabulary.",
                        ("A model that remembers",),
                        ("rnnlm_loss",),
                    ),
                ),
            ),
            Slide(
                "Potential Input Representations",
                (
                    Statement(
                        "One-hot and a matrix, or a table that is indexed; the table starts at "
                        "random or from pre-trained vectors.",
                        ("A table of vectors", "Starting from known vectors"),
                        ("init_embedding",),
                    ),
                ),
            ),
        ),
    ),
    Part(
        "Attention",
        (
            Slide(
                "Summary",
                (
                    Statement(
                        "RNNs carry a state along a sequence with one shared function; gates "
                        "improve the flow of gradients; attention comes next.",
                        ("What the six notebooks say",),
                    ),
                ),
            ),
            Slide(
                "Machine Translation with RNNs and Attention",
                (
                    Statement(
                        "Alignment scores come from a small network that sees the decoder's old "
                        "state and an encoder state.",
                        ("Where to look", "The same in torch"),
                        (
                            "additive_attention_forward",
                            "additive_attention_backward",
                            "additive_attention",
                        ),
                    ),
                    Statement(
                        "A softmax makes weights of them, between 0 and 1, which sum to 1.",
                        ("Weights that sum to one, and padding that is not there",),
                        ("masked_softmax", "masked_softmax_backward"),
                    ),
                    Statement(
                        "The context is a linear combination of the encoder's states, and the "
                        "decoder reads it with its input.",
                        ("A step that looks first", "The same in torch"),
                        (
                            "attention_step_forward",
                            "attention_step_backward",
                            "lstm_cell",
                            "seq2seq_encode",
                            "seq2seq_forward",
                            "seq2seq_translate",
                        ),
                    ),
                ),
            ),
            Slide(
                "The Transformer",
                (
                    Statement(
                        "All vectors interact with each other.",
                        ("Everybody looks at everybody",),
                        ("self_attention",),
                    ),
                    Statement(
                        "An MLP works on each vector by itself, and residual connections go around "
                        "both.",
                        ("Everybody looks at everybody",),
                        ("transformer_block", "layer_norm"),
                    ),
                ),
            ),
        ),
    ),
)
