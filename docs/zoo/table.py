"""Prints the results of a suite as a Markdown table; see README.md."""

import json
import sys
from pathlib import Path


def share(part, whole):
    return f"{100 * part / whole:.0f} %" if whole else "-"


def outcome(result):
    if "failed" in result:
        return f"failed to {result['failed']}: {result['message'].splitlines()[0]}"
    proved = result["outcome"].lower().replace("_", " ")
    return f"{proved}, {result['maxRelative']:.0e}" if proved == "proved" else f"{proved}: {result['reason']}"


def barriers(result):
    counts = {}
    for text, classes in result.get("barriers", {}).items():
        operator, reason = text.split(" ", 1)[0], text.split(": ", 1)[-1]
        reason = "it meets something that cannot go" if reason.startswith("it meets ") else reason
        counts[f"{operator}: {reason}"] = counts.get(f"{operator}: {reason}", 0) + classes
    most = sorted(counts.items(), key=lambda entry: -entry[1])
    return "; ".join(f"{classes} {text}" for text, classes in most[:3]) + ("; ..." if len(most) > 3 else "")


def main(folder):
    print("| network | verified | reached | parameters kept | MACs kept | analysis s | all s | peak MiB | barriers |")
    print("|---|---|---|---|---|---|---|---|---|")
    proved = total = 0
    for file in sorted(folder.glob("*.json")):
        result = json.loads(file.read_text())
        total += 1
        proved += result.get("outcome") == "PROVED"
        print(
            f"| {file.stem} | {outcome(result)} "
            f"| {share(result.get('outputChannelsReached', 0), result.get('outputChannels', 0))} "
            f"| {share(result.get('parametersKept', 0), result.get('parameters', 0))} "
            f"| {share(result.get('macsKept', 0), result.get('macs', 0))} "
            f"| {result.get('analysisSeconds', '-')} | {result.get('seconds', '-')} | {result['peakMiB']} "
            f"| {barriers(result)} |")
    print(f"\n{proved} of {total} proved.")
    for file in sorted(folder.glob("*.not-exported")):
        print(f"- {file.stem} cannot be exported: {file.read_text().strip()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
