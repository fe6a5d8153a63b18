"""Trees: leaves, paths, and what is said of those that differ."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

import pytest
from hypothesis import given, strategies as st

from tapegrad.autograd import ShapeError
from tapegrad.autograd.trees import leaves, mapped, matched, paths, rebuilt


class Pair(NamedTuple):
    a: Any
    b: Any


nested = st.recursive(
    st.none() | st.integers() | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        | st.builds(Pair, inner, inner)
    ),
    max_leaves=8,
)


@given(nested)
def test_a_tree_is_rebuilt_from_its_leaves(tree: Any) -> None:
    assert rebuilt(tree, leaves(tree)) == tree
    assert type(rebuilt(tree, leaves(tree))) is type(tree)
    assert matched(tree, tree, "it", "it") == leaves(tree)
    counted = iter(range(99))
    numbered = mapped(lambda _: next(counted), tree)
    assert leaves(numbered) == list(range(len(leaves(tree))))


@given(nested)
def test_a_path_leads_to_its_leaf(tree: Any) -> None:
    for path, leaf in paths(tree, "tree"):
        found = eval(path, {"tree": tree})  # noqa: S307 - a path is Python
        assert found is leaf or found == leaf


def test_paths_and_leaves() -> None:
    tree = {"x": [1, (2, None)], 3: Pair("p", {})}
    assert list(paths(tree, "t")) == [("t['x'][0]", 1), ("t['x'][1][0]", 2), ("t[3].a", "p")]
    assert leaves(5) == [5]
    assert leaves(OrderedDict(a=1)) == [OrderedDict(a=1)], "only plain dicts are trees"


def test_the_order_of_keys_does_not_matter() -> None:
    assert matched({"a": 1, "b": 2}, {"b": 20, "a": 10}, "it", "other") == [10, 20]


@pytest.mark.parametrize(
    ("tree", "other", "message"),
    [
        ([1, 2], [1], "other must be like it, a list of 2; got a list of 1"),
        ([1, 2], (1, 2), "other must be like it, a list of 2; got a tuple of 2"),
        ({"a": [1]}, {"a": 5}, r"other\['a'\] must be like it\['a'\], a list of 1; got 5"),
        ({"a": 1}, {"b": 1}, "other must be like it, a dict with the keys 'a'; got a dict with the keys 'b'"),
        (None, 1, "other must be like it, None; got 1"),
    ],
)
def test_trees_that_differ(tree: Any, other: Any, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        matched(tree, other, "it", "other")
