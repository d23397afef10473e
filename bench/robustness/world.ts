import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPERATOR, type Principal, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import type { ItemProposal } from '../../src/curation/index.ts'
import { createEngine } from '../../src/engine.ts'
import type { Match } from '../../src/match/index.ts'
import { PROFILES, type Profile } from './profiles.ts'

/** A Hindra in a directory of its own, asked as its users ask it. */
export interface World {
  /** Registers and verifies one picture; its id. */
  know(picture: Uint8Array): Promise<string>
  /** Puts one picture on the allow-list. */
  allow(picture: Uint8Array): Promise<void>
  /** All that matches, the strongest first. */
  scan(picture: Uint8Array): Promise<readonly Match[]>
  close(): Promise<void>
}

export async function openWorld(profile: Profile): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'hindra-bench-'))
  // Decoding within this process, or its CPU time would not be counted.
  const config = configWith({ data: directory, 'pool.apart': false, ...PROFILES[profile] })
  const engine = await createEngine({ config, dataKey: Buffer.alloc(32, 5) })
  const person = async (role: Role): Promise<Principal> => {
    const described = { name: role, pseudonym: role, kind: 'person', roles: [role] } as const
    const { id } = await engine.as(OPERATOR).people.add(described)
    return engine.authenticate(
      (await engine.as(OPERATOR).keys.create({ personId: id, label: 'bench' })).secret,
    )
  }
  const analyst = await person('analyst')
  const verifier = await person('verifier')
  async function enter(item: ItemProposal): Promise<string> {
    const { id } = await engine.stages.curation.propose(analyst, item)
    await engine.stages.curation.verify(verifier, { itemId: id, acknowledgeFindings: true })
    return id
  }
  return {
    know: (picture) => enter({ media: Uint8Array.from(picture), classification: 'Baseline' }),
    async allow(picture) {
      await enter({ media: Uint8Array.from(picture), list: 'allow' })
    },
    async scan(picture) {
      const media = Uint8Array.from(picture)
      return (await engine.as(analyst).sightings.scan({ url: 'https://file.invalid/', media }))
        .matches
    },
    async close() {
      await engine.shutdown()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
