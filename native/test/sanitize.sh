#!/usr/bin/env bash
# Runs every program of this folder under the sanitizers: addresses and undefined behaviour, then
# threads. Arguments go to each program: seed and iterations.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mapfile -t sources < <(find features hamming jpeg pdq -name '*.cc' ! -name 'binding*.cc')
# Without var-tracking, which is of use in a debugger alone: over test/features.cc it takes g++ three and a half minutes.
base=(-std=c++17 -O1 -g -fno-var-tracking -fno-omit-frame-pointer -ffp-contract=off -I.)
case "$(uname -m)" in
  x86_64) kernels=(kernels/*-avx*.cc) ;;
  aarch64) kernels=(kernels/*-neon.cc) ;;
  *) kernels=() ;;
esac
kernels+=(kernels/choose.cc kernels/*-scalar.cc)
jobs=$(nproc)
if [ $# -eq 0 ]; then set -- 1 1; fi
for sanitizer in ${SANITIZERS:-address,undefined thread}; do
  folder="$out/$sanitizer"
  mkdir -p "$folder"
  compile=(g++ "${base[@]}" "-fsanitize=$sanitizer" -fno-sanitize-recover=all)
  {
    for source in "${sources[@]}" "${kernels[@]}"; do
      echo "$source" "$folder/${source//\//_}.o"
    done
  } | xargs -P "$jobs" -L 1 sh -c 'exec '"${compile[*]}"' -c "$1" -o "$2"' compile
  for program in test/*.cc; do
    name=$(basename "$program" .cc)
    "${compile[@]}" "$program" "$folder"/*.o -pthread -o "$folder/$name"
    echo "== $sanitizer: $name"
    "$folder/$name" "${@}" || exit 1
  done
done
