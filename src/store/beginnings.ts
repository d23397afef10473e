import type { ReadTransaction } from './port.ts'

/**
 * The ids of records of one kind that begin with a text, up to a limit; newest first where that is asked.
 *
 * @param kind The name that they are kept below: `case`
 */
export async function idsThatBegin(
  tx: ReadTransaction,
  kind: string,
  beginning: string,
  { limit, reverse = false }: { readonly limit: number; readonly reverse?: boolean },
): Promise<readonly string[]> {
  const ids = new Set<string>()
  // Ids are letters, digits and hyphens: all of them sort before this.
  const range = { from: [kind, beginning], to: [kind, `${beginning}~`] }
  for await (const { key } of tx.range(range, { limit, reverse })) ids.add(String(key[1]))
  return [...ids]
}
