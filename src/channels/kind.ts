/** One kind of channel by which somebody is told: how its addresses are named and spoken of. */
export interface ChannelKind<Way> {
  /** One name for one recipient, whatever case it is told of. */
  key(way: Way, role: string): string
  /** Tells people where it leads. */
  text(way: Way): string
  /** The word that a letter has for it, by language. */
  readonly words: { readonly en: string; readonly sv: string }
  /** `posted`: by a machine to an address that somebody found. `file`: for a body that fetches it. */
  readonly leaves: 'posted' | 'file' | 'by-person'
}
