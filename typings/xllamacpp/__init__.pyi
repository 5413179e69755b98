# The part of xllamacpp that we use.

class CpuParams:
    n_threads: int

class CommonParamsModel:
    path: str

class CommonParams:
    model: CommonParamsModel
    model_alias: set[str]
    hostnames: list[str]
    port: int
    n_parallel: int
    n_ctx: int
    cont_batching: bool
    n_gpu_layers: int
    cpuparams: CpuParams
    cpuparams_batch: CpuParams
    n_threads_http: int
    use_jinja: bool
    endpoint_metrics: bool
    endpoint_slots: bool
    ui: bool
    cors_origins: str
    cache_ram_mib: int
    verbosity: int
    def __init__(self) -> None: ...

class Server:
    listening_address: str
    def __init__(self, params: CommonParams) -> None: ...
