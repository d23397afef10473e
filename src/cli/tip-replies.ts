import { type Command, Option } from 'commander'
import { defangedText } from '../core/index.ts'
import type { OwnRequestView, ThreadView } from '../tipline/index.ts'
import { OWN_REQUEST_STATES, type OwnRequestState } from '../tipline/values.ts'
import { runBatch } from './batch.ts'
import { type PagingOptions, paged } from './help.ts'
import { showPage } from './list-page.ts'
import { fields, printable, table } from './output.ts'
import type { Shell } from './shell.ts'

/** The commands by which somebody who tipped without an account is answered, and a child's request decided. */
export function withReplies(tips: Command, shell: Shell): void {
  tips
    .command('messages <id>')
    .description('what the sender of a tip wrote by the receipt, and what was answered')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.messages({ id }), threadText)
      }),
    )

  tips
    .command('answer <id>')
    .description('answers the sender of a tip, who reads it by the receipt')
    .requiredOption('--text <text>', 'plain words, in the language that `tips messages` names')
    .action((id: string, { text }: { text: string }) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.answer({ id, text }), threadText)
      }),
    )

  tips
    .command('heard <id>')
    .description('you have read what the sender wrote, and there is nothing to say')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.tips.heard({ id }), threadText)
      }),
    )

  paged(
    tips
      .command('own-requests')
      .description('children who ask that pictures of themselves be looked for')
      .addOption(new Option('--state <state>', 'how it stands').choices(OWN_REQUEST_STATES)),
  ).action((query: PagingOptions & { readonly state?: OwnRequestState }) =>
    shell.withClient(async (client) => {
      await showPage(shell, client.ownRequests.list, {
        query: { ...query },
        human: ownTable,
        placeOf: ({ id }) => id,
      })
    }),
  )

  tips
    .command('accept-own <id>')
    .description('you have read what a child asks: its pictures are looked for, as a review alone')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.ownRequests.accept({ id }), ownText)
      }),
    )

  tips
    .command('decline-own <id...>')
    .description('these are not looked for, or no longer')
    .requiredOption('--reason <text>', 'why, for the record; the child is not told it')
    .action((ids: readonly string[], { reason }: { reason: string }) =>
      shell.withClient(async (client) => {
        await runBatch(shell, {
          label: 'declined',
          inputs: ids,
          work: (id) => client.ownRequests.decline({ id, reason }),
          human: ({ tipId }) => `${tipId}  declined`,
        })
      }),
    )
}

function threadText({ tipIds, language, receivedAt, keptAt, own, messages }: ThreadView): string {
  const head = fields({
    tips: tipIds.join(', '),
    received: receivedAt,
    language,
    'receipt kept': keptAt ?? 'not that anybody knows: an answer may reach nobody',
    ...(own === null ? {} : { 'own request': own }),
  })
  const said = messages.map(({ at, from, by, text }) =>
    [`${at} ${from === 'sender' ? 'the sender' : (by ?? 'the house')}`, ...quotedLines(text)].join(
      '\n',
    ),
  )
  return [head, ...(said.length === 0 ? ['nothing was written'] : said)].join('\n\n')
}

/** Indented, so that no line of it can pass for one of the command's own. */
export function quotedLines(text: string): readonly string[] {
  return defangedText(text)
    .split('\n')
    .map((line) => `    ${printable(line)}`)
}

function ownTable(requests: readonly OwnRequestView[]): string {
  return table(
    ['tip', 'state', 'received', 'pictures', 'looked for', 'until'],
    requests.map(({ tipId, state, receivedAt, pictures, entered, until }) => [
      ...[tipId, state, receivedAt, pictures, entered, until],
    ]),
  )
}

function ownText({ tipId, state, pictures, entered, until }: OwnRequestView): string {
  return fields({
    tip: tipId,
    state,
    pictures,
    'looked for': entered,
    'in the register already': pictures - entered,
    until,
  })
}
