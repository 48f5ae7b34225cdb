"""Flower's options, and the queues that it shows: read by Flower itself (--conf), which executes this file.

Flower lists the queues that workers say they take from. A queue whose workers are all gone, the one to look at, would
be missing.
"""

from flower.views import BaseHandler

from jobs.queues import QUEUES

_taken_by_workers = BaseHandler.get_active_queue_names


def every_queue(handler: BaseHandler) -> list[str]:
    """Return the program's queues and any others that workers take from."""
    return sorted({*QUEUES, *_taken_by_workers(handler)})


BaseHandler.get_active_queue_names = every_queue

read_only = True
url_prefix = "flower"
tasks_columns = "uuid,state,args,result,received,runtime,worker,name"
