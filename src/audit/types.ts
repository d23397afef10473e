/** One action of one principal. Holds ids and classes only: no URL, hash, name or free text. */
export interface AuditEntry {
  /** Commit order; pass it as `after` to go on behind this entry. */
  readonly cursor: string
  readonly at: string
  /** Principal id, or `hindra` for what the system does by itself. */
  readonly by: string
  /** `item.verify`, `case.open`, `notice.sent` ... */
  readonly action: string
  /** Id of the record that it is about. */
  readonly subject: string
  readonly detail: Readonly<Record<string, string | number | boolean | null>>
}
