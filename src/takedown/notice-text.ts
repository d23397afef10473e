import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Eta } from 'eta'
import { packageFile } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import type { NoticePart } from './notice-part.ts'
import { sampleParts } from './sample-parts.ts'
import { LANGUAGES, type Language } from './types.ts'

export interface NoticeText {
  readonly subject: string
  readonly body: string
}

/** `show` writes a URL: as it is for the recipient, defanged for everybody else. */
export type NoticeWriter = (part: NoticePart, show: (url: string) => string) => NoticeText

const KINDS = ['notice', 'correction'] as const
type Kind = (typeof KINDS)[number]

const SUBJECT = /^Subject: (.+)\n\n?/

/**
 * The human part of notices, from the templates that ship with Hindra or those of `directory`, which
 * come first: `LANGUAGE/notice.eta` and `LANGUAGE/correction.eta`. Each is tried with samples of every
 * step here and now: a placeholder that does not exist, or a notice that would lack something that
 * Article 16(2) of Regulation (EU) 2022/2065 asks for, is INVALID_CONFIG at the start and not a
 * broken mail at night.
 */
export function createNoticeWriter(directory?: string): NoticeWriter {
  const eta = new Eta({ autoEscape: false, autoTrim: [false, 'nl'] })
  for (const language of LANGUAGES) {
    for (const kind of KINDS) load(language, kind)
  }
  return write

  function write(part: NoticePart, show: (url: string) => string): NoticeText {
    const kind: Kind = part.step === 'correction' ? 'correction' : 'notice'
    const text = eta.render(`@${part.language}/${kind}`, placeholders(part, show))
    const subject = SUBJECT.exec(text)
    return {
      subject: subject?.[1] ?? '',
      body: text.slice(subject?.[0].length ?? 0),
    }
  }

  function load(language: Language, kind: Kind): void {
    const file = `${language}/${kind}.eta`
    try {
      eta.loadTemplate(`@${language}/${kind}`, readTemplate(file, directory))
      for (const part of sampleParts(language)) {
        if ((part.step === 'correction') === (kind === 'correction')) check(part)
      }
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n').at(-1) : 'unreadable'
      throw new HindraError('INVALID_CONFIG', `the template ${file} cannot be used: ${why ?? ''}`)
    }
  }

  function check(part: NoticePart): void {
    const { subject, body } = write(part, (url) => url)
    if (subject === '') throw new Error('its first line is not "Subject: ..."')
    for (const needed of mustSay(part)) {
      if (body.includes(needed)) continue
      throw new Error(`at the step ${part.step} it does not say "${needed}"`)
    }
  }
}

function readTemplate(file: string, directory: string | undefined): string {
  if (directory !== undefined) {
    try {
      return readFileSync(join(directory, file), 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return readFileSync(packageFile(`templates/${file}`), 'utf8')
}

/** What templates may name, all below `it`. An unknown name is an error, not an empty place. */
function placeholders(part: NoticePart, show: (url: string) => string): object {
  const notices = part.notices.map((line, position) =>
    strict({
      ...line,
      number: position + 1,
      url: show(line.url),
      pageUrl: line.pageUrl === null ? null : show(line.pageUrl),
    }),
  )
  return strict({ ...part, notices, count: part.notices.length })
}

function strict<Data extends object>(data: Data): Data {
  return new Proxy(data, {
    get(target, name) {
      if (typeof name === 'symbol' || name in target) return Reflect.get(target, name) as unknown
      throw new Error(`there is no placeholder ${name}`)
    },
  })
}

function mustSay(part: NoticePart): readonly string[] {
  const { notifier, notices } = part
  const always = [
    ...notices.flatMap(({ url, pageUrl, noticeId }) => [url, pageUrl ?? url, noticeId]),
    ...(notifier === null ? [] : [notifier.organisation, notifier.contact]),
  ]
  if (part.step === 'correction') return always
  return [...always, ...(part.nature === 'illegal' ? part.laws : [])]
}
