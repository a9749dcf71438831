"""What is passed to a call belongs to it: it is gone when the call is over (api/worker-rpc.c++)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from flarelocal.javascript.errors import error
from flarelocal.javascript.values import Value

if TYPE_CHECKING:
    from flarelocal.bindings.rpc.receiver import PropertyPath
    from flarelocal.bindings.rpc.stub import Receiver, RpcPromise

__all__ = ["Lent", "Loan"]


class Loan:
    """What one call borrows.

    Attributes:
        over: the call has ended.
    """

    __slots__ = ("over",)

    def __init__(self) -> None:
        self.over = False


class Lent:
    """The receiver of a stub that is borrowed."""

    __slots__ = ("_loan", "_receiver")

    def __init__(self, receiver: Receiver, loan: Loan) -> None:
        self._receiver = receiver
        self._loan = loan

    def own(self) -> Receiver:
        """The receiver for a stub that stays.

        Raises:
            JsError: Error; the call has ended.
        """
        if self._loan.over:
            raise error("RPC stub used after being disposed.")
        return self._receiver

    def start(
        self, path: PropertyPath, arguments: Sequence[Value] | None, reply: RpcPromise
    ) -> None:
        self.own().start(path, arguments, reply)

    def result(self, value: Value) -> Value:
        return self._receiver.result(value)

    def error(self, error: BaseException, *, called: bool) -> BaseException:
        return self._receiver.error(error, called=called)
