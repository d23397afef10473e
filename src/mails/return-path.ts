/**
 * `bounces@hotline.example` for one envelope: `bounces+ID@hotline.example` (VERP), so that a bounce
 * says by its mere address what it is about. The id cannot be guessed: who knows it had the mail.
 */
export function returnAddress(returnPath: string, envelopeId: string): string {
  const at = returnPath.lastIndexOf('@')
  return `${returnPath.slice(0, at)}+${envelopeId}${returnPath.slice(at)}`
}

const ENVELOPE = /\+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@/i

/** The envelope that an address was made for. */
export function envelopeOf(address: string): string | undefined {
  return ENVELOPE.exec(address)?.[1]?.toLowerCase()
}
