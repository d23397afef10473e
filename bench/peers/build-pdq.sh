#!/usr/bin/env bash
# Builds the peer of `npm run bench -- pdq`, a scalar port of the PDQ reference as an addon. A compiler
# is all it takes; the bench goes on without it and says so.
set -euo pipefail
cd "$(dirname "$0")/pdq"
npm run env -- node-gyp rebuild -j max --directory="$PWD"
