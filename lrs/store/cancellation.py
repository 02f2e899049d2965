"""Cancellations that a driver call swallowed."""

import asyncio


def heed() -> None:
    """Raise CancelledError if the current task was cancelled and goes on all the same.

    `asyncio.wait_for` of Python 3.11, through which the driver sends, loses a cancellation that comes in the moment in
    which its call ends. A loop that calls the driver for ever would then never end. (Not where a TaskGroup may have
    failed before in the same task: the same Python counts that as a cancellation.)
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
