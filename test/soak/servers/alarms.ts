/** A line that matches tells of a damaged store or of an error of Hindra's own, which no trouble of a soak may cause. */
const ALARM =
  /"code":"(?:STORE_CORRUPT|STORE_REPLAYED|INDEX_CORRUPT|INTERNAL)"|is not the copy that was written last|taken out of the files|is damaged/

/** The lines of a log that are one, each kind once: ids and times differ. */
export function alarmsIn(log: readonly string[]): readonly string[] {
  const kinds = new Map<string, string>()
  for (const line of log) {
    if (ALARM.test(line)) kinds.set(line.replaceAll(/[0-9a-f]{4,}|\d+/g, '#'), line)
  }
  return [...kinds.values()]
}
