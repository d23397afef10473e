#!/usr/bin/env bash
# Compiles the kernels for ARM and runs their comparison under qemu-user.
set -euo pipefail
cd "$(dirname "$0")/.."
for tool in aarch64-linux-gnu-g++ qemu-aarch64; do
  if ! command -v "$tool" >/dev/null; then
    echo "skipped: $tool is absent (Debian: apt-get install g++-aarch64-linux-gnu qemu-user)"
    exit 0
  fi
done
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mapfile -t sources < <(find features hamming jpeg pdq kernels -name '*.cc' \
  ! -name 'binding*.cc' ! -name '*-avx*.cc')
for name in hamming-kernels pdq-differential plane-kernels jpeg-kernels jpeg-dc jpeg-shrunk; do
  aarch64-linux-gnu-g++ -std=c++17 -O2 -ffp-contract=off -I. "test/$name.cc" "${sources[@]}" \
    -static -pthread -o "$out/$name"
  qemu-aarch64 "$out/$name" "${1:-1}" "${2:-1}"
done
