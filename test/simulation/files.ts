import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isoTime } from '../../src/core/index.ts'
import { INTERPOL } from './settings.ts'
import type { Told } from './told.ts'

interface Reports {
  readonly country?: string
  readonly createdAt: string
  readonly reports?: readonly {
    reference: string
    url: string
    withdrawn?: boolean
    actions: readonly { action: string }[]
  }[]
  readonly records?: readonly { reference: string; url: string; withdrawn: boolean }[]
}

/** What one recipient of files has been told by one of them. */
type Line = Pick<Told, 'step' | 'to'> & { readonly url: string; readonly reference: string }

/** The folder that hotlines and INTERPOL fetch their files from, each of which they read once. */
export class Files {
  readonly #directory: string
  readonly #read = new Set<string>()

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Files that have come since: whole ones, whatever the process died at. */
  async news(clock: { readonly trueMs: number; now(): number }): Promise<readonly Told[]> {
    const names = await readdir(this.#directory).catch((): string[] => [])
    const fresh = names.filter((name) => isWhole(name) && !this.#read.has(name)).sort()
    const told: Told[] = []
    for (const name of fresh) {
      this.#read.add(name)
      const text = await readFile(join(this.#directory, name), 'utf8')
      const { lines, madeAt } = name.endsWith('.csv') ? ofCsv(name, text) : ofJson(text)
      const madeEarlier = madeAt !== undefined && madeAt !== isoTime(clock.now())
      // SCARt's CSV and the JSON beside it tell of the same; the JSON also takes back, and says what is gone.
      const hasCsv = names.includes(name.replace('.json', '.csv')) && name.endsWith('.json')
      for (const { step, to, url, reference } of lines) {
        if (hasCsv && step === 'notice') continue
        const place = { atMs: clock.trueMs, messageId: name, madeEarlier }
        told.push({ step, to, ...place, urls: [url], noticeIds: [reference] })
      }
    }
    return told
  }
}

/** Neither one that is being written, nor what tells one directory from another. */
function isWhole(name: string): boolean {
  return !name.endsWith('.part') && !name.startsWith('.')
}

function ofJson(text: string): { lines: readonly Line[]; madeAt: string } {
  const { country, createdAt, reports = [], records = [] } = JSON.parse(text) as Reports
  const toHotline = reports.map(({ reference, url, withdrawn = false, actions }) => ({
    reference,
    url,
    to: `hotline ${country ?? ''}`,
    step: actions.some(({ action }) => action === 'Removed') ? 'removed' : stepOf(withdrawn),
  }))
  const toInterpol = records.map(({ reference, url, withdrawn }) => ({
    reference,
    url,
    to: INTERPOL,
    step: stepOf(withdrawn),
  }))
  return { lines: [...toHotline, ...toInterpol], madeAt: createdAt }
}

/** `iccam-FR-2026-01-05.csv`: of the day alone, so that it may have been made before. */
function ofCsv(name: string, text: string): { lines: readonly Line[]; madeAt: string | undefined } {
  const to = `hotline ${name.split('-')[1] ?? ''}`
  const rows = text.trimEnd().split('\r\n').slice(1)
  const lines = rows.map((row) => {
    const [url = '', , , reference = ''] = row.split(';')
    return { step: 'notice', to, url, reference }
  })
  return { lines, madeAt: '' }
}

function stepOf(withdrawn: boolean): string {
  return withdrawn ? 'correction' : 'notice'
}
