"""Prints the results of a suite as a Markdown table; see README.md."""

import json
import sys
from pathlib import Path

OUTPUT = "output: it is an output of the model"


def share(part, whole):
    return f"{100 * part / whole:.0f} %" if whole else "-"


def outcome(result):
    if "failed" in result:
        return f"failed to {result['failed']}: {result['message'].splitlines()[0]}"
    proved = result["outcome"].lower().replace("_", " ")
    if proved == "proved":
        return f"{proved}, {result['maxAbsolute']:.0e} / {result['maxRelative']:.0e}"
    return f"{proved}: {result['reason']}"


def barriers(result):
    """What stays, by operator and reason, most first."""
    counts = {}
    for text, classes in result.get("barriers", {}).items():
        operator, reason = text.split(" ", 1)[0], text.split(": ", 1)[-1]
        reason = "it meets something that cannot go" if reason.startswith("it meets ") else reason
        key = f"{operator}: {reason}"
        counts[key] = counts.get(key, 0) + classes
    return dict(sorted(counts.items(), key=lambda entry: -entry[1]))


def shown(counts):
    most = list(counts.items())
    return "; ".join(f"{classes} {text}" for text, classes in most[:3]) + ("; ..." if len(most) > 3 else "")


def peer(suite, network):
    known = json.loads((Path(__file__).parent / "peer.json").read_text()).get(suite)
    if known is None:
        return None
    return next((verdict for verdict, networks in known.items() if network in networks), "passes")


def row(suite, network, result):
    counts = barriers(result)
    reached, channels = result.get("outputChannelsReached", 0), result.get("outputChannels", 0)
    cells = [
        network,
        outcome(result),
        share(reached, channels),
        share(reached, max(reached, channels - counts.get(OUTPUT, 0))),
        share(result.get("parametersKept", 0), result.get("parameters", 0)),
        share(result.get("macsKept", 0), result.get("macs", 0)),
        result.get("analysisSeconds", "-"),
        result.get("seconds", "-"),
        result["peakMiB"],
        shown(counts),
    ]
    verdict = peer(suite, network)
    return cells if verdict is None else cells + [verdict]


def main(folder):
    suite = folder.name.split(".")[0]
    results = {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}
    head = ["network", "verified, max abs / rel", "reached", "without outputs", "parameters kept", "MACs kept", "analysis s",
            "all s", "peak MiB", "what stays, and why"]
    head += ["Torch-Pruning"] if peer(suite, "") else []
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for network, result in results.items():
        print("| " + " | ".join(str(cell) for cell in row(suite, network, result)) + " |")
    proved = sum(result.get("outcome") == "PROVED" for result in results.values())
    small = [network for network, result in results.items()
             if result.get("macs") and result.get("macsKept", 0) > 0.75 * result["macs"]]
    print(f"\n{proved} of {len(results)} proved. Networks that lose less than a quarter of their MACs: {', '.join(small) or 'none'}.")
    for file in sorted(folder.glob("*.not-exported")):
        print(f"- {file.stem} cannot be exported: {file.read_text().strip()}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
