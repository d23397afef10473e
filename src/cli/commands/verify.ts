import type { Command } from 'commander'
import type { Client } from '../../client/index.ts'
import { HindraError } from '../../errors.ts'
import { runBatch } from '../batch.ts'
import { verb } from '../help.ts'
import type { Shell } from '../shell.ts'

const PAGE_ROWS = 1_000

interface VerifyOptions {
  readonly allProposed?: true
  readonly entry?: string
  readonly acknowledgeFindings?: true
  readonly reason?: string
}

export function verifyCommand(shell: Shell): Command {
  return verb('verify', 'confirms what somebody else proposed: from then on it matches', [
    'hindra verify ITEM_ID',
    'hindra verify --all-proposed --reason "seen one by one on 2 November"',
  ])
    .argument('[ids...]', 'items')
    .option('--all-proposed', 'every item that waits; your own are refused')
    .option('--entry <id>', 'what one list says of it, where several do')
    .option('--acknowledge-findings', 'you looked at what was found about them')
    .option('--reason <text>', 'why, for the history')
    .action((ids: readonly string[], { allProposed, entry: entryId, ...said }: VerifyOptions) =>
      shell.withClient(async (client) => {
        if (ids.length > 0 === (allProposed === true)) {
          throw new HindraError('INVALID_INPUT', 'name items or give --all-proposed, one of both')
        }
        if (allProposed === true && said.acknowledgeFindings === true) {
          const message =
            '--acknowledge-findings: name the items, findings are looked at one by one'
          throw new HindraError('INVALID_INPUT', message)
        }
        const inputs = ids.length > 0 ? ids : await proposedIds(client)
        await runBatch(shell, {
          label: 'verified',
          inputs,
          work: async (id) => await client.items.verify({ id, ...said, entryId }),
          human: (item) => `${item.id}  ${item.status}`,
        })
      }),
    )
}

/** The ids of every item that is proposed, page by page. */
async function proposedIds(client: Client): Promise<readonly string[]> {
  const ids: string[] = []
  for (;;) {
    const after = ids.at(-1)
    const page = await client.items.list({ status: 'proposed', limit: PAGE_ROWS, after })
    ids.push(...page.map((row) => row.id))
    if (page.length < PAGE_ROWS) return ids
  }
}
