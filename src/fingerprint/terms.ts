/**
 * What hashes carry that a browser made (`browser/worker.ts`). They were the server's own, bit for bit, in the browser
 * that was measured (docs/tipline.md), and nobody knows of the others: so it is said of them.
 */
export const BROWSER_HASHER = 'pdq-browser'

/**
 * How many bits a PDQ hash of a browser may be off the server's of the same file. It is what is allowed for, and more than
 * was measured of any format that a browser is let hash (none): nobody has measured every browser.
 */
export const BROWSER_BITS_MAX = 10

/** How many pictures that a browser hashed are proposed at once. */
export const BROWSER_FILES_MAX = 50

/** Cells of a film's frame, each way, of which it is told whether they stay the same from shot to shot. */
export const OVERLAY_ACROSS = 48
