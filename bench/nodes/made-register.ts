import { createHash } from 'node:crypto'
import { isWithin, type PlaceRange } from '../../src/known/index.ts'
import type { Register } from '../../src/register/index.ts'
import { pictureOf } from '../startup/register.ts'

/** A register of so many made-up pictures, of which those in the range are made alone. */
export function madeRegister(
  register: Register,
  count: number,
  seed: number,
  range: PlaceRange,
): Register {
  return {
    ...register,
    async *allIndexed() {
      for (let position = 0; position < count; position += 1) {
        const id = idOf(position)
        if (!isWithin(range, id)) continue
        const fingerprints = [pictureOf(position, seed)]
        yield await Promise.resolve({ id, revision: 0, isOwn: true, fingerprints })
      }
    },
  }
}

function idOf(position: number): string {
  const hex = createHash('sha256').update(String(position)).digest('hex')
  return [8, 4, 4, 4, 12]
    .map((length, at, all) => {
      const from = all.slice(0, at).reduce((sum, part) => sum + part, 0)
      return hex.slice(from, from + length)
    })
    .join('-')
}
