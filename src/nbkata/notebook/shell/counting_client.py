"""nbclient with a bound for outputs: it holds them in memory, and an endless print would fill that."""

import asyncio
from typing import Any

from jupyter_core.utils import run_sync
from nbclient.client import NotebookClient
from nbformat import NotebookNode

from nbkata.child.shell import bounds


class CountingClient(NotebookClient):
    """Stops at the bound, as it does if the kernel dies."""

    # Characters of all outputs so far, those that another has replaced as well.
    printed = 0

    @property
    def is_too_much(self) -> bool:
        """Whether the bound is what stopped it."""
        return self.printed > bounds.OUTPUT_MB * 1024**2

    async def async_execute_cell(self, *given: Any, **named: Any) -> NotebookNode:
        """End what still waits for messages if the cell's time is up: it would raise where nobody looks."""
        try:
            return await super().async_execute_cell(*given, **named)
        finally:
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

    execute_cell = run_sync(async_execute_cell)

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Count each message that may hold output."""
        content = msg["content"]
        self.printed += len(content["text"] if msg["msg_type"] == "stream" else str(content))
        if self.is_too_much:
            assert self.task_poll_for_reply is not None
            self.task_poll_for_reply.cancel()
            return None
        return super().process_message(msg, cell, cell_index)
