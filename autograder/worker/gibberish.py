"""What numpy, Python and torch say in their own words -> the same in plain English.

Every row of the table is provoked by a test. What is in no row is kept as it is.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from autograder.worker.operands import Kind

ANY_SIZES = r"\((?P<shapes>.*?)\) *"


class Row(NamedTuple):
    """What a message looks like, and what it says.

    kind: of the step that cannot be done, which is looked for on the student's line first.
    plain: what is said where it is not found there; empty: the message as it is.
    numbers: the groups whose lengths have to stand in what is found on the line.
    """

    pattern: str
    kind: Kind | None
    plain: str = ""
    numbers: tuple[str, ...] = ()


ROWS = (
    # products
    Row(
        r"matmul: Input operand \d has a mismatch in its core dimension .*"
        r"\(size (?P<right>\d+) is different from (?P<left>\d+)\)",
        "matmul",
        "the arrays of a matrix product do not fit: the inner sizes {left} and {right} differ",
        ("left", "right"),
    ),
    Row(
        r"matmul: Input operand (?P<which>\d) does not have enough dimensions .*",
        "matmul",
        "@ takes arrays, and one of these has no axes: it is a single number, or no array at all",
    ),
    Row(
        r"shapes \(.*\) and \(.*\) not aligned: (?P<left>\d+) \(dim \d+\) != (?P<right>\d+) "
        r"\(dim \d+\)",
        "matmul",
        "the arrays of a matrix product do not fit: the inner sizes {left} and {right} differ",
        ("left", "right"),
    ),
    Row(
        r"mat1 and mat2 shapes cannot be multiplied \(\d+x(?P<left>\d+) and (?P<right>\d+)x\d+\)",
        "matmul",
        "the tensors of a matrix product do not fit: the inner sizes {left} and {right} differ",
        ("left", "right"),
    ),
    # broadcasting, and what is put into a part
    Row(
        r"operands could not be broadcast together with remapped shapes "
        r"\[original->remapped\]: (?P<shapes>.*?) *",
        None,
        "einsum: one letter stands for axes of different lengths",
    ),
    Row(
        r"operands could not be broadcast together with shapes (?P<shapes>\(.*\)) *",
        "broadcast",
        "arrays of the shapes {shapes} do not fit together (shapes are lined up from the right)",
    ),
    Row(
        r"The size of tensor a \((?P<left>\d+)\) must match the size of tensor b "
        r"\((?P<right>\d+)\) at non-singleton dimension \d+",
        "broadcast",
        "tensors do not fit together: {left} and {right} cannot be broadcast",
        ("left", "right"),
    ),
    Row(
        r"non-broadcastable output operand with shape (?P<shape>\(.*?\)) doesn't match the "
        r"broadcast shape (?P<whole>\(.*?\))",
        "assign",
        "an array of shape {shape} is changed in place, and the result has the shape {whole}",
    ),
    Row(
        r"could not broadcast input array from shape (?P<given>\(.*?\)) into shape "
        r"(?P<shape>\(.*?\))",
        "assign",
        "an array of shape {given} is put where the shape {shape} is",
    ),
    Row(
        r"shape mismatch: value array of shape (?P<given>\(.*?\)) *could not be broadcast to "
        r"indexing result of shape (?P<shape>\(.*?\))",
        "assign",
        "an array of shape {given} is put where the shape {shape} is",
    ),
    Row(
        r"shape mismatch: indexing arrays could not be broadcast together with shapes "
        r"(?P<shapes>\(.*\)) *",
        None,
        "the arrays that are used as indices do not fit together: their shapes are {shapes}",
    ),
    # indices
    Row(
        r"index (?P<index>-?\d+) is out of bounds for (?:axis|dimension) (?P<axis>\d+) with size "
        r"(?P<size>\d+)",
        "index",
        "there is no index {index} along axis {axis}, which has length {size}",
        ("index",),
    ),
    Row(r"(?:list|tuple) index out of range", "index"),
    Row(
        r"too many indices for array: array is (?P<axes>\d+)-dimensional, but (?P<used>\d+) were "
        r"indexed",
        "indices",
        "an array with {axes} axes is given {used} indices",
        ("used",),
    ),
    Row(
        r"too many indices for tensor of dimension (?P<axes>\d+)",
        "indices",
        "a tensor with {axes} axes is given more indices than that",
    ),
    Row(
        r"only integers, slices \(`:`\), ellipsis \(`...`\), numpy.newaxis \(`None`\) and integer "
        r"or boolean arrays are valid indices",
        None,
        "what stands in the brackets is no index: an index is a whole number, a slice, or an array "
        "of whole numbers or booleans",
    ),
    Row(
        r"arrays used as indices must be of integer \(or boolean\) type",
        None,
        "the array that is used as an index is not made of whole numbers (or booleans)",
    ),
    Row(
        r"boolean index did not match indexed array along axis (?P<axis>\d+); size of axis is "
        r"(?P<size>\d+) but size of corresponding boolean axis is (?P<mask>\d+)",
        None,
        "the mask has length {mask} where axis {axis} of the array has length {size}",
    ),
    Row(
        r"list indices must be integers or slices, not tuple",
        None,
        "a list has one index only, as in `a[i][j]`: `a[i, j]` is for arrays",
    ),
    # axes
    Row(
        r"axis (?P<axis>-?\d+) is out of bounds for array of dimension (?P<axes>\d+)",
        "axis",
        "there is no axis {axis} in an array with {axes} axes",
        ("axis",),
    ),
    Row(
        r"Dimension out of range \(expected to be in range of \[.*?\], but got (?P<axis>-?\d+)\)",
        "axis",
        "there is no axis {axis} in this tensor",
        ("axis",),
    ),
    Row(
        r"axes don't match array",
        None,
        "the axes that are given do not fit the array: there is one for each of its own",
    ),
    Row(
        r"cannot select an axis to squeeze out which has size not equal to one",
        None,
        "squeeze is to drop an axis whose length is not 1",
    ),
    # joining, splitting and reshaping
    Row(
        r"all the input array dimensions except for the concatenation axis must match exactly, but "
        r"along dimension (?P<axis>\d+), the array at index (?P<first>\d+) has size (?P<left>\d+) "
        r"and the array at index (?P<second>\d+) has size (?P<right>\d+)",
        "join",
        "the arrays that are joined do not fit: along axis {axis} they have the lengths {left} and "
        "{right}",
        ("left", "right"),
    ),
    Row(
        r"all the input arrays must have same number of dimensions, but the array at index \d+ "
        r"has (?P<left>\d+) dimension\(s\) and the array at index \d+ has (?P<right>\d+) "
        r"dimension\(s\)",
        "join",
        "the arrays that are joined have {left} and {right} axes",
        ("left", "right"),
    ),
    Row(
        r"all input arrays must have the same shape",
        "join",
        "the arrays that are stacked do not all have the same shape",
    ),
    Row(
        r"need at least one array to (?:concatenate|stack)",
        None,
        "there is nothing to join: the list is empty",
    ),
    Row(
        r"Sizes of tensors must match except in dimension \d+\. Expected size (?P<left>\d+) but "
        r"got size (?P<right>\d+) for tensor number \d+ in the list\.",
        "join",
        "the tensors that are joined do not fit: they have the lengths {left} and {right}",
        ("left", "right"),
    ),
    Row(
        r"array split does not result in an equal division",
        None,
        "the axis that is split cannot be divided into that many equal parts",
    ),
    Row(
        r"cannot reshape array of size (?P<size>\d+) into shape (?P<shape>\(.*\))",
        "reshape",
        "an array of {size} numbers does not make the shape {shape}",
    ),
    Row(
        r"shape '\[(?P<shape>.*)\]' is invalid for input of size (?P<size>\d+)",
        "reshape",
        "a tensor of {size} numbers does not make the shape ({shape})",
    ),
    # numbers and arrays
    Row(
        r"The truth value of an array with more than one element is ambiguous\. .*",
        None,
        "an array stands where one True or False is wanted (after `if`, `while`, `and`, `or`, "
        "`not`): compare single numbers, or use `.any()` or `.all()`",
    ),
    Row(
        r"only (?:length-1|0-dimensional) arrays can be converted to Python scalars",
        None,
        "an array stands where one number is wanted",
    ),
    Row(
        r"only integer scalar arrays can be converted to a scalar index",
        None,
        "an array stands where one whole number is wanted",
    ),
    Row(
        r"setting an array element with a sequence\. The requested array has an inhomogeneous "
        r"shape.*",
        None,
        "an array is to be made of parts of different shapes",
    ),
    Row(
        r"setting an array element with a sequence\..*",
        None,
        "several numbers are put where one number belongs",
    ),
    Row(
        r"(?:Cannot cast ufunc '(?P<name>\w+)' output from|Cannot cast) .*dtype\('(?P<have>\w+)'\) "
        r"to dtype\('(?P<want>\w+)'\) with casting rule 'same_kind'",
        None,
        "an array of {want} is changed in place, and the result is {have}: make the array with "
        "floats",
    ),
    Row(
        r"assignment destination is read-only",
        None,
        "this array cannot be written, numpy keeps it read-only: work on a copy",
    ),
    Row(
        r"loop of ufunc does not support argument \d of type NoneType which has no callable "
        r"(?P<name>\w+) method",
        None,
        "np.{name} was given None instead of numbers",
    ),
    Row(
        r"expected a sequence of integers or a single integer, got .*",
        None,
        "the lengths in a shape are whole numbers: use // or int(...)",
    ),
    Row(
        r"loop of ufunc does not support argument \d of type (?P<kind>\w+) which has no callable "
        r"(?P<name>\w+) method",
        None,
        "np.{name} was given something of type {kind} instead of numbers",
    ),
    Row(
        r"ufunc '(?P<name>\w+)' (?:not supported for the input types, |did not contain a loop with "
        r"signature matching types ).*",
        None,
        "np.{name} cannot take values of this type",
    ),
    Row(
        r"'(?P<kind>(?:numpy\.)?float\d*)' object cannot be interpreted as an integer",
        None,
        "a float stands where a whole number is wanted: use // or int(...)",
    ),
    Row(
        r"slice indices must be integers or None or have an __index__ method",
        None,
        "the ends of a slice are whole numbers: use // or int(...)",
    ),
    # einsum
    Row(
        r"einstein sum subscripts string contains too many subscripts for operand \d+",
        None,
        "einsum: an operand has fewer axes than it is given letters",
    ),
    Row(
        r"operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis "
        r"provided to broadcast the extra dimensions\.",
        None,
        "einsum: an operand has more axes than it is given letters",
    ),
    Row(
        r"einstein sum subscripts string included output subscript '(?P<letter>\w)' which never "
        r"appeared in an input",
        None,
        "einsum: the letter {letter} stands behind the arrow and in no operand",
    ),
    # torch
    Row(
        r"expected m1 and m2 to have the same dtype, but got: (?P<left>\w+) != (?P<right>\w+)",
        None,
        "the tensors of a matrix product are of different types, {left} and {right}",
    ),
    # without end
    Row(
        r"maximum recursion depth exceeded.*",
        None,
        "calls are nested too deeply: does a function call itself without end?",
    ),
)  # fmt: skip


def row_of(message: str) -> tuple[Row, re.Match[str]] | None:
    """The row that a message is of, and what it says; None if it is in no row."""
    for row in ROWS:
        # compiled when it is first needed: most processes never see an error
        found = re.fullmatch(row.pattern, message, re.DOTALL)
        if found is not None:
            return row, found
    return None


def in_english(row: Row, found: re.Match[str]) -> str:
    """What a message says, in plain words; empty where its own are plain."""
    words = {name: _spaced(text) for name, text in found.groupdict().items() if text is not None}
    return row.plain.format_map(words) if row.plain else ""


def _spaced(text: str) -> str:
    """`(3,4) (5,)` as `(3, 4) and (5,)`: as shapes are written everywhere else."""
    spaced = re.sub(r",(?=\d|newaxis)", ", ", text).replace("newaxis", "-1")
    return re.sub(r"\) +\(", ") and (", spaced.strip())
