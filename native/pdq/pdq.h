#pragma once

#include "kernels/pdq.h"
#include "pdq/bits.h"
#include "pdq/shrunk-grid.h"

namespace hindra {

/** Hashes of one picture: see `Dihedral` for their order. */
struct PdqHashes {
  uint8_t hashes[kDihedrals * kHashBytes];
  /** 0 to 100. */
  uint8_t quality;
};

/** Which way to the grid is taken: the fast one where it is certain, or the reference's own steps. */
enum class PdqPath { certain, reference };

/**
 * PDQ at full resolution, bit for bit as the reference gives it: `dihedrals` is 1 (the first hash
 * only) or 8. Under 5 pixels on a side: zeros at quality 0.
 */
void pdq_hash(const Pixels &pixels, int dihedrals, const PdqKernels &kernels, PdqHashes &result,
              PdqPath path = PdqPath::certain);

/**
 * The fast way alone. False where the reference's rounding could decide a bit or the quality; what
 * it found may then be wrong.
 */
bool pdq_is_certain(const Pixels &pixels, int dihedrals, const PdqKernels &kernels,
                    PdqHashes &result);

/**
 * The eight of a whole picture from its shrunk raster, see `shrunk_grid`, and by how many bits each may
 * be off: README.md, "Slack".
 */
void pdq_shrunk(const Pixels &pixels, const Shrunk &shrunk, const PdqKernels &kernels,
                PdqHashes &result, uint8_t (&slacks)[kDihedrals]);

/** 16x64: `basis[i][j] = sqrt(2/64) cos(pi/128 (i + 1) (2 j + 1))`, in float32. */
const float *dct_basis();

}  // namespace hindra
