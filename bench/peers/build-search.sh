#!/usr/bin/env bash
# Builds the peers of `npm run bench -- search`, two N-API addons: scan (a compiler is all it takes)
# and faiss (Debian's libfaiss-dev). Each is left out where it cannot be had; the bench says so.
set -euo pipefail
cd "$(dirname "$0")/search"

faiss=yes
if [ ! -e /usr/include/faiss/IndexBinaryHash.h ]; then
  faiss=no
  echo 'Without FAISS; for it: apt-get install --no-install-recommends libfaiss-dev, then this again' >&2
fi
# npm carries a node-gyp and puts it on the path of what it runs.
npm run env -- node-gyp rebuild -j max --directory="$PWD" -- -Dfaiss="$faiss"
