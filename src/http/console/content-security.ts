/**
 * What every page tells the browser: it runs our own script alone, shows nothing of others, and stands in nobody's
 * frame but those named.
 *
 * @param hashesPictures Whether it starts our worker that hashes pictures; `assets/hashing.js` has the one policy that may
 */
export function contentSecurityPolicy(
  frameOrigins: readonly string[] = [],
  hashesPictures = false,
): string {
  const ancestors = frameOrigins.length === 0 ? "'none'" : frameOrigins.join(' ')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    `frame-ancestors ${ancestors}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    ...(hashesPictures ? ["worker-src 'self'", 'trusted-types hasher'] : ["trusted-types 'none'"]),
  ].join('; ')
}
