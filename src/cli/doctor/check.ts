/** One finding of `hindra doctor`. */
export interface CheckFinding {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly detail: string
  /** What to do about it; absent where nothing is to be done. */
  readonly mend?: string
}

export type Check = () => CheckFinding | Promise<CheckFinding>

export function ok(name: string, detail: string): CheckFinding {
  return { name, state: 'ok', detail }
}

export function warn(name: string, detail: string, mend: string): CheckFinding {
  return { name, state: 'warn', detail, mend }
}

export function fail(name: string, detail: string, mend: string): CheckFinding {
  return { name, state: 'fail', detail, mend }
}
