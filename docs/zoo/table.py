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
    published = json.loads((Path(__file__).parent / "peer.json").read_text())
    known = published.get(suite)
    if known is None:
        return None
    verdict = next((verdict for verdict, networks in known.items() if network in networks), "passes")
    kept = published["macsKept"].get(suite, {}).get(network)
    return verdict if kept is None else f"{verdict}, {100 * kept:.0f} %"


def reached(result):
    return share(result.get("outputChannelsReached", 0), result.get("outputChannels", 0))


def row(suite, network, result):
    counts = barriers(result)
    some, channels = result.get("outputChannelsReached", 0), result.get("outputChannels", 0)
    cells = [
        network,
        outcome(result),
        reached(result),
        share(some, max(some, channels - counts.get(OUTPUT, 0))),
        share(result.get("parametersKept", 0), result.get("parameters", 0)),
        share(result.get("macsKept", 0), result.get("macs", 0)),
        result.get("analysisSeconds", "-"),
        result.get("seconds", "-"),
        result["peakMiB"],
        shown(counts),
    ]
    verdict = peer(suite, network)
    return cells if verdict is None else cells + [verdict]


def results_in(folder):
    return {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}


def summary(results):
    proved = sum(result.get("outcome") == "PROVED" for result in results)
    return f"{proved} of {len(results)} proved"


def printed(head, rows):
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for cells in rows:
        print("| " + " | ".join(str(cell) for cell in cells) + " |")


def one(folder):
    suite = folder.name
    results = results_in(folder)
    head = ["network", "verified, max abs / rel", "reached", "without outputs", "parameters kept", "MACs kept", "analysis s",
            "all s", "peak MiB", "what stays, and why"]
    head += ["Torch-Pruning, MACs kept"] if peer(suite, "") else []
    dynamo = {file.stem for file in folder.glob("*.dynamo")}
    printed(head, (row(suite, network, result) for network, result in results.items()))
    small = [network for network, result in results.items()
             if result.get("macs") and result.get("macsKept", 0) > 0.75 * result["macs"]]
    print(f"\n{summary(results.values())}. Networks that lose less than a quarter of their MACs: {', '.join(small) or 'none'}.")
    if dynamo:
        print(f"Written by dynamo (opset 18), because TorchScript does not: {', '.join(sorted(dynamo))}.")
    for file in sorted(folder.glob("*.not-exported")):
        print(f"- {file.stem} cannot be exported: {file.read_text().strip()}")


def beside(root, variants):
    """The same networks from several exporters."""
    folders = [folder for folder in sorted((root / variants[0]).iterdir()) if folder.is_dir()]
    found = {variant: {} for variant in variants}
    for variant in variants:
        for folder in folders:
            for network, result in results_in(root / variant / folder.name).items():
                found[variant][folder.name, network] = result
    networks = sorted(set().union(*found.values()))

    def cell(result):
        return f"{outcome(result)}; {reached(result)}; {share(result.get('macsKept', 0), result.get('macs', 0))}" if result else "not exported"

    printed(["network"] + [f"{variant}: verified; reached; MACs kept" for variant in variants],
            ([name] + [cell(found[variant].get((suite, name))) for variant in variants] for suite, name in networks))
    print("\n" + ", ".join(f"{variant}: {summary(found[variant].values())}" for variant in variants) + ".")


if __name__ == "__main__":
    if sys.argv[1] == "--beside":
        beside(Path(sys.argv[2]), sys.argv[3:])
    else:
        one(Path(sys.argv[1]))
