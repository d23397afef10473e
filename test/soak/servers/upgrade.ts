import { setTimeout as sleep } from 'node:timers/promises'
import { MINUTE_MS, type SeededRandom } from '../../../src/core/index.ts'
import type { House, Machine } from './house.ts'

/**
 * Each server of the house ends in order and starts with the version of this tree, one after the other, in an order that a
 * seed draws, and each once the one before it takes work. Halfway one goes back, and is the last that goes on again. What
 * asks the servers comes behind them, as an upgrade is to be done (docs/releases.md).
 *
 * @param bin The command of the version that they come from
 * @param minutes How long it takes in all: servers of both versions are at work meanwhile
 */
export async function upgrade(
  { machines, feeder }: House,
  bin: string,
  minutes: number,
  random: SeededRandom,
  say: (text: string) => void,
): Promise<void> {
  const order = inAnyOrder(machines, random)
  const [first] = order
  if (first === undefined) return
  const half = order.length / 2
  const steps: readonly (readonly [Machine, string | undefined])[] = [
    ...order.slice(0, half).map((machine) => [machine, undefined] as const),
    [first, bin],
    ...order.slice(half).map((machine) => [machine, undefined] as const),
    [first, undefined],
  ]
  for (const [machine, to] of steps) {
    await sleep((minutes * MINUTE_MS) / (steps.length + 1))
    say(`${machine.server.name} ${to === undefined ? 'is upgraded' : 'goes back'}`)
    await machine.server.change(to)
    await machine.ready()
  }
  await feeder.change(undefined)
}

function inAnyOrder<One>(all: readonly One[], random: SeededRandom): readonly One[] {
  const left = [...all]
  return all.flatMap(() => left.splice(random.integer(0, left.length - 1), 1))
}
