/** One finding of `hindra doctor`. */
export interface CheckReport {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly detail: string
  /** What to do about it; absent where nothing is to be done. */
  readonly mend?: string
}

export type Check = () => CheckReport | Promise<CheckReport>

export function ok(name: string, detail: string): CheckReport {
  return { name, state: 'ok', detail }
}

export function warn(name: string, detail: string, mend: string): CheckReport {
  return { name, state: 'warn', detail, mend }
}

export function fail(name: string, detail: string, mend: string): CheckReport {
  return { name, state: 'fail', detail, mend }
}
