"""The texts of the commands about data sets and calls made again, in both languages."""

DATASETS: dict[str, tuple[str, str]] = {
    "calls.replay.help": (
        "Make a recorded call again, of another model or with other parameters, and compare.",
        "换一个模型或参数重放一次已记录的调用，并比较结果。",
    ),
    "calls.replay.model": ("Call this model instead.", "改为调用此模型。"),
    "calls.replay.set": (
        "A parameter to put in place, as NAME=VALUE (JSON or a text); may be given several times.",
        "要替换的参数，写作 名称=值（JSON 或文本），可多次给出。",
    ),
    "calls.replay.unset": (
        "A parameter to leave out; may be given several times.",
        "要去掉的参数，可多次给出。",
    ),
    "calls.replay.set.wrong": ("a parameter is given as NAME=VALUE", "参数须写作 名称=值"),
    "calls.replay.same": ("Both answers say the same.", "两次回答的文本相同。"),
    "calls.replay.made": ("Made again as {id}", "已重放，新请求为 {id}"),
    "column.recorded": ("recorded", "原调用"),
    "column.replayed": ("replayed", "重放"),
    "datasets.help": (
        "Manage data sets: questions, and what is expected of answers.",
        "管理数据集：问题以及对回答的期望。",
    ),
    "datasets.list.help": ("List the data sets of a project.", "列出项目的数据集。"),
    "datasets.create.help": ("Make an empty data set.", "创建空数据集。"),
    "datasets.show.help": ("Show one data set.", "查看一个数据集。"),
    "datasets.items.help": ("List the items of a data set.", "列出数据集的条目。"),
    "datasets.add_call.help": (
        "Make an item of a recorded call, by the id of its request.",
        "按请求 id 把一次已记录的调用加入数据集。",
    ),
    "datasets.import.help": (
        "Add the items of a file with one JSON object a line; - reads standard input.",
        "导入每行一个 JSON 对象的文件；- 表示标准输入。",
    ),
    "datasets.export.help": (
        "Write the items to standard output, one JSON object a line.",
        "把条目写到标准输出，每行一个 JSON 对象。",
    ),
    "datasets.archive.help": (
        "Leave an item out of the next version; the versions before keep it.",
        "从下一版本起去掉一个条目；之前的版本保留它。",
    ),
    "datasets.delete.help": (
        "Remove a data set with all of its versions, or an item from every version.",
        "删除数据集及其全部版本，或从所有版本中删除一个条目。",
    ),
    "datasets.project": ("The project, by id, slug or name.", "项目（id、短名或名称）。"),
    "datasets.description": ("What it is for.", "用途说明。"),
    "datasets.version": ("A version; by default the present one.", "版本；默认当前版本。"),
    "datasets.take_answer": ("Its answer is what is expected.", "以该调用的回答作为期望。"),
    "datasets.expected": ("What is expected of an answer.", "对回答的期望。"),
    "datasets.made": ("Made {name}", "已创建 {name}"),
    "datasets.added": (
        "{count} items added; version {version}",
        "已添加 {count} 个条目；版本 {version}",
    ),
    "datasets.archived": (
        "{id} is in no version from {version} on",
        "自版本 {version} 起不再包含 {id}",
    ),
    "datasets.deleted": ("{id} is gone", "{id} 已删除"),
    "datasets.long_line": (
        "line {number} is too long: an item has at most 256 KiB",
        "第 {number} 行过长：一个条目最多 256 KiB",
    ),
    "column.item_count": ("items", "条目数"),
    "column.endpoint": ("endpoint", "端点"),
}
