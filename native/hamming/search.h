#pragma once

#include "hamming/bands.h"
#include "hamming/hits.h"
#include "hamming/rows.h"

namespace hindra {

/** Compares with every row: 32 bytes each, at the speed of memory. */
void search_all(const Rows &rows, const Query &query, Hits &hits);

/** The rows are so few that comparing them all costs less than finding out which buckets to look through. */
bool is_scan_cheaper(const Rows &rows, int radius);

/** Looks through the buckets that can hold hits; where those hold too much, through all rows. */
void search_bands(const Rows &rows, const Bands &bands, const Query &query, Hits &hits);

}  // namespace hindra
