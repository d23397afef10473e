type Certain<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] }
type Possible<T> = {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** What an object is without the fields that are undefined: each of those may be absent. */
export type Defined<T> = Certain<T> & Possible<T>

/** A field that is undefined still shows where an object is spread, listed or compared: here it is left out. */
export function defined<const T extends object>(fields: T): Defined<T> {
  const kept: Partial<T> = {}
  for (const name in fields) {
    if (fields[name] !== undefined) kept[name] = fields[name]
  }
  // The compiler cannot follow that a field is left out only where its type allows undefined.
  return kept as Partial<T> & Defined<T>
}
