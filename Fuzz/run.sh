#!/bin/sh
# Builds one fuzz target and runs it: ./run.sh parser|evaluator|regex|json [seconds]
set -eu
cd "$(dirname "$0")"
target=$1
seconds=${2:-60}
build=${FUZZ_BUILD:-.build}
corpus=${FUZZ_CORPUS:-corpus}/$target
mkdir -p "$build" "$corpus"
swiftc -swift-version 6 -O -whole-module-optimization -parse-as-library -sanitize=fuzzer,address \
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault \
  -enable-upcoming-feature MemberImportVisibility -module-name "Fuzz" \
  $(find -L Sources/CEL -name '*.swift' | sort) "Sources/fuzz-$target/Target.swift" -o "$build/fuzz-$target"
# Globals that are made when first used look like leaks.
export ASAN_OPTIONS=detect_leaks=0
exec nice -n 19 "$build/fuzz-$target" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=3000 \
  -dict=cel.dict -artifact_prefix="$corpus/" "$corpus" "seeds/$target"
