/** What a template read and did not find. */
export interface TemplateFacts {
  /** Facts that a sentence needs and nobody knows. */
  readonly missing: Set<string>
  /** Every fact that was asked for; of lists without the number. */
  readonly used: Set<string>
}

/**
 * Facts as a template sees them. `it.name` is needed: where it is null, it is written down as missing. What
 * may be absent is asked for as `it.known.name`. A name that does not exist is an error, not an empty place.
 */
export function watched<Facts extends object>(
  facts: Facts,
  reading: TemplateFacts,
  path = '',
): Facts {
  return new Proxy(facts, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (typeof name === 'symbol') return value
      if (Array.isArray(target)) return /^\d+$/.test(name) ? within(value, reading, path) : value
      if (name === 'known') return optional(target, reading, path)
      if (!Reflect.has(target, name)) throw new Error(`there is no placeholder ${path}${name}`)
      if (typeof value === 'function') return value
      reading.used.add(`${path}${name}`)
      if (value !== null) return within(value, reading, `${path}${name}.`)
      reading.missing.add(`${path}${name}`)
      return hole(`${path}${name}`)
    },
  })
}

function optional(facts: object, reading: TemplateFacts, path: string): object {
  return new Proxy(facts, {
    get(target, name) {
      if (typeof name === 'symbol' || !Reflect.has(target, name)) {
        throw new Error(`there is no placeholder ${path}known.${String(name)}`)
      }
      reading.used.add(`${path}${name}`)
      return within(Reflect.get(target, name), reading, `${path}${name}.`)
    },
  })
}

function within(value: unknown, reading: TemplateFacts, path: string): unknown {
  return typeof value === 'object' && value !== null ? watched(value, reading, path) : value
}

/** Stands for what is missing, so that all that is missing is found at once. */
function hole(path: string): object {
  return new Proxy(
    {},
    {
      get(_target, name) {
        if (name === Symbol.toPrimitive || name === 'toString') return () => `[${path}?]`
        if (name === Symbol.iterator) return () => [][Symbol.iterator]()
        if (name === 'length') return 0
        return hole(`${path}.${String(name)}`)
      },
    },
  )
}
