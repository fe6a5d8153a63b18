"""What an array is, apart from its values: dtypes, memory, indices for its shape, printed forms. All are constants."""

from __future__ import annotations

from .comparing import constant

__all__ = [
    "array2string", "array_repr", "array_str", "can_cast", "common_type", "diag_indices_from", "einsum_path",
    "iscomplexobj", "isrealobj", "may_share_memory", "min_scalar_type", "result_type", "shares_memory",
    "tril_indices_from", "triu_indices_from",
]  # fmt: skip

array2string = constant("array2string")
array_repr = constant("array_repr")
array_str = constant("array_str")
can_cast = constant("can_cast")
common_type = constant("common_type")
diag_indices_from = constant("diag_indices_from")
einsum_path = constant("einsum_path")
iscomplexobj = constant("iscomplexobj")
isrealobj = constant("isrealobj")
may_share_memory = constant("may_share_memory")
min_scalar_type = constant("min_scalar_type")
result_type = constant("result_type")
shares_memory = constant("shares_memory")
tril_indices_from = constant("tril_indices_from")
triu_indices_from = constant("triu_indices_from")
