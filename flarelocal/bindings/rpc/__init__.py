"""Calls between Workers and Durable Objects: what happens to arguments, results and errors."""

from flarelocal.bindings.rpc.errors import remote_error
from flarelocal.bindings.rpc.message import passed
from flarelocal.bindings.rpc.receiver import PropertyPath, reach, reach_member
from flarelocal.bindings.rpc.stub import (
    Receiver,
    RpcPromise,
    RpcProperty,
    RpcStub,
    RpcTarget,
    background,
)

__all__ = [
    "PropertyPath",
    "Receiver",
    "RpcPromise",
    "RpcProperty",
    "RpcStub",
    "RpcTarget",
    "background",
    "passed",
    "reach",
    "reach_member",
    "remote_error",
]
