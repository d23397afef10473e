import { Option, type Command } from 'commander'
import type { Client } from '../../client/index.ts'
import { defined, zeroBits } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { CLIENT_HASH_TYPES } from '../../hashes/index.ts'
import type { TipCategory, TipSeenIn } from '../../intake/index.ts'
import { TIP_CATEGORIES, TIP_SEEN_IN } from '../../intake/values.ts'
import type { Language } from '../../takedown/index.ts'
import { LANGUAGES } from '../../takedown/terms.ts'
import type { ReceiptView, ToldReceipt } from '../../tipline/index.ts'
import { collect, withExamples } from '../help.ts'
import { fields } from '../output.ts'
import type { Shell } from '../shell.ts'
import { quotedLines } from '../tip-replies.ts'

interface TellOptions {
  readonly words?: string
  readonly category?: TipCategory
  readonly seenIn?: TipSeenIn
  readonly account?: string
  readonly municipality?: string
  readonly language: Language
  readonly inDangerNow?: true
  readonly aboutMe?: true
  readonly picture: readonly string[]
}

/** What the public's page does, by command: for trying it, and for whoever writes a tip down for somebody else. */
export function define(tipline: Command, shell: Shell): void {
  withExamples(tipline, [
    'hindra tipline tell https://host.example/page --words "a girl in my class"',
    'hindra tipline tell --about-me --account "@x in the app Y" --picture pdq=HEX@100,sha256=HEX',
    'hindra tipline look "1234 5678 9012 3456"',
    'hindra tipline write "1234 5678 9012 3456" --text "the account is called @x"',
    'hindra tipline withdraw "1234 5678 9012 3456"',
  ])

  tipline
    .command('tell [url]')
    .description('a tip of the public; shows the receipt, this one time')
    .option('--words <text>', 'what was seen, with or without a URL; at most 3,500 characters')
    .addOption(new Option('--category <category>', 'what it is about').choices(TIP_CATEGORIES))
    .addOption(new Option('--seen-in <place>', 'where there is no URL').choices(TIP_SEEN_IN))
    .option('--account <text>', 'an account that shows it, threatens or extorts')
    .option('--municipality <code|name>', 'where the child lives: 0180, Stockholm')
    .option('--in-danger-now', 'a child is in danger at this moment: the duty desk is called')
    .option('--about-me', 'the sender is the child that it is about')
    .option(
      '--picture <hashes>',
      'of a picture of the sender: pdq=HEX@QUALITY,sha256=HEX; may be repeated',
      collect,
      [],
    )
    .addOption(new Option('--language <code>', 'of the answers').choices(LANGUAGES).default('sv'))
    .action((url: string | undefined, { municipality, picture, ...told }: TellOptions) =>
      shell.withClient(async (client) => {
        const input = {
          ...told,
          ...defined({ url, childMunicipality: municipality }),
          ...(picture.length === 0 ? {} : { pictures: picture.map(hashesOf) }),
          work: await workFor(client),
        }
        shell.output().answer(await client.tipline.tell(input), toldText)
      }),
    )

  const byReceipt = (usage: string, description: string) =>
    tipline.command(usage).description(description)
  const show = (view: ReceiptView) => {
    shell.output().answer(view, viewText)
  }

  byReceipt('look <receipt>', 'what a receipt opens').action((receipt: string) =>
    shell.withClient(async (client) => {
      show(await client.tipline.look({ receipt }))
    }),
  )
  byReceipt('write <receipt>', 'the sender writes more')
    .requiredOption('--text <text>', 'plain words; at most 3,500 characters')
    .action((receipt: string, { text }: { text: string }) =>
      shell.withClient(async (client) => {
        show(await client.tipline.write({ receipt, text }))
      }),
    )
  byReceipt('add <receipt> <url>', 'the sender tells another URL').action(
    (receipt: string, url: string) =>
      shell.withClient(async (client) => {
        show(await client.tipline.add({ receipt, url }))
      }),
  )
  byReceipt('withdraw <receipt>', 'the child takes its own request back').action(
    (receipt: string) =>
      shell.withClient(async (client) => {
        show(await client.tipline.withdraw({ receipt }))
      }),
  )
}

/** Does what a browser does while somebody reads the form. */
async function workFor(client: Client): Promise<{ token: string; nonce: string }> {
  const { token, bits } = await client.tipline.challenge()
  for (let tried = 0; ; tried += 1) {
    const nonce = String(tried)
    if (zeroBits(`${token}.${nonce}`) >= bits) return { token, nonce }
  }
}

function hashesOf(option: string) {
  return option.split(',').map((one) => {
    const [, name, value, quality] = /^([\w-]+)=([^@]+)(?:@(\d+))?$/.exec(one) ?? []
    const type = CLIENT_HASH_TYPES.find((known) => known === name)
    if (type === undefined || value === undefined) {
      const how = '--picture takes TYPE=VALUE, with commas between: pdq=HEX@QUALITY,sha256=HEX'
      throw new HindraError('INVALID_INPUT', how)
    }
    return { type, value, ...(quality === undefined ? {} : { quality: Number(quality) }) }
  })
}

function toldText({ receipt, receivedAt }: ToldReceipt): string {
  return fields({ receipt, received: receivedAt, note: 'it is shown this one time' })
}

function viewText({ says, messages, ...view }: ReceiptView): string {
  const head = fields({
    state: view.state,
    says,
    received: view.receivedAt,
    'messages left': view.messagesLeft,
    'URLs left': view.urlsLeft,
  })
  const said = messages.flatMap(({ at, from, text }) => [
    `${at} ${from === 'sender' ? 'you' : 'we'}`,
    ...quotedLines(text),
  ])
  return [head, ...said].join('\n')
}
