"""Field extraction measured, and its models trained.

    python -m bench.extraction predict TRUTH.json OUT.json [--sets sroie,einvoice]
                                       [--given-boxes | --from-pixels]
                                       [--memory-from OTHER_TRUTH.json --k 1]
    python -m bench.extraction train [TRUTH.json] [--count 1000] [--check OUT.json]

Reads `documents[].file`, `.boxes` and `.doc_type` relative to TRUTH.json, never `.fields`, and writes
{"<file>": {"<field>": {"value", "confidence", "alternatives"}}}. With --given-boxes the words beside every
file are used, with --from-pixels the product reads the files; without either, pictures use their given
words and other files are read. --memory-from teaches the memory of senders first: with the fields of at most
k documents per sender of that file. The last line is one JSON object with the milliseconds per document.

`train` rebuilds the models that ship, from invented papers and, when TRUTH.json is given, from those of its
sets that may be redistributed. --check writes predictions for these, each by models without its sender.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench.extraction.predict import predict, taught
from bench.extraction.truth import Words


def main() -> None:
    options = _parser().parse_args()
    print(json.dumps(options.run(options)))


def _predict(options: argparse.Namespace) -> dict[str, object]:
    words: Words = "boxes" if options.given_boxes else "pixels" if options.from_pixels else "file"
    sets = [name for name in options.sets.split(",") if name]
    memory = taught(options.memory_from, words, options.k) if options.memory_from else None
    return predict(options.truth, options.out, sets=sets, words=words, memory=memory)


def _train(options: argparse.Namespace) -> dict[str, object]:
    from bench.extraction.train import train

    return train(options.truth, count=options.count, check=options.check)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.extraction")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("predict", help="write predictions for a scorer")
    one.add_argument("truth", type=Path)
    one.add_argument("out", type=Path)
    one.add_argument("--sets", default="", help="names, separated by commas")
    source = one.add_mutually_exclusive_group()
    source.add_argument("--given-boxes", action="store_true")
    source.add_argument("--from-pixels", action="store_true")
    one.add_argument("--memory-from", type=Path, help="another truth.json, whose documents were corrected")
    one.add_argument("--k", type=int, default=1, help="corrected documents per sender")
    one.set_defaults(run=_predict)
    two = commands.add_parser("train", help="rebuild the models that ship")
    two.add_argument("truth", type=Path, nargs="?")
    two.add_argument("--count", type=int, default=1000, help="invented receipts, and as many invoices")
    two.add_argument("--check", type=Path, help="where to write predictions by models without the sender")
    two.set_defaults(run=_train)
    return parser


if __name__ == "__main__":
    main()
