import { setTimeout as sleep } from 'node:timers/promises'
import { canLayCables, NO_CABLES } from '../../../fixtures/servers/cable.ts'
import { canSetClocks, NO_CLOCKS } from '../../../fixtures/servers/set-clock.ts'
import { canMountDisk, NO_DISK } from '../../../fixtures/servers/small-disk.ts'
import type { SeededRandom } from '../../../src/core/index.ts'
import type { Cut } from '../../store/tcp-proxy.ts'
import type { House, Machine } from './house.ts'

/** Longer than a lease lasts, and than others wait. */
const LONG_MS = 12_000
/** Longer than a process waits for PostgreSQL. */
const FROZEN_MS = 20_000
/** How far clocks may be apart (docs/many-servers.md). */
const APART_SECONDS = 30
const CUTS: readonly Cut[] = ['before', 'after', 'late']

/** Why some trouble is left out on this machine. */
export const LEFT_OUT: readonly string[] = [
  ...(canMountDisk ? [] : [NO_DISK]),
  ...(canSetClocks ? [] : [NO_CLOCKS]),
  ...(canLayCables ? [] : [NO_CABLES]),
]

type Trouble = (house: House, random: SeededRandom) => Promise<void>

/** Whatever can go wrong, by name. */
export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'kill a server': (house, random) => kill(anyOf(house.machines, random)),
  'kill who sends': async (house) => {
    for (const machine of dispatchers(house)) await kill(machine)
  },
  'kill who feeds': async (house) => {
    house.feeder.signal('SIGKILL')
    await sleep(0)
  },
  'end a server in order': async (house, random) => {
    anyOf(house.machines, random).server.signal('SIGTERM')
    await sleep(0)
  },
  'freeze a matcher': (house, random) =>
    anyOf(house.machines.slice(1, 4), random).server.freeze(long(random, FROZEN_MS)),
  'freeze who sends': async (house, random) => {
    await freezeSending(house.machines)
    await sleep(random.integer(0, 1_000))
  },
  'cut to PostgreSQL': async (house, random) => {
    anyOf(house.machines, random).network.cutAll()
    await sleep(0)
  },
  'cut a commit': async (house, random) => {
    for (const { network } of house.machines) network.cuts.push(anyOf(CUTS, random))
    await sleep(0)
  },
  'half open to PostgreSQL': async (house, random) => {
    const { network } = anyOf(house.machines, random)
    network.hold()
    await sleep(long(random))
    network.letGo()
  },
  'no network to PostgreSQL': async (house, random) => {
    const { network } = anyOf(house.machines, random)
    network.isAway = true
    network.cutAll()
    await sleep(long(random))
    network.isAway = false
  },
  ...(canLayCables && {
    'the cable of a server is pulled': async (house, random) => {
      const { cable } = anyOf(house.machines, random)
      cable.pull()
      await sleep(long(random))
      cable.plug()
    },
  }),
  'PostgreSQL restarts, fast': ({ postgres }, random) => restart(postgres, 'SIGINT', random),
  'PostgreSQL restarts, immediate': ({ postgres }, random) => restart(postgres, 'SIGQUIT', random),
  'PostgreSQL fails over': ({ postgres }) => postgres.failOver(),
  ...(canMountDisk && {
    'the disk of PostgreSQL is full': async ({ disk, postgres }, random) => {
      disk.fillUpTo(0)
      await sleep(random.integer(2_000, 6_000))
      disk.free()
      if (!postgres.runs) await postgres.begin()
    },
  }),
  ...(canSetClocks && {
    'clocks are set': async ({ machines }, random) => {
      for (const { clock, isSet } of machines) {
        if (isSet) clock.set(random.integer(-APART_SECONDS / 2, APART_SECONDS / 2))
      }
      await sleep(0)
    },
  }),
  'a mail is cut off': (house, random) => misbehave(house, 'drop-in-message', random),
  'no answer to a mail': (house, random) => misbehave(house, 'take-and-drop', random),
  'no relay': (house, random) => misbehave(house, 'drop-before-message', random),
  'NATS is killed': async ({ nats }, random) => {
    await nats.stop('SIGKILL')
    await sleep(random.integer(0, 2_000))
    await nats.begin()
  },
  'cut to crawlers and people': async ({ balancer }) => {
    balancer.cutAll()
    await sleep(0)
  },
}

/** What may come upon a house while it is upgraded. */
export const BESIDE_AN_UPGRADE: readonly string[] = [
  'kill a server',
  'kill who sends',
  'kill who feeds',
  'freeze a matcher',
  'freeze who sends',
  'cut to PostgreSQL',
  'cut to crawlers and people',
]

/** All goes well again. */
export function endTroubles({ machines, disk, balancer }: House): void {
  disk.free()
  balancer.cutAll()
  for (const { network, relay, clock } of machines) {
    network.cuts.length = 0
    relay.behave('accept')
    clock.set(0)
  }
}

function dispatchers(house: House): readonly Machine[] {
  return house.machines.slice(4)
}

async function kill({ server }: Machine): Promise<void> {
  server.signal('SIGKILL')
  await sleep(0)
}

async function restart(
  postgres: House['postgres'],
  signal: 'SIGINT' | 'SIGQUIT',
  random: SeededRandom,
): Promise<void> {
  await postgres.stop(signal)
  await sleep(random.integer(0, 3_000))
  await postgres.begin()
}

async function misbehave(
  { machines }: House,
  behaviour: Parameters<Machine['relay']['behave']>[0],
  random: SeededRandom,
): Promise<void> {
  for (const { relay } of machines) relay.behave(behaviour)
  await sleep(random.integer(500, 3_000))
  for (const { relay } of machines) relay.behave('accept')
}

/** Freezes whoever hands over the next mail, before it is answered, until others have taken over. */
async function freezeSending(machines: readonly Machine[]): Promise<void> {
  const frozen = new Promise<void>((resolve) => {
    for (const machine of machines) {
      machine.handed.next = () => {
        for (const { handed } of machines) handed.next = undefined
        void machine.server.freeze(LONG_MS).then(resolve)
      }
    }
  })
  await Promise.race([frozen, sleep(2 * LONG_MS)])
  for (const { handed } of machines) handed.next = undefined
}

/** Now and then for longer than others wait. */
function long(random: SeededRandom, longest = LONG_MS): number {
  return random.integer(0, 2) === 0 ? longest : random.integer(100, 3_000)
}

function anyOf<One>(all: readonly One[], random: SeededRandom): One {
  const one = all[random.integer(0, all.length - 1)]
  if (one === undefined) throw new Error('nothing to choose from')
  return one
}
