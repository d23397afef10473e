/**
 * What every page tells the browser: it runs our own script alone, shows nothing of others, and stands in nobody's
 * frame but those named.
 *
 * @param has `hasher`: it starts our worker that hashes pictures; `assets/hashing.js` has the one policy that may.
 *   `still`: a picture stands in the page itself, as in the answer to a look alone
 */
export function contentSecurityPolicy(
  frameOrigins: readonly string[] = [],
  has?: 'hasher' | 'still',
): string {
  const ancestors = frameOrigins.length === 0 ? "'none'" : frameOrigins.join(' ')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    has === 'still' ? "img-src 'self' data:" : "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    `frame-ancestors ${ancestors}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    ...(has === 'hasher'
      ? ["worker-src 'self'", 'trusted-types hasher']
      : ["trusted-types 'none'"]),
  ].join('; ')
}
