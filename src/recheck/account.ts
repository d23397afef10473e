import type { Case } from '../cases/index.ts'
import { type RecheckLook, found, unverifiable } from './recheck-look.ts'
import { type PageWords, wordsOf } from './page-words.ts'

/** Shorter ones are words of many a page. */
const NAME_CHARS_MIN = 3
/** What stands in paths of profiles before, or in the place of, the name of the account. */
const GENERIC = new Set(
  (
    'user users u profile profiles profile.php channel channels c people person member members add ' +
    'in id account accounts a view home index index.html index.php en sv de www'
  ).split(' '),
)
/** The parameters of a query that profiles are named by where the path does not name them. */
const PARAMETERS = ['id', 'uid', 'user', 'username', 'u', 'screen_name', 'profile', 'account']

/** What the page of an account must name it by. Lower case. */
export interface AccountNames {
  /** The name in its URL: whoever is asked for an account that is gone can repeat it, so it must be said aloud. */
  readonly handle: string | null
  /** The lasting id, where it was told and the URL does not have it: no page of somebody else has it. */
  readonly id: string | null
  /** The name that it shows, where that was told. */
  readonly shown: string | null
}

/** Undefined where the case is of no account. */
export function accountNames({
  rawUrl,
  circumstances,
}: Pick<Case, 'rawUrl' | 'circumstances'>): AccountNames | undefined {
  const { account, profileId, profileName } = circumstances
  if (!account) return undefined
  const id = told(profileId)
  const handle = handleOf(new URL(rawUrl))
  const isInUrl = id !== null && rawUrl.toLowerCase().includes(id)
  return { handle, id: isInUrl ? null : id, shown: told(profileName) }
}

/**
 * The page proves the account there only if it names it: many sites answer for an account that is gone with
 * a page like any other. Where it does not, nothing is said.
 */
export function judgeAccount(bytes: Uint8Array, names: AccountNames): RecheckLook {
  const words = wordsOf(bytes)
  const how = namedBy(words, names)
  if (how !== undefined) return found('present', 'account', `the page of the account names ${how}`)
  const { handle, id, shown } = names
  return unverifiable(
    'not-named',
    handle === null && id === null && shown === null
      ? 'the URL names no account, and neither its id nor its name was told: look at it'
      : 'a page is there that does not name the account: look at it',
  )
}

function namedBy(
  { html, headings, summary, text }: PageWords,
  { handle, id, shown }: AccountNames,
): string | undefined {
  const titles = `${headings}\n${summary}`
  if (shown !== null && isNamed(`${titles}\n${text}`, shown)) return 'the name that it shows'
  if (handle !== null && isNamed(titles, handle)) return 'it in its title'
  if (id !== null && isNamed(html, id)) return 'its lasting id'
  return undefined
}

/** The name of the account in the URL of its profile; null where the URL has none that tells. */
function handleOf({ hostname, pathname, searchParams }: URL): string | null {
  const parts = pathname.split('/').map(decoded).filter(Boolean)
  const marked = parts.find((part) => /^[@~]/.test(part))
  const named = PARAMETERS.map((name) => searchParams.get(name)).find((value) => value !== null)
  const [first] = parts.filter((part) => !GENERIC.has(part))
  const labels = hostname.split('.')
  const [label = ''] = labels.length > 2 && parts.length === 0 ? labels : []
  return (
    [marked?.slice(1), first, named, GENERIC.has(label) ? '' : label]
      .map((candidate) => told(candidate ?? null))
      .filter((candidate) => candidate !== null)
      .find((candidate) => !GENERIC.has(candidate)) ?? null
  )
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part).toLowerCase()
  } catch {
    return part.toLowerCase()
  }
}

/** The name as pages are compared: lower case, one form of each letter; null where it is too short to tell. */
function told(name: string | null): string | null {
  const plain = (name ?? '').trim().normalize('NFC').toLowerCase()
  return plain.length < NAME_CHARS_MIN ? null : plain
}

/**
 * Whether it is named as a name of its own, and no part of a longer one: `anna` is not named by `anna.b` or `joanna`.
 */
function isNamed(words: string, name: string): boolean {
  const text = words.normalize('NFC')
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    const before = text.slice(Math.max(0, at - 2), at)
    const after = text.slice(at + name.length, at + name.length + 2)
    if (!/[\p{L}\p{N}_]$|[\p{L}\p{N}_][.-]$/u.test(before)) {
      if (!/^[\p{L}\p{N}_]|^[.-][\p{L}\p{N}_]/u.test(after)) return true
    }
  }
  return false
}
