import type { SeededRandom } from '../../src/core/index.ts'
import { MANNERS, type Manners } from './manners.ts'
import { REGISTRY } from './registries.ts'
import { ALERT_HOOKS, NOTICE_HOOK, PROVIDERS } from './settings.ts'

const OTHER_NAMES = [REGISTRY, ...[NOTICE_HOOK, ...ALERT_HOOKS].map((url) => new URL(url).hostname)]

interface Host {
  readonly name: string
  readonly manners: Manners
  provider: number
}

/** One host of each manners, each at a provider. */
export class Hosts {
  readonly all: readonly Host[] = MANNERS.map((manners, number) => ({
    name: `${manners}.example`,
    manners,
    provider: number % PROVIDERS,
  }))
  readonly #random: SeededRandom

  constructor(random: SeededRandom) {
    this.#random = random
  }

  with(manners: Manners | undefined): Host | undefined {
    return this.all.find((host) => host.manners === manners)
  }

  at(url: string): Host | undefined {
    const { hostname } = new URL(url)
    return this.all.find(({ name }) => name === hostname)
  }

  /** Those that change their provider do so now and then. */
  move(): void {
    for (const host of this.all) {
      if (host.manners !== 'changes-provider' || this.#random.next() > 0.05) continue
      host.provider = this.#random.integer(1, PROVIDERS - 1)
    }
  }

  /** The addresses of all names that there are. */
  names(): Readonly<Record<string, readonly string[]>> {
    return {
      ...Object.fromEntries(this.all.map(({ name, provider }) => [name, [`198.51.${provider}.7`]])),
      ...Object.fromEntries(OTHER_NAMES.map((name) => [name, ['198.51.200.7']])),
    }
  }
}
