import { mailTransportContract } from '../contract/mail-transport.ts'
import { storeContract } from '../contract/store.ts'
import { MemoryDisk, openMemoryStore } from './memory-store.ts'
import { createFakeRelay } from './relay.ts'

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

const disks = new Map<string, MemoryDisk>()

storeContract('memory of the simulation', (directory, options) => {
  const disk = disks.get(directory) ?? new MemoryDisk()
  disks.set(directory, disk)
  return openMemoryStore(disk, options)
})
