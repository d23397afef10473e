import type { Command } from 'commander'
import type { ObjectionDetail, ObjectionResult } from '../../assessing/index.ts'
import type { CaseTakeBack } from '../../cases/index.ts'
import { CASE_TAKE_BACKS } from '../../cases/terms.ts'
import { HindraError } from '../../errors.ts'
import type { Language, Objection, ObjectionState, Objector } from '../../takedown/index.ts'
import { LANGUAGES, OBJECTION_STATES, OBJECTION_WAYS, OBJECTORS } from '../../takedown/terms.ts'
import { type PagingOptions, paged, withExamples } from '../help.ts'
import { showPage } from '../list-page.ts'
import { fields, table } from '../output.ts'
import type { Shell } from '../shell.ts'
import { textSaid } from '../text-file.ts'
import { shownText } from './notice-text.ts'

interface ListOptions extends PagingOptions {
  readonly state?: ObjectionState
  readonly case?: string
  readonly overdue?: true
}

interface AddOptions {
  readonly case?: string
  readonly notice?: string
  readonly fromReply?: string
  readonly by: Objector
  readonly way?: Objection['way']
  readonly receivedAt?: string
  readonly words?: string
  readonly wordsFile?: string
  readonly contact?: string
  readonly language?: Language
}

interface DecideOptions {
  readonly uphold?: true
  readonly reject?: true
  readonly takeBack?: CaseTakeBack
  readonly reason?: string
  readonly reasonFile?: string
}

export function define(objections: Command, shell: Shell): void {
  withExamples(objections, [
    'hindra objections --overdue',
    'hindra objections add --case CASE_ID --by uploader --way phone --words "it is my own picture"',
    'hindra objections add --notice NOTICE_ID --from-reply REPLY_ID --by host',
    'hindra objections decide OBJECTION_ID --reject --reason "the item was compared again"',
    'hindra objections decide OBJECTION_ID --uphold --take-back not-the-same --reason "another child"',
  ])

  paged(objections.command('list', { isDefault: true }))
    .description('a page of objections, oldest first')
    .option('--state <state>', OBJECTION_STATES.join(', '))
    .option('--case <id>', 'to one case')
    .option('--overdue', 'only open ones whose time is over')
    .action(({ case: caseId, overdue, ...query }: ListOptions) =>
      shell.withClient((client) =>
        showPage(shell, client.objections.list, {
          query: { ...query, caseId, ...(overdue === true ? { overdue: 'true' } : {}) },
          human: asTable,
          placeOf: ({ id }) => id,
        }),
      ),
    )

  objections
    .command('show <id>')
    .description('one objection with its words, its answer, and who may decide about it')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.objections.show({ id }), detailText)
      }),
    )

  objections
    .command('add')
    .description('writes down that somebody objects to a case, or to a notice of it')
    .option('--case <id>', 'the case')
    .option('--notice <id>', 'the notice that it is against')
    .option('--from-reply <id>', 'a reply to that notice: its words, sender and time')
    .requiredOption('--by <who>', `${OBJECTORS.join(', ')}: as they say`)
    .option('--way <way>', `how it came: ${OBJECTION_WAYS.join(', ')}`)
    .option('--received-at <time>', 'when it came, UTC ISO 8601 (now)')
    .option('--words <text>', 'what they say')
    .option('--words-file <file>', 'the same, out of a file')
    .option('--contact <address>', 'mail address that the answer goes to')
    .option('--language <language>', `of the answer: ${LANGUAGES.join(', ')}`)
    .action((given: AddOptions) =>
      shell.withClient(async (client) => {
        const { way, receivedAt, contact, language } = given
        const added = await client.objections.add({
          caseId: given.case,
          noticeId: given.notice,
          replyId: given.fromReply,
          objector: given.by,
          way,
          receivedAt,
          words: textSaid(given.words, given.wordsFile),
          contact,
          language,
        })
        shell.output().answer(added, (shown) => asTable([shown]))
      }),
    )

  objections
    .command('decide <id>')
    .description(
      'upholds or rejects it, and answers it by letter: another person than who decided first',
    )
    .option('--uphold', 'the case is taken back, and whoever was told is told so')
    .option('--reject', 'the case stands')
    .option('--take-back <why>', `with --uphold: ${CASE_TAKE_BACKS.join(', ')}`)
    .option('--reason <text>', 'the reason, as the answer gives it: no name, no URL, no hash')
    .option('--reason-file <file>', 'the same, out of a file')
    .action((id: string, how: DecideOptions) =>
      shell.withClient(async (client) => {
        const { uphold, reject, takeBack } = how
        if ((uphold === true) === (reject === true)) {
          throw new HindraError('INVALID_INPUT', 'say --uphold or --reject', { field: 'decision' })
        }
        const decision = uphold === true ? 'upheld' : 'rejected'
        const reason = textSaid(how.reason, how.reasonFile) ?? ''
        const result = await client.objections.decide({ id, decision, reason, takeBack })
        shell.output().answer(result, resultText)
      }),
    )

  objections
    .command('withdraw <id>')
    .description('whoever objected does not want it decided any more: nothing is answered')
    .requiredOption('--reason <text>', 'why, for the record')
    .action((id: string, why: { reason: string }) =>
      shell.withClient(async (client) => {
        const done = await client.objections.withdraw({ id, ...why })
        shell.output().answer(done, (shown) => asTable([shown]))
      }),
    )

  objections
    .command('told <id>')
    .description('a person told the answer by hand')
    .action((id: string) =>
      shell.withClient(async (client) => {
        const told = await client.objections.markTold({ id })
        shell.output().answer(told, (shown) => asTable([shown]))
      }),
    )
}

function asTable(objections: readonly Objection[]): string {
  if (objections.length === 0) return 'nobody has objected'
  return table(
    ['id', 'case', 'by', 'way', 'state', 'received', 'decide by', 'overdue', 'answer'],
    objections.map(({ id, caseId, objector, way, state, receivedAt, decideBy, ...rest }) => [
      ...[id, caseId, objector, way, state, receivedAt, decideBy],
      ...[rest.isOverdue ? 'OVERDUE' : '', answerText(rest.letter)],
    ]),
  )
}

function answerText(letter: Objection['letter']): string | null {
  if (letter === null) return null
  if (letter.state === 'told') return 'told'
  return letter.channel === 'mail' ? 'goes by mail' : 'WAITS FOR YOU: by hand'
}

function detailText(objection: ObjectionDetail): string {
  const { words, letter, mayDecide, ...rest } = objection
  const who = mayDecide.length === 0 ? 'nobody in this house' : mayDecide.join(', ')
  return [
    fields({ ...rest, answer: answerText(letter), 'may decide': who }),
    shownText(words),
    ...(letter === null ? [] : [shownText(`Subject: ${letter.subject}\n\n${letter.body}`)]),
  ].join('\n\n')
}

function resultText({ objection, caseStatus, standingItem }: ObjectionResult): string {
  const { letter } = objection
  return [
    asTable([objection]),
    fields({ 'the case is': caseStatus }),
    ...(standingItem === null
      ? []
      : [
          `What it was recognised by still matches elsewhere: where that is wrong too, hindra dispute ${standingItem}`,
        ]),
    ...(letter?.channel === 'by-hand'
      ? ['Nobody can be mailed: tell the answer by hand, then hindra objections told ID']
      : []),
  ].join('\n\n')
}
