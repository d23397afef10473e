import type { Neighbour } from '../known/index.ts'
import type { Item } from '../register/index.ts'

export interface SimilarItems {
  /** False while the graph of neighbours is still being built: there may be more. */
  readonly complete: boolean
  /** Nearest first; with their series, which the item may belong to. */
  readonly neighbours: readonly (Neighbour &
    Pick<Item, 'status' | 'classification' | 'kind' | 'series'>)[]
}
