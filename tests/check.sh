#!/usr/bin/env bash
# Everything that can be said about the code without running it on documents. Each line must stay green.
set -euo pipefail
cd "$(dirname "$0")/.."
export SECRET_KEY=check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKL

step() {
    printf '\033[1m%s\033[0m\n' "$1"
    shift
    "$@"
}

openapi_is_current() {
    local now
    now=$(mktemp)
    python -W ignore manage.py spectacular --validate --fail-on-warn --file "$now"
    diff -u openapi.yaml "$now" || { echo "openapi.yaml is old: run make openapi"; return 1; }
}

deploy_settings() {
    HTTPS_ONLY=1 ALLOWED_HOSTS=recto.example python -W ignore manage.py check --deploy --fail-level WARNING
}

no_long_files() {
    local long
    long=$(git ls-files '*.py' | grep -v /migrations/ | xargs wc -l | awk '$1 > 500 && $2 != "total"')
    [ -z "$long" ] || { echo "past 500 lines:"; echo "$long"; return 1; }
}

step "ruff" ruff check .
step "ruff format" ruff format --check --quiet .
step "import contracts" lint-imports --no-cache
step "migrations" python -W ignore manage.py makemigrations --check --dry-run
step "deploy settings" deploy_settings
step "openapi.yaml" openapi_is_current
step "templates" bash -c "git ls-files 'templates/*.html' | xargs djlint --quiet --lint"
step "template format" bash -c "git ls-files 'templates/*.html' | xargs djade --check --target-version 5.2"
step "file sizes" no_long_files
step "types" mypy
