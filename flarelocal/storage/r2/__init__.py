"""R2: objects of any size by key, in buckets."""

from flarelocal.storage.r2.bucket import R2Bucket
from flarelocal.storage.r2.conditions import Condition, Etag
from flarelocal.storage.r2.content import Draft, Reading
from flarelocal.storage.r2.errors import R2Error
from flarelocal.storage.r2.listing import Listing
from flarelocal.storage.r2.multipart import UploadedPart
from flarelocal.storage.r2.objects import R2Found, R2Metadata, R2Object
from flarelocal.storage.r2.ranges import Range
from flarelocal.storage.r2.storage import R2Storage

__all__ = [
    "Condition",
    "Draft",
    "Etag",
    "Listing",
    "R2Bucket",
    "R2Error",
    "R2Found",
    "R2Metadata",
    "R2Object",
    "R2Storage",
    "Range",
    "Reading",
    "UploadedPart",
]
