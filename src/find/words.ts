import {
  canonicalUrl,
  type FindKind,
  type FindToken,
  hostMeant,
  hostTokens,
  mailTokens,
  ourReference,
  pathAsked,
  pathTokens,
  plainWord,
  refanged,
  ticketToken,
  URL_BYTES_MAX,
  type UrlRule,
  urlTokens,
} from '../core/index.ts'
import { HindraError } from '../errors.ts'

/** What a word can be taken for. */
export type WordKind = Exclude<FindKind, 'country' | 'class'> | 'host and path' | 'id'

/** One way to take a word: what has all of these tokens, or an id that begins so. */
export interface TakenWord {
  readonly as: WordKind
  readonly tokens: readonly FindToken[]
  /** The beginning of an id, in place of tokens. */
  readonly id?: string
}

/** A word with the ways to take it: where the first finds nothing at all, the next are tried. */
export interface AskedWord {
  readonly word: string
  readonly tries: readonly (readonly TakenWord[])[]
}

const WORDS_MAX = 8
const BEGINNING = /^[0-9a-f]{8}(?:-?[0-9a-f-]*)$/i
const ID_CHARS_MAX = 36

/**
 * What may be meant: a URL first as it is, then its host with its path, then its host alone; anything else all that it
 * can be at once. Throws INVALID_INPUT (nothing, or too much), URL_INVALID.
 */
export function askedWords(text: string, rules: readonly UrlRule[]): readonly AskedWord[] {
  if (Buffer.byteLength(text) > URL_BYTES_MAX) throw refused(`is over ${URL_BYTES_MAX} bytes`)
  const words = text.split(/\s+/).filter((word) => word !== '')
  if (words.length === 0) throw refused('says nothing')
  if (words.length > WORDS_MAX) throw refused(`has over ${WORDS_MAX} words`)
  return words.map((word) => ({ word, tries: triesOf(refanged(word), rules) }))
}

function triesOf(word: string, rules: readonly UrlRule[]): AskedWord['tries'] {
  if (/^https?:\/\//i.test(word)) return triesOfUrl(canonicalUrl(word, rules))
  const slash = word.indexOf('/')
  const host = slash > 0 ? hostMeant(word.slice(0, slash)) : undefined
  const others = meaningsOf(word)
  if (host === undefined) return [others]
  const [[secure = [], ...rest], [plain = []]] = [
    triesOfUrl(canonicalUrl(`https://${word}`, rules)),
    triesOfUrl(canonicalUrl(`http://${word}`, rules)),
  ]
  return [[...secure, ...plain, ...others], ...rest]
}

function triesOfUrl(url: string): AskedWord['tries'] {
  const { hostname, pathname, search } = new URL(url)
  const [whole] = urlTokens(url)
  const host = `host:${hostname}` as const
  const path = pathTokens(`${pathname}${search}`)
  return [
    whole === undefined ? [] : [{ as: 'url', tokens: [whole] }],
    path.length === 0 ? [] : [{ as: 'host and path', tokens: [host, ...path] }],
    [{ as: 'host', tokens: [host] }],
  ]
}

function meaningsOf(word: string): readonly TakenWord[] {
  const bare = plainWord(word)
  const ours = ourReference(bare)
  const at = word.indexOf('@')
  if (at >= 0) {
    const [mail, domain] = mailTokens(word)
    if (at === 0) return domain === undefined ? [] : [{ as: 'at', tokens: [domain] }]
    return mail === undefined ? [] : [{ as: 'mail', tokens: [mail] }]
  }
  const host = hostMeant(word)
  const path = pathAsked(word)
  return [
    ...(host === undefined ? [] : hostMeanings(host)),
    ...(path.length === 0 ? [] : [{ as: 'path', tokens: path } as const]),
    ...(bare === ''
      ? []
      : ([
          { as: 'reference', tokens: [`reference:${bare}`] },
          { as: 'provider', tokens: [`provider:${bare}`] },
          { as: 'ticket', tokens: [ticketToken(bare)] },
        ] as const)),
    ...(ours === undefined ? [] : [{ as: 'ours', tokens: [ours] } as const]),
    ...(BEGINNING.test(bare) && bare.length <= ID_CHARS_MAX
      ? [{ as: 'id', tokens: [], id: bare } as const]
      : []),
  ]
}

/** A host of media, or the domain of those who are told. */
function hostMeanings(host: string): readonly TakenWord[] {
  const [whole] = hostTokens(host)
  if (whole === undefined) return []
  return [
    { as: 'host', tokens: [whole] },
    { as: 'at', tokens: [`at:${host}`] },
  ]
}

function refused(why: string): HindraError {
  return new HindraError('INVALID_INPUT', `words: what is asked ${why}`, { field: 'words' })
}
