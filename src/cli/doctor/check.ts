/** One finding of `hindra doctor`. */
export interface Finding {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly detail: string
  /** What to do about it; absent where nothing is to be done. */
  readonly mend?: string
}

export type Check = () => Finding | Promise<Finding>

export function ok(name: string, detail: string): Finding {
  return { name, state: 'ok', detail }
}

export function warn(name: string, detail: string, mend: string): Finding {
  return { name, state: 'warn', detail, mend }
}

export function fail(name: string, detail: string, mend: string): Finding {
  return { name, state: 'fail', detail, mend }
}
