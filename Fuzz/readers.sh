#!/bin/sh
# Builds the readers for fuzzing and runs them: ./readers.sh SECONDS [FORMAT...], or all formats, one after the other.
# FUZZ_JOBS formats are run at a time (default 1); FUZZ_EXTRA names a folder with FORMAT/ folders of further seeds.
set -eu
cd "$(dirname "$0")"
root=$(cd .. && pwd)
seconds=${1:-60}
[ $# -gt 0 ] && shift
build=${FUZZ_BUILD:-.build}
corpus=${FUZZ_CORPUS:-corpus}
checkouts=$root/.build/checkouts
mkdir -p "$build" "$corpus"
build=$(cd "$build" && pwd)
corpus=$(cd "$corpus" && pwd)

features="-swift-version 6 -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault -enable-upcoming-feature MemberImportVisibility"
swift_flags="-O -wmo -parse-as-library -sanitize=fuzzer,address -enable-testing -package-name domicile -I $build -Xcc -fmodule-map-file=$checkouts/Yams/Sources/CYaml/include/module.modulemap"
c_flags="-O1 -g -fsanitize=fuzzer-no-link,address -I $checkouts/Yams/Sources/CYaml/include $(pkg-config --cflags libxml-2.0)"

changed=
module() { # NAME, then source files; what has not changed since it was built, and needs nothing that has, stays
  name=$1
  shift
  [ -z "$changed" ] && [ -e "$build/$name.o" ] && [ -z "$(find "$@" -newer "$build/$name.o")" ] && return
  changed=yes
  echo "building $name"
  # shellcheck disable=SC2086
  swiftc $swift_flags $features -module-name "$name" -emit-module -emit-module-path "$build/$name.swiftmodule" -c "$@" -o "$build/$name.o"
}

build_all() {
  maps=
  for name in CScan CInflate CXML; do
    header=$(ls "$root/Sources/$name/include/"*.h)
    mkdir -p "$build/$name"
    printf 'module %s { header "%s" export * }\n' "$name" "$header" > "$build/$name/module.modulemap"
    maps="$maps -Xcc -fmodule-map-file=$build/$name/module.modulemap"
  done
  swift_flags="$swift_flags $maps"
  for file in "$root"/Sources/CScan/*.c "$root"/Sources/CInflate/*.c "$root"/Sources/CXML/*.c "$checkouts"/Yams/Sources/CYaml/src/*.c; do
    name=$(basename "$(dirname "$file")")-$(basename "$file")
    [ -e "$build/$name.o" ] && [ "$build/$name.o" -nt "$file" ] && continue
    # shellcheck disable=SC2086
    clang $c_flags -I "$(dirname "$file")/include" -c "$file" -o "$build/$name.o"
  done
  module CEL $(find "$root/Sources/CEL" -name '*.swift' | sort)
  module Residency $(find "$root/Sources/Residency" -name '*.swift' | sort)
  own=$features
  features="-swift-version 5 -DSWIFT_PACKAGE -suppress-warnings"
  module Yams $(find "$checkouts/Yams/Sources/Yams" -name '*.swift' | sort)
  features=$own
  {
    echo 'struct PackageResources {'
    for table in "$root"/Sources/Ingest/Tables/*.yaml; do
      echo "static let $(basename "$table" | tr '.-' '__'): [UInt8] = [$(od -An -v -tu1 "$table" | tr -s ' \n' ',' | sed 's/^,//')]"
    done
    echo '}'
  } > "$build/resources.new"
  cmp -s "$build/resources.new" "$build/resources.swift" || mv "$build/resources.new" "$build/resources.swift"
  # The windows can be made small while the target runs.
  sed -E 's/static let (chunk|wholePlain|rawChunk) =/nonisolated(unsafe) static var \1 =/' \
    "$root/Sources/Ingest/InputWindow.swift" > "$build/InputWindow.new"
  cmp -s "$build/InputWindow.new" "$build/InputWindow.swift" || mv "$build/InputWindow.new" "$build/InputWindow.swift"
  module Ingest "$build/resources.swift" "$build/InputWindow.swift" \
    $(find "$root/Sources/Ingest" -name '*.swift' ! -name InputWindow.swift | sort)
  module Target "$PWD/Sources/fuzz-reader/Target.swift"
  swiftc -sanitize=fuzzer,address -use-ld=lld "$build"/*.o -lxml2 -ldeflate -lz -lzstd -o "$build/fuzz-reader"
}

[ -n "${FUZZ_BUILT:-}" ] || build_all

run() { # FORMAT
  mkdir -p "$corpus/$1"
  seeds=seeds/readers/$1
  [ -n "${FUZZ_EXTRA:-}" ] && [ -d "$FUZZ_EXTRA/$1" ] && seeds="$seeds $FUZZ_EXTRA/$1"
  # shellcheck disable=SC2086
  DOMICILE_FUZZ_FORMAT=$1 ASAN_OPTIONS=detect_leaks=0 nice -n 19 "$build/fuzz-reader" -max_total_time="$seconds" -max_len=8192 \
    -timeout=20 -rss_limit_mb=3000 -print_final_stats=1 -dict=reader.dict -artifact_prefix="$corpus/$1-" "$corpus/$1" $seeds \
    > "$corpus/$1.log" 2>&1 || echo "$1: FOUND SOMETHING, see $corpus/$1.log"
  echo "$1: $(grep -c . "$corpus/$1.log") lines, $(sed -n 's/^Done \(.*\)$/\1/p' "$corpus/$1.log")"
}

[ $# -gt 0 ] || set -- $(ls seeds/readers)
jobs=${FUZZ_JOBS:-1}
running=0
for format in "$@"; do
  run "$format" &
  running=$((running + 1))
  if [ "$running" -ge "$jobs" ]; then
    wait
    running=0
  fi
done
wait
