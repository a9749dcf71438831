"""Which SQL a Worker may run (workerd: util/sqlite.c++, api/sql.c++)."""

from __future__ import annotations

import re

import apsw

from flarelocal.durable_objects.errors import DurableObjectError

__all__ = ["MODULES", "Authorizer", "Request", "is_reserved"]

Request = tuple[int, str | None, str | None]
"""The code of an action and its first two arguments, often a table and a column."""

MODULES = ("fts5", "fts5vocab", "rtree", "rtree_i32")

_TRANSACTIONS = (
    "To execute a transaction, please use the state.storage.transaction() or "
    "state.storage.transactionSync() APIs instead of the SQL BEGIN TRANSACTION or SAVEPOINT "
    "statements. The JavaScript API is safer because it will automatically roll back on "
    "exceptions, and because it interacts correctly with Durable Objects' automatic atomic write "
    "coalescing."
)

_FUNCTIONS = frozenset(
    re.findall(
        r"\S+",
        """
    abs changes char coalesce concat concat_ws format glob hex ifnull iif instr last_insert_rowid
    length like likelihood likely load_extension lower ltrim max_scalar min_scalar nullif
    octet_length printf quote random randomblob replace round rtrim sign soundex substr substring
    total_changes trim typeof unhex unicode unlikely upper zeroblob
    date time datetime julianday unixepoch strftime timediff current_date current_time
    current_timestamp
    avg count group_concat max min string_agg sum total
    row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value
    nth_value
    acos acosh asin asinh atan atan2 atanh ceil cos cosh degrees exp floor ln log log2 mod pi pow
    radians sin sinh sqrt tan tanh trunc
    json jsonb json_array jsonb_array json_array_length json_extract jsonb_extract -> ->>
    json_insert jsonb_insert json_object jsonb_object json_patch jsonb_patch json_remove
    jsonb_remove json_replace jsonb_replace json_set jsonb_set json_type json_valid json_quote
    json_group_array jsonb_group_array json_group_object jsonb_group_object json_each json_tree
    match highlight bm25 snippet rtreecheck
    sqlite_rename_column sqlite_rename_table sqlite_rename_test sqlite_drop_column
    sqlite_rename_quotefix
    """,
    )
)

_NAMED = frozenset(
    {
        apsw.SQLITE_CREATE_TABLE,
        apsw.SQLITE_DELETE,
        apsw.SQLITE_DROP_TABLE,
        apsw.SQLITE_INSERT,
        apsw.SQLITE_CREATE_VIEW,
        apsw.SQLITE_DROP_VIEW,
        apsw.SQLITE_REINDEX,
        apsw.SQLITE_READ,
        apsw.SQLITE_UPDATE,
    }
)
_NAMED_TWICE = frozenset(
    {
        apsw.SQLITE_CREATE_INDEX,
        apsw.SQLITE_DROP_INDEX,
        apsw.SQLITE_CREATE_TRIGGER,
        apsw.SQLITE_DROP_TRIGGER,
    }
)
_ALWAYS = frozenset({apsw.SQLITE_SELECT, apsw.SQLITE_ANALYZE, apsw.SQLITE_RECURSIVE})

_BOOLEAN_PRAGMAS = frozenset(
    {
        "case_sensitive_like",
        "foreign_keys",
        "defer_foreign_keys",
        "ignore_check_constraints",
        "legacy_alter_table",
        "recursive_triggers",
        "reverse_unordered_selects",
    }
)
_NAME_PRAGMAS = frozenset(
    {
        "foreign_key_list",
        "index_info",
        "index_list",
        "index_xinfo",
        "table_info",
        "table_xinfo",
    }
)
_BOOLEAN = re.compile(r"true|false|yes|no|on|off|1|0", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(0[xX][0-9a-fA-F]+|\d+)\Z")


def is_reserved(name: str) -> bool:
    """Whether a table, index or trigger of that name is out of the Worker's reach."""
    return name[:4].lower() == "_cf_"


class Authorizer:
    """SQLite's authorizer of one connection.

    Attributes:
        enforcing: on while a statement of the Worker is prepared or run.
        requests: what was asked for since this was last emptied.
    """

    def __init__(self) -> None:
        self.enforcing = False
        self.requests: set[Request] = set()

    def __call__(
        self, action: int, first: str | None, second: str | None, schema: str | None, _: str | None
    ) -> int:
        if not self.enforcing:
            return apsw.SQLITE_OK
        self.requests.add((action, first, second))
        # SQLite passes these two with the name of the schema first.
        if action in (apsw.SQLITE_ALTER_TABLE, apsw.SQLITE_DETACH):
            first, second, schema = second, None, first
        allowed = _allows(action, first, second, schema)
        return apsw.SQLITE_OK if allowed else apsw.SQLITE_DENY


def _allows(action: int, first: str | None, second: str | None, schema: str | None) -> bool:
    if schema == "temp":
        return action in (apsw.SQLITE_READ, apsw.SQLITE_UPDATE) and not is_reserved(first or "")
    if schema not in (None, "main"):
        return False
    if action in _NAMED or action == apsw.SQLITE_ALTER_TABLE:
        return not is_reserved(first or "")
    if action in _ALWAYS:
        return True
    if action == apsw.SQLITE_FUNCTION:
        # Within DEFAULT they come as they are written.
        return (second or "").lower() in _FUNCTIONS
    if action in _NAMED_TWICE:
        return not is_reserved(first or "") and not is_reserved(second or "")
    if action == apsw.SQLITE_PRAGMA:
        return _allows_pragma(first or "", second)
    if action in (apsw.SQLITE_CREATE_VTABLE, apsw.SQLITE_DROP_VTABLE):
        return (second or "").lower() in MODULES and not is_reserved(first or "")
    if action in (apsw.SQLITE_TRANSACTION, apsw.SQLITE_SAVEPOINT):
        raise DurableObjectError(_TRANSACTIONS)
    return False


def _allows_pragma(name: str, argument: str | None) -> bool:
    if name in _BOOLEAN_PRAGMAS:
        return argument is None or _BOOLEAN.match(_unquoted(argument)) is not None
    if name in _NAME_PRAGMAS:
        return argument is not None and not is_reserved(argument)
    if name == "foreign_key_check":
        return argument is None or not is_reserved(argument)
    if name == "quick_check":
        return argument is None or not is_reserved(argument)
    if name == "optimize":
        return argument is None or _NUMBER.match(argument) is not None
    if name in ("data_version", "page_size"):
        return argument is None
    return name == "table_list"


def _unquoted(text: str) -> str:
    quoted = len(text) >= 2 and text[0] in "'\"" and text[-1] == text[0]
    return text[1:-1] if quoted else text
