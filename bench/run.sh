#!/usr/bin/env bash
# The benchmarks of reading, on whatever data is there; each prints one JSON line.
set -euo pipefail
data=${BENCH_DATA:-}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
if [ ! -d "$data" ]; then
    echo "No data in '$data': set BENCH_DATA to a folder with conversion/ and ocr/." >&2
    exit 1
fi
if [ -d "$data/conversion/pdf" ]; then
    echo "conversion, our engine alone:"
    python -m bench.conversion "$data/conversion/pdf" "$out/conversion" | tail -1
    echo "conversion, beside others:"
    python -m bench.peers "$data/conversion/pdf" "$out/peers" --truth "$data/conversion/gt" \
        --scorer "$data/conversion/score.py" 2>/dev/null | tail -1
fi
for scans in "$data"/ocr/*/; do
    [ -d "$scans" ] || continue
    echo "ocr, the chain on $(basename "$scans"):"
    python -m bench.ocr "$scans" "$out/ocr" | tail -1
done
if [ -f "$data/extraction/truth.json" ]; then
    echo "fields, against $data/extraction/score.py:"
    python -m bench.extraction predict "$data/extraction/truth.json" "$out/fields.json" --sets sroie,einvoice | tail -1
    python "$data/extraction/score.py" "$data/extraction/truth.json" "$out/fields.json" --sets=sroie,einvoice | tail -1
    echo "e-invoices, held against their pages:"
    python -m bench.e_invoices "$data/extraction" | tail -1
fi
