import { createHash } from 'node:crypto'

/** Roots of the full subtrees so far, the largest first, with their heights. */
export type Frontier = readonly { readonly height: number; readonly hash: string }[]

/** Adds a leaf to a Merkle tree of which only the frontier is kept (RFC 6962, 2.1). */
export function addLeaf(frontier: Frontier, leaf: string): Frontier {
  const next = [...frontier]
  let node = { height: 0, hash: hashOf(0, Buffer.from(leaf)) }
  for (let last = next.at(-1); last?.height === node.height; last = next.at(-1)) {
    next.pop()
    node = { height: node.height + 1, hash: join(last.hash, node.hash) }
  }
  return [...next, node]
}

/** 64 hex digits; of an empty tree the hash of nothing. */
export function rootOf(frontier: Frontier): string {
  const [last, ...larger] = frontier.map(({ hash }) => hash).reverse()
  if (last === undefined) return createHash('sha256').digest('hex')
  return larger.reduce((right, left) => join(left, right), last)
}

function join(left: string, right: string): string {
  return hashOf(1, Buffer.from(left + right, 'hex'))
}

function hashOf(prefix: 0 | 1, bytes: Uint8Array): string {
  return createHash('sha256').update(Buffer.of(prefix)).update(bytes).digest('hex')
}
