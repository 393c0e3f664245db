"""Compares our measures with those of trec_eval (through pytrec_eval), gdeval and cwl_eval.

    compare.py [--golden FILE] EVALUATOR QRELS RUN
    compare.py --random PREFIX

EVALUATOR is the binary of the command beside this file. Every measure is compared for
every query; the largest difference of each is printed, and the exit status is 1 when one
is above its tolerance: 1e-6, and 5e-6 for gdeval, which prints five digits. With --golden
the reference's values (means of all, and of the first 10 queries in order) are written as JSON.
--random makes PREFIX.qrels and PREFIX.run: grades from -1 to 3, many ties, unjudged documents,
a query without results, one without relevant documents, one that is not judged.
"""

import argparse
import collections
import csv
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings

import ir_measures
import pytrec_eval
from ir_measures import parse_measure

CUTOFFS = [1, 3, 5, 10, 20, 100, 1000]

# Our name: (relevance level, name in trec_eval).
TREC = {"nDCG": (1, "ndcg"), "AP": (1, "map"), "RR": (1, "recip_rank"), "Bpref": (1, "bpref"), "Rprec": (1, "Rprec"),
        "AP(rel=2)": (2, "map"), "RR(rel=2)": (2, "recip_rank"), "Bpref(rel=2)": (2, "bpref"), "Rprec(rel=2)": (2, "Rprec")}
for k in CUTOFFS:
    TREC[f"nDCG@{k}"] = (1, f"ndcg_cut_{k}")
    for rel, param in [(1, ""), (2, "(rel=2)")]:
        for ours, theirs in [("AP", "map_cut"), ("P", "P"), ("R", "recall"), ("Success", "success")]:
            TREC[f"{ours}{param}@{k}"] = (rel, f"{theirs}_{k}")

CWL = ["RBP(p=0.5,rel=1)", "RBP(rel=1)", "RBP(p=0.95,rel=1)", "RBP(p=0.5,rel=2)"]
GDEVAL = ["ERR@10", "ERR@20", "nDCG(dcg='exp-log2')@10"]
JUDGED = ["Judged@10", "Judged@100"]
RR_CUT = ["RR@10", "RR(rel=2)@10"]


def read_qrels(path):
    """Negative grades are left out: trec_eval treats them as no judgment."""
    qrels = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as f:
        for line in f:
            fields = line.rstrip("\n").split("\t")
            if len(fields) == 3:
                if fields[2] == "score":
                    continue
                query, doc, grade = fields
            else:
                query, _, doc, grade = line.split()
            if int(grade) >= 0:
                qrels[query][doc] = int(grade)
    return dict(qrels)


def read_run(path):
    run = collections.defaultdict(dict)
    with open(path, encoding="utf-8") as f:
        for line in f:
            query, _, doc, _, score, _ = line.split()
            run[query][doc] = float(score)
    return dict(run)


def trec_values(qrels, run):
    """Values of trec_eval by our name and query; queries without results are 0, as with its flag -c."""
    out = {name: dict.fromkeys(qrels, 0.0) for name in TREC}
    names = {"ndcg", "map", "recip_rank", "bpref", "Rprec"}
    cuts = ",".join(map(str, CUTOFFS))
    names |= {f"{m}.{cuts}" for m in ("ndcg_cut", "map_cut", "P", "recall", "success")}
    for rel in (1, 2):
        got = pytrec_eval.RelevanceEvaluator(qrels, names, relevance_level=rel).evaluate(run)
        for ours, (level, theirs) in TREC.items():
            if level == rel:
                for query, values in got.items():
                    out[ours][query] = values[theirs]
    return out


def other_values(qrels, run):
    """Values of gdeval, cwl_eval and ir_measures' own. Ids become numbers for gdeval, in the order of the ids;
    equal scores are set apart in the order of trec_eval, because not all of these tools break ties as it does."""
    query_id = {q: str(i + 1) for i, q in enumerate(sorted(qrels))}
    back = {v: k for k, v in query_id.items()}
    run2 = {}
    for query in run:
        if query in query_id:
            docs = sorted(run[query].items(), key=lambda d: (d[1], d[0].encode()), reverse=True)
            run2[query_id[query]] = {"d" + doc.encode().hex(): float(len(docs) - i) for i, (doc, _) in enumerate(docs)}
    qrels2 = {query_id[q]: {"d" + d.encode().hex(): g for d, g in docs.items()} for q, docs in qrels.items()}
    out = {name: dict.fromkeys(qrels, 0.0) for name in CWL + GDEVAL + JUDGED + RR_CUT}
    for provider, names in ((ir_measures.cwl_eval, CWL), (ir_measures.gdeval, GDEVAL), (ir_measures.judged, JUDGED), (ir_measures.msmarco, RR_CUT)):
        for name in names:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for m in provider.iter_calc([parse_measure(name)], qrels2, run2):
                    out[name][back[m.query_id]] = m.value
    return {canonical(k): v for k, v in out.items()}


def canonical(name):
    """RBP's rel=1 is our default."""
    name = name.replace("(rel=1)", "").replace(",rel=1", "")
    return re.sub(r"\(p=([0-9.]+),rel=2\)", r"(rel=2,p=\1)", name)


def our_values(evaluator, qrels, run, names):
    text = subprocess.run([evaluator, "-measures", " ".join(names), qrels, run], check=True, capture_output=True, text=True).stdout
    out = collections.defaultdict(dict)
    for name, query, value in csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if query != "all":
            out[name][query] = float(value)
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--golden")
    parser.add_argument("--random")
    parser.add_argument("evaluator", nargs="?")
    parser.add_argument("qrels", nargs="?")
    parser.add_argument("run", nargs="?")
    args = parser.parse_args()
    if args.random:
        return write_random(args.random)
    if not args.run:
        parser.error("EVALUATOR QRELS RUN are needed")
    qrels, run = read_qrels(args.qrels), read_run(args.run)
    theirs = trec_values(qrels, run) | other_values(qrels, run)
    ours = our_values(args.evaluator, args.qrels, args.run, list(theirs))
    bad = 0
    for name, values in theirs.items():
        worst = max(abs(values[q] - ours[name][q]) for q in values)
        ok = worst <= (5e-6 + 1e-9 if name in GDEVAL else 1e-6)
        bad += not ok
        print(f"{'OK  ' if ok else 'FAIL'} {name:28} {len(values):5} queries, mean {sum(values.values()) / len(values):.6f}, largest difference {worst:.1e}")
    if args.golden:
        write_golden(args.golden, theirs, qrels)
    print(f"{len(theirs) - bad} measures agree, {bad} do not: {os.path.basename(args.run)}")
    return 1 if bad else 0


def write_random(prefix):
    rng = random.Random(7)
    with open(prefix + ".qrels", "w", encoding="utf-8") as qrels, open(prefix + ".run", "w", encoding="utf-8") as run:
        for query in range(1, 22):
            docs = [f"d{i}" for i in range(200)]
            rng.shuffle(docs)
            for doc in sorted(docs[:40]) if query != 21 else []:
                grade = rng.choice([-1, 0, 0, 0, 1, 1, 2, 3]) if query != 20 else 0
                qrels.write(f"{query} 0 {doc} {grade}\n")
            rng.shuffle(docs)
            for rank, doc in enumerate(docs[:120] if query != 19 else []):
                run.write(f"{query} Q0 {doc} {rank + 1} {rng.randint(0, 30) / 10} random\n")


def write_golden(path, values, qrels):
    first = sorted(qrels, key=lambda q: q.encode())[:10]
    golden = {name: {"mean": round(sum(v.values()) / len(v), 10), "queries": {q: round(v[q], 10) for q in first}}
              for name, v in values.items()}
    with open(path, "w", encoding="utf-8") as f:
        json.dump(golden, f, indent=0, sort_keys=True)
        f.write("\n")


if __name__ == "__main__":
    sys.exit(main())
