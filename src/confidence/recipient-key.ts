/** What letters to one address are encrypted with: one key, or several of people who read the same mailbox. */
export interface RecipientKey {
  readonly kind: 'smime' | 'openpgp'
  /** Of each key, in capital hex: SHA-256 of a certificate, that of OpenPGP of its primary key. */
  readonly fingerprints: readonly string[]
  /** When the first of the keys can be used no more, UTC ISO 8601; null where none ends. */
  readonly expiresAt: string | null
  /** Whether every key names the address; who keeps one key for several mailboxes has it otherwise. */
  readonly namesAddress: boolean
  /**
   * `smime`: DER of a CMS enveloped-data. `openpgp`: an armoured message. Each time other bytes. Throws where a key
   * cannot be used at that time.
   */
  encrypt(entity: Uint8Array, nowMs: number): Promise<Uint8Array>
}
