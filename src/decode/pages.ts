/** Pixels of consecutive pages that are decoded in one go: 96 MiB of RGB. */
const STRIP_PIXELS = 32 * 1024 * 1024

/** Up to `pagesMax` of the page numbers 0 to pages - 1, spread evenly, the first among them. */
export function choosePages(pages: number, pagesMax: number): readonly number[] {
  const count = Math.min(pages, pagesMax)
  return Array.from({ length: count }, (_, index) => Math.floor((index * pages) / count))
}

/**
 * Splits ascending page numbers into runs that are decoded together. A page of an animation builds
 * on all before it, so that reading each alone would take time by the square of their number.
 */
export function groupPages(pages: readonly number[], pagePixels: number): readonly number[][] {
  const span = Math.max(1, Math.floor(STRIP_PIXELS / pagePixels))
  const groups: number[][] = []
  for (const page of pages) {
    const group = groups.at(-1)
    const [first] = group ?? []
    if (group === undefined || first === undefined || page - first >= span) groups.push([page])
    else group.push(page)
  }
  return groups
}
