import { HindraError } from '../errors.ts'
import type { Fetcher } from '../intake/index.ts'
import { DIRECT } from './vantages.ts'

/**
 * Whether a line works, by a page of ours that must answer: else every miss would be our own. Each
 * line is tried once; make a new one for each run.
 */
export function createLines(
  fetcher: Fetcher,
  canaryUrl: string | undefined,
): (vantage: string) => Promise<boolean> {
  const tried = new Map<string, Promise<boolean>>()
  return (vantage) => {
    if (canaryUrl === undefined) return Promise.resolve(true)
    const known = tried.get(vantage) ?? answers(canaryUrl, vantage)
    tried.set(vantage, known)
    return known
  }

  async function answers(url: string, vantage: string): Promise<boolean> {
    try {
      const { status } = await fetcher.fetch(url, vantage === DIRECT ? {} : { vantage })
      return status >= 200 && status < 300
    } catch (error) {
      if (error instanceof HindraError) return false
      throw error
    }
  }
}
