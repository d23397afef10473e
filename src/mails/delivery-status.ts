/** What became of one recipient (RFC 3464, 2.3). */
export interface RecipientStatus {
  readonly action: string
  /** The status of RFC 3463, `5.1.1`; null where the report names none. */
  readonly status: string | null
  /** What the other side said; may name the recipient. */
  readonly diagnostic: string | null
}

const DIAGNOSTIC_MAX = 500

/**
 * The recipients of a `message/delivery-status`: blocks of fields, apart by empty lines, of which
 * the first is about the message. Blocks without an action are not about recipients.
 */
export function readDeliveryStatus(text: string): readonly RecipientStatus[] {
  const statuses: RecipientStatus[] = []
  for (const block of text.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n/)) {
    const fields = readFields(block)
    const action = fields.get('action')?.toLowerCase()
    if (action === undefined) continue
    const diagnostic = fields.get('diagnostic-code') ?? null
    statuses.push({
      action,
      status: /\d\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0] ?? null,
      diagnostic:
        diagnostic?.replace(/https?:\/\/\S+/gi, '[link]').slice(0, DIAGNOSTIC_MAX) ?? null,
    })
  }
  return statuses
}

/** Names in lower case; folded lines are joined, comments of RFC 5322 are kept. */
function readFields(block: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of block.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0)
      fields.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  return fields
}
