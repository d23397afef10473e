import type { Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine, type Engine } from '../../src/engine.ts'
import { parseTip } from '../../src/intake/index.ts'

export const ANALYST: Principal = {
  id: 'bench',
  pseudonym: 'bench',
  kind: 'person',
  roles: ['analyst'],
}

const HOSTS = 5_000
const TOLD_HOST = 'told.example'
/** Cases, or tips, in one transaction. */
const BATCH = 200
/** One tip for so many cases. */
const CASES_A_TIP = 10

/** A whole Hindra on a real store whose notices go to a relay that takes everything. */
export function openHotline(
  data: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Engine> {
  // No hotline of INHOPE works there, and nobody waits for the police: the host is told at once.
  const provider = { name: 'Told Hosting', country: 'NO', abuseContact: 'abuse@told.example' }
  const config = configWith({
    data,
    'mail.from': 'notices@hotline.example',
    'trace.registries': false,
    'trace.providers': [{ ...provider, domains: [TOLD_HOST] }],
    'takedown.lookMinutes': 1_440,
    'takedown.mailsPerRecipientDay': 100_000,
    'route.approveContacts': false,
    'pool.threads': 1,
    'server.port': 0,
    ...settings,
  })
  return createEngine({
    config,
    dataKey: Buffer.alloc(32, 5),
    resolver: { resolve: () => Promise.resolve([]) },
    transport: {
      send: () => Promise.resolve({ response: '250 taken' }),
      verify: () => Promise.resolve(),
      close: () => undefined,
    },
  })
}

/** The URL of a case by its place: 5,000 hosts, one path each. */
export function urlOf(place: number, told: number): string {
  const host = place < told ? TOLD_HOST : `h${place % HOSTS}.example`
  return `https://${host}/album-${place % 977}/${wordOf(place)}.jpg`
}

/** A part of a path that one case has. */
export function wordOf(place: number): string {
  return `img${place.toString(36)}x`
}

export function referenceOf(place: number): string {
  return `NL-2026-${place}`
}

/** Opens cases and sends notices of the first `told` of them. Throws where one did not go. */
export async function fill(
  { stages }: Engine,
  count: number,
  told: number,
  note: (text: string) => void,
): Promise<void> {
  await open(0, told)
  const { noticesSent } = await stages.rounds.all('hindra')
  if (noticesSent < told) throw new Error(`${noticesSent} notices went for ${told} cases`)
  await open(told, count)

  async function open(from: number, to: number): Promise<void> {
    for (let start = from; start < to; start += BATCH) {
      await stages.store.transact(async (tx) => {
        for (let place = start; place < Math.min(to, start + BATCH); place += 1) {
          const url = urlOf(place, told)
          const judged = { url, classification: 'Baseline', reason: 'a bench' } as const
          await stages.cases.openFromAssessment(tx, ANALYST.id, judged)
          if (place % CASES_A_TIP > 0) continue
          await stages.tips.submit(tx, ANALYST, parseTip({ url, reference: referenceOf(place) }))
        }
      })
      if (start % 50_000 < BATCH) note(`${start} cases`)
    }
  }
}
