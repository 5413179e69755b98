from typing import Any

class Gateway:
    id: str

class WorkerController:
    gateway: Gateway
    workerinput: dict[str, Any]
    shutting_down: bool
