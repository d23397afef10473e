#!/usr/bin/env bash
# Fuzzes the readers of JPEG by what their code covers, under the sanitizers and against libjpeg-turbo. Needs
# clang, libclang-rt-dev, libjpeg62-turbo-dev and libjpeg-turbo-progs (for what it starts from); none of them is needed to build Hindra.
# Arguments: seconds (3,600), and a folder that keeps what was found of use (a new one).
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-3600}
corpus=${2:-$(mktemp -d)}
mkdir -p "$corpus/kept"
program="$corpus/fuzz-jpeg"
clang++ -std=c++17 -O1 -g -fno-omit-frame-pointer -I. -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
  jpeg/{dc,extent,file,headers,huffman,segments,shrunk}.cc kernels/jpeg-scalar.cc test/fuzz/jpeg.cc -ljpeg -o "$program"

# What it starts from: noise upon a gradient, in every form that is read and some that are not.
seed() {
  local name=$1 width=$2 height=$3
  shift 3
  awk -v width="$width" -v height="$height" -v seed="${#name}" 'BEGIN {
    srand(seed); printf "P3 %d %d 255\n", width, height
    for (i = 0; i < width * height * 3; i++) print int(200 * i / (width * height * 3) + 55 * rand())
  }' | cjpeg "$@" >"$corpus/kept/$name.jpg"
}
number=0
for form in "" "-optimize" "-progressive" "-restart 1" "-restart 2B" "-progressive -restart 3B" "-grayscale" \
  "-grayscale -progressive" "-arithmetic" "-rgb"; do
  for rest in "-quality 30" "-quality 90 -sample 1x1" "-quality 100 -sample 2x1" "-quality 5 -sample 1x2" \
    "-quality 75 -sample 4x1" "-quality 60 -sample 2x2,1x2,2x1"; do
    number=$((number + 1))
    # shellcheck disable=SC2086
    seed "seed-$number" $((17 + number)) $((9 + number % 23)) $form $rest
  done
done
# A scan for each component.
printf '0;\n1;\n2;\n' >"$corpus/scans"
seed seed-scans 40 40 -scans "$corpus/scans"
printf '0,1,2: 0-0, 0, 3;\n0: 1-63, 0, 0;\n0,1,2: 0-0, 3, 2;\n1: 1-63, 0, 0;\n0,1,2: 0-0, 2, 1;\n2: 1-63, 0, 0;\n0,1,2: 0-0, 1, 0;\n' \
  >"$corpus/scans"
seed seed-refined 40 40 -scans "$corpus/scans"

"$program" -max_total_time="$seconds" -max_len=8192 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
  -artifact_prefix="$corpus/" "$corpus/kept"
