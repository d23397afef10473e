#!/usr/bin/env bash
# Runs every program of this folder under the sanitizers: addresses and undefined behaviour, then
# threads. Arguments go to each program: seed and iterations.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mapfile -t sources < <(find features hamming pdq blockhash -name '*.cc' ! -name 'binding.cc' 2>/dev/null)
base=(-std=c++17 -O1 -g -fno-omit-frame-pointer -ffp-contract=off -I.)
declare -A flags=(
  [avx2]="-mavx2 -mfma -mpopcnt -mbmi -mbmi2 -mlzcnt"
  [avx512]="-mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512vpopcntdq -mavx2 -mfma -mpopcnt -mbmi -mbmi2 -mlzcnt"
)
case "$(uname -m)" in
  x86_64) sets=(avx2 avx512) ;;
  aarch64) sets=(neon) ;;
  *) sets=() ;;
esac
jobs=$(nproc)
if [ $# -eq 0 ]; then set -- 1 1; fi
for sanitizer in ${SANITIZERS:-address,undefined thread}; do
  folder="$out/$sanitizer"
  mkdir -p "$folder"
  compile=(g++ "${base[@]}" "-fsanitize=$sanitizer" -fno-sanitize-recover=all)
  {
    for source in "${sources[@]}" kernels/choose.cc kernels/*-scalar.cc; do
      echo "$source" "$folder/${source//\//_}.o"
    done
    for set in "${sets[@]}"; do
      for source in kernels/*-"$set".cc; do
        echo "$source" "$folder/${source//\//_}.o" ${flags[$set]:-}
      done
    done
  } | xargs -P "$jobs" -L 1 sh -c 'from=$1; to=$2; shift 2; exec '"${compile[*]}"' "$@" -c "$from" -o "$to"' compile
  for program in test/*.cc; do
    name=$(basename "$program" .cc)
    "${compile[@]}" "$program" "$folder"/*.o -pthread -o "$folder/$name"
    echo "== $sanitizer: $name"
    "$folder/$name" "${@}" || exit 1
  done
done
