"""Durable Objects: ids, instances, gates, storage and alarms, without JavaScript and HTTP."""

from flarelocal.durable_objects.actor import Actor
from flarelocal.durable_objects.alarm_info import AlarmInfo, AlarmOutcome
from flarelocal.durable_objects.channel import Channel
from flarelocal.durable_objects.errors import DurableObjectError, ObjectResetError
from flarelocal.durable_objects.identity import JURISDICTIONS, IdentityFactory, ObjectId
from flarelocal.durable_objects.limits import Limits
from flarelocal.durable_objects.namespace import Namespace, ObjectInfo
from flarelocal.durable_objects.object_class import ActorSettings, ObjectClass
from flarelocal.durable_objects.reset import Reset
from flarelocal.durable_objects.storage.cursor import Cursor
from flarelocal.durable_objects.storage.database import Binding
from flarelocal.durable_objects.storage.key_value import ListOptions
from flarelocal.durable_objects.storage.open_files import OpenFiles
from flarelocal.durable_objects.storage.storage import Storage
from flarelocal.durable_objects.storage.transaction import Transaction

__all__ = [
    "JURISDICTIONS",
    "Actor",
    "ActorSettings",
    "AlarmInfo",
    "AlarmOutcome",
    "Binding",
    "Channel",
    "Cursor",
    "DurableObjectError",
    "IdentityFactory",
    "Limits",
    "ListOptions",
    "Namespace",
    "ObjectClass",
    "ObjectId",
    "ObjectInfo",
    "ObjectResetError",
    "OpenFiles",
    "Reset",
    "Storage",
    "Transaction",
]
