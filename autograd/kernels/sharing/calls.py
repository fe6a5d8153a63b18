"""A call of a kernel as two numbers, the addresses of code and arguments, which another thread can follow."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

from ..vectors.tile import intrinsic

__all__ = ["packed", "run"]

_ARGUMENTS = types.voidptr, types.intp, types.intp  # where the kernel's own lie, start, stop


@intrinsic
def packed(typing: Any, kernel: Any, arguments: Any) -> Any:
    """The addresses of code and arguments for kernel(start, stop, *arguments), good until the caller returns."""
    called = kernel.get_call_type(typing, (types.intp, types.intp, *arguments.types), {})

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        convention = context.call_conv
        name = builder.module.get_unique_name(f"{builder.function.name}.range")
        code = ir.Function(builder.module, convention.get_function_type(types.none, _ARGUMENTS), name)
        code.linkage = "internal"
        inside = ir.IRBuilder(code.append_basic_block("entry"))
        frame, start, stop = convention.get_arguments(code)
        values = inside.load(inside.bitcast(frame, args[1].type.as_pointer()))
        unpacked = [inside.extract_value(values, i) for i in range(len(arguments.types))]
        context.get_function(kernel, called)(inside, [start, stop, *unpacked])  # returns if there was an exception
        convention.return_value(inside, context.get_dummy_value())
        places = code, cgutils.alloca_once_value(builder, args[1])
        address = context.get_value_type(types.intp)
        addresses = [builder.ptrtoint(place, address) for place in places]
        return context.make_tuple(builder, signature.return_type, addresses)

    return types.UniTuple(types.intp, 2)(kernel, arguments), emit


@intrinsic
def run(typing: Any, code: Any, frame: Any, start: Any, stop: Any) -> Any:
    """Make the call for a range; whether it went without an exception."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        code, frame, start, stop = args
        kind = context.call_conv.get_function_type(types.none, _ARGUMENTS)
        result, exception = (cgutils.alloca_once(builder, argument.pointee) for argument in kind.args[:2])
        function, values = builder.inttoptr(code, kind.as_pointer()), builder.inttoptr(frame, cgutils.voidptr_t)
        status = builder.call(function, [result, exception, values, start, stop])
        return builder.icmp_signed("==", status, status.type(0))

    return types.boolean(types.intp, types.intp, types.intp, types.intp), emit
