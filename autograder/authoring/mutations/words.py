"""What a change is, in words: "a factor is left out where the new state is formed".

The words complete the sentence "your dx is what comes out when ...", so they are true of the change
and claim nothing of a student's code.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograder.authoring.mutations.contract import Contract
from autograder.authoring.mutations.edits import Edit
from autograder.authoring.mutations.names import assignments
from autograder.authoring.mutations.phrases import name_of, phrase
from autograder.authoring.mutations.tree import base, called
from autograder.authoring.sources import functions


@dataclass(frozen=True)
class Words:
    """What a change is.

    what: "the factor `f` is left out". where: "where `next_c` is formed", if that has a name.
    function: in which it is made. family: what kind of change it is, for what several share.
    is_placed: whether `what` says by itself where it is. line: of the changed statement.
    """

    what: str
    where: str
    function: str
    family: str
    is_placed: bool = False
    line: int = field(default=0, compare=False)


OF_STATEMENTS = ("dropped", "drawn", "overwritten", "twice", "half", "negative", "start")
"""The kinds that say what is assigned."""

CACHE = "the cache"

IN_CACHE = f"in {CACHE}"
"""Where a change is that is made to what a gradient is told."""

OPERATIONS: dict[type[ast.operator], str] = {
    ast.Add: "a sum",
    ast.Sub: "a difference",
    ast.Mult: "a product",
    ast.Div: "a quotient",
    ast.Pow: "a power",
    ast.FloorDiv: "a quotient rounded down",
    ast.Mod: "a remainder",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "`<`",
    ast.LtE: "`<=`",
    ast.Gt: "`>`",
    ast.GtE: "`>=`",
    ast.Eq: "`==`",
    ast.NotEq: "`!=`",
    ast.In: "`in`",
    ast.NotIn: "`not in`",
    ast.Is: "`is`",
    ast.IsNot: "`is not`",
}
CALLED = {
    "sum": "a sum",
    "mean": "a mean",
    "max": "a maximum",
    "min": "a minimum",
    "argmax": "the place of the maximum",
    "argmin": "the place of the minimum",
    "maximum": "the larger of two",
    "minimum": "the smaller of two",
    "zeros": "an array of zeros",
    "zeros_like": "an array of zeros",
    "ones": "an array of ones",
    "ones_like": "an array of ones",
    "any": "`any`",
    "all": "`all`",
    "prod": "a product",
    "cumsum": "a running sum",
    "cumprod": "a running product",
    "tanh": "a tanh",
    "sigmoid": "a sigmoid",
}

FAMILIES = {
    "sign": "a sign is turned",
    "scale": "something is counted twice or half",
    "left out": "something is left out",
    "names": "one name stands in place of another",
    "axis": "an axis is another one",
    "transpose": "a transpose is missing or one too many",
    "step": "a step of the loop is left out",
    "order": "two things have changed places",
    "index": "an index or a slice is off by one",
    "blocks": "the blocks are in another order",
    "function": "another function is taken",
    "condition": "a condition is another one",
    "constant": "a constant is another one",
}
"""What can be said of changes that have only their family in common."""


def words(edit: Edit, contract: Contract) -> Words:
    """What a change is. The tree is as it was before."""
    what, family = _WRITERS[edit.kind](edit, contract)
    name = _where(edit, contract)
    line = edit.statement.lineno
    if edit.kind in OF_STATEMENTS and name and name in what:
        return Words(what, "", edit.function, family, True, line)
    where = IN_CACHE if name == CACHE else f"where {name} is formed" if name else ""
    return Words(what, where, edit.function, family, line=line)


# ------------------------------------------------------------------------------------------ where


def _where(edit: Edit, contract: Contract) -> str:
    """The nearest thing with a name that is formed where the change is; empty if it has none."""
    statement = edit.statement
    if isinstance(statement, ast.AugAssign):
        return _named(statement.target, contract)
    if not isinstance(statement, ast.Assign):
        return ""
    if isinstance(statement.value, ast.Dict):
        return _key(statement.value, edit.old, contract)
    for target, value in assignments(statement.targets[0], statement.value):
        if edit.old is None or _holds(value, edit.old):
            return _named(target, contract)
    return ""


def _named(target: ast.expr, contract: Contract) -> str:
    if isinstance(target, ast.Tuple):
        return ""
    name = base(target)
    return CACHE if name == "cache" else name_of(name, contract) or ""


def _key(entries: ast.Dict, old: ast.AST | None, contract: Contract) -> str:
    """The entry of a dictionary of gradients in which the change is."""
    for key, value in zip(entries.keys, entries.values, strict=True):
        if old is not None and _holds(value, old) and isinstance(key, ast.Constant):
            name = name_of(str(key.value), contract)
            return f"the entry {name}" if name else ""
    return ""


def _holds(tree: ast.AST, node: ast.AST) -> bool:
    return any(part is node for part in ast.walk(tree))


def _parents(edit: Edit) -> list[ast.AST]:
    """What the changed node stands in, from the inside out."""
    around: list[ast.AST] = []
    node = edit.old
    while node is not None:
        node = next(
            (one for one in ast.walk(edit.statement) if node in ast.iter_child_nodes(one)), None
        )
        if node is not None:
            around.append(node)
    return around


# ------------------------------------------------------------------------------------------- what

What = tuple[str, str]
"""What a change is, and its family."""


def _left_out(edit: Edit, contract: Contract) -> What:
    old = edit.old
    assert isinstance(old, ast.BinOp)
    gone = old.right if edit.new is old.left else old.left
    name = phrase(gone, contract)
    if isinstance(old.op, (ast.Add, ast.Sub)):
        return f"{_the('term', name)} is left out", "left out"
    if isinstance(old.op, ast.Mult):
        return f"{_the('factor', name)} is left out", "left out"
    if isinstance(old.op, ast.Pow):
        is_square = isinstance(old.right, ast.Constant) and old.right.value == 2
        return ("a square is left out" if is_square else "a power is left out"), "left out"
    if gone is old.right:
        return (f"the division by {name} is left out" if name else "a division is left out"), (
            "left out"
        )
    return "only the divisor is left of a quotient", "left out"


def _the(noun: str, name: str | None) -> str:
    """`the factor f`, `a factor`."""
    if name is None:
        return f"a {noun}"
    return f"the {noun} {name}" if name[0] in "`-0123456789" else name


def _operator(edit: Edit, contract: Contract) -> What:
    old, new = edit.old, edit.new
    assert isinstance(old, ast.operator) and isinstance(new, ast.operator)
    parent = _parents(edit)[0]
    if isinstance(old, (ast.Add, ast.Sub)):
        if isinstance(parent, ast.AugAssign):
            done = "subtracted, not added" if isinstance(old, ast.Add) else "added, not subtracted"
            return f"something is {done}", "sign"
        name = phrase(getattr(parent, "right", None), contract)
        return f"{_the('term', name)} has the opposite sign", "sign"
    left = phrase(getattr(parent, "left", None), contract)
    right = phrase(getattr(parent, "right", None), contract)
    is_spoken = left and right and not isinstance(old, ast.Pow)
    of = f" of {left} and {right}" if is_spoken else ""
    belongs = OPERATIONS[type(old)].replace("a ", "the ", 1) if of else OPERATIONS[type(old)]
    return f"{OPERATIONS[type(new)]} stands in place of {belongs}{of}", "operation"


def _comparison(edit: Edit, contract: Contract) -> What:
    new, old = type(edit.new), type(edit.old)
    assert issubclass(new, ast.cmpop) and issubclass(old, ast.cmpop)
    return f"{COMPARISONS[new]} stands in place of {COMPARISONS[old]}", "condition"


def _order(edit: Edit, contract: Contract) -> What:
    old = edit.old
    assert isinstance(old, ast.BinOp)
    left, right = phrase(old.left, contract), phrase(old.right, contract)
    both = f" of {left} and {right}" if left and right else ""
    if isinstance(old.op, ast.MatMult):
        article = "the" if both else "a"
        return f"{article} matrix product{both} is taken in the other order", "order"
    if isinstance(old.op, ast.Div):
        return f"{'the' if both else 'a'} quotient{both} is upside down", "order"
    return f"{'the' if both else 'a'} difference{both} is taken the other way round", "sign"


def _transposed(edit: Edit, contract: Contract) -> What:
    changed, was_transposed = _what_is_transposed(edit)
    name = phrase(changed, contract) or "a matrix"
    how = "without its transpose" if was_transposed else "transposed"
    return f"{name} is used {how}", "transpose"


def _what_is_transposed(edit: Edit) -> tuple[ast.AST | None, bool]:
    """The matrix without its `.T`, and whether it had one."""
    old, new = edit.old, edit.new
    if isinstance(old, ast.Attribute):
        return old.value, True
    assert isinstance(old, ast.BinOp) and isinstance(new, ast.BinOp)
    before, after = (old.right, new.right) if new.left is old.left else (old.left, new.left)
    if isinstance(before, ast.Attribute) and before.value is after:
        return after, True
    return before, False


def _negation(edit: Edit, contract: Contract) -> What:
    assert isinstance(edit.old, ast.UnaryOp)
    if isinstance(edit.old.op, ast.USub):
        return "a minus sign is left out", "sign"
    return "a condition is turned into its opposite", "condition"


def _constant(edit: Edit, contract: Contract) -> What:
    assert isinstance(edit.old, ast.Constant)
    around = _parents(edit)
    if any(isinstance(node, ast.keyword) and node.arg in ("axis", "dim") for node in around):
        return _axis(edit, contract)
    if any(isinstance(node, ast.Slice) for node in around):
        return "a slice begins or ends in another place", "index"
    new = ast.unparse(edit.new) if edit.new is not None else ""
    old = ast.unparse(edit.old)
    if any(isinstance(node, ast.Subscript) and _holds(node.slice, edit.old) for node in around):
        return f"index {new} stands in place of index {old}", "index"
    for node in around:
        if isinstance(node, ast.keyword) and node.arg:
            return f"`{node.arg}` is {new}, not {old}", "constant"
    if isinstance(around[0], ast.BinOp) and isinstance(around[0].op, ast.Pow):
        return f"the power {new} stands in place of the power {old}", "constant"
    return f"{new} stands in place of {old}", "constant"


def _axis(edit: Edit, contract: Contract) -> What:
    for node in _parents(edit):
        if called(node) in CALLED:
            return f"{CALLED[called(node)]} is taken over another axis", "axis"
    return "another axis is taken", "axis"


def _function(edit: Edit, contract: Contract) -> What:
    old, new = getattr(edit.old, "attr", ""), getattr(edit.new, "attr", "")
    if new in CALLED and old in CALLED:
        return f"{CALLED[new]} stands in place of {CALLED[old]}", "function"
    return f"`{new}` stands in place of `{old}`", "function"


def _function_left_out(edit: Edit, contract: Contract) -> What:
    name = called(edit.old) if edit.old is not None else ""
    if name == "reversed":
        return "the loop runs in the other direction", "order"
    if name == "copy":
        return "an array is not copied", "left out"
    argument = phrase(edit.new, contract)
    of = f" of {argument}" if argument else ""
    spoken = {"abs": "absolute value", "sqrt": "square root", "exp": "exponential"}
    spoken |= {"log": "logarithm"}
    if name in spoken:
        return f"the {spoken[name]}{of} is left out", "left out"
    return f"the `{name}`{of} is left out", "left out"


def _condition(edit: Edit, contract: Contract) -> What:
    if isinstance(edit.old, ast.IfExp):
        return "one of two cases is always taken", "condition"
    return "one of several conditions is left out", "condition"


def _step(edit: Edit, contract: Contract) -> What:
    which = edit.kind.partition(" ")[0]
    # A loop that runs backward through time leaves out the same index.
    return f"the {which} index is left out of a loop", "step"


def _slice(edit: Edit, contract: Contract) -> What:
    array = phrase(getattr(edit.old, "value", None), contract)
    of = f" of {array}" if array else ""
    return f"a slice{of} begins or ends in another place", "index"


def _index(edit: Edit, contract: Contract) -> What:
    array = phrase(getattr(edit.old, "value", None), contract)
    later = "+ 1" in ast.unparse(edit.new) and "+ 1" not in ast.unparse(edit.old)  # type: ignore[arg-type]
    way = "late" if later else "early"
    return f"{array or 'an array'} is read one place too {way}", "index"


def _dropped(edit: Edit, contract: Contract) -> What:
    where = _where(edit, contract)
    if isinstance(edit.statement, ast.AugAssign) and where:
        return f"nothing is ever added to {where}", "left out"
    if isinstance(edit.statement, ast.Assign) and where:
        return f"{where} is left as it was", "left out"
    if isinstance(edit.statement, (ast.If, ast.For, ast.While)):
        return "a whole block of lines is left out", "left out"
    return "a line is left out", "left out"


def _moved(edit: Edit, contract: Contract) -> What:
    return "two lines are in the other order", "order"


def _drawn(edit: Edit, contract: Contract) -> What:
    where = _where(edit, contract)
    return f"{where or 'something'} is drawn later than it should be", "order"


def _accumulated(edit: Edit, contract: Contract) -> What:
    name = name_of(edit.change.rpartition("-> ")[2].partition(" ")[0], contract)
    return f"{name or 'what is passed on'} is added to from step to step, not replaced", "scale"


def _broadcast(edit: Edit, contract: Contract) -> What:
    name = phrase(getattr(edit.old, "value", None), contract)
    return f"{name or 'a factor'} is broadcast along another axis", "axis"


def _overwritten(edit: Edit, contract: Contract) -> What:
    where = _where(edit, contract) or "something"
    return f"{where} is overwritten, not added to", "overwritten"


def _negative(edit: Edit, contract: Contract) -> What:
    where = _where(edit, contract)
    if isinstance(edit.statement, ast.AugAssign) and where:
        return f"what is added to {where} has the opposite sign", "sign"
    return f"{where or 'something'} has the opposite sign", "sign"


def _scaled(edit: Edit, contract: Contract) -> What:
    where = _where(edit, contract)
    times = "twice" if edit.kind == "twice" else "half"
    if isinstance(edit.statement, ast.AugAssign) and where:
        return f"what is added to {where} is {times} as large", "scale"
    return f"{where or 'something'} is {times} as large", "scale"


def _always(edit: Edit, contract: Contract) -> What:
    return "a condition is taken to hold always", "condition"


def _term_scaled(edit: Edit, contract: Contract) -> What:
    old, new = edit.old, edit.new
    assert isinstance(old, ast.BinOp) and isinstance(new, ast.BinOp)
    is_right = ast.dump(new.left) == ast.dump(old.left)
    name = phrase(old.right if is_right else old.left, contract)
    times = "twice" if edit.kind == "doubled" else "half"
    return f"{_the('term', name)} counts {times}", "scale"


def _sign(edit: Edit, contract: Contract) -> What:
    assert isinstance(edit.old, ast.BinOp)
    return f"{_the('term', phrase(edit.old.left, contract))} has the opposite sign", "sign"


def _squared(edit: Edit, contract: Contract) -> What:
    assert isinstance(edit.new, ast.BinOp) and isinstance(edit.new.right, ast.BinOp)
    return f"{_the('factor', phrase(edit.new.right.left, contract))} is squared", "squared"


def _squashed_twice(edit: Edit, contract: Contract) -> What:
    return "the slope of a tanh takes the tanh once more of what is a tanh already", "function"


def _opposite(edit: Edit, contract: Contract) -> What:
    assert isinstance(edit.old, ast.Call)
    name = phrase(edit.old.args[0], contract)
    of = f" of {name}" if name else ""
    return f"the sigmoid{of} is taken with the opposite sign inside", "sign"


def _slope(edit: Edit, contract: Contract) -> What:
    assert isinstance(edit.old, ast.BinOp)
    is_tanh = isinstance(getattr(edit.old.right, "right", None), ast.BinOp)
    new, old = ("a sigmoid", "tanh") if is_tanh else ("tanh", "a sigmoid")
    return f"the slope of {new} stands in place of the slope of {old}", "function"


def _squashing(edit: Edit, contract: Contract) -> What:
    is_tanh = called(edit.old) == "tanh" if edit.old is not None else False
    new, old = ("a sigmoid", "a tanh") if is_tanh else ("a tanh", "a sigmoid")
    return f"{new} stands in place of {old}", "function"


def _ddof(edit: Edit, contract: Contract) -> What:
    return "the spread is divided by one less than the count", "constant"


def _axis_kept(edit: Edit, contract: Contract) -> What:
    return "an axis of length 1 is kept", "axis"


def _joined(edit: Edit, contract: Contract) -> What:
    assert isinstance(edit.new, ast.Call)
    parts = getattr(edit.new.args[0], "elts", [])
    order = _letters(parts, contract)
    if order:
        return f"the blocks are put together in the order {order}", "blocks"
    return "parts are put together in another order", "order"


def _split(edit: Edit, contract: Contract) -> What:
    order = _letters(getattr(edit.new, "elts", []), contract)
    # The place that a name has moved to is read as the block of that name.
    if order:
        return f"the blocks are read in the order {order}", "blocks"
    return "the blocks are read in another order", "blocks"


def _letters(parts: Sequence[ast.expr], contract: Contract) -> str:
    """The names of the blocks that stand there, `i f g o`; empty if they cannot be told."""
    if len(parts) != len(contract.blocks):
        return ""
    letters = []
    for part in parts:
        names = [node.id for node in ast.walk(part) if isinstance(node, ast.Name)]
        last = names[-1] if names else ""
        letters.append(next((block for block in contract.blocks if last.endswith(block)), ""))
    missing = [block for block in contract.blocks if block not in letters]
    if len(missing) == 1 and letters.count("") == 1:
        letters[letters.index("")] = missing[0]
    return " ".join(letters) if sorted(letters) == sorted(contract.blocks) else ""


def _results(edit: Edit, contract: Contract) -> What:
    pair = _exchanged(getattr(edit.old, "elts", []), getattr(edit.new, "elts", []), contract)
    if pair:
        return f"{pair} are exchanged where they are taken apart", "order"
    return f"two results{_of_function(edit.statement, contract)} are exchanged", "order"


def _arguments(edit: Edit, contract: Contract) -> What:
    old, new = edit.old, edit.new
    assert isinstance(old, ast.Call) and isinstance(new, ast.Call)
    pair = _exchanged(old.args, new.args, contract)
    to = _of_function(old, contract).replace(" of ", " in the call of ", 1)
    return f"{pair or 'two arguments'} are exchanged{to}", "order"


def _exchanged(old: Sequence[ast.expr], new: Sequence[ast.expr], contract: Contract) -> str:
    """ "`dx` and `dWx`": the two that have changed places; empty if they have no names."""
    moved = [before for before, after in zip(old, new, strict=True) if before is not after]
    names = [phrase(node, contract) for node in moved]
    if len(names) != 2 or None in names or names[0] == names[1]:
        return ""
    return f"{names[0]} and {names[1]}"


def _of_function(node: ast.AST, contract: Contract) -> str:
    """` of lstm_step_forward`, if a student knows the function that is called."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and called(part) in contract.functions:
            return f" of `{called(part)}`"
    return ""


def _substituted(edit: Edit, contract: Contract) -> What:
    old, new = phrase(edit.old, contract), phrase(edit.new, contract)
    if old == new:
        old = new = None
    if old and new:
        return f"{new} stands in place of {old}", "names"
    if new:
        return f"{new} stands in place of something else", "names"
    if old:
        return f"something else stands in place of {old}", "names"
    return "one name stands in place of another", "names"


def _start(edit: Edit, contract: Contract) -> What:
    where = _where(edit, contract) or "something"
    if called(edit.old or ast.Pass()):
        name = phrase(edit.new, contract)
        return f"{where} starts at {name or 'something else'}, not at zero", "start"
    name = phrase(edit.old, contract)
    return f"{where} starts at zero, not at {name or 'what was given'}", "start"


def meanings(tree: ast.Module, contract: Contract) -> dict[str, dict[str, str]]:
    """Function -> a private name -> what it stands for: the tanh of `next_c`.

    A gradient takes it from the cache of its forward pass, by the same name.
    """
    found: dict[str, dict[str, str]] = {}
    for name, function in functions(tree):
        found[name] = {}
        for statement in ast.walk(function):
            if isinstance(statement, ast.Assign):
                for target, value in assignments(statement.targets[0], statement.value):
                    told = phrase(value, contract) if isinstance(value, ast.Call) else None
                    if told and isinstance(target, ast.Name) and not contract.has(target.id):
                        found[name][target.id] = told
    for name, own in found.items():
        forward = name.replace("_backward", "_forward")
        found[name] = {**found.get(forward, {}), **own}
    return found


Writer = Callable[[Edit, Contract], What]

_WRITERS: dict[str, Writer] = {
    "left out": _left_out,
    "operator": _operator,
    "comparison": _comparison,
    "order": _order,
    "transposed": _transposed,
    "negation": _negation,
    "constant": _constant,
    "axis": _axis,
    "function": _function,
    "function left out": _function_left_out,
    "condition": _condition,
    "first step": _step,
    "last step": _step,
    "slice": _slice,
    "index": _index,
    "dropped": _dropped,
    "moved": _moved,
    "drawn": _drawn,
    "accumulated": _accumulated,
    "broadcast": _broadcast,
    "overwritten": _overwritten,
    "negative": _negative,
    "twice": _scaled,
    "half": _scaled,
    "always": _always,
    "doubled": _term_scaled,
    "halved": _term_scaled,
    "sign": _sign,
    "squared": _squared,
    "slope": _slope,
    "squashed twice": _squashed_twice,
    "opposite": _opposite,
    "squashing": _squashing,
    "ddof": _ddof,
    "axis kept": _axis_kept,
    "joined": _joined,
    "split": _split,
    "results": _results,
    "arguments": _arguments,
    "substituted": _substituted,
    "start": _start,
}
