/** How many of something each name has, and all of them together; a name that has none takes no room. */
export function createTally() {
  const byName = new Map<string, number>()
  let total = 0
  return {
    get total(): number {
      return total
    },
    of: (name: string): number => byName.get(name) ?? 0,
    add(name: string, count: number): void {
      total += count
      const left = (byName.get(name) ?? 0) + count
      if (left === 0) byName.delete(name)
      else byName.set(name, left)
    },
  }
}
