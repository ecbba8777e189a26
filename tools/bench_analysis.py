"""`make bench-analysis`: how good and how fast the analysis of contributions is, on real corpora (tests and benchmarks only).

    python tools/bench_analysis.py [--only themes,cold,copies,similar,same,speed,million] [--without-embeddings]

Every figure is on texts that were not learnt from. Where the corpora are absent it says so and stops. Embeddings take about
30 ms a text: with them the whole takes a quarter of an hour.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from dialogue.analysis import embeddings  # noqa: E402  needs the checkout on the path
from dialogue.analysis.clusters import cluster  # noqa: E402
from dialogue.analysis.copies import near_copies  # noqa: E402
from dialogue.analysis.embeddings import Embedder  # noqa: E402
from dialogue.analysis.neighbours import Neighbours  # noqa: E402
from dialogue.analysis.pipeline import analyse  # noqa: E402
from dialogue.analysis.quality import answers, score  # noqa: E402
from dialogue.analysis.themes import ThemeModel, measure  # noqa: E402
from tools import bench_analysis_sets as sets  # noqa: E402

TERRITORIES = 14
MILLION = 1_000_000


@dataclass
class Table:
    rows: list[tuple[str, str, str, str]] = field(default_factory=list)

    def add(self, what: str, target: float, found: float, *, most: bool = False, unit: str = "") -> None:
        met = found <= target if most else found >= target
        sign = "≤" if most else "≥"
        digits = 1 if unit else 3
        self.say(what, f"{sign} {target:g}{unit}", f"{found:.{digits}f}{unit}", "met" if met else "falls short")

    def say(self, *row: str) -> None:
        self.rows.append((row[0], row[1], row[2], row[3]))
        print(f"{row[0]:<64} {row[1]:>10} {row[2]:>10}  {row[3]}", flush=True)


@dataclass
class Bench:
    table: Table
    embedder: Embedder | None

    def themes(self) -> None:
        paris = sets.paris()
        for name, embedder in (("", None), (", embeddings", self.embedder)):
            if name and embedder is None:
                continue
            found = measure(paris.texts, paris.labels, sets.told_themes(paris), groups=paris.groups, embedder=embedder)
            self.table.add(f"theme, Paris, accuracy{name}", 0.76, found.accuracy)
            self.table.add(f"theme, Paris, macro-F1{name}", 0.68, found.macro_f1)
            self.table.add(f"theme, Paris, right theme in the first three{name}", 0.94, found.top3)
            self.table.add(f"theme, Paris, most confident half right{name}", 0.89, found.confident_half)
        debate = sets.debate()
        found = measure(debate.texts, debate.labels, sets.debate_themes(debate), groups=debate.groups)
        self.table.add("theme, Le Vrai Débat, 8 themes, macro-F1", 0.73, found.macro_f1)

    def cold(self) -> None:
        """No label at all: the texts and the keywords; labels only to count."""
        paris = sets.paris()
        for name, target, embedder in (("without embeddings", 0.59, None), ("with embeddings", 0.65, self.embedder)):
            if "out" not in name and embedder is None:
                continue
            model = ThemeModel.train(paris.texts, [None] * len(paris.texts), sets.told_themes(paris), embedder=embedder)
            found = score(answers(model.rank(paris.texts, embedder)), paris.labels, "")
            self.table.add(f"theme, Paris, no label, accuracy {name}", target, found.accuracy)

    def copies(self) -> None:
        """Beside the injected pairs every pair found is counted wrong, though some projects were really sent twice."""
        texts, true = sets.injected(sets.one_of_each(sets.paris()), 1000)
        found = {(pair.first, pair.second) for pair in near_copies(texts)}
        right = len(found & set(true))
        self.table.add("near-copies, 1,000 injected, recall", 0.95, right / len(true))
        self.table.add("near-copies, precision (of all pairs found)", 0.95, right / max(1, len(found)))
        touched = [pair for pair in found if pair[1] >= len(texts) - len(true)]
        self.table.say("near-copies, precision on pairs with an injected text", "", f"{right / max(1, len(touched)):.3f}", "")
        hard = [row for row in sets.lines("paraphrases_fr") if not row["duplicate"]]
        wrong = sum(len(near_copies([row["a"], row["b"]])) for row in hard)
        self.table.add(f"near-copies among {len(hard)} look-alikes that differ", 0, wrong, most=True)

    def similar(self) -> None:
        pairs = [row for row in sets.lines("paraphrases_fr") if row["duplicate"]]
        background = sets.paris().texts
        for name, embedder in (("words alone", None), ("with embeddings", self.embedder)):
            if name != "words alone" and embedder is None:
                continue
            index = Neighbours([*background, *(row["b"] for row in pairs)], embedder)
            found = index.nearest([row["a"] for row in pairs], 10)
            hits = sum(any(one.index == len(background) + at for one in near) for at, near in enumerate(found))
            if embedder is None:
                self.table.say(f"paraphrases, recall@10, {name}", "", f"{hits / len(pairs):.3f}", "")
            else:
                self.table.add(f"paraphrases, recall@10, {name}", 0.85, hits / len(pairs))

    def same(self) -> None:
        """Twice, in this process and in another with another hash seed."""
        code = "from tools.bench_analysis import fingerprint; print(fingerprint())"
        runs = [
            subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
            ).stdout.strip()
            for seed in ("1", "2")
        ]
        alike = sum(run == fingerprint() for run in runs) / len(runs)
        self.table.add("same input, same answer (three processes)", 1.0, alike)
        texts = sets.paris().texts[:600]
        order = list(range(len(texts)))
        random.Random(1).shuffle(order)  # noqa: S311  a bench, not a secret
        one, other = cluster(texts), cluster([texts[at] for at in order])
        ours = {tuple(group.members) for group in one.clusters}
        theirs = {tuple(sorted(order[at] for at in group.members)) for group in other.clusters}
        self.table.add("same groups when the texts come in another order", 1.0, len(ours & theirs) / len(ours))

    def speed(self) -> None:
        paris = sets.paris()
        texts = paris.texts[:3800]
        start, used = time.perf_counter(), time.process_time()
        model = ThemeModel.train(texts, [None] * len(texts), sets.told_themes(paris))
        found = analyse(texts, model, territories=[at % 9 for at in range(len(texts))])
        model.suggest(texts)
        self.table.add(
            f"3,800 texts, all of it, {len(found.clusters)} cells", 5, time.perf_counter() - start, most=True, unit=" s"
        )
        print(f"processor: {time.process_time() - used:.1f} s; load {os.getloadavg()[0]:.1f}")
        kept = ThemeModel.loads(model.dumps())
        kept.suggest(texts[:1])
        start = time.perf_counter()
        for text in texts[:200]:
            kept.suggest([text])
        self.table.add("one suggestion, mean of 200", 10, (time.perf_counter() - start) * 5, most=True, unit=" ms")

    def million(self) -> None:
        """In a process of its own, so that its memory is its own."""
        code = "from tools.bench_analysis import a_million; a_million()"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        seconds, size = done.stdout.split()[-2:]
        print(done.stdout, end="")
        self.table.add("1,000,000 texts, all of it, words alone", 90, float(seconds), most=True, unit=" s")
        self.table.add("1,000,000 texts, memory at its peak", 2.5, float(size), most=True, unit=" GB")


def fingerprint() -> str:
    """What the analysis of 600 texts says, in short."""
    import hashlib

    paris = sets.paris()
    texts = paris.texts[:600]
    model = ThemeModel.train(texts, [*paris.labels[:300], *[None] * 300], sets.told_themes(paris))
    found = analyse(texts, model, territories=[at % 3 for at in range(len(texts))])
    said = repr((model.version, model.suggest(texts), found.pairs, found.copies, sorted(found.clusters.items())))
    return hashlib.sha256(said.encode()).hexdigest()


def a_million() -> None:
    """Print the seconds of each step, then (seconds in all, gigabytes at the peak)."""
    debate = sets.debate()
    texts = sets.made_up(debate, MILLION)
    start = time.perf_counter()
    model = ThemeModel.train(debate.texts, list(debate.labels), sets.debate_themes(debate))
    print(f"trained on {len(debate.texts)} titles: {time.perf_counter() - start:.1f} s")
    found = analyse(texts, model, territories=[at % TERRITORIES for at in range(len(texts))], processes=2)
    taken = time.perf_counter() - start
    print(f"{len(found.pairs)} pairs of copies, {len(found.clusters)} cells, {len(found.unclassified)} unclassified")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"processor: {sum(one.ru_utime + one.ru_stime for one in used):.1f} s in two processes; load {os.getloadavg()[0]:.1f}")
    print(f"{taken:.1f} {sum(one.ru_maxrss for one in used) / 1e6:.2f}")


PARTS: dict[str, Callable[[Bench], None]] = {
    "themes": Bench.themes,
    "cold": Bench.cold,
    "copies": Bench.copies,
    "similar": Bench.similar,
    "same": Bench.same,
    "speed": Bench.speed,
    "million": Bench.million,
}


def main() -> int:
    """0 when every target is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, with commas between: {', '.join(PARTS)}")
    parser.add_argument("--without-embeddings", action="store_true")
    options = parser.parse_args()
    if not sets.CORPORA.exists():
        print(f"The corpora are not on this machine ({sets.CORPORA}): nothing to measure.")
        return 1
    embedder = None if options.without_embeddings else embeddings.load(remembered=10_000)
    if embedder is None:
        print("Without embeddings: their targets are not measured.")
    bench = Bench(Table(), embedder)
    for name in options.only.split(","):
        PARTS[name.strip()](bench)
    return 1 if any(row[3] == "falls short" for row in bench.table.rows) else 0


if __name__ == "__main__":
    sys.exit(main())
