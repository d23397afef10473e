import type { ErrorMeaning } from './entry.ts'

/** What keeps known material from being found. */
export const KNOWN_ERRORS = {
  HASH_INVALID: {
    status: 400,
    exit: 2,
    meaning: 'The text is not a hash of the named type.',
    remedy: 'PDQ and SHA-256 are 64 hex digits, SHA-1 40, MD5 32.',
  },
  INDEX_INVALID: {
    status: 500,
    exit: 1,
    meaning:
      'The index was called with a label, radius or vector outside its range, or after close.',
    remedy: 'This is a fault in Hindra: report it.',
  },
  INDEX_CORRUPT: {
    status: 500,
    exit: 1,
    meaning: 'A saved index cannot be read.',
    remedy: 'Delete it; it is rebuilt from the store.',
  },
  INDEX_UNAVAILABLE: {
    status: 500,
    exit: 6,
    meaning: 'There is no native core, which the native index needs.',
    remedy:
      'Install python3, make and g++, then npm run build:native; or set index.kind to linear.',
  },
  GRAPH_UNAVAILABLE: {
    status: 503,
    exit: 6,
    meaning:
      'There is no hnswlib-node, which finds what resembles an item, what a model finds alike, and hashes by index.kind hnsw.',
    remedy: 'Install python3, make and g++, then install Hindra again. Nothing else needs it.',
  },
  INDEX_LOADING: {
    status: 503,
    exit: 6,
    meaning: 'The index of known material is still being loaded.',
    remedy: 'Wait; /readyz says when it is there.',
  },
  SHARD_MISSING: {
    status: 503,
    exit: 6,
    meaning:
      'A part of the known material is held by other servers of the house (`matcher.shard`), and none of those that hold it answers. Nothing is answered rather than a part.',
    remedy:
      '`hindra doctor` names what is held and what is missing: start a server that holds it. Repeat the request then.',
  },
  INDEX_LOST: {
    status: 503,
    exit: 6,
    meaning: 'The thread that holds the index of known material ended by itself.',
    remedy: 'Restart Hindra; the index is rebuilt from the store.',
  },
} as const satisfies Record<string, ErrorMeaning>
