"""Write the files of ``deploy/prometheus`` and ``deploy/grafana`` that follow from the code.

They are committed, so that they can be used without the tool; a test compares them.

    python -m tools.watching           write the files
    python -m tools.watching --check   write nothing, fail if a file would change
"""

import argparse
import json
import sys
from pathlib import Path

from mainspring.wire.texts import LANGUAGES
from tools.watching.grafana import grafana_dashboard
from tools.watching.panels import DASHBOARDS
from tools.watching.prometheus import alert_rules, recording_rules

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def generated_files() -> dict[Path, str]:
    """Return every file that is written: its path under ``deploy/``, and its text."""
    files = {
        Path("prometheus/mainspring.rules.yml"): recording_rules(),
        Path("prometheus/mainspring.alerts.yml"): alert_rules(),
    }
    for language in LANGUAGES:
        for dashboard in DASHBOARDS:
            document = grafana_dashboard(dashboard, language)
            text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
            files[Path("grafana") / language / f"{dashboard.uid}.json"] = text
    return files


def main() -> int:
    """Read the command line; write or compare."""
    parser = argparse.ArgumentParser(description="Write rules, alerts and dashboards.")
    parser.add_argument("--check", action="store_true", help="compare only")
    check: bool = parser.parse_args().check
    stale = 0
    for place, text in generated_files().items():
        path = DEPLOY / place
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale += 1
        print(f"{'differs' if check else 'wrote'}: deploy/{place}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
