/**
 * What a table has under a name that others chose: `constructor` and `__proto__`, which every object
 * answers to, are no entries.
 */
export function own<Value>(
  table: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
