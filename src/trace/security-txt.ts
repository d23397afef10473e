import { z } from 'zod'
import { defined, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { Fetcher } from '../intake/index.ts'
import type { Note } from './chain.ts'

const LINES_MAX = 1_000

/** The first mail contact of a site's security.txt (RFC 9116) that has not expired. */
export async function securityContact(
  domain: string,
  parts: { readonly fetcher: Fetcher; readonly note: Note; readonly nowIso: string },
): Promise<string | undefined> {
  const { fetcher, note, nowIso } = parts
  const url = `https://${domain}/.well-known/security.txt`
  try {
    const { status, bytes } = await fetcher.fetch(url)
    if (status !== 200) {
      note('security.txt', domain, `none (${status})`)
      return undefined
    }
    const { contact, expires } = parseSecurityTxt(Buffer.from(bytes).toString('utf8'))
    const isOver = expires !== undefined && expires < nowIso
    note('security.txt', domain, isOver ? `expired ${expires}` : (contact ?? 'no mail contact'))
    return isOver ? undefined : contact
  } catch (error) {
    if (!(error instanceof HindraError)) throw error
    note('security.txt', domain, `no answer (${error.code})`)
    return undefined
  }
}

function parseSecurityTxt(text: string): { contact?: string; expires?: string } {
  let contact: string | undefined
  let expires: string | undefined
  for (const line of text.split(/\r?\n/, LINES_MAX)) {
    const [, name = '', value = ''] = /^([a-z-]+):\s*(\S+)\s*$/i.exec(line) ?? []
    if (/^contact$/i.test(name) && /^mailto:/i.test(value)) {
      const mail = z.email().safeParse(value.slice('mailto:'.length).split('?', 1)[0])
      if (mail.success) contact ??= mail.data
    }
    if (/^expires$/i.test(name) && !Number.isNaN(Date.parse(value))) {
      expires ??= isoTime(Date.parse(value))
    }
  }
  return defined({
    contact,
    expires,
  })
}
