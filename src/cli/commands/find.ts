import type { Command } from 'commander'
import { defang } from '../../core/index.ts'
import type { FindAnswer, FoundRow } from '../../find/index.ts'
import { withExamples } from '../help.ts'
import { type LocalDial, localTimes } from '../local-times.ts'
import { printable, table } from '../output.ts'
import type { Shell } from '../shell.ts'

interface FindOptions {
  readonly limit: string
  readonly after?: string
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra find hxxps://host[.]example/a.jpg',
    'hindra find host.example holiday',
    'hindra find 4F2A91-C30B7D            # our reference, of a notice or of the answer to an objection',
    'hindra find "[#ABC-1234]"            # the ticket number of an answer',
    'hindra find abuse@host.example',
  ])
    .argument('<words...>', 'URL, host, part of a path, reference, ticket, e-mail or @domain, id')
    .option('--limit <rows>', 'at most so many rows (1 to 200)', '20')
    .option('--after <id>', 'go on behind this row')
    .action((words: readonly string[], options: FindOptions) =>
      shell.withClient(async (client) => {
        const { limit, after } = options
        const answer = await client.find.records({ words: words.join(' '), limit, after })
        shell.output().answer(answer, (shown) => asText(shown, localTimes(client)))
        const { rows, next, isCutOff, isTakingIn } = answer
        const note = (text: string) => {
          shell.output().note(text)
        }
        if (next !== null) note(`${rows.length} shown; --after ${next} for more`)
        if (isCutOff) note('too much has a word of that: some may be left out; more words find it')
        if (isTakingIn) note('older records are still being taken in: some may be left out')
        if (rows.length === 0) shell.exitWith(4)
      }),
    )
}

function asText({ words, rows }: FindAnswer, { local, note }: LocalDial): string {
  const taken = words.map(({ word, takenFor }) => `${shownWord(word)}: ${takenFor.join(', ')}`)
  const said = `taken for ${taken.map(printable).join('; ')}`
  if (rows.length === 0) return `${said}\nnothing was found`
  const head = ['what', 'id', 'since', 'state', 'url', 'told', 'what came of it', 'next']
  const cells = rows.map((row) => [
    ...[row.kind, row.id, local(row.at), row.state, row.url && defang(row.url)],
    ...[told(row, local), cameOf(row, local), next(row, local)],
  ])
  return [said, table(head, cells), note].join('\n\n')
}

type Local = (time: string) => string

function told({ notice, objection }: FoundRow, local: Local): string | null {
  const answer = objection?.answer ?? null
  if (answer !== null) return `answer ${local(answer.at)} (${answer.reference})`
  return notice && `${notice.step} to ${notice.recipient} ${local(notice.at)} (${notice.reference})`
}

function cameOf({ notice, objection, lastLook }: FoundRow, local: Local): string | null {
  if (objection !== null) return objection.answer && `answer ${objection.answer.state}`
  const look = lastLook && `${lastLook.outcome} ${local(lastLook.at)}`
  return [notice?.state, look].filter((said) => typeof said === 'string').join(', ') || null
}

function next({ state, notice, objection, nextLookAt }: FoundRow, local: Local): string | null {
  if (objection !== null) {
    if (state !== 'open') return null
    return `decide by ${local(objection.decideBy)}${objection.isOverdue ? ', which is over' : ''}`
  }
  const rung =
    typeof notice?.nextStep !== 'string' || notice.nextStepAt === null
      ? undefined
      : `${notice.nextStep} ${local(notice.nextStepAt)}`
  const look = nextLookAt === null ? undefined : `look ${local(nextLookAt)}`
  return [rung, look].filter((said) => said !== undefined).join(', ') || null
}

/** Unclickable, also where it was typed as it is. */
function shownWord(word: string): string {
  return /^https?:/i.test(word) ? defang(word) : word
}
