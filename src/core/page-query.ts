/** Which rows of a list are asked for: those behind an id, and how many at most. */
export interface PageQuery {
  readonly after?: string
  readonly limit?: number
}
