/** One action of one principal. Holds ids and classes only: no URL, hash, name or free text. */
export interface AuditEntry {
  /** Commit order; pass it as `after` to go on behind this entry. */
  readonly cursor: string
  readonly at: string
  /** Principal id, or `hindra` for what the system does by itself. */
  readonly by: string
  /** `item.verify`, `case.open`, `notice.sent` ... `erased` where retention has removed the content. */
  readonly action: string
  /** Id of the record that it is about. */
  readonly subject: string
  readonly detail: AuditDetail
}

export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>

/** What an entry says; what the chain commits to. */
export type AuditContent = Omit<AuditEntry, 'cursor'>

/**
 * The state of the chain at one entry, to be kept elsewhere: no later change of what came before can
 * be hidden from who holds it.
 */
export interface Checkpoint {
  readonly at: string
  /** Entries up to here. */
  readonly count: number
  /** Hash of the last of them: 64 hex digits. */
  readonly hash: string
}

/** One entry with all that is needed to check it without the store. */
export interface ChainedEntry {
  readonly cursor: string
  /** Null where the content was erased: the commitment stays. */
  readonly content: AuditContent | null
  /** Key of the commitment, base64; erased with the content. */
  readonly salt: string | null
  /** HMAC-SHA-256 of the content: 64 hex digits. */
  readonly commitment: string
  /** Place in the chain, from 1, and the hash that binds it to all before; null until it is sealed. */
  readonly link: { readonly number: number; readonly hash: string } | null
}
