import { AsyncLocalStorage } from 'node:async_hooks'
import { HOUR_MS } from '../../src/core/index.ts'
import { fetcherContract } from '../contract/fetcher.ts'
import type { Fences } from '../../src/store/index.ts'
import { leaseContract } from '../contract/leases.ts'
import { mailTransportContract } from '../contract/mail-transport.ts'
import { mailboxContract } from '../contract/mailbox.ts'
import { postContract } from '../contract/post.ts'
import { resolverContract } from '../contract/resolver.ts'
import { storeContract } from '../contract/store.ts'
import { createFakeEndpoints } from './endpoints.ts'
import { FakeMailbox } from './mailbox.ts'
import { MemoryDisk, openMemoryStore } from './memory-store.ts'
import { createFakeFetcher, createFakeResolver } from './network.ts'
import { ProcessTime } from './process-time.ts'
import { createFakeRelay } from './relay.ts'
import { SharedMemory } from './shared-memory.ts'
import { WorldClock } from './world-clock.ts'

mailTransportContract('relay of the simulation', () => {
  const relay = createFakeRelay()
  return Promise.resolve({
    transport: relay.transport,
    taken: () => relay.taken,
    behave: (behaviour) => {
      relay.behave(behaviour)
    },
    vanish: () => {
      relay.vanish()
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  })
})

mailboxContract('mailbox of the simulation', () => {
  const bytesMax = 1_000
  const mailbox = new FakeMailbox(bytesMax)
  return Promise.resolve({
    bytesMax,
    open: () => mailbox,
    deliver: (name, raw) => {
      mailbox.deliver(name, raw)
      return Promise.resolve()
    },
    read: () => Promise.resolve(mailbox.read),
    close: () => Promise.resolve(),
  })
})

resolverContract('names of the simulation', (table) =>
  Promise.resolve({
    resolver: createFakeResolver({ names: () => table }),
    close: () => Promise.resolve(),
  }),
)

fetcherContract('web of the simulation', (site) =>
  Promise.resolve({
    fetcher: createFakeFetcher({
      names: () => ({ 'media.example': ['127.0.0.1'] }),
      answer: (url, { referrer }) => {
        const { pathname, search } = new URL(url)
        const answer = site(pathname + search, referrer)
        return answer && { ...answer, body: Buffer.from(answer.body) }
      },
    }),
    origin: 'http://media.example',
    close: () => Promise.resolve(),
  }),
)

const disks = new Map<string, MemoryDisk>()

storeContract('memory of the simulation', (directory, options) => {
  const disk = disks.get(directory) ?? new MemoryDisk()
  disks.set(directory, disk)
  return openMemoryStore(disk, options)
})

leaseContract('the memory that processes share in the simulation', async () => {
  const clock = new WorldClock(0)
  const store = await openMemoryStore(new MemoryDisk())
  const memory = new SharedMemory(store, () => clock.trueMs)
  const times = new Set<ProcessTime>()
  const away = new Set<string>()
  const pass = async (ms: number) => {
    clock.pass(ms / HOUR_MS)
    for (const time of times) await time.ring()
  }
  return {
    open(name) {
      const time = new ProcessTime(clock, pass)
      times.add(time)
      const fences: Fences = new AsyncLocalStorage()
      return Promise.resolve(memory.connect({ name, time, fences, isAway: () => away.has(name) }))
    },
    expire() {
      memory.expire()
      return Promise.resolve()
    },
    cut(name, isAway) {
      if (isAway) away.add(name)
      else away.delete(name)
      return Promise.resolve()
    },
    pass,
    close: () => store.close(),
  }
})

postContract('endpoints of the simulation', () => {
  const endpoints = createFakeEndpoints()
  return Promise.resolve({
    post: endpoints.post,
    url: 'https://pipeline.example/hooks',
    taken: () => endpoints.taken,
    behave: (behaviour) => {
      endpoints.behave(behaviour)
    },
    close: () => Promise.resolve(),
  })
})
