import { configWith } from '../../src/config.ts'
import {
  createDuty,
  createSmtpTransport,
  DESK,
  DIGEST,
  type Duty,
  type Takedown,
  type TakedownOptions,
} from '../../src/takedown/index.ts'
import { ALPHA, openTakedownWorld, type TakedownWorld } from './world.ts'

export const DUTY = 'jour@hotline.example'
const MINUTE_MS = 60_000
/** Nobody has a key. */
export const KEYLESS = { keyFor: () => undefined, list: () => [], faults: () => [] }

/** How a process is set up that starts on the store of a world. */
interface Start {
  /** The duty address; null for none. */
  readonly address?: string | null
  readonly language?: 'sv' | 'en'
  /** The relay's port, where it is not the one that works. */
  readonly port?: number
  /** ALPHA is told by its portal alone unless this says otherwise. */
  readonly confidence?: TakedownOptions['confidence']
}

/** A takedown and a duty desk on one store and one real relay, which a test starts anew as it likes. */
export async function openErrandDesk(...options: Parameters<typeof openTakedownWorld>) {
  const world: TakedownWorld = await openTakedownWorld(...options)
  let duty: Duty
  let takedown: Takedown
  start({})

  function start({ address = DUTY, language = 'sv', port, confidence }: Start): void {
    const { mail, takedown: settings } = configWith({
      'mail.port': port ?? world.server.port,
      'mail.timeoutSeconds': 5,
      'mail.from': 'notices@hotline.example',
    })
    const desk = { address: address ?? undefined, language }
    duty = createDuty(world.context, world.audit, {
      settings,
      called: [
        { ...desk, name: DESK },
        { ...desk, name: DIGEST },
      ],
      organisation: 'Hotline Testland',
      from: mail.from,
      transport: createSmtpTransport(mail),
      sign: (message) => Promise.resolve(message),
    })
    takedown = world.restart({
      duty,
      confidence: confidence ?? { ...KEYLESS, isPortalOnly: (to) => to === ALPHA.abuseContact },
    })
  }

  async function round(): Promise<void> {
    await takedown.collect('hindra')
    await takedown.queueDue('hindra')
    await takedown.dispatch('hindra')
    await takedown.exports.runDue('hindra')
  }

  const mails = () => world.server.received.filter(({ to }) => to.includes(DUTY))

  return {
    world,
    takedown: () => takedown,
    duty: () => duty,
    /** Ends the process in order, and starts another one. */
    async restart(next: Start = {}): Promise<void> {
      await duty.close()
      start(next)
    },
    round,
    /** So many cases whose host is told by a person; resolves to the ids of all notices. */
    async byHand(count: number): Promise<readonly string[]> {
      for (let n = 0; n < count; n += 1) await world.assessed(`http://alpha.example/${n}.jpg`)
      await round()
      return (await takedown.list({ limit: 1_000 })).map(({ id }) => id)
    },
    minutes(count: number): void {
      world.context.clock.advance(count * MINUTE_MS)
    },
    counts: () => world.transact((tx) => takedown.errands.counts(tx)),
    ids: async () => (await takedown.errands.list({})).map(({ id }) => id),
    async alerts(kind: string) {
      const all = await world.cases.alertFeed.read(undefined, 1_000)
      return all.filter((alert) => alert.kind === kind)
    },
    /** What the duty address got. */
    mails,
    textOf: (index: number) => mails().at(index)?.parsed.text ?? '',
    async dispose(): Promise<void> {
      await duty.close()
      await world.dispose()
    },
  }
}

export type ErrandDesk = Awaited<ReturnType<typeof openErrandDesk>>
